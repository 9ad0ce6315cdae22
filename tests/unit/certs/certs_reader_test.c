/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this room writes, the reader of the house understands. */
#include "certs_sample.h"

#include "x509_crl.h"
#include "x509_name.h"
#include "x509_path.h"
#include "x509_pem.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum {
    CERTIFICATES_MAX = 9, /* a leaf and as many intermediates as an authority may have */
};

struct decoded {
    uint8_t octets[16384];
    struct x509_certificate certificates[CERTIFICATES_MAX];
    unsigned count;
};

/* Certificates borrow from `out`, which must stay where it is. */
static void decode(const char *pem, struct decoded *out) {
    struct bytes rest = base_bytes_of_text(pem);
    struct base_buffer buffer = {.data = out->octets, .capacity = sizeof out->octets};
    size_t start = 0;
    out->count = 0;
    while (x509_pem_next(&rest, "CERTIFICATE", &buffer) == X509_PEM_BLOCK) {
        struct bytes der = base_bytes_after(base_buffer_bytes(&buffer), start);
        cr_assert_lt(out->count, (unsigned)CERTIFICATES_MAX);
        cr_assert(x509_certificate_parse(der, &out->certificates[out->count]));
        out->count++;
        start = buffer.length;
    }
}

static struct decoded leaf_chain;
static struct decoded root_alone;

Test(certs_reader, finds_in_the_leaf_what_was_asked_for) {
    static const char *const usages[] = {"clientAuth", "sipDomain", "1.2.3.4"};
    static const char *const names[] = {"sip:example.test", "edge.example.test", "127.0.0.31"};
    const struct bytes serial = base_bytes("\x46\xdf\x76\xaa\0\0\0\0\0\x29", 10);
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    struct certs_identity identity;
    const struct x509_certificate *leaf = &leaf_chain.certificates[0];
    spec.serial = serial;
    spec.names = names;
    spec.name_count = COUNT_OF(names);
    spec.usages = (struct certs_usages){
        .names = usages, .count = COUNT_OF(usages), .present = true, .critical = true};
    identity = sample_issue(authority, &spec);
    decode(identity.chain_pem, &leaf_chain);
    cr_assert_eq(leaf_chain.count, 1);
    cr_expect(base_bytes_equal(leaf->serial, serial));
    cr_expect(leaf->eku.present);
    cr_expect(leaf->eku.critical);
    cr_expect_eq(leaf->eku.usages,
                 (unsigned)(X509_USAGE_CLIENT_AUTH | X509_USAGE_SIP_DOMAIN | X509_USAGE_OTHER));
    cr_expect_eq(leaf->not_before, spec.not_before);
    cr_expect_eq(leaf->not_after, spec.not_after);
    cr_expect_not(leaf->is_ca);
    cr_expect_eq(leaf->key_usage, (unsigned)X509_KEY_USAGE_DIGITAL_SIGNATURE);
    cr_expect(x509_name_matches(leaf, "example.test"));
    cr_expect(x509_name_matches(leaf, "127.0.0.31"));
    certs_identity_finish(&identity);
    certs_authority_destroy(authority);
}

Test(certs_reader, builds_the_longest_path_an_authority_can_have) {
    struct certs_authority *authority = sample_authority("ecdsa-p256", 8);
    struct certs_leaf_spec spec = sample_leaf();
    struct certs_identity identity = sample_issue(authority, &spec);
    char *root = certs_authority_root_pem(authority);
    struct x509_path path;
    decode(identity.chain_pem, &leaf_chain);
    decode(root, &root_alone);
    cr_assert(x509_path_build(&leaf_chain.certificates[0],
                              (struct x509_set){leaf_chain.certificates, leaf_chain.count},
                              (struct x509_set){root_alone.certificates, root_alone.count}, &path));
    cr_expect_eq(path.length, X509_PATH_MAX);
    cr_expect_eq(path.certificates[1]->path_length, 0);
    cr_expect_eq(path.certificates[8]->path_length, 7);
    cr_expect_eq(path.certificates[9]->path_length, -1);
    free(root);
    certs_identity_finish(&identity);
    certs_authority_destroy(authority);
}

Test(certs_reader, finds_the_revoked_serial_in_the_list_of_its_issuer) {
    static uint8_t octets[4096];
    struct base_buffer buffer = {.data = octets, .capacity = sizeof octets};
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    struct base_error error = {0};
    struct certs_identity identity;
    struct x509_crl crl;
    struct bytes serial;
    struct bytes rest;
    char *text;
    spec.revoked = true;
    identity = sample_issue(authority, &spec);
    decode(identity.chain_pem, &leaf_chain);
    text = certs_authority_crl_pem(authority, &error);
    cr_assert_not_null(text, "%s", error.text);
    rest = base_bytes_of_text(text);
    cr_assert_eq(x509_pem_next(&rest, "X509 CRL", &buffer), X509_PEM_BLOCK);
    cr_assert(x509_crl_parse(base_buffer_bytes(&buffer), &crl));
    cr_expect(base_bytes_equal(crl.issuer, leaf_chain.certificates[0].issuer));
    rest = crl.revoked;
    cr_assert(x509_crl_next(&rest, &serial));
    cr_expect(base_bytes_equal(serial, leaf_chain.certificates[0].serial));
    cr_expect_not(x509_crl_next(&rest, &serial));
    free(text);
    certs_identity_finish(&identity);
    certs_authority_destroy(authority);
}
