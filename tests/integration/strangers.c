/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 10000u
#define KAMAILIO    "/usr/sbin/kamailio" /* not in everybody's PATH */
#define STRANGER    40                   /* host number of the program that is not ours */

TestSuite(strangers, .init = support_scene_open, .fini = support_scene_close);

struct version_case {
    char option[8];
};
static struct version_case versions[] = {{"-tls1_2"}, {"-tls1_3"}};

/* `store` and `key`: files of a node in `pki`, presented as a client certificate. */
static void start_s_client(struct support_child *child, const char *pki, const char *version,
                           const char *store, const char *key) {
    const struct support_child_options options = {.wants_input = true};
    struct support_words words = {.count = 0};
    const char *certificate = support_scene_text("%s/nodes/%s", pki, store);
    support_words_split(&words,
                        support_scene_text("openssl s_client -connect %s:%d %s -quiet -ign_eof "
                                           "-verify_return_error -CAfile %s/nodes/initiator/ca.pem "
                                           "-cert %s -cert_chain %s -key %s/nodes/%s",
                                           support_scene_address(31), SUPPORT_LAB_PORT, version,
                                           pki, certificate, certificate, pki, key));
    support_child_start(child, support_scene.folder, "s_client", &words, &options);
    support_words_finish(&words);
}

ParameterizedTestParameters(strangers, openssl_client_with_server_auth_only_is_told_alert_43) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, strangers,
                  openssl_client_with_server_auth_only_is_told_alert_43) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child client;
    support_lab_start_acceptor(&run, pki);
    start_s_client(&client, pki, variant->option, "acceptor/server.pem", "acceptor/privkey.pem");
    cr_assert_eq(support_child_wait(&client, PATIENCE_MS), 1);
    cr_assert_eq(support_file_count_text(client.err_path, "SSL alert number 43"), 1, "%s",
                 support_file_read(client.err_path));
    support_run_interrupt(&run);
    support_result_expect_only(&run, "listeners/acceptor.sip/faults", "tls_peer_eku", 1);
    cr_assert_eq(support_result_number(&run, "listeners/acceptor.sip/admitted"), 0);
    support_run_finish(&run);
}

ParameterizedTestParameters(strangers, openssl_client_with_client_auth_is_answered) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, strangers,
                  openssl_client_with_client_auth_is_answered) {
    static const char request[] = "OPTIONS sip:acceptor.example.test SIP/2.0\r\n"
                                  "Via: SIP/2.0/TLS 192.0.2.7:5061;branch=z9hG4bKbyhand\r\n"
                                  "Max-Forwards: 70\r\n"
                                  "From: <sip:hand@example.test>;tag=1\r\n"
                                  "To: <sip:acceptor.example.test>\r\n"
                                  "Call-ID: byhand@example.test\r\n"
                                  "CSeq: 7 OPTIONS\r\n"
                                  "Content-Length: 0\r\n\r\n";
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child client;
    support_lab_start_acceptor(&run, pki);
    start_s_client(&client, pki, variant->option, "initiator/client.pem",
                   "initiator/clientprivkey.pem");
    support_child_write(&client, "\r\n\r\n");
    cr_assert(support_file_await_text(client.out_path, "\r\n", PATIENCE_MS), "no pong: %s",
              support_file_read(client.err_path));
    cr_assert_str_eq(support_file_read(client.out_path), "\r\n");
    support_child_write(&client, request);
    cr_assert(support_file_await_text(client.out_path, "\r\n\r\n", PATIENCE_MS), "no answer");
    cr_assert_eq(support_file_count_text(client.out_path, "SIP/2.0 200"), 1, "%s",
                 support_file_read(client.out_path));
    cr_assert_eq(support_file_count_text(client.out_path, "branch=z9hG4bKbyhand"), 1);
    cr_assert_eq(support_file_count_text(client.out_path, "CSeq: 7 OPTIONS"), 1);
    support_child_stop(&client, SIGTERM, PATIENCE_MS);
    support_run_interrupt(&run);
    cr_assert_eq(support_result_number(&run, "listeners/acceptor.sip/admitted"), 1);
    cr_assert_eq(support_result_number(&run, "listeners/acceptor.sip/refused"), 0);
    support_run_finish(&run);
}

static void start_s_server(struct support_child *child, const char *pki, const char *version) {
    const struct support_child_options options = {.wants_input = true};
    struct support_words words = {.count = 0};
    const char *node = support_scene_text("%s/nodes/acceptor", pki);
    support_words_split(&words, support_scene_text("openssl s_server -accept %s:5061 %s -quiet "
                                                   "-Verify 4 -verify_return_error -cert "
                                                   "%s/server.pem -cert_chain %s/server.pem -key "
                                                   "%s/privkey.pem -CAfile %s/ca.pem",
                                                   support_scene_address(STRANGER), version, node,
                                                   node, node, node));
    support_child_start(child, support_scene.folder, "s_server", &words, &options);
    support_words_finish(&words);
    cr_assert(support_net_await_listening(support_scene_address(STRANGER), 5061, PATIENCE_MS), "%s",
              support_file_read(child->err_path));
}

/* The stranger takes the acceptor's place, with the acceptor's own certificates. */
static void prepare_initiator(struct support_run *run, const char *pki, const char *settings) {
    support_run_prepare(run, "initiator-side", support_lab_profile());
    support_run_add(run, support_scene_text("--pki %s", pki));
    support_run_set(run, "nodes.acceptor.external=%s:5061", support_scene_address(STRANGER));
    support_run_set(run, "nodes.initiator.zones.load.verify_name=acceptor.example.test");
    support_run_set_all(run, settings);
}

/*
 * Our authority is not the stranger's: it refuses us, but only after we have accepted it, which
 * takes its root in our trust.
 */
Test(strangers, an_authority_of_which_only_the_certificate_is_known_can_be_trusted) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_child server;
    start_s_server(&server, pki, "-tls1_3");
    for (unsigned trusted = 0; trusted < 2; trusted++) {
        struct support_run run;
        support_run_prepare(&run, trusted ? "trusting" : "distrusting", support_lab_profile());
        support_run_set(&run, "nodes.acceptor.external=%s:5061", support_scene_address(STRANGER));
        support_run_set(&run, "authorities.theirs.kind=internal");
        support_run_set(&run, "authorities.theirs.cert=%s/authorities/ca/root.pem", pki);
        support_run_set(&run, "nodes.initiator.trust=[%s]", trusted ? "theirs" : "ca");
        support_run_set(&run, "nodes.initiator.zones.load.connections=1");
        support_run_expect(&run, SUPPORT_FAIL);
        support_result_expect_refused_zone(&run, "initiator.load",
                                           trusted ? "tls_alert_unknown_ca" : "tls_peer_untrusted");
        support_run_finish(&run);
    }
}

ParameterizedTestParameters(strangers, openssl_server_refuses_our_server_auth_only_certificate) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, strangers,
                  openssl_server_refuses_our_server_auth_only_certificate) {
    static const char settings[] = "nodes.initiator.client_store=copy-of-server "
                                   "nodes.initiator.zones.load.connections=1";
    const char *pki = support_lab_certificates("pki", settings);
    struct support_run run;
    struct support_child server;
    start_s_server(&server, pki, variant->option);
    prepare_initiator(&run, pki, settings);
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "initiator.load", "tls_alert_unsupported_certificate");
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

ParameterizedTestParameters(strangers, openssl_server_answers_our_keep_alive) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, strangers, openssl_server_answers_our_keep_alive) {
    static const char settings[] = "nodes.initiator.zones.load.connections=1 load.dialog=none";
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child server;
    start_s_server(&server, pki, variant->option);
    prepare_initiator(&run, pki, settings);
    support_run_start(&run);
    cr_assert(support_file_await_text(server.out_path, "\r\n\r\n", PATIENCE_MS), "no ping");
    support_child_write(&server, "\r\n");
    support_run_await(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", 1);
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

Test(strangers, openssl_server_that_answers_nothing_leaves_us_unconfirmed) {
    static const char settings[] = "nodes.initiator.zones.load.connections=1 load.dialog=none "
                                   "load.duration=1500ms";
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child server;
    start_s_server(&server, pki, "-tls1_3");
    prepare_initiator(&run, pki, settings);
    support_run_expect(&run, SUPPORT_FAIL);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/unconfirmed"), 1);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/established"), 0);
    support_result_expect_only(&run, "zones/initiator.load/faults", NULL, 0);
    support_run_finish(&run);
}

static const char kamailio_tls[] = "[server:default]\n"
                                   "method = TLSv1.2+\n"
                                   "verify_certificate = yes\n"
                                   "require_certificate = yes\n"
                                   "verify_depth = 4\n"
                                   "private_key = %s/nodes/acceptor/privkey.pem\n"
                                   "certificate = %s/nodes/acceptor/server.pem\n"
                                   "ca_list = %s/nodes/acceptor/ca.pem\n";

static const char kamailio_main[] = "#!KAMAILIO\n"
                                    "debug=2\n"
                                    "log_stderror=yes\n"
                                    "fork=yes\n"
                                    "children=1\n"
                                    "tcp_children=1\n"
                                    "disable_tcp=no\n"
                                    "enable_tls=yes\n"
                                    "tcp_max_connections=4000\n"
                                    "tls_max_connections=4000\n"
                                    "tcp_connection_lifetime=3605\n"
                                    "auto_aliases=no\n"
                                    "listen=tls:%s:5061\n"
                                    "loadmodule \"sl.so\"\n"
                                    "loadmodule \"pv.so\"\n"
                                    "loadmodule \"xlog.so\"\n"
                                    "loadmodule \"siputils.so\"\n"
                                    "loadmodule \"textops.so\"\n"
                                    "loadmodule \"tls.so\"\n"
                                    "modparam(\"tls\",\"config\",\"%s\")\n"
                                    "modparam(\"tls\",\"low_mem_threshold1\",-1)\n"
                                    "modparam(\"tls\",\"low_mem_threshold2\",-1)\n"
                                    "%s"
                                    "request_route {\n"
                                    "  xlog(\"L_NOTICE\", \"heard $rm from $ci of $pr:$si\\n\");\n"
                                    "%s"
                                    "  sl_send_reply(\"200\", \"OK\");\n"
                                    "  exit;\n"
                                    "}\n";

/* What else it is told: modules, and what comes first in its route. */
struct kamailio_role {
    const char *modules;
    const char *route;
};

static const struct kamailio_role answers_everything = {"", ""};

static void start_kamailio(struct support_child *child, const char *pki,
                           const struct kamailio_role *role) {
    const char *tls_path = support_scene_path("kamailio-tls.cfg");
    const char *path = support_scene_path("kamailio.cfg");
    struct support_words words = {.count = 0};
    if (access(KAMAILIO, X_OK) != 0) {
        support_scene_skip("there is no " KAMAILIO);
    }
    support_file_write(tls_path, support_scene_text(kamailio_tls, pki, pki, pki));
    support_file_write(path, support_scene_text(kamailio_main, support_scene_address(STRANGER),
                                                tls_path, role->modules, role->route));
    support_words_split(&words,
                        support_scene_text(KAMAILIO " -f %s -x fm -m 1024 -M 16 -DD -E -Y %s", path,
                                           support_scene.folder));
    support_child_start(child, support_scene.folder, "kamailio", &words, NULL);
    support_words_finish(&words);
    cr_assert(support_net_await_listening(support_scene_address(STRANGER), 5061, PATIENCE_MS), "%s",
              support_file_read(child->err_path));
}

Test(strangers, kamailio_admits_500_connections_and_answers_on_each) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child server;
    start_kamailio(&server, pki, &answers_everything);
    prepare_initiator(&run, pki,
                      "nodes.initiator.zones.load.connections=500 load.duration=5s "
                      "load.options_interval=2s load.timeout=10s");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", 500);
    support_result_expect_no_mismatch(&run);
    long long answers = support_result_count(&run, "zones/initiator.load/sip_responses", "200");
    cr_assert_geq(answers, 500);
    cr_assert_geq(support_file_count_text(server.err_path, "heard OPTIONS"), answers);
    support_child_stop(&server, SIGTERM, PATIENCE_MS);
    support_run_finish(&run);
}

Test(strangers, kamailio_refuses_our_server_auth_only_certificate) {
    static const char settings[] = "nodes.initiator.client_store=copy-of-server";
    const char *pki = support_lab_certificates("pki", settings);
    struct support_run run;
    struct support_child server;
    start_kamailio(&server, pki, &answers_everything);
    prepare_initiator(&run, pki, settings);
    support_run_set(&run, "nodes.initiator.zones.load.connections=50");
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "initiator.load", "tls_alert_unsupported_certificate");
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/failed"), 50);
    cr_assert_eq(support_file_count_text(server.err_path, "heard"), 0);
    support_child_stop(&server, SIGTERM, PATIENCE_MS);
    support_run_finish(&run);
}

/* Its registrar, with a nonce that gets old within the run. */
static const char registrar_modules[] = "loadmodule \"auth.so\"\n"
                                        "loadmodule \"usrloc.so\"\n"
                                        "loadmodule \"registrar.so\"\n"
                                        "modparam(\"auth\",\"algorithm\",\"%s\")\n"
                                        "modparam(\"auth\",\"nonce_expire\",1)\n"
                                        "modparam(\"registrar\",\"max_expires\",2)\n";
static const char registrar_route[] =
    "  if (is_method(\"REGISTER\")) {\n"
    "    if (!pv_www_authenticate(\"kamailio\", \"secret\", \"0\")) {\n"
    "      www_challenge(\"kamailio\", \"1\");\n"
    "      exit;\n"
    "    }\n"
    "    xlog(\"L_NOTICE\", \"authenticated $hdr(Expires) by $hdr(Authorization)\\n\");\n"
    "    save(\"location\");\n"
    "    exit;\n"
    "  }\n";

static void prepare_phones(struct support_run *run, const char *pki, const char *password) {
    prepare_initiator(run, pki,
                      "nodes.initiator.zones.load.connections=10 "
                      "nodes.initiator.zones.load.user=phone load.dialog=register");
    support_run_set(run, "nodes.initiator.zones.load.credentials={username: u, password: %s}",
                    password);
}

struct algorithm_case {
    char name[16];
    char offered[16]; /* as Kamailio's parameter has it */
};
static struct algorithm_case algorithms[] = {{"MD5", ""}, {"SHA-256", "SHA-256"}};

ParameterizedTestParameters(strangers, kamailio_registers_who_knows_the_password) {
    return cr_make_param_array(struct algorithm_case, algorithms,
                               sizeof algorithms / sizeof *algorithms);
}

ParameterizedTest(struct algorithm_case *variant, strangers,
                  kamailio_registers_who_knows_the_password) {
    const char *pki = support_lab_certificates("pki", "");
    const struct kamailio_role registrar = {support_scene_text(registrar_modules, variant->offered),
                                            registrar_route};
    struct support_run run;
    struct support_child server;
    start_kamailio(&server, pki, &registrar);
    prepare_phones(&run, pki, "secret");
    support_run_set(&run, "load.options_interval=300ms");
    support_run_set(&run, "load.deregister=on");
    support_run_set(&run, "load.duration=2500ms");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", 10);
    cr_assert_geq(support_result_count(&run, "zones/initiator.load/sip_responses", "200"), 40);
    cr_assert_geq(support_result_count(&run, "zones/initiator.load/sip_responses", "401"), 20,
                  "no nonce got old");
    cr_assert_geq(
        support_file_count_text(server.err_path, support_scene_text("algorithm=%s", variant->name)),
        40);
    cr_assert_eq(support_file_count_text(server.err_path, "authenticated 0 by"), 10);
    support_child_stop(&server, SIGTERM, PATIENCE_MS);
    support_run_finish(&run);
}

Test(strangers, kamailio_refuses_who_does_not_know_the_password) {
    const char *pki = support_lab_certificates("pki", "");
    const struct kamailio_role registrar = {support_scene_text(registrar_modules, "SHA-256"),
                                            registrar_route};
    struct support_run run;
    struct support_child server;
    start_kamailio(&server, pki, &registrar);
    prepare_phones(&run, pki, "guess");
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_only(&run, "zones/initiator.load/faults", "sip_auth_failed", 10);
    cr_assert_eq(support_file_count_text(server.err_path, "heard REGISTER"), 20, "no loop");
    support_child_stop(&server, SIGTERM, PATIENCE_MS);
    support_run_finish(&run);
}
