/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What each policy, in the order of enum tls_eku_policy, makes of an initiator: A accepts, R
 * refuses. */
static const struct kind {
    const char *usages; /* NULL: no extension */
    bool critical;
    const char *verdicts;
    bool acceptor; /* an initiator's verdict when an acceptor presents it */
} kinds[] = {
    {NULL, false, "AAAAAA", true},
    {"serverAuth", false, "RRRAAA", true},
    {"clientAuth", false, "AARAAR", false},
    {"serverAuth clientAuth", false, "AARAAA", true},
    {"serverAuth clientAuth", true, "AARAAA", true},
    {"any", false, "RAAAAR", false},
    {"sipDomain", false, "RRARAR", false},
    {"sipDomain", true, "RRARAR", false},
    {"codeSigning", false, "RRRRAR", false},
    {"emailProtection 1.2.3.4.5", false, "RRRRAR", false},
    {"clientAuth sipDomain", false, "AAAAAR", false},
    {"clientAuth 1.2.3.4.5", true, "AARAAR", false},
    {"serverAuth sipDomain", false, "RRAAAA", true},
    {"serverAuth any", false, "RAAAAA", true},
};

#define POLICY_COUNT 6

struct table_case {
    size_t kind; /* an index: each test runs in a process of its own */
    enum tls_version version;
    enum tls_eku_policy policy;
};

static struct certs_leaf_spec leaf_of(const struct kind *kind) {
    struct certs_leaf_spec spec = lab_leaf(kind->usages);
    spec.usages.critical = kind->critical;
    return spec;
}

TestSuite(tls_table, .init = lab_start, .fini = lab_stop);

ParameterizedTestParameters(tls_table, initiator_is_judged_by_the_policy) {
    static struct table_case cases[COUNT(kinds) * 2 * POLICY_COUNT];
    size_t count = 0;
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
        for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
            cases[count++] =
                (struct table_case){kind, TLS_VERSION_1_2, (enum tls_eku_policy)policy};
            cases[count++] =
                (struct table_case){kind, TLS_VERSION_1_3, (enum tls_eku_policy)policy};
        }
    }
    return cr_make_param_array(struct table_case, cases, count);
}

ParameterizedTest(struct table_case *row, tls_table, initiator_is_judged_by_the_policy) {
    const struct kind *kind = &kinds[row->kind];
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec initiator_leaf = leaf_of(kind);
    struct certs_leaf_spec acceptor_leaf = lab_leaf("serverAuth");
    const struct tls_identity *initiator = lab_identity(authority, &initiator_leaf);
    const struct tls_identity *acceptor = lab_identity(authority, &acceptor_leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &initiator, trust, row->version);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, &acceptor, trust, row->version);
    server.eku_policy = lab_policy(row->policy);
    struct lab_pair pair;
    lab_pair_init(&pair, lab_context(&client), lab_context(&server));
    lab_shake(&pair);

    const struct tls_judgement *judgement = &pair.server.judgement;
    cr_assert(judgement->made);
    cr_assert(judgement->leaf_checked);
    cr_assert_eq(judgement->policy, row->policy);
    if (kind->verdicts[row->policy] == 'A') {
        cr_assert(lab_both_open(&pair), "server %s, client %s", base_fault_key(pair.server.fault),
                  base_fault_key(pair.client.fault));
        cr_assert_eq(judgement->fault, FAULT_NONE);
        cr_assert_eq(tls_session_version(pair.server.session), row->version);
    } else {
        cr_assert_eq(pair.server.fault, FAULT_TLS_PEER_EKU);
        cr_assert_eq(judgement->fault, FAULT_TLS_PEER_EKU);
        cr_assert_not(tls_session_is_open(pair.server.session));
        cr_assert_eq(pair.client.fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, "%s",
                     base_fault_key(pair.client.fault));
    }
    lab_pair_finish(&pair);
}

/* On and Off of the node that accepts: what the initiator thinks of it does not depend on them. */
struct acceptor_case {
    size_t kind;
    enum tls_version version;
    enum tls_eku_policy policy;
};

ParameterizedTestParameters(tls_table, acceptor_is_judged_by_the_sslserver_purpose) {
    static struct acceptor_case cases[COUNT(kinds) * 4];
    size_t count = 0;
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
        cases[count++] = (struct acceptor_case){kind, TLS_VERSION_1_2, TLS_EKU_EXPRESSWAY};
        cases[count++] = (struct acceptor_case){kind, TLS_VERSION_1_2, TLS_EKU_SERVER_OR_CLIENT};
        cases[count++] = (struct acceptor_case){kind, TLS_VERSION_1_3, TLS_EKU_EXPRESSWAY};
        cases[count++] = (struct acceptor_case){kind, TLS_VERSION_1_3, TLS_EKU_SERVER_OR_CLIENT};
    }
    return cr_make_param_array(struct acceptor_case, cases, count);
}

ParameterizedTest(struct acceptor_case *row, tls_table,
                  acceptor_is_judged_by_the_sslserver_purpose) {
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec initiator_leaf = lab_leaf("clientAuth serverAuth");
    struct certs_leaf_spec acceptor_leaf = leaf_of(&kinds[row->kind]);
    const struct tls_identity *initiator = lab_identity(authority, &initiator_leaf);
    const struct tls_identity *acceptor = lab_identity(authority, &acceptor_leaf);
    struct tls_trust *trust = lab_trust_in(authority);
    struct tls_context_options client =
        lab_options(TLS_ROLE_CLIENT, &initiator, trust, row->version);
    struct tls_context_options server =
        lab_options(TLS_ROLE_SERVER, &acceptor, trust, row->version);
    server.eku_policy = lab_policy(row->policy);
    struct lab_pair pair;
    lab_pair_init(&pair, lab_context(&client), lab_context(&server));
    lab_shake(&pair);

    cr_assert(pair.client.judgement.made);
    if (kinds[row->kind].acceptor) {
        cr_assert(lab_both_open(&pair), "%s", base_fault_key(pair.client.fault));
    } else {
        cr_assert_eq(pair.client.fault, FAULT_TLS_PEER_EKU);
        cr_assert_eq(pair.server.fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
    }
    lab_pair_finish(&pair);
}
