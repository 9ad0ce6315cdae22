/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_FORGE_H
#define TLS_FORGE_H

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Certificates that our own authority would never issue, made with OpenSSL's library: any extension
 * in OpenSSL's text form, any dates, any issuer. Whatever fails ends the test.
 */
struct forge_spec {
    const char *name;      /* the subject's CN */
    const char *key_usage; /* NULL: no extension */
    const char *usages;    /* extended; NULL: no extension */
    const char *basic;     /* basicConstraints; NULL: no extension */
    long not_before_days;  /* from now; both 0: valid for a month either way */
    long not_after_days;
    bool without_key_ids;
    const char *authority_key_id; /* hexadecimal; NULL: the issuer's */
};

struct forged {
    X509 *certificate;
    EVP_PKEY *key;
};

/* `issuer` NULL: self-signed. `key` NULL: a fresh P-256 key. */
struct forged forge(const struct forge_spec *spec, const struct forged *issuer, EVP_PKEY *key);

/* PEM, kept by the lab. */
char *forge_pem(const struct forged *const *certificates, unsigned count);
char *forge_key_pem(const struct forged *certificate);

#endif
