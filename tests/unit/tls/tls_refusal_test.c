/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum defect { EXPIRED, NOT_YET_VALID, UNTRUSTED, SELF_SIGNED, REVOKED, WRONG_NAME, DEFECT_COUNT };

static const struct {
    enum fault judged;
    enum fault told; /* by the alert */
} outcomes[DEFECT_COUNT] = {
    [EXPIRED] = {FAULT_TLS_PEER_EXPIRED, FAULT_TLS_ALERT_CERTIFICATE_EXPIRED},
    [NOT_YET_VALID] = {FAULT_TLS_PEER_NOT_YET_VALID, FAULT_TLS_ALERT_CERTIFICATE_EXPIRED},
    [UNTRUSTED] = {FAULT_TLS_PEER_UNTRUSTED, FAULT_TLS_ALERT_UNKNOWN_CA},
    [SELF_SIGNED] = {FAULT_TLS_PEER_UNTRUSTED, FAULT_TLS_ALERT_UNKNOWN_CA},
    [REVOKED] = {FAULT_TLS_PEER_REVOKED, FAULT_TLS_ALERT_CERTIFICATE_REVOKED},
    [WRONG_NAME] = {FAULT_TLS_PEER_NAME, FAULT_TLS_ALERT_BAD_CERTIFICATE},
};

struct defect_case {
    enum defect defect;
    enum tls_role presented_by;
    enum tls_version version;
    enum tls_eku_policy policy;
};

TestSuite(tls_refusal, .init = lab_start, .fini = lab_stop);

ParameterizedTestParameters(tls_refusal, no_policy_accepts_a_bad_certificate) {
    static struct defect_case cases[DEFECT_COUNT * 2 * 2 * 6];
    size_t count = 0;
    for (unsigned defect = 0; defect < DEFECT_COUNT; defect++) {
        for (unsigned policy = 0; policy < 6; policy++) {
            for (unsigned i = 0; i < 4; i++) {
                cases[count++] = (struct defect_case){
                    .defect = (enum defect)defect,
                    .presented_by = (i & 1) != 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER,
                    .version = (i & 2) != 0 ? TLS_VERSION_1_2 : TLS_VERSION_1_3,
                    .policy = (enum tls_eku_policy)policy,
                };
            }
        }
    }
    return cr_make_param_array(struct defect_case, cases, count);
}

static void spoil(struct certs_leaf_spec *leaf, enum defect defect) {
    if (defect == EXPIRED) {
        leaf->not_after = leaf->not_before + LAB_DAY / 2;
    }
    if (defect == NOT_YET_VALID) {
        leaf->not_before = leaf->not_after - LAB_DAY;
    }
    leaf->revoked = defect == REVOKED;
}

/* A root is a certificate with a key: the only self-signed one there is to present. */
static const struct tls_identity *present(struct certs_authority *authority, enum defect defect) {
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth sipDomain");
    struct certs_authority *issuer = defect == UNTRUSTED     ? lab_authority("stranger", 1)
                                     : defect == SELF_SIGNED ? lab_authority("stranger", 0)
                                                             : authority;
    spoil(&leaf, defect);
    struct certs_identity issued = lab_issue(issuer, &leaf);
    struct tls_identity *identity = NULL;
    if (defect == SELF_SIGNED) {
        char *root = lab_root_pem(issuer);
        char *chain = lab_keep(calloc(1, strlen(issued.chain_pem) + strlen(root) + 1), free);
        strcat(strcat(chain, issued.chain_pem), root);
        identity = lab_identity_of_pem(chain, issued.key_pem);
    } else {
        identity = lab_identity_of_pem(issued.chain_pem, issued.key_pem);
    }
    return identity;
}

ParameterizedTest(struct defect_case *row, tls_refusal, no_policy_accepts_a_bad_certificate) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec good_leaf = lab_leaf("serverAuth clientAuth sipDomain");
    const struct tls_identity *good = lab_identity(authority, &good_leaf);
    const struct tls_identity *bad = present(authority, row->defect);
    char *root = lab_root_pem(authority);
    char *crl = lab_crl_pem(authority);
    struct tls_trust *trust = lab_trust(root, crl);
    bool bad_client = row->presented_by == TLS_ROLE_CLIENT;
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, bad_client ? &bad : &good, trust, row->version);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, bad_client ? &good : &bad, trust, row->version);
    server.eku_policy = lab_policy(row->policy);
    const char *wanted = row->defect == WRONG_NAME ? "edge.example.test" : "core.example.test";
    *(bad_client ? &server.verify_name : &client.verify_name) = wanted;

    struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
    struct lab_end *judging = bad_client ? &pair.server : &pair.client;
    struct lab_end *judged = bad_client ? &pair.client : &pair.server;
    cr_assert(judging->judgement.made);
    cr_assert_eq(judging->fault, outcomes[row->defect].judged, "%s",
                 base_fault_key(judging->fault));
    cr_assert_eq(judging->judgement.fault, judging->fault);
    cr_assert_eq(judging->judgement.leaf_checked, row->defect == WRONG_NAME);
    cr_assert_eq(judging->judgement.name_mismatch != NULL, row->defect == WRONG_NAME);
    if (row->defect == WRONG_NAME) {
        cr_assert_str_eq(judging->judgement.name_mismatch,
                         "wanted edge.example.test, presented core.example.test (2 more)");
    }
    cr_assert_eq(judged->fault, outcomes[row->defect].told, "%s", base_fault_key(judged->fault));
}

#define LONG "a-name-that-is-so-long-that-it-has-to-be-cut.example.test"

/* Who reads the sentence sees both names, however long and many they are. */
Test(tls_refusal, names_that_do_not_agree_are_told_in_a_bounded_sentence) {
    static const struct {
        const char *names[3];
        unsigned count;
        const char *subject;
        const char *wanted;
        const char *told;
    } rows[] = {
        {{"core.example.test"}, 1, NULL, "b.test", "wanted b.test, presented core.example.test"},
        {{"sip:c.test", "c.test"},
         2,
         NULL,
         "b.test",
         "wanted b.test, presented URI:sip:c.test (1 more)"},
        {{NULL}, 0, "CN=only by CN", "b.test", "wanted b.test, presented only?by?CN"},
        {{NULL}, 0, "O=nobody", "b.test", "wanted b.test, presented no name"},
        {{LONG, LONG, LONG},
         3,
         "CN=x",
         "not-" LONG,
         "wanted not-a-name-that-is-so-long-that-it-has-t.., presented "
         "a-name-that-is-so-long-that-it-has-to-be.. (2 more)"},
    };
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec good_leaf = lab_leaf("serverAuth clientAuth");
    const struct tls_identity *good = lab_identity(authority, &good_leaf);
    struct tls_trust *trust = lab_trust(lab_root_pem(authority), NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
        leaf.names = rows[i].names;
        leaf.name_count = rows[i].count;
        leaf.subject = rows[i].subject;
        const struct tls_identity *named = lab_identity(authority, &leaf);
        struct tls_context_options client =
            lab_options(TLS_ROLE_CLIENT, &good, trust, TLS_VERSION_1_3);
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, &named, trust, TLS_VERSION_1_3);
        client.verify_name = rows[i].wanted;
        struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
        cr_assert_eq(pair.client.fault, FAULT_TLS_PEER_NAME, "row %zu: %s", i,
                     base_fault_key(pair.client.fault));
        cr_expect_str_eq(pair.client.judgement.name_mismatch, rows[i].told, "%s",
                         pair.client.judgement.name_mismatch);
    }
}

struct absence_case {
    enum tls_version version;
    enum tls_client_certificate demand;
    enum fault server;
    enum fault client;
};

ParameterizedTestParameters(tls_refusal, missing_client_certificate_counts_when_it_is_required) {
    static struct absence_case cases[] = {
        {TLS_VERSION_1_2, TLS_CLIENT_CERTIFICATE_REQUIRE, FAULT_TLS_PEER_NO_CERTIFICATE,
         FAULT_TLS_ALERT_HANDSHAKE_FAILURE},
        {TLS_VERSION_1_3, TLS_CLIENT_CERTIFICATE_REQUIRE, FAULT_TLS_PEER_NO_CERTIFICATE,
         FAULT_TLS_ALERT_CERTIFICATE_REQUIRED},
        {TLS_VERSION_1_2, TLS_CLIENT_CERTIFICATE_REQUEST, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_3, TLS_CLIENT_CERTIFICATE_REQUEST, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_2, TLS_CLIENT_CERTIFICATE_NONE, FAULT_NONE, FAULT_NONE},
        {TLS_VERSION_1_3, TLS_CLIENT_CERTIFICATE_NONE, FAULT_NONE, FAULT_NONE},
    };
    return cr_make_param_array(struct absence_case, cases, COUNT(cases));
}

ParameterizedTest(struct absence_case *row, tls_refusal,
                  missing_client_certificate_counts_when_it_is_required) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    const struct tls_identity *acceptor = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    struct tls_context_options client = lab_options(TLS_ROLE_CLIENT, NULL, trust, row->version);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, &acceptor, trust, row->version);
    server.client_certificate = row->demand;
    struct lab_pair pair;
    lab_pair_init(&pair, lab_context(&client), lab_context(&server));
    lab_shake(&pair);
    cr_assert_eq(pair.server.fault, row->server, "%s", base_fault_key(pair.server.fault));
    cr_assert_eq(pair.client.fault, row->client, "%s", base_fault_key(pair.client.fault));
    cr_assert_not(pair.server.judgement.made);
    cr_assert_eq(tls_session_is_open(pair.server.session), row->server == FAULT_NONE);
    lab_pair_finish(&pair);
}

Test(tls_refusal, requested_certificate_is_judged_when_it_comes) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    const struct tls_identity *both = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options client = lab_options(TLS_ROLE_CLIENT, &both, trust, versions[i]);
        struct tls_context_options server = lab_options(TLS_ROLE_SERVER, &both, trust, versions[i]);
        server.client_certificate = TLS_CLIENT_CERTIFICATE_REQUEST;
        struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
        cr_assert_eq(pair.server.fault, FAULT_TLS_PEER_EKU);
    }
}

Test(tls_refusal, policy_flipped_between_two_connections_counts_for_the_next) {
    static _Atomic(unsigned) policy = TLS_EKU_EXPRESSWAY;
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    const struct tls_identity *both = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options options =
            lab_options(TLS_ROLE_CLIENT, &both, trust, versions[i]);
        struct tls_context *client = lab_context(&options);
        options.role = TLS_ROLE_SERVER;
        options.eku_policy = &policy;
        struct tls_context *server = lab_context(&options);
        for (unsigned round = 0; round < 4; round++) {
            bool on = round % 2 == 0;
            atomic_store(&policy, on ? TLS_EKU_EXPRESSWAY : TLS_EKU_SERVER_OR_CLIENT);
            struct lab_pair pair = lab_connect(client, server);
            cr_assert_eq(pair.server.fault, on ? FAULT_TLS_PEER_EKU : FAULT_NONE);
            cr_assert_eq(pair.server.judgement.policy, atomic_load(&policy));
        }
    }
}

Test(tls_refusal, policy_outside_the_list_refuses_every_extension) {
    static const _Atomic(unsigned) policy = 99;
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth any sipDomain");
    const struct tls_identity *both = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    struct tls_context_options options =
        lab_options(TLS_ROLE_CLIENT, &both, trust, TLS_VERSION_1_3);
    struct tls_context *client = lab_context(&options);
    options.role = TLS_ROLE_SERVER;
    options.eku_policy = &policy;
    struct lab_pair pair = lab_connect(client, lab_context(&options));
    cr_assert_eq(pair.server.fault, FAULT_TLS_PEER_EKU);
}
