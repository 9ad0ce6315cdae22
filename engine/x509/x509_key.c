/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_key.h"

#include "x509_der.h"
#include "x509_oid.h"

#include <stdio.h>

/* RFC 3279 section 2.3.1: RSAPublicKey is modulus and exponent. 0: unreadable. */
static size_t modulus_bits(struct bytes key) {
    struct bytes sequence;
    struct bytes modulus;
    if (!x509_der_take(&key, X509_DER_SEQUENCE, &sequence) ||
        !x509_der_take_integer(&sequence, &modulus)) {
        return 0;
    }
    while (modulus.length > 0 && modulus.data[0] == 0) {
        modulus = base_bytes_after(modulus, 1);
    }
    size_t bits = modulus.length * 8;
    for (unsigned top = 0x80; bits > 0 && (modulus.data[0] & top) == 0; top >>= 1) {
        bits--;
    }
    return bits;
}

static const char *curve_of(struct bytes parameters) {
    static const struct x509_oid_row curves[] = {
        {X509_OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), "ecdsa-p256"},
        {X509_OID("\x2b\x81\x04\x00\x22"), "ecdsa-p384"},
        {X509_OID("\x2b\x81\x04\x00\x23"), "ecdsa-p521"},
    };
    struct bytes oid;
    return x509_der_take(&parameters, X509_DER_OID, &oid)
               ? x509_oid_name(curves, sizeof curves / sizeof *curves, oid)
               : NULL;
}

void x509_key_to_text(const struct x509_certificate *certificate, char *out, size_t out_size) {
    static const char rsa[] = "rsa";
    static const char ec[] = "ecdsa";
    static const struct x509_oid_row algorithms[] = {
        {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), rsa},
        {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"), rsa}, /* RSASSA-PSS */
        {X509_OID("\x2a\x86\x48\xce\x3d\x02\x01"), ec},
        {X509_OID("\x2b\x65\x70"), "ed25519"},
        {X509_OID("\x2b\x65\x71"), "ed448"},
    };
    struct bytes info = certificate->public_key;
    struct bytes content;
    struct bytes algorithm;
    struct bytes oid;
    struct bytes key;
    snprintf(out, out_size, "unknown");
    if (!x509_der_take(&info, X509_DER_SEQUENCE, &content) ||
        !x509_der_take(&content, X509_DER_SEQUENCE, &algorithm) ||
        !x509_der_take(&algorithm, X509_DER_OID, &oid) || !x509_der_take_bits(&content, &key)) {
        return;
    }
    const char *name = x509_oid_name(algorithms, sizeof algorithms / sizeof *algorithms, oid);
    if (name == rsa) {
        size_t bits = modulus_bits(key);
        name = NULL;
        if (bits > 0) {
            snprintf(out, out_size, "rsa-%zu", bits);
        }
    } else if (name == ec) {
        name = curve_of(algorithm);
    }
    if (name != NULL) {
        snprintf(out, out_size, "%s", name);
    }
}
