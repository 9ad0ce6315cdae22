/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct certs_authority *authority;
static const struct tls_identity *identity;
static struct tls_trust *trust;

static void setup(void) {
    lab_start();
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    authority = lab_authority("ca1", 1);
    identity = lab_identity(authority, &leaf);
    trust = lab_trust_in(authority);
}

TestSuite(tls_session, .init = setup, .fini = lab_stop);

static const unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static struct lab_pair open_pair(unsigned client_versions, unsigned server_versions) {
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &identity, trust, client_versions);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, &identity, trust, server_versions);
    struct lab_pair pair;
    lab_pair_init(&pair, lab_context(&client), lab_context(&server));
    lab_shake(&pair);
    return pair;
}

static enum fault write_to(struct lab_end *end, struct bytes plaintext) {
    end->exchange.output = &end->output;
    return tls_session_write(end->session, plaintext, &end->exchange);
}

static void close_end(struct lab_end *end) {
    end->exchange.output = &end->output;
    tls_session_close(end->session, &end->exchange);
}

Test(tls_session, carries_more_than_a_record_both_ways) {
    static uint8_t message[20 * 1024];
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)(i * 7 + i / 251);
    }
    struct bytes sent = base_bytes(message, sizeof message);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = open_pair(versions[i], versions[i]);
        cr_assert(lab_both_open(&pair));
        cr_assert_eq(write_to(&pair.client, sent), FAULT_NONE);
        cr_assert(lab_carry(&pair.client, &pair.server));
        cr_assert(base_bytes_equal(base_buffer_bytes(&pair.server.plaintext), sent));
        cr_assert_eq(write_to(&pair.server, sent), FAULT_NONE);
        cr_assert(lab_carry(&pair.server, &pair.client));
        cr_assert(base_bytes_equal(base_buffer_bytes(&pair.client.plaintext), sent));
        lab_pair_finish(&pair);
    }
}

Test(tls_session, takes_its_input_an_octet_at_a_time) {
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options client =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, versions[i]);
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, &identity, trust, versions[i]);
        struct lab_pair pair;
        lab_pair_init(&pair, lab_context(&client), lab_context(&server));
        lab_feed(&pair.client, base_bytes(NULL, 0));
        struct lab_end *from = &pair.client;
        while (pair.client.output.length + pair.server.output.length > 0) {
            struct lab_end *to = from == &pair.client ? &pair.server : &pair.client;
            for (size_t at = 0; at < from->output.length; at++) {
                lab_feed(to, base_bytes(from->output.data + at, 1));
                cr_assert_eq(to->fault, FAULT_NONE);
            }
            from->output.length = 0;
            from = to;
        }
        cr_assert(lab_both_open(&pair));
        lab_pair_finish(&pair);
    }
}

Test(tls_session, close_notify_goes_both_ways) {
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = open_pair(versions[i], versions[i]);
        close_end(&pair.client);
        cr_assert(lab_carry(&pair.client, &pair.server));
        cr_assert_eq(pair.server.fault, FAULT_NONE);
        cr_assert(tls_session_peer_closed(pair.server.session));
        cr_assert_not(tls_session_peer_closed(pair.client.session));
        close_end(&pair.server);
        cr_assert(lab_carry(&pair.server, &pair.client));
        cr_assert_eq(pair.client.fault, FAULT_NONE);
        cr_assert(tls_session_peer_closed(pair.client.session));
        lab_pair_finish(&pair);
    }
}

Test(tls_session, reading_goes_on_after_our_close_notify) {
    struct bytes late = base_bytes_of_text("SIP/2.0 200 OK\r\n\r\n");
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = open_pair(versions[i], versions[i]);
        close_end(&pair.client);
        cr_assert_eq(write_to(&pair.server, late), FAULT_NONE);
        cr_assert(lab_carry(&pair.server, &pair.client));
        cr_assert_eq(pair.client.fault, FAULT_NONE);
        cr_assert(base_bytes_equal(base_buffer_bytes(&pair.client.plaintext), late));
        lab_pair_finish(&pair);
    }
}

Test(tls_session, data_and_close_notify_in_one_input_are_both_seen) {
    struct bytes last = base_bytes_of_text("BYE");
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = open_pair(versions[i], versions[i]);
        cr_assert_eq(write_to(&pair.client, last), FAULT_NONE);
        close_end(&pair.client);
        cr_assert(lab_carry(&pair.client, &pair.server));
        cr_assert_eq(pair.server.fault, FAULT_NONE);
        cr_assert(base_bytes_equal(base_buffer_bytes(&pair.server.plaintext), last));
        cr_assert(tls_session_peer_closed(pair.server.session));
        cr_assert_eq(write_to(&pair.server, last), FAULT_TLS_ALERT_CLOSE_NOTIFY);
        lab_pair_finish(&pair);
    }
}

struct version_case {
    unsigned client;
    unsigned server;
    unsigned agreed; /* 0: none */
    enum fault client_fault;
    enum fault server_fault;
};

ParameterizedTestParameters(tls_session, versions_are_negotiated) {
    enum { BOTH = TLS_VERSION_1_2 | TLS_VERSION_1_3 };
    static struct version_case cases[] = {
        {BOTH, BOTH, TLS_VERSION_1_3, FAULT_NONE, FAULT_NONE},
        {BOTH, TLS_VERSION_1_2, TLS_VERSION_1_2, FAULT_NONE, FAULT_NONE},
        {BOTH, TLS_VERSION_1_3, TLS_VERSION_1_3, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_2, BOTH, TLS_VERSION_1_2, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_3, BOTH, TLS_VERSION_1_3, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_2, TLS_VERSION_1_3, 0, FAULT_TLS_ALERT_PROTOCOL_VERSION,
         FAULT_TLS_PROTOCOL_ERROR},
        /* An acceptor that knows 1.2 only just answers with it; the initiator finds out. */
        {TLS_VERSION_1_3, TLS_VERSION_1_2, 0, FAULT_TLS_PROTOCOL_ERROR,
         FAULT_TLS_ALERT_DECODE_ERROR},
    };
    return cr_make_param_array(struct version_case, cases, COUNT(cases));
}

ParameterizedTest(struct version_case *row, tls_session, versions_are_negotiated) {
    struct lab_pair pair = open_pair(row->client, row->server);
    cr_assert_eq(lab_both_open(&pair), row->agreed != 0, "%s, %s",
                 base_fault_key(pair.client.fault), base_fault_key(pair.server.fault));
    if (row->agreed != 0) {
        cr_assert_eq((unsigned)tls_session_version(pair.client.session), row->agreed);
        cr_assert_eq((unsigned)tls_session_version(pair.server.session), row->agreed);
        cr_assert_not(tls_session_is_resumed(pair.server.session));
    }
    cr_assert_eq(pair.client.fault, row->client_fault, "%s", base_fault_key(pair.client.fault));
    cr_assert_eq(pair.server.fault, row->server_fault, "%s", base_fault_key(pair.server.fault));
    lab_pair_finish(&pair);
}

Test(tls_session, output_without_room_is_our_own_error) {
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &identity, trust, TLS_VERSION_1_3);
    struct lab_end end;
    lab_end_init(&end, lab_context(&client));
    end.output.capacity = 64;
    lab_feed(&end, base_bytes(NULL, 0));
    cr_assert_eq(end.fault, FAULT_LOCAL_ERROR);
    lab_end_finish(&end);
}

Test(tls_session, presented_certificate_is_compared_with_the_expected_ones) {
    struct certs_leaf_spec spec = lab_leaf("clientAuth serverAuth");
    static struct bytes leaves[300];
    for (size_t i = 0; i < COUNT(leaves); i++) {
        leaves[i] = tls_identity_leaf(lab_identity(authority, &spec))->der;
    }
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &identity, trust, TLS_VERSION_1_3);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, &identity, trust, TLS_VERSION_1_3);
    struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
    cr_assert_not(pair.server.judgement.presented_expected);
    cr_assert_not(pair.server.judgement.presented_unexpected);

    server.expected_leaves = leaves;
    server.expected_count = COUNT(leaves);
    pair = lab_connect(lab_context(&client), lab_context(&server));
    cr_assert_not(pair.server.judgement.presented_expected);
    cr_assert(pair.server.judgement.presented_unexpected);
    cr_assert_eq(pair.server.fault, FAULT_NONE);

    leaves[217] = tls_identity_leaf(identity)->der;
    pair = lab_connect(lab_context(&client), lab_context(&server));
    cr_assert(pair.server.judgement.presented_expected);
    cr_assert_not(pair.server.judgement.presented_unexpected);
    struct bytes serial = tls_identity_leaf(identity)->serial;
    cr_assert(base_bytes_equal(
        base_bytes(pair.server.judgement.serial, pair.server.judgement.serial_length), serial));
}

Test(tls_session, suites_and_groups_are_as_configured) {
    static const char *const suites[] = {"TLS_AES_256_GCM_SHA384",
                                         "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
    static const char *const groups[] = {"x25519"};
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options client =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, versions[i]);
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, &identity, trust, versions[i]);
        server.suites = suites;
        server.suite_count = COUNT(suites);
        /* The client's share is for secp256r1, so TLS 1.3 needs a HelloRetryRequest. */
        server.groups = groups;
        server.group_count = COUNT(groups);
        struct lab_pair pair;
        lab_pair_init(&pair, lab_context(&client), lab_context(&server));
        lab_shake(&pair);
        cr_assert(lab_both_open(&pair), "%s, %s", base_fault_key(pair.client.fault),
                  base_fault_key(pair.server.fault));
        cr_assert_str_eq(tls_suite_name(tls_session_suite(pair.server.session)), suites[1 - i]);
        lab_pair_finish(&pair);
    }
    cr_assert_null(tls_suite_name(0xFFFF));
}

/* With a key of the kind it is made for. */
static bool suite_works(const char *suite, const struct tls_identity *acceptor, unsigned version) {
    struct tls_context_options client = lab_options(TLS_ROLE_CLIENT, &identity, trust, version);
    struct tls_context_options server = lab_options(TLS_ROLE_SERVER, &acceptor, trust, version);
    client.suites = &suite;
    client.suite_count = 1;
    struct lab_pair pair;
    lab_pair_init(&pair, lab_context(&client), lab_context(&server));
    lab_shake(&pair);
    bool works = lab_both_open(&pair) &&
                 strcmp(tls_suite_name(tls_session_suite(pair.client.session)), suite) == 0;
    lab_pair_finish(&pair);
    return works;
}

Test(tls_session, the_default_suites_all_work) {
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    leaf.key = "rsa-2048";
    const struct tls_identity *rsa = lab_identity(authority, &leaf);
    static const unsigned numbers[] = {0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F,
                                       0xC02C, 0xC030, 0xCCA9, 0xCCA8};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const char *suite = tls_suite_name(numbers[i]);
        bool wants_rsa = strstr(suite, "_RSA_") != NULL;
        unsigned version = numbers[i] >> 8 == 0x13 ? TLS_VERSION_1_3 : TLS_VERSION_1_2;
        cr_assert(suite_works(suite, wants_rsa ? rsa : identity, version), "%s", suite);
    }
}

Test(tls_session, aes_128_gcm_comes_first) {
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = open_pair(versions[i], versions[i]);
        cr_assert_eq(tls_session_suite(pair.client.session), i == 0 ? 0xC02BU : 0x1301U);
        lab_pair_finish(&pair);
    }
}

static void expect_context_error(const struct tls_context_options *options, const char *part) {
    struct tls_context *context = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert_not(tls_context_create(&context, options, &error));
    cr_assert_null(context);
    cr_assert_not_null(strstr(error.text, part), "%s", error.text);
    cr_assert_eq(error.kind, BASE_ERROR_USAGE);
}

Test(tls_session, unknown_names_are_refused_with_the_known_ones) {
    static const char *const names[] = {"TLS_AES_129_GCM_SHA257"};
    struct tls_context_options options =
        lab_options(TLS_ROLE_CLIENT, &identity, trust, TLS_VERSION_1_3);
    options.suites = names;
    options.suite_count = 1;
    expect_context_error(&options, "TLS_AES_128_GCM_SHA256");
    expect_context_error(&options, "TLS_RSA_WITH_AES_256_CBC_SHA");
    options.suites = NULL;
    options.groups = names;
    options.group_count = 1;
    expect_context_error(&options, "secp256r1 secp384r1 x25519 secp521r1");
    options.groups = NULL;
    options.versions = 0;
    expect_context_error(&options, "version");
    options.versions = TLS_VERSION_1_3;
    options.role = TLS_ROLE_SERVER;
    options.identity_count = 0;
    expect_context_error(&options, "certificate");
}

struct name_case {
    const char *asked; /* NULL: no server name */
    unsigned expected; /* index of the identity */
};

static const struct name_case name_cases[] = {
    {NULL, 0},
    {"a.example.test", 0},
    {"b.example.test", 1},
    {"C.EXAMPLE.TEST", 2},
    {"d.example.test", 0},
    {"127.0.0.1", 0},
};

ParameterizedTestParameters(tls_session, server_name_chooses_the_identity) {
    static size_t rows[COUNT(name_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

ParameterizedTest(size_t *index, tls_session, server_name_chooses_the_identity) {
    static const char *const names[] = {"a.example.test", "b.example.test", "c.example.test"};
    /* The second has another kind of key than the context's own. */
    static const char *const keys[] = {"ecdsa-p256", "rsa-2048", "ecdsa-p384"};
    const struct tls_identity *identities[3];
    struct bytes leaves[3];
    for (size_t i = 0; i < COUNT(names); i++) {
        struct certs_leaf_spec spec = lab_leaf("serverAuth");
        spec.names = &names[i];
        spec.name_count = 1;
        spec.key = keys[i];
        identities[i] = lab_identity(authority, &spec);
        leaves[i] = tls_identity_leaf(identities[i])->der;
    }
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options client =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, versions[i]);
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, identities, trust, versions[i]);
        server.identity_count = 3;
        client.server_name = name_cases[*index].asked;
        client.expected_leaves = &leaves[name_cases[*index].expected];
        client.expected_count = 1;
        struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
        cr_assert_eq(pair.client.fault, FAULT_NONE, "%zu %zu %s %s", *index, i,
                     base_fault_key(pair.client.fault), base_fault_key(pair.server.fault));
        cr_assert_eq(pair.server.fault, FAULT_NONE, "%zu %zu %s", *index, i,
                     base_fault_key(pair.server.fault));
        cr_assert(pair.client.judgement.presented_expected);
    }
}
