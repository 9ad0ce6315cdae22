/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_offline.h"

#include "tls_certificates.h"
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TestSuite(tls_offline, .init = lab_start, .fini = lab_stop);

static void release_certificates(void *certificates) {
    tls_certificates_finish(certificates);
    free(certificates);
}

/* What a PEM text holds; lives until the lab stops. */
static struct x509_set read_pem(const char *pem) {
    struct tls_certificates *read = malloc(sizeof *read);
    struct base_error error;
    cr_assert(tls_certificates_init(read, (struct tls_pem){base_bytes_of_text(pem), "pem"}, &error),
              "%s", error.text);
    lab_keep(read, release_certificates);
    return (struct x509_set){read->certificates, read->count};
}

/* Leaf, intermediate, root. */
struct chain {
    struct x509_set sent;
    struct x509_set root;
    struct tls_trust *trust;
};

static struct chain issue(const char *name, const struct certs_leaf_spec *leaf) {
    struct certs_authority *authority = lab_authority(name, 1);
    struct certs_identity issued = lab_issue(authority, leaf);
    return (struct chain){.sent = read_pem(issued.chain_pem),
                          .root = read_pem(lab_root_pem(authority)),
                          .trust = lab_trust_in(authority)};
}

static struct x509_path path_of(const struct chain *chain) {
    return (struct x509_path){
        {&chain->sent.certificates[0], &chain->sent.certificates[1], &chain->root.certificates[0]},
        3};
}

Test(tls_offline, dates_of_the_whole_path_count) {
    int64_t now = (int64_t)time(NULL);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    struct chain chain = issue("ca", &leaf);
    struct x509_path path = path_of(&chain);
    cr_expect_eq(tls_offline_check(&path, now), FAULT_NONE);
    cr_expect_eq(tls_offline_check(&path, leaf.not_after + 1), FAULT_TLS_PEER_EXPIRED);
    cr_expect_eq(tls_offline_check(&path, leaf.not_before - 1), FAULT_TLS_PEER_NOT_YET_VALID);
    struct x509_certificate old_root = chain.root.certificates[0];
    old_root.not_after = now - 1;
    path.certificates[2] = &old_root;
    cr_expect_eq(tls_offline_check(&path, now), FAULT_TLS_PEER_EXPIRED);
}

Test(tls_offline, each_signature_must_be_the_next_one_s) {
    int64_t now = (int64_t)time(NULL);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    struct chain one = issue("ca", &leaf);
    struct chain twin = issue("ca", &leaf); /* the same names, other keys */
    for (unsigned i = 1; i < 3; i++) {
        struct x509_path path = path_of(&one);
        path.certificates[i] = path_of(&twin).certificates[i];
        cr_expect_eq(tls_offline_check(&path, now), FAULT_TLS_PEER_BAD_CERTIFICATE,
                     "certificate %u", i);
    }
    struct x509_path alone = path_of(&one);
    alone.length = 1;
    cr_expect_eq(tls_offline_check(&alone, now), FAULT_NONE);
}

Test(tls_offline, a_forged_signature_is_told_from_one_of_an_unknown_kind) {
    int64_t now = (int64_t)time(NULL);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    struct chain chain = issue("ca", &leaf);
    struct x509_path path = path_of(&chain);
    uint8_t forged[4096];
    struct x509_certificate parsed;
    struct bytes leaf_der = path.certificates[0]->der;
    memcpy(forged, leaf_der.data, leaf_der.length);
    forged[leaf_der.length - 1] ^= 1;
    cr_assert(x509_certificate_parse(base_bytes(forged, leaf_der.length), &parsed));
    path.certificates[0] = &parsed;
    cr_expect_eq(tls_offline_check(&path, now), FAULT_TLS_PEER_BAD_CERTIFICATE);
    /* id-ecPublicKey becomes the OID of nothing. */
    static const uint8_t ec_key[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
    path = path_of(&chain);
    struct bytes der = path.certificates[1]->der;
    memcpy(forged, der.data, der.length);
    uint8_t *oid = memmem(forged, der.length, ec_key, sizeof ec_key);
    cr_assert_not_null(oid);
    oid[sizeof ec_key - 1] = 0x09;
    cr_assert(x509_certificate_parse(base_bytes(forged, der.length), &parsed));
    path.certificates[1] = &parsed;
    cr_expect_eq(tls_offline_check(&path, now), FAULT_LOCAL_ERROR);
}

Test(tls_offline, judging_a_path_is_what_judging_does_once_it_has_one) {
    static const char *const usages[] = {"serverAuth", "clientAuth", "any", "codeSigning", NULL};
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
        struct certs_leaf_spec leaf = lab_leaf(usages[i]);
        struct chain chain = issue("ca", &leaf);
        struct x509_path path = path_of(&chain);
        struct x509_path open = path;
        open.length = 2;
        for (unsigned policy = TLS_EKU_EXPRESSWAY; policy <= TLS_EKU_SERVER_IF_PRESENT; policy++) {
            const struct tls_judge_rules rules = {.peer_role = TLS_ROLE_CLIENT,
                                                  .eku_policy = (enum tls_eku_policy)policy};
            bool checked = false;
            enum fault expected = tls_judge(&rules, chain.sent, chain.trust, &checked);
            cr_expect_eq(tls_judge_path(&rules, &path, chain.trust, &checked), expected);
            cr_expect_eq(tls_judge_path(&rules, &open, NULL, &checked), expected);
            cr_expect(checked);
        }
    }
}

Test(tls_offline, revocation_counts_where_a_trust_is_asked) {
    struct certs_leaf_spec leaf = lab_leaf("clientAuth");
    leaf.revoked = true;
    struct certs_authority *authority = lab_authority("ca", 0);
    struct certs_identity issued = lab_issue(authority, &leaf);
    struct tls_trust *trust = lab_trust(lab_root_pem(authority), lab_crl_pem(authority));
    struct x509_set sent = read_pem(issued.chain_pem);
    const struct x509_path path = {{&sent.certificates[0]}, 1};
    const struct tls_judge_rules rules = {.peer_role = TLS_ROLE_CLIENT};
    bool checked = true;
    cr_expect_eq(tls_judge_path(&rules, &path, trust, &checked), FAULT_TLS_PEER_REVOKED);
    cr_expect_not(checked);
    cr_expect_eq(tls_judge_path(&rules, &path, NULL, &checked), FAULT_NONE);
}

struct peer_row {
    bool trusted;
    unsigned version;
    size_t capacity;
    unsigned certificates;
};

Test(tls_offline, a_caller_gets_the_chain_that_a_peer_sent_trusted_or_not) {
    static const struct peer_row rows[] = {
        {true, TLS_VERSION_1_2, 16384, 2},  {true, TLS_VERSION_1_3, 16384, 2},
        {false, TLS_VERSION_1_2, 16384, 2}, {false, TLS_VERSION_1_3, 16384, 2},
        {false, TLS_VERSION_1_3, 100, 0},
    };
    struct certs_authority *authority = lab_authority("ca", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
    struct certs_identity issued = lab_issue(authority, &leaf);
    const struct tls_identity *identity = lab_identity_of_pem(issued.chain_pem, issued.key_pem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static uint8_t octets[16384];
        struct base_buffer chain = {.data = octets, .capacity = rows[i].capacity};
        struct tls_trust *own = lab_trust_in(authority);
        struct tls_trust *trust = rows[i].trusted ? own : lab_trust_in(lab_authority("another", 0));
        struct tls_context_options client =
            lab_options(TLS_ROLE_CLIENT, &identity, trust, rows[i].version);
        struct tls_context_options server =
            lab_options(TLS_ROLE_SERVER, &identity, own, rows[i].version);
        client.peer_chain = &chain;
        struct tls_context *initiator = lab_context(&client);
        struct tls_context *acceptor = lab_context(&server);
        struct lab_pair pair = lab_connect(initiator, acceptor);
        cr_expect_eq(pair.client.fault, rows[i].trusted ? FAULT_NONE : FAULT_TLS_PEER_UNTRUSTED,
                     "row %zu: %s", i, base_fault_key(pair.client.fault));
        struct bytes collected = base_buffer_bytes(&chain);
        cr_expect_eq(collected.length > 0, rows[i].certificates > 0, "row %zu", i);
        if (collected.length > 0) {
            cr_expect(base_bytes_equal(collected, base_bytes_of_text(issued.chain_pem)));
        }
        /* The next peer's is not appended. */
        (void)lab_connect(initiator, acceptor);
        cr_expect_eq(chain.length, collected.length);
    }
}
