/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_signature.h"

#include "x509_der.h"
#include "x509_oid.h"

static const struct x509_oid_row algorithms[] = {
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), "sha256WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"), "sha384WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"), "sha512WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e"), "sha224WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"), "rsassaPss"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"), "sha1WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04"), "md5WithRSAEncryption"},
    {X509_OID("\x2a\x86\x48\xce\x3d\x04\x03\x02"), "ecdsa-with-SHA256"},
    {X509_OID("\x2a\x86\x48\xce\x3d\x04\x03\x03"), "ecdsa-with-SHA384"},
    {X509_OID("\x2a\x86\x48\xce\x3d\x04\x03\x04"), "ecdsa-with-SHA512"},
    {X509_OID("\x2a\x86\x48\xce\x3d\x04\x01"), "ecdsa-with-SHA1"},
    {X509_OID("\x2b\x65\x70"), "ED25519"},
    {X509_OID("\x2b\x65\x71"), "ED448"},
};

/* The outer AlgorithmIdentifier, which the parser found equal to the inner one. */
static bool find_algorithm(const struct x509_certificate *certificate, struct bytes *oid) {
    struct bytes rest = certificate->der;
    struct bytes content;
    struct bytes tbs;
    struct bytes algorithm;
    return x509_der_take(&rest, X509_DER_SEQUENCE, &content) &&
           x509_der_take(&content, X509_DER_SEQUENCE, &tbs) &&
           x509_der_take(&content, X509_DER_SEQUENCE, &algorithm) &&
           x509_der_take(&algorithm, X509_DER_OID, oid);
}

void x509_signature_to_text(const struct x509_certificate *certificate, char *out,
                            size_t out_size) {
    struct x509_text text = x509_text_start(out, out_size);
    struct bytes oid;
    if (!find_algorithm(certificate, &oid)) {
        x509_text_put(&text, "unknown");
        return;
    }
    const char *name = x509_oid_name(algorithms, sizeof algorithms / sizeof *algorithms, oid);
    if (name != NULL) {
        x509_text_put(&text, name);
    } else {
        x509_oid_put_dotted(&text, oid);
    }
}
