/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CHAIN_MAX    (16 * 1024)

TestSuite(tls_chain, .init = lab_start, .fini = lab_stop);

static const enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

/* The n-th certificate of a PEM text, appended to `out`. */
static void append_certificate(char *out, const char *pem, unsigned index) {
    const char *begin = strstr(pem, "-----BEGIN");
    for (unsigned i = 0; i < index; i++) {
        begin = strstr(begin + 1, "-----BEGIN");
        cr_assert_not_null(begin);
    }
    const char *end = strstr(begin, "-----END CERTIFICATE-----\n");
    cr_assert_not_null(end);
    size_t length = (size_t)(end - begin) + strlen("-----END CERTIFICATE-----\n");
    cr_assert_lt(strlen(out) + length, CHAIN_MAX);
    strncat(out, begin, length);
}

static struct certs_authority *limited_authority(const char *root, const char *intermediate) {
    struct certs_authority_spec spec = {
        .name = "limited",
        .key = "ecdsa-p256",
        .intermediates = 1,
        .root_usages = lab_usages(root),
        .intermediate_usages = lab_usages(intermediate),
    };
    return lab_authority_of(&spec);
}

/* A connection of one identity in both roles; what the judging server made of it. */
static struct lab_pair connect_as(const struct tls_identity *identity,
                                  const struct tls_trust *trust, enum tls_version version,
                                  enum tls_eku_policy policy) {
    struct certs_authority *neutral = lab_authority("neutral", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    const struct tls_identity *acceptor = lab_identity(neutral, &leaf);
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &identity, lab_trust_in(neutral), version);
    struct tls_context_options server = lab_options(TLS_ROLE_SERVER, &acceptor, trust, version);
    server.eku_policy = lab_policy(policy);
    return lab_connect(lab_context(&client), lab_context(&server));
}

struct limit_case {
    const char *root;
    const char *intermediate;
    bool stands_in_trust; /* the intermediate: not sent, but among our authorities */
    enum tls_eku_policy policy;
    enum fault fault;
};

static struct limit_case limit_cases[] = {
    {"serverAuth", NULL, false, TLS_EKU_EXPRESSWAY, FAULT_TLS_PEER_EKU},
    {NULL, "serverAuth", false, TLS_EKU_EXPRESSWAY, FAULT_TLS_PEER_EKU},
    {NULL, "serverAuth", true, TLS_EKU_EXPRESSWAY, FAULT_TLS_PEER_EKU},
    {"serverAuth", NULL, true, TLS_EKU_EXPRESSWAY, FAULT_TLS_PEER_EKU},
    {NULL, "any", false, TLS_EKU_EXPRESSWAY, FAULT_TLS_PEER_EKU},
    {NULL, "clientAuth", false, TLS_EKU_EXPRESSWAY, FAULT_NONE},
    {"clientAuth serverAuth", "clientAuth", true, TLS_EKU_EXPRESSWAY, FAULT_NONE},
    {NULL, NULL, true, TLS_EKU_EXPRESSWAY, FAULT_NONE},
    {"serverAuth", "serverAuth", false, TLS_EKU_PKIX, FAULT_NONE},
    {"serverAuth", "serverAuth", false, TLS_EKU_SERVER_OR_CLIENT, FAULT_NONE},
    {"serverAuth", "serverAuth", true, TLS_EKU_ANY, FAULT_NONE},
};

ParameterizedTestParameters(tls_chain, authorities_on_the_path_limit_the_leaf) {
    static size_t rows[COUNT(limit_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

ParameterizedTest(size_t *index, tls_chain, authorities_on_the_path_limit_the_leaf) {
    const struct limit_case *row = &limit_cases[*index];
    struct certs_authority *authority = limited_authority(row->root, row->intermediate);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    leaf.omit_chain = row->stands_in_trust;
    const struct tls_identity *identity = lab_identity(authority, &leaf);
    char *root = lab_root_pem(authority);
    char *intermediates = lab_intermediates_pem(authority);
    char trusted[CHAIN_MAX] = "";
    strcat(strcat(trusted, root), row->stands_in_trust ? intermediates : "");
    struct tls_trust *trust = lab_trust(trusted, NULL);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair = connect_as(identity, trust, versions[i], row->policy);
        cr_assert_eq(pair.server.fault, row->fault, "%s", base_fault_key(pair.server.fault));
        cr_assert(pair.server.judgement.leaf_checked);
    }
}

Test(tls_chain, initiators_judge_the_whole_path_of_an_acceptor) {
    struct certs_authority *authority = limited_authority(NULL, "clientAuth");
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    const struct tls_identity *identity = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options options =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, versions[i]);
        struct tls_context *client = lab_context(&options);
        options.role = TLS_ROLE_SERVER;
        struct lab_pair pair = lab_connect(client, lab_context(&options));
        cr_assert_eq(pair.client.fault, FAULT_TLS_PEER_EKU);
        cr_assert_eq(pair.server.fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
    }
}

Test(tls_chain, an_unused_authority_sent_along_is_ignored) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_authority *unused = limited_authority("serverAuth", "serverAuth");
    struct certs_leaf_spec leaf = lab_leaf("clientAuth");
    struct certs_identity issued = lab_issue(authority, &leaf);
    char *extra = lab_intermediates_pem(unused);
    char *extra_root = lab_root_pem(unused);
    char chain[CHAIN_MAX] = "";
    append_certificate(chain, issued.chain_pem, 0);
    append_certificate(chain, extra, 0);
    append_certificate(chain, issued.chain_pem, 1);
    append_certificate(chain, extra_root, 0);
    const struct tls_identity *identity = lab_identity_of_pem(chain, issued.key_pem);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair =
            connect_as(identity, lab_trust_in(authority), versions[i], TLS_EKU_EXPRESSWAY);
        cr_assert_eq(pair.server.fault, FAULT_NONE, "%s", base_fault_key(pair.server.fault));
    }
}

Test(tls_chain, order_of_the_intermediates_does_not_matter) {
    struct certs_authority *authority = lab_authority("ca1", 3);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth");
    struct certs_identity issued = lab_issue(authority, &leaf);
    char *root = lab_root_pem(authority);
    static const unsigned orders[][3] = {{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {3, 1, 2}};
    for (size_t i = 0; i < COUNT(orders) * 2; i++) {
        char chain[CHAIN_MAX] = "";
        append_certificate(chain, issued.chain_pem, 0);
        for (unsigned k = 0; k < 3; k++) {
            append_certificate(chain, issued.chain_pem, orders[i / 2][k]);
        }
        append_certificate(chain, root, 0);
        struct lab_pair pair =
            connect_as(lab_identity_of_pem(chain, issued.key_pem), lab_trust_in(authority),
                       versions[i % 2], TLS_EKU_EXPRESSWAY);
        cr_assert_eq(pair.server.fault, FAULT_NONE, "order %zu: %s", i / 2,
                     base_fault_key(pair.server.fault));
    }
}

Test(tls_chain, a_missing_intermediate_is_told_even_after_a_whole_chain) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    const struct tls_identity *whole = lab_identity(authority, &leaf);
    leaf.omit_chain = true;
    const struct tls_identity *alone = lab_identity(authority, &leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, &whole, trust, versions[i]);
        struct tls_context_options with_chain =
            lab_options(TLS_ROLE_CLIENT, &whole, trust, versions[i]);
        struct tls_context_options without =
            lab_options(TLS_ROLE_CLIENT, &alone, trust, versions[i]);
        struct tls_context *acceptor = lab_context(&server);
        static const bool sends_chain[] = {false, true, false, true, false};
        for (size_t k = 0; k < COUNT(sends_chain); k++) {
            struct lab_pair pair =
                lab_connect(lab_context(sends_chain[k] ? &with_chain : &without), acceptor);
            enum fault fault = sends_chain[k] ? FAULT_NONE : FAULT_TLS_PEER_CHAIN_INCOMPLETE;
            cr_assert_eq(pair.server.fault, fault, "%s", base_fault_key(pair.server.fault));
            cr_assert_eq(pair.client.fault,
                         sends_chain[k] ? FAULT_NONE : FAULT_TLS_ALERT_UNKNOWN_CA);
        }
    }
}

Test(tls_chain, an_intermediate_without_its_root_is_no_anchor) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth");
    char *intermediates = lab_intermediates_pem(authority);
    struct tls_trust *trust = lab_trust(intermediates, NULL);
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair =
            connect_as(lab_identity(authority, &leaf), trust, versions[i], TLS_EKU_ANY);
        cr_assert_eq(pair.server.fault, FAULT_TLS_PEER_CHAIN_INCOMPLETE);
    }
}

Test(tls_chain, an_empty_trust_accepts_nobody) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth");
    struct lab_pair pair = connect_as(lab_identity(authority, &leaf), lab_trust("", NULL),
                                      TLS_VERSION_1_3, TLS_EKU_ANY);
    cr_assert_eq(pair.server.fault, FAULT_TLS_PEER_UNTRUSTED);
}

Test(tls_chain, keys_of_every_kind_work_in_both_roles) {
    static const char *const keys[] = {"rsa-2048", "ecdsa-p256", "ecdsa-p384", "ed25519"};
    for (size_t i = 0; i < COUNT(keys) * COUNT(versions); i++) {
        struct certs_authority_spec spec = {.name = "ca", .key = keys[i / 2], .intermediates = 1};
        struct certs_authority *authority = lab_authority_of(&spec);
        struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
        leaf.key = keys[i / 2];
        const struct tls_identity *identity = lab_identity(authority, &leaf);
        struct tls_trust *trust = lab_trust_in(authority);
        struct tls_context_options options =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, versions[i % 2]);
        struct tls_context *client = lab_context(&options);
        options.role = TLS_ROLE_SERVER;
        struct lab_pair pair = lab_connect(client, lab_context(&options));
        cr_assert_eq(pair.server.fault, FAULT_NONE, "%s, round %zu: %s, %s", keys[i / 2], i % 2,
                     base_fault_key(pair.server.fault), base_fault_key(pair.client.fault));
        cr_assert_eq(pair.client.fault, FAULT_NONE);
    }
}
