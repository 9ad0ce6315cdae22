/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_KEY_H
#define CERTS_KEY_H

#include "base_error.h"
#include "certs_der.h"

/* Before any other header of wolfCrypt: it brings the settings the library was built with. */
#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>

enum {
    CERTS_KEY_ID_SIZE = 20, /* SHA-1: RFC 5280 section 4.2.1.2, method 1 */
};

/* What a key of this kind is and signs with: one row per name that a profile may use. */
struct certs_key_kind;

/* A key pair with its private half. All zero is no key. */
struct certs_key {
    const struct certs_key_kind *kind; /* NULL: no key */
    union {
        RsaKey rsa;
        ecc_key ecc;
        ed25519_key ed25519;
    } as;
};

/* A NULL name is the first one, "rsa-2048". */
const struct certs_key_kind *certs_key_kind_find(const char *name, struct base_error *error);

/* RSA: may also be used to encipher keys (TLS 1.2 without ECDHE). */
bool certs_key_kind_enciphers(const struct certs_key_kind *kind);

/* The AlgorithmIdentifier, header included, of the signatures it makes. */
struct bytes certs_key_kind_signature_algorithm(const struct certs_key_kind *kind);

/* Finish wipes and releases; it is harmless when there is no key and after a failure. */
bool certs_key_generate(struct certs_key *key, const struct certs_key_kind *kind, WC_RNG *rng,
                        struct base_error *error);
void certs_key_finish(struct certs_key *key);

/* From PKCS#8, PKCS#1 or SEC 1. False: unreadable, damaged, or of a kind that has no name here. */
bool certs_key_decode(struct certs_key *key, struct bytes der, WC_RNG *rng);

/* Appends the SubjectPublicKeyInfo and tells the key identifier of it. */
bool certs_key_write_public(struct certs_key *key, struct certs_der *out,
                            uint8_t key_id[CERTS_KEY_ID_SIZE]);

/* Appends the private key as PKCS#8 (RFC 5958 version 1, so that everything can read it). */
bool certs_key_write_private(struct certs_key *key, struct certs_der *out);

/* Appends the BIT STRING with the signature of `message`, which must not lie in `out`. */
bool certs_key_sign(struct certs_key *key, WC_RNG *rng, struct bytes message,
                    struct certs_der *out);

#endif
