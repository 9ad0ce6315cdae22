/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_forge.h"
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CA           "critical,CA:TRUE"
#define SIGNS        "critical,keyCertSign,cRLSign"
#define BOTH         "serverAuth,clientAuth"

static const unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static const struct tls_identity *honest;
static struct tls_trust *honest_trust;

static void setup(void) {
    lab_start();
    struct certs_authority *authority = lab_authority("honest", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
    honest = lab_identity(authority, &leaf);
    honest_trust = lab_trust_in(authority);
}

TestSuite(tls_forged, .init = setup, .fini = lab_stop);

static const struct forge_spec ordinary_root = {.name = "root", .basic = CA, .key_usage = SIGNS};
static const struct forge_spec ordinary_middle = {
    .name = "middle", .basic = CA, .key_usage = SIGNS};
static const struct forge_spec ordinary_leaf = {
    .name = "leaf", .basic = "CA:FALSE", .key_usage = "digitalSignature", .usages = BOTH};

static const struct tls_identity *identity_of(const struct forged *const *chain, unsigned count) {
    char *chain_pem = forge_pem(chain, count);
    char *key_pem = forge_key_pem(chain[0]);
    const struct tls_identity *identity = lab_identity_of_pem(chain_pem, key_pem);
    return identity;
}

static struct tls_trust *trust_of(const struct forged *const *authorities, unsigned count) {
    char *pem = forge_pem(authorities, count);
    struct tls_trust *trust = lab_trust(pem, NULL);
    return trust;
}

static struct tls_context *judging_context(enum tls_role peer_role, const struct tls_trust *trust,
                                           unsigned version, enum tls_eku_policy policy) {
    enum tls_role role = peer_role == TLS_ROLE_CLIENT ? TLS_ROLE_SERVER : TLS_ROLE_CLIENT;
    struct tls_context_options options = lab_options(role, &honest, trust, version);
    options.eku_policy = lab_policy(policy);
    return lab_context(&options);
}

/* `identity` meets a judge; the judge's end comes first. */
struct findings {
    struct lab_end judge;
    struct lab_end judged;
};

static struct findings present(const struct tls_identity *identity, enum tls_role role,
                               struct tls_context *judge, unsigned version) {
    struct tls_context_options options = lab_options(role, &identity, honest_trust, version);
    struct tls_context *judged = lab_context(&options);
    struct lab_pair pair =
        role == TLS_ROLE_CLIENT ? lab_connect(judged, judge) : lab_connect(judge, judged);
    return role == TLS_ROLE_CLIENT ? (struct findings){pair.server, pair.client}
                                   : (struct findings){pair.client, pair.server};
}

/* In both roles and versions, under every policy of an acceptor. */
static void expect_everywhere(const struct forged *const *chain, unsigned chain_count,
                              const struct forged *const *authorities, unsigned authority_count,
                              enum fault judged, enum fault told) {
    const struct tls_identity *identity = identity_of(chain, chain_count);
    struct tls_trust *trust = trust_of(authorities, authority_count);
    for (unsigned i = 0; i < 2 * 2 * 6; i++) {
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        unsigned version = versions[i / 2 % 2];
        struct tls_context *judge =
            judging_context(role, trust, version, (enum tls_eku_policy)(i / 4));
        struct findings findings = present(identity, role, judge, version);
        cr_assert_eq(findings.judge.fault, judged, "round %u: %s", i,
                     base_fault_key(findings.judge.fault));
        cr_assert_eq(findings.judged.fault, told, "round %u: %s", i,
                     base_fault_key(findings.judged.fault));
    }
}

enum place { LEAF, MIDDLE, MIDDLE_IN_TRUST, ROOT };

struct date_case {
    enum place place;
    bool expired; /* else not yet valid */
};

ParameterizedTestParameters(tls_forged, dates_of_the_whole_path_count) {
    static struct date_case cases[] = {
        {LEAF, true},  {MIDDLE, true},  {MIDDLE_IN_TRUST, true},  {ROOT, true},
        {LEAF, false}, {MIDDLE, false}, {MIDDLE_IN_TRUST, false}, {ROOT, false},
    };
    return cr_make_param_array(struct date_case, cases, COUNT(cases));
}

static struct forge_spec dated(struct forge_spec spec, const struct date_case *row, bool applies) {
    if (applies) {
        spec.not_before_days = row->expired ? -20 : 10;
        spec.not_after_days = row->expired ? -10 : 20;
    }
    return spec;
}

ParameterizedTest(struct date_case *row, tls_forged, dates_of_the_whole_path_count) {
    bool in_trust = row->place == MIDDLE_IN_TRUST;
    struct forge_spec root_spec = dated(ordinary_root, row, row->place == ROOT);
    struct forge_spec middle_spec = dated(ordinary_middle, row, row->place == MIDDLE || in_trust);
    struct forge_spec leaf_spec = dated(ordinary_leaf, row, row->place == LEAF);
    struct forged root = forge(&root_spec, NULL, NULL);
    struct forged middle = forge(&middle_spec, &root, NULL);
    struct forged leaf = forge(&leaf_spec, &middle, NULL);
    const struct forged *const chain[] = {&leaf, &middle};
    const struct forged *const authorities[] = {&root, &middle};
    expect_everywhere(chain, in_trust ? 1 : 2, authorities, in_trust ? 2 : 1,
                      row->expired ? FAULT_TLS_PEER_EXPIRED : FAULT_TLS_PEER_NOT_YET_VALID,
                      FAULT_TLS_ALERT_CERTIFICATE_EXPIRED);
}

Test(tls_forged, leaves_that_may_not_sign_are_refused_in_every_mode) {
    struct forge_spec spec = ordinary_leaf;
    spec.key_usage = "nonRepudiation";
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged leaf = forge(&spec, &root, NULL);
    const struct forged *const chain[] = {&leaf};
    const struct forged *const authorities[] = {&root};
    expect_everywhere(chain, 1, authorities, 1, FAULT_TLS_PEER_KEY_USAGE,
                      FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
}

Test(tls_forged, authorities_that_may_not_sign_are_refused_in_every_mode) {
    struct forge_spec spec = ordinary_middle;
    spec.key_usage = "cRLSign";
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged middle = forge(&spec, &root, NULL);
    struct forged leaf = forge(&ordinary_leaf, &middle, NULL);
    const struct forged *const chain[] = {&leaf, &middle};
    const struct forged *const authorities[] = {&root};
    expect_everywhere(chain, 2, authorities, 1, FAULT_TLS_PEER_KEY_USAGE,
                      FAULT_TLS_ALERT_BAD_CERTIFICATE);
}

Test(tls_forged, a_leaf_that_issues_another_is_no_authority) {
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged holder = forge(&ordinary_leaf, &root, NULL);
    struct forge_spec spec = ordinary_leaf;
    spec.name = "issued by a leaf";
    struct forged leaf = forge(&spec, &holder, NULL);
    const struct forged *const chain[] = {&leaf, &holder};
    const struct forged *const authorities[] = {&root};
    expect_everywhere(chain, 2, authorities, 1, FAULT_TLS_PEER_UNTRUSTED,
                      FAULT_TLS_ALERT_UNKNOWN_CA);
}

Test(tls_forged, path_length_is_kept) {
    struct forge_spec short_spec = ordinary_middle;
    short_spec.basic = "critical,CA:TRUE,pathlen:0";
    struct forge_spec below_spec = ordinary_middle;
    below_spec.name = "below";
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged upper = forge(&short_spec, &root, NULL);
    struct forged lower = forge(&below_spec, &upper, NULL);
    struct forged leaf = forge(&ordinary_leaf, &lower, NULL);
    const struct forged *const chain[] = {&leaf, &lower, &upper};
    const struct forged *const authorities[] = {&root, &upper, &lower};
    /* wolfSSL finds the one, our judge the other. */
    expect_everywhere(chain, 3, authorities, 1, FAULT_TLS_PEER_UNTRUSTED,
                      FAULT_TLS_ALERT_BAD_CERTIFICATE);
    expect_everywhere(chain, 1, authorities, 3, FAULT_TLS_PEER_UNTRUSTED,
                      FAULT_TLS_ALERT_UNKNOWN_CA);
}

Test(tls_forged, a_wrong_signature_is_refused_in_every_mode) {
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged stranger = forge(&ordinary_middle, NULL, NULL);
    struct forged impostor = {root.certificate, stranger.key};
    struct forged leaf = forge(&ordinary_leaf, &impostor, NULL);
    const struct forged *const chain[] = {&leaf};
    const struct forged *const authorities[] = {&root};
    expect_everywhere(chain, 1, authorities, 1, FAULT_TLS_PEER_BAD_CERTIFICATE,
                      FAULT_TLS_ALERT_BAD_CERTIFICATE);
}

Test(tls_forged, self_signed_certificates_need_to_stand_in_the_trust) {
    struct forge_spec spec = ordinary_leaf;
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged alone = forge(&spec, NULL, NULL);
    const struct forged *const chain[] = {&alone};
    const struct forged *const authorities[] = {&root, &alone};
    expect_everywhere(chain, 1, authorities, 1, FAULT_TLS_PEER_UNTRUSTED,
                      FAULT_TLS_ALERT_UNKNOWN_CA);
    struct findings findings = present(identity_of(chain, 1), TLS_ROLE_CLIENT,
                                       judging_context(TLS_ROLE_CLIENT, trust_of(authorities, 2),
                                                       TLS_VERSION_1_3, TLS_EKU_EXPRESSWAY),
                                       TLS_VERSION_1_3);
    cr_assert_eq(findings.judge.fault, FAULT_NONE, "%s", base_fault_key(findings.judge.fault));
}

Test(tls_forged, an_appended_cross_signed_root_is_ignored) {
    struct forge_spec other_spec = ordinary_root;
    other_spec.name = "older root";
    struct forged older = forge(&other_spec, NULL, NULL);
    struct forged root = forge(&ordinary_root, NULL, NULL);
    struct forged crossed = forge(&ordinary_root, &older, root.key);
    struct forged middle = forge(&ordinary_middle, &root, NULL);
    struct forged leaf = forge(&ordinary_leaf, &middle, NULL);
    const struct forged *const chains[][3] = {
        {&leaf, &middle, &crossed}, {&leaf, &crossed, &middle}, {&leaf, &middle, &root}};
    const struct forged *const authorities[] = {&root, &older};
    for (unsigned i = 0; i < COUNT(chains) * 4; i++) {
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        unsigned version = versions[i / 2 % 2];
        const struct tls_identity *identity = identity_of(chains[i / 4], 3);
        /* Only the new root, then only the old one, then both. */
        for (unsigned trusted = 0; trusted < 3; trusted++) {
            bool has_cross = i / 4 < 2;
            if (trusted == 1 && !has_cross) {
                continue;
            }
            struct tls_trust *trust = trust_of(&authorities[trusted == 1], trusted == 2 ? 2 : 1);
            struct findings findings = present(
                identity, role, judging_context(role, trust, version, TLS_EKU_EXPRESSWAY), version);
            cr_assert_eq(findings.judge.fault, FAULT_NONE, "chain %u, trust %u: %s", i / 4, trusted,
                         base_fault_key(findings.judge.fault));
        }
    }
}

/*
 * The true intermediate, known from an earlier connection, vouches for the leaf; a forged one of
 * the same name and key, which wolfSSL skips because it finds no issuer for it, stands in its place
 * in the list.
 */
Test(tls_forged, a_forged_intermediate_does_not_hide_the_true_one) {
    struct forge_spec root_spec = ordinary_root;
    root_spec.without_key_ids = true;
    struct forge_spec limited_spec = ordinary_middle;
    limited_spec.usages = "codeSigning";
    struct forge_spec forged_spec = ordinary_middle;
    forged_spec.authority_key_id = "000102030405060708090A0B0C0D0E0F10111213";
    struct forged root = forge(&root_spec, NULL, NULL);
    struct forged limited = forge(&limited_spec, &root, NULL);
    struct forged leaf = forge(&ordinary_leaf, &limited, NULL);
    struct forged impostor = {root.certificate, leaf.key};
    struct forged false_one = forge(&forged_spec, &impostor, limited.key);
    const struct forged *const true_chain[] = {&leaf, &limited};
    const struct forged *const false_chain[] = {&leaf, &false_one};
    const struct forged *const authorities[] = {&root};
    struct tls_trust *trust = trust_of(authorities, 1);
    for (unsigned i = 0; i < 4; i++) {
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        unsigned version = versions[i / 2];
        struct tls_context *judge = judging_context(role, trust, version, TLS_EKU_EXPRESSWAY);
        struct findings findings = present(identity_of(true_chain, 2), role, judge, version);
        cr_assert_eq(findings.judge.fault, FAULT_TLS_PEER_EKU);
        findings = present(identity_of(false_chain, 2), role, judge, version);
        cr_assert_eq(findings.judge.fault, FAULT_TLS_PEER_BAD_CERTIFICATE, "%s",
                     base_fault_key(findings.judge.fault));
        cr_assert_not(findings.judge.judgement.leaf_checked);
        findings = present(identity_of(true_chain, 2), role, judge, version);
        cr_assert_eq(findings.judge.fault, FAULT_TLS_PEER_EKU);
    }
}

Test(tls_forged, a_list_of_certificates_has_an_end) {
    struct forge_spec spec = ordinary_middle;
    struct forged authorities[12];
    const struct forged *chain[12];
    char names[12][8];
    for (unsigned i = 0; i < COUNT(authorities); i++) {
        snprintf(names[i], sizeof names[i], "ca%u", i);
        spec.name = names[i];
        authorities[i] = forge(&spec, i > 0 ? &authorities[i - 1] : NULL, NULL);
    }
    struct forged leaf = forge(&ordinary_leaf, &authorities[10], NULL);
    const struct forged *const root[] = {&authorities[0]};
    chain[0] = &leaf;
    for (unsigned i = 1; i < 11; i++) {
        chain[i] = &authorities[11 - i];
    }
    struct tls_trust *trust = trust_of(root, 1);
    for (unsigned i = 0; i < 4; i++) {
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        struct tls_context *judge =
            judging_context(role, trust, versions[i / 2], TLS_EKU_EXPRESSWAY);
        const struct tls_identity *identity = identity_of(chain, 11);
        struct findings findings = present(identity, role, judge, versions[i / 2]);
        cr_assert_neq(findings.judge.fault, FAULT_NONE);
    }
}
