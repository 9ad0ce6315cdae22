/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct certs_authority *authority;
static struct certs_identity good;

static void setup(void) {
    lab_start();
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    authority = lab_authority("ca1", 1);
    good = lab_issue(authority, &leaf);
}

TestSuite(tls_material, .init = setup, .fini = lab_stop);

static struct tls_pem pem_of(const char *text, const char *name) {
    return (struct tls_pem){base_bytes_of_text(text), name};
}

static char *joined(const char *first, const char *second) {
    char *text = lab_keep(calloc(1, strlen(first) + strlen(second) + 1), free);
    return strcat(strcat(text, first), second);
}

static const char encrypted_key[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n"
                                    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char old_encrypted_key[] = "-----BEGIN EC PRIVATE KEY-----\n"
                                        "Proc-Type: 4,ENCRYPTED\n"
                                        "DEK-Info: AES-128-CBC,0011\n\nAAAA\n"
                                        "-----END EC PRIVATE KEY-----\n";
static const char broken_certificate[] = "-----BEGIN CERTIFICATE-----\nMIIB!!\n"
                                         "-----END CERTIFICATE-----\n";
static const char no_certificate[] = "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                     "-----END CERTIFICATE-----\n";
static const char broken_key[] = "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n"
                                 "-----END PRIVATE KEY-----\n";

struct identity_case {
    const char *chain; /* NULL: a good one */
    const char *key;
    const char *says;
};

static const struct identity_case identity_cases[] = {
    {"", NULL, "chain.pem holds no certificate"},
    {"hello", NULL, "chain.pem holds no certificate"},
    {"\x30\x82\x01\x01", NULL, "chain.pem is DER"},
    {broken_certificate, NULL, "chain.pem: certificate 1 is not well-formed PEM"},
    {no_certificate, NULL, "chain.pem: certificate 1 is not a well-formed X.509 certificate"},
    {encrypted_key, NULL, "chain.pem holds no certificate"},
    {NULL, "", "key.pem holds no private key"},
    {NULL, "hello", "key.pem holds no private key"},
    {NULL, "\x30\x82\x01\x01", "key.pem is DER"},
    {NULL, encrypted_key, "key.pem: the private key is encrypted"},
    {NULL, old_encrypted_key, "key.pem: the private key is encrypted"},
    {NULL, broken_key, "key.pem: the private key is malformed"},
    {NULL, no_certificate, "key.pem holds no private key"},
};

ParameterizedTestParameters(tls_material, unusable_identities_are_refused_with_a_sentence) {
    static size_t rows[COUNT(identity_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

static void expect_identity_error(const char *chain, const char *key, const char *says) {
    struct tls_identity *identity = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert_not(
        tls_identity_create(&identity, pem_of(chain, "chain.pem"), pem_of(key, "key.pem"), &error));
    cr_assert_null(identity);
    cr_assert_eq(error.kind, BASE_ERROR_USAGE);
    cr_assert_not_null(strstr(error.text, says), "%s", error.text);
}

ParameterizedTest(size_t *index, tls_material, unusable_identities_are_refused_with_a_sentence) {
    const struct identity_case *row = &identity_cases[*index];
    expect_identity_error(row->chain != NULL ? row->chain : good.chain_pem,
                          row->key != NULL ? row->key : good.key_pem, row->says);
}

Test(tls_material, key_of_another_certificate_is_refused) {
    static const char *const keys[] = {"ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct certs_leaf_spec leaf = lab_leaf("serverAuth");
        leaf.key = keys[i];
        struct certs_identity other = lab_issue(authority, &leaf);
        expect_identity_error(good.chain_pem, other.key_pem,
                              "the private key does not belong to the first certificate of chain");
    }
}

Test(tls_material, text_around_the_blocks_is_skipped) {
    char *key = joined("subject=CN = edge\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                       "-----END EC PARAMETERS-----\n",
                       good.key_pem);
    char *chain = joined("Certificate:\n    Data: whatever\n", good.chain_pem);
    struct tls_identity *identity = lab_identity_of_pem(chain, key);
    cr_assert_gt(tls_identity_leaf(identity)->der.length, 0);
    cr_assert_not(tls_identity_leaf(identity)->is_ca);
}

static void expect_trust_error(const char *authorities, const char *crls, const char *says) {
    struct tls_trust *trust = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert_not(
        tls_trust_create(&trust, pem_of(authorities, "ca.pem"), pem_of(crls, "crl.pem"), &error));
    cr_assert_null(trust);
    cr_assert_eq(error.kind, BASE_ERROR_USAGE);
    cr_assert_not_null(strstr(error.text, says), "%s", error.text);
}

Test(tls_material, unusable_trust_is_refused_with_a_sentence) {
    static const char broken_crl[] = "-----BEGIN X509 CRL-----\nMAMCAQA=\n-----END X509 CRL-----\n";
    char *root = lab_root_pem(authority);
    expect_trust_error("hello", "", "ca.pem holds no certificate");
    expect_trust_error("\x30\x82", "", "ca.pem is DER");
    expect_trust_error(joined(root, broken_certificate), "", "ca.pem: certificate 2");
    expect_trust_error(root, broken_crl, "crl.pem: CRL 1 is malformed");
}

Test(tls_material, crls_need_the_signature_of_their_issuer) {
    /* The same names, other keys. */
    struct certs_authority *impostor = lab_authority("ca1", 1);
    expect_trust_error(lab_root_pem(authority), lab_crl_pem(impostor),
                       "crl.pem: the signature of CRL 1 is not its issuer's");
    struct tls_trust *trust = lab_trust(lab_root_pem(authority), lab_crl_pem(authority));
    cr_assert_eq(tls_trust_certificates(trust).count, 1);
}

/* The intermediate that issued the leaf does not stand in the trust: its CRL revokes all the same.
 */
Test(tls_material, crls_revoke_by_issuer_and_serial) {
    static const uint8_t serial[] = {0x2f, 0, 0, 0, 0x4c, 0x86, 0x9c, 0x77};
    struct certs_authority *other = lab_authority("ca2", 1);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    leaf.serial = base_bytes(serial, sizeof serial);
    leaf.revoked = true;
    struct tls_identity *revoked = lab_identity(authority, &leaf);
    leaf.revoked = false;
    struct tls_identity *same_serial = lab_identity(other, &leaf);
    leaf.serial = base_bytes(serial, sizeof serial - 1);
    struct tls_identity *other_serial = lab_identity(authority, &leaf);
    char *roots = joined(lab_root_pem(authority), lab_root_pem(other));
    char *crls = joined(lab_crl_pem(other), lab_crl_pem(authority));
    struct tls_trust *trust = lab_trust(roots, crls);
    cr_assert(tls_trust_is_revoked(trust, tls_identity_leaf(revoked)));
    cr_assert_not(tls_trust_is_revoked(trust, tls_identity_leaf(same_serial)));
    cr_assert_not(tls_trust_is_revoked(trust, tls_identity_leaf(other_serial)));
    cr_assert_not(tls_trust_is_revoked(lab_trust(roots, NULL), tls_identity_leaf(revoked)));
}

Test(tls_material, a_long_crl_is_searched_whole) {
    enum { REVOKED = 200 };
    const struct x509_certificate *leaves[REVOKED];
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    for (unsigned i = 0; i < REVOKED; i++) {
        leaf.revoked = i % 2 == 0;
        leaves[i] = tls_identity_leaf(lab_identity(authority, &leaf));
    }
    struct tls_trust *trust = lab_trust(lab_root_pem(authority), lab_crl_pem(authority));
    for (unsigned i = 0; i < REVOKED; i++) {
        cr_assert_eq(tls_trust_is_revoked(trust, leaves[i]), i % 2 == 0);
    }
}

Test(tls_material, library_tells_its_version) {
    cr_assert_gt(strlen(tls_library_version()), 0);
}
