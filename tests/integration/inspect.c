/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_run.h"
#include "support_tool.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS  10000u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The documents of a test. */
static json_t *documents;

static void open_scene(void) {
    support_scene_open();
    documents = json_array();
}

static void close_scene(void) {
    json_decref(documents);
    support_scene_close();
}

TestSuite(inspect, .init = open_scene, .fini = close_scene);

/* `ekuload inspect` with these arguments, as text. */
static void inspect(struct support_tool *tool, const char *arguments) {
    support_tool_run(tool, support_scene_text("%s inspect %s", support_run_program(), arguments));
}

/* The targets of the JSON document; it lives until the test ends. */
static json_t *inspect_json(const char *arguments, int expected_status) {
    struct support_tool tool;
    json_error_t error;
    inspect(&tool, support_scene_text("--output-format json %s", arguments));
    cr_assert_eq(tool.status, expected_status, "%s: %d: %s", arguments, tool.status, tool.err);
    json_t *document = json_loads(tool.out, 0, &error);
    cr_assert_not_null(document, "%s: %d: %s", arguments, error.line, error.text);
    cr_assert_str_eq(json_string_value(json_object_get(document, "schema")), "ekuload/inspect/1");
    support_tool_finish(&tool);
    json_array_append_new(documents, document);
    return json_object_get(document, "targets");
}

static json_t *certificate_of(json_t *targets, size_t target, size_t index) {
    json_t *certificates = json_object_get(json_array_get(targets, target), "certificates");
    json_t *found = json_array_get(certificates, index);
    cr_assert_not_null(found, "target %zu has no certificate %zu", target, index);
    return found;
}

static json_t *use_of(json_t *certificate, const char *key) {
    json_t *use = json_object_get(json_object_get(certificate, "uses"), key);
    cr_assert_not_null(use, "no use %s", key);
    return use;
}

static bool is_accepted(json_t *certificate, const char *key) {
    json_t *accepted = json_object_get(use_of(certificate, key), "accepted");
    cr_assert(json_is_boolean(accepted));
    return json_is_true(accepted);
}

static const char *text_of(json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static bool has_note(json_t *certificate, const char *key) {
    size_t i;
    json_t *note;
    json_array_foreach(json_object_get(certificate, "notes"), i, note) {
        if (strcmp(text_of(note, "key"), key) == 0) {
            return true;
        }
    }
    return false;
}

/* Each kind of certificate that a client may show, as a store of many. */
struct usage_case {
    const char *issuer;
    const char *eku;
    bool accepted_on; /* by an Expressway with the check On: OpenSSL's sslclient */
    bool accepted_acceptor;
};

static const struct usage_case usage_cases[] = {
    {"ca", "none", true, true},
    {"ca", "[serverAuth]", false, true},
    {"ca", "[clientAuth]", true, false},
    {"ca", "[serverAuth, clientAuth]", true, true},
    {"ca", "[any]", false, false},
    {"ca", "[sipDomain]", false, false},
    {"ca", "[codeSigning]", false, false},
    {"restricted", "[serverAuth, clientAuth]", false, true},
    {"restricted", "[clientAuth]", false, false},
    {"clients", "[serverAuth, clientAuth]", true, false},
};

static const char profile_head[] =
    "name: usages\n"
    "authorities:\n"
    "  ca: { kind: internal, key: ecdsa-p256 }\n"
    "  restricted: { kind: internal, key: ecdsa-p256, intermediate_eku: [serverAuth] }\n"
    "  clients: { kind: internal, key: ecdsa-p256, intermediate_eku: [clientAuth] }\n"
    "nodes:\n"
    "  node:\n"
    "    product: expressway-e\n"
    "    release: x15.5\n"
    "    address: %s\n"
    "    trust: [ca, restricted, clients]\n"
    "    client_store: { issuer: ca, key: ecdsa-p256, eku: [clientAuth] }\n"
    "    server_store:\n";

/* A folder with one certificate per row: server.pem, server-1.pem ... */
static const char *issue_usages(void) {
    const char *profile = support_scene_path("usages.yaml");
    const char *text = support_scene_text(profile_head, support_scene_address(31));
    const char *folder = support_scene_path("usages");
    struct support_tool tool;
    for (size_t i = 0; i < COUNT(usage_cases); i++) {
        text = support_scene_text("%s      - { issuer: %s, key: ecdsa-p256, eku: %s, "
                                  "names: [n%zu.example.test] }\n",
                                  text, usage_cases[i].issuer, usage_cases[i].eku, i);
    }
    support_file_write(profile, text);
    support_tool_run(
        &tool, support_scene_text("%s certs %s --out %s", support_run_program(), profile, folder));
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    support_tool_finish(&tool);
    return folder;
}

static const char *store_file(const char *folder, size_t index) {
    return index == 0 ? support_scene_text("%s/nodes/node/server.pem", folder)
                      : support_scene_text("%s/nodes/node/server-%zu.pem", folder, index);
}

static bool openssl_accepts(const char *purpose, const char *root, const char *chain) {
    struct support_tool tool;
    support_tool_run(&tool, support_scene_text("openssl verify -purpose %s -CAfile %s -untrusted "
                                               "%s %s",
                                               purpose, root, chain, chain));
    bool accepted = tool.status == 0;
    cr_assert(accepted || strstr(tool.err, "error 26 ") != NULL, "%s: %s", chain, tool.err);
    support_tool_finish(&tool);
    return accepted;
}

Test(inspect, accepts_and_refuses_what_openssl_does) {
    const char *folder = issue_usages();
    for (size_t i = 0; i < COUNT(usage_cases); i++) {
        const struct usage_case *row = &usage_cases[i];
        const char *chain = store_file(folder, i);
        const char *root = support_scene_text("%s/authorities/%s/root.pem", folder, row->issuer);
        json_t *certificate = certificate_of(
            inspect_json(support_scene_text("--cacert %s %s", root, chain), 0), 0, 0);
        cr_expect_eq(is_accepted(certificate, "initiator_on"), row->accepted_on, "row %zu", i);
        cr_expect_eq(is_accepted(certificate, "acceptor"), row->accepted_acceptor, "row %zu", i);
        cr_expect_eq(openssl_accepts("sslclient", root, chain), row->accepted_on, "row %zu", i);
        cr_expect_eq(openssl_accepts("sslserver", root, chain), row->accepted_acceptor, "row %zu",
                     i);
        cr_expect_eq(has_note(certificate, "restricted_authority"), strcmp(row->issuer, "ca") != 0);
    }
}

Test(inspect, prints_what_openssl_prints) {
    static const struct {
        const char *key;
        const char *option;
        const char *prefix;
    } rows[] = {{"subject", "-subject", "subject="},
                {"issuer", "-issuer", "issuer="},
                {"serial", "-serial", "serial="}};
    const char *file =
        support_scene_text("%s/nodes/initiator/client.pem",
                           support_lab_certificates(
                               "pki", "nodes.initiator.client_store.subject=\"CN=cluster.s.com,"
                                      "OU=TAc,O=Cisco,L=KA,ST=KA,C=IN\" "
                                      "nodes.initiator.client_store.serial=46df76aa000000000029"));
    json_t *certificate = certificate_of(inspect_json(file, 0), 0, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct support_tool tool;
        support_tool_run(&tool, support_scene_text("openssl x509 -noout -nameopt RFC2253 %s -in %s",
                                                   rows[i].option, file));
        tool.out[strcspn(tool.out, "\n")] = '\0';
        cr_expect_eq(
            strcasecmp(tool.out + strlen(rows[i].prefix), text_of(certificate, rows[i].key)), 0,
            "%s, not %s", text_of(certificate, rows[i].key), tool.out);
        support_tool_finish(&tool);
    }
    cr_expect_str_eq(text_of(certificate, "key"), "ecdsa-p256");
    cr_expect_str_eq(text_of(certificate, "signature"), "ecdsa-with-SHA256");
}

Test(inspect, says_the_product_s_sentences) {
    static const char *const said[] = {
        "client store, upload               refused   Invalid certificate: The file provided does "
        "not have a client usage attribute. Services requiring mutual TLS may not work.\n",
        "server store, upload               accepted\n",
        "initiator, EKU checking On         refused   unsupported certificate purpose (alert 43, "
        "unsupported_certificate)\n",
        "initiator, Off: server-or-client   accepted\n",
        "SSH tunnel, port 2222              refused   Permission denied\n",
        "acceptor                           accepted\n",
        "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On",
    };
    const char *pki = support_lab_certificates("pki", "");
    struct support_tool tool;
    inspect(&tool, support_scene_text("--cacert %s/authorities/ca/root.pem "
                                      "%s/nodes/acceptor/server.pem",
                                      pki, pki));
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    cr_expect_str_eq(tool.err, "");
    for (size_t i = 0; i < COUNT(said); i++) {
        cr_expect_not_null(strstr(tool.out, said[i]), "\"%s\" is missing in: %s", said[i],
                           tool.out);
    }
    support_tool_finish(&tool);
}

Test(inspect, tells_a_store_s_roles_keys_and_whether_both_are_one) {
    static const struct {
        const char *settings;
        bool same;
    } rows[] = {{"", false}, {"nodes.initiator.client_store=copy-of-server", true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *pki =
            support_lab_certificates(support_scene_text("pki%zu", i), rows[i].settings);
        const char *node = support_scene_text("%s/nodes/initiator", pki);
        json_t *targets = inspect_json(node, 0);
        json_t *target = json_array_get(targets, 0);
        cr_expect_str_eq(text_of(target, "kind"), "store");
        cr_expect_eq(json_is_true(json_object_get(target, "same_certificate")), rows[i].same);
        static const char *const stores[] = {"server", "client"};
        for (size_t j = 0; j < COUNT(stores); j++) {
            json_t *certificate = certificate_of(targets, 0, j);
            json_t *key = json_object_get(certificate, "private_key");
            cr_expect_str_eq(text_of(certificate, "store"), stores[j]);
            cr_expect(json_is_true(json_object_get(key, "belongs")), "%s",
                      text_of(key, "sentence"));
            cr_expect(json_is_true(json_object_get(certificate, "trusted")));
        }
    }
}

Test(inspect, finds_the_key_that_is_another_certificate_s) {
    const char *node =
        support_scene_text("%s/nodes/initiator", support_lab_certificates("pki", ""));
    support_file_copy(support_scene_text("%s/privkey.pem", node),
                      support_scene_text("%s/clientprivkey.pem", node));
    json_t *targets = inspect_json(node, 0);
    json_t *server = json_object_get(certificate_of(targets, 0, 0), "private_key");
    json_t *client = json_object_get(certificate_of(targets, 0, 1), "private_key");
    cr_expect(json_is_true(json_object_get(server, "belongs")));
    cr_expect(json_is_false(json_object_get(client, "belongs")));
    cr_expect_not_null(strstr(text_of(client, "sentence"), "does not belong"));
}

Test(inspect, reads_a_revocation_list_of_the_folder) {
    const char *pki = support_lab_certificates("pki", "nodes.initiator.client_store.revoked=true");
    json_t *targets = inspect_json(support_scene_text("%s/nodes/initiator", pki), 0);
    json_t *client = certificate_of(targets, 0, 1);
    cr_expect_not(is_accepted(client, "initiator_on"));
    cr_expect_str_eq(text_of(use_of(client, "initiator_on"), "fault"), "tls_peer_revoked");
    cr_expect(has_note(client, "revoked"));
    cr_expect(is_accepted(certificate_of(targets, 0, 0), "acceptor"));
}

Test(inspect, reads_a_folder_of_nodes) {
    json_t *targets = inspect_json(support_lab_certificates("pki", ""), 0);
    cr_assert_eq(json_array_size(targets), 2);
    cr_expect_not_null(strstr(text_of(json_array_get(targets, 0), "name"), "/nodes/acceptor"));
    cr_expect_not_null(strstr(text_of(json_array_get(targets, 1), "name"), "/nodes/initiator"));
}

Test(inspect, reads_a_diagnostic_bundle) {
    static const struct {
        const char *from;
        const char *to;
    } files[] = {{"server.pem", "server_core_2026-03-24_11_54_26.pem"},
                 {"client.pem", "client_core_2026-03-24_11_54_26.pem"},
                 {"ca.pem", "ca_core_2026-03-24_11_54_26.pem"}};
    const char *pki = support_lab_certificates("pki", "");
    const char *bundle = support_scene_path("bundle");
    support_file_copy_folder(support_scene_text("%s/nodes/initiator", pki), bundle);
    for (size_t i = 0; i < COUNT(files); i++) {
        cr_assert_eq(rename(support_scene_text("%s/%s", bundle, files[i].from),
                            support_scene_text("%s/%s", bundle, files[i].to)),
                     0);
    }
    json_t *targets = inspect_json(bundle, 0);
    json_t *target = json_array_get(targets, 0);
    cr_expect_str_eq(text_of(target, "kind"), "bundle");
    cr_expect_str_eq(text_of(target, "trust"), support_scene_text("%s/%s", bundle, files[2].to));
    cr_expect_str_eq(text_of(certificate_of(targets, 0, 0), "store"), "server");
    cr_expect_str_eq(text_of(certificate_of(targets, 0, 1), "store"), "client");
    cr_expect(json_is_false(json_object_get(target, "same_certificate")));
    cr_expect(json_is_null(json_object_get(certificate_of(targets, 0, 1), "private_key")));
}

Test(inspect, reads_der_and_lists_of_authorities) {
    const char *pki = support_lab_certificates("pki", "");
    const char *der = support_scene_path("client.der");
    struct support_tool tool;
    support_tool_run(&tool, support_scene_text("openssl x509 -in %s/nodes/initiator/client.pem "
                                               "-outform DER -out %s",
                                               pki, der));
    cr_assert_eq(tool.status, 0, "%s", tool.err);
    support_tool_finish(&tool);
    json_t *certificate = certificate_of(inspect_json(der, 0), 0, 0);
    cr_expect_str_eq(text_of(certificate, "form"), "der");
    cr_expect(is_accepted(certificate, "initiator_on"));
    const char *list = support_scene_path("list.pem");
    char *first = support_file_read(support_scene_text("%s/authorities/ca/root.pem", pki));
    char *second = support_file_read(support_scene_text("%s/authorities/other/root.pem", pki));
    support_file_write(list, support_scene_text("%s%s", first, second));
    free(first);
    free(second);
    json_t *targets = inspect_json(list, 0);
    cr_assert_eq(json_array_size(json_object_get(json_array_get(targets, 0), "certificates")), 2);
    cr_expect(json_is_true(json_object_get(certificate_of(targets, 0, 1), "is_authority")));
    cr_expect_null(json_object_get(certificate_of(targets, 0, 1), "uses"));
}

struct peer_case {
    const char *options;
    const char *host; /* NULL: the scene's own address */
};

static const struct peer_case peer_cases[] = {
    {"-tls1_2", NULL},
    {"-tls1_3", NULL},
    {"-tls1_2 -Verify 4", NULL},
    {"-tls1_3 -Verify 4", NULL},
    {"-tls1_2 -cipher AES128-SHA256", NULL},
    {"-tls1_3", "[::1]"},
};

static uint16_t free_port(void) {
    uint16_t port;
    close(support_net_bind(support_scene_address(40), 0, false, &port));
    return port;
}

static void start_server(struct support_child *child, const char *place, const char *node,
                         const char *options) {
    const struct support_child_options wants_input = {.wants_input = true};
    struct support_words words = {.count = 0};
    support_words_split(&words,
                        support_scene_text("openssl s_server -accept %s -cert %s/server.pem "
                                           "-cert_chain %s/server.pem -key %s/privkey.pem %s",
                                           place, node, node, node, options));
    support_child_start(child, support_scene.folder, "s_server", &words, &wants_input);
    support_words_finish(&words);
    cr_assert(support_file_await_text(child->out_path, "ACCEPT", PATIENCE_MS), "%s",
              support_file_read(child->err_path));
}

ParameterizedTestParameters(inspect, fetches_what_a_tls_server_sends) {
    static size_t rows[COUNT(peer_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

ParameterizedTest(size_t *index, inspect, fetches_what_a_tls_server_sends) {
    const struct peer_case *row = &peer_cases[*index];
    const char *pki = support_lab_certificates("pki", "nodes.acceptor.server_store.key=rsa-2048");
    const char *node = support_scene_text("%s/nodes/acceptor", pki);
    const char *place = support_scene_text(
        "%s:%u", row->host == NULL ? support_scene_address(40) : row->host, free_port());
    struct support_child server;
    start_server(&server, place, node, row->options);
    json_t *targets = inspect_json(support_scene_text("--cacert %s/ca.pem %s", node, place), 0);
    json_t *certificate = certificate_of(targets, 0, 0);
    cr_expect_str_eq(text_of(json_array_get(targets, 0), "kind"), "peer");
    cr_expect_str_eq(text_of(certificate, "serial"),
                     support_tool_serial(support_scene_text("%s/server.pem", node)));
    cr_expect(json_is_true(json_object_get(certificate, "trusted")));
    cr_expect_eq(json_array_size(json_object_get(certificate, "chain")), 2);
    cr_expect(is_accepted(certificate, "acceptor"));
    cr_expect_not(is_accepted(certificate, "initiator_on"));
    support_child_stop(&server, SIGTERM, PATIENCE_MS);
}

Test(inspect, gives_up_on_a_peer_that_does_not_answer) {
    uint16_t port;
    unsigned long long start_ms = support_wait_now_ms();
    struct support_tool tool;
    int silent = support_net_bind(support_scene_address(41), 0, true, &port);
    inspect(&tool, support_scene_text("%s:%u", support_scene_address(41), port));
    unsigned long long took_ms = support_wait_now_ms() - start_ms;
    cr_expect_eq(tool.status, SUPPORT_USAGE);
    cr_expect_not_null(strstr(tool.err, "timed out"), "%s", tool.err);
    cr_expect(took_ms >= 4900 && took_ms < 9000, "%llu ms", took_ms);
    support_tool_finish(&tool);
    close(silent);
    inspect(&tool, support_scene_text("%s:%u", support_scene_address(41), port));
    cr_expect_eq(tool.status, SUPPORT_USAGE);
    cr_expect_not_null(strstr(tool.err, "refused"), "%s", tool.err);
    support_tool_finish(&tool);
}

/* Written to a file; NULL: there is no such file. */
struct bad_case {
    const char *content;
    const char *said;
};

static const struct bad_case bad_cases[] = {
    {NULL, "No such file or directory"},
    {"", "is empty"},
    {"not a certificate\n", "holds no certificate, neither in PEM nor in DER form"},
    {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds a private key"},
    {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n", "holds a private key"},
    {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "holds a certificate request"},
    {"-----BEGIN X509 CRL-----\nAAAA\n", "holds a revocation list"},
    {"-----BEGIN PKCS7-----\nAAAA\n", "openssl pkcs7 -print_certs"},
    {"-----BEGIN CERTIFICATE-----\nAAAA\n", "certificate 1 is not well-formed PEM"},
    {"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n",
     "certificate 1 is not well-formed PEM"},
    {"-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n",
     "certificate 1 is not a well-formed X.509 certificate"},
    {"\x30\x82\x01", "is binary, but no certificate in DER form"},
};

Test(inspect, gives_one_sentence_to_what_is_no_certificate) {
    for (size_t i = 0; i < COUNT(bad_cases); i++) {
        struct support_tool tool;
        const char *path = support_scene_path("bad%zu.pem", i);
        if (bad_cases[i].content != NULL) {
            support_file_write(path, bad_cases[i].content);
        }
        inspect(&tool, path);
        cr_expect_eq(tool.status, SUPPORT_USAGE, "row %zu: %d", i, tool.status);
        cr_expect_str_eq(tool.out, "", "row %zu", i);
        cr_expect_not_null(strstr(tool.err, bad_cases[i].said), "row %zu: %s", i, tool.err);
        cr_expect_not_null(strstr(tool.err, path), "row %zu: %s", i, tool.err);
        char *end = strchr(tool.err, '\n');
        cr_expect(end != NULL && end[1] == '\0', "more than one sentence: %s", tool.err);
        support_tool_finish(&tool);
    }
}

Test(inspect, what_can_be_read_is_inspected_beside_what_cannot) {
    const char *pki = support_lab_certificates("pki", "");
    json_t *targets = inspect_json(
        support_scene_text("%s/missing.pem %s/nodes/initiator/client.pem %s/nodes/initiator/"
                           "clientprivkey.pem",
                           pki, pki, pki),
        SUPPORT_USAGE);
    cr_assert_eq(json_array_size(targets), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *target = json_array_get(targets, i);
        cr_expect_eq(json_array_size(json_object_get(target, "certificates")), i == 1);
        cr_expect_eq(json_array_size(json_object_get(target, "errors")), i != 1);
    }
}

struct misuse_case {
    char words[48];
    char said[48];
};

static struct misuse_case misuses[] = {
    {"", "which certificate?"},
    {"--output-format xml x.pem", "expected text or json"},
    {"--cacert /no/such/file x.pem", "/no/such/file"},
    {"127.0.0.1:70000", "a port from 1 to 65535"},
    {"127.0.0.1:", "a port from 1 to 65535"},
    {"/proc/self/fdinfo", "holds no certificates"},
};

ParameterizedTestParameters(inspect, misuse_is_a_usage_error) {
    return cr_make_param_array(struct misuse_case, misuses, COUNT(misuses));
}

ParameterizedTest(struct misuse_case *row, inspect, misuse_is_a_usage_error) {
    struct support_tool tool;
    inspect(&tool, row->words);
    cr_expect_eq(tool.status, SUPPORT_USAGE);
    cr_expect_not_null(strstr(tool.err, row->said), "%s", tool.err);
    support_tool_finish(&tool);
}

Test(inspect, a_private_key_is_never_printed) {
    const char *pki = support_lab_certificates("pki", "");
    const char *node = support_scene_text("%s/nodes/initiator", pki);
    const char *both = support_scene_path("both.pem");
    char *key = support_file_read(support_scene_text("%s/clientprivkey.pem", node));
    char *certificate = support_file_read(support_scene_text("%s/client.pem", node));
    support_file_write(both, support_scene_text("%s%s", key, certificate));
    const char *secret = strchr(key, '\n') + 1;
    struct support_tool tool;
    inspect(&tool, support_scene_text("%s %s", both, node));
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    char line[65] = "";
    strncpy(line, secret, sizeof line - 1);
    cr_expect_null(strstr(tool.out, line));
    cr_expect_not_null(strstr(tool.out, "clientprivkey.pem belongs to it"));
    support_tool_finish(&tool);
    free(key);
    free(certificate);
}
