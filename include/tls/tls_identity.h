/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_IDENTITY_H
#define TLS_IDENTITY_H

#include "base_bytes.h"
#include "base_error.h"
#include "x509_certificate.h"

/*
 * A certificate chain and its private key. Immutable after creation, so every worker may read it.
 */
struct tls_identity;

/* A PEM text and the name under which errors speak of it (a file's path). */
struct tls_pem {
    struct bytes text;
    const char *name;
};

/*
 * `chain`: leaf first, then intermediates. Refused with one sentence: no certificate, garbage, DER
 * instead of PEM, an encrypted key, a key that does not belong to the leaf. The texts are copied.
 */
bool tls_identity_create(struct tls_identity **out, struct tls_pem chain, struct tls_pem key,
                         struct base_error *error);
void tls_identity_destroy(struct tls_identity *identity);

/* The parsed leaf; its spans live as long as the identity. */
const struct x509_certificate *tls_identity_leaf(const struct tls_identity *identity);

/* Both as PEM with nothing around the blocks; the key is one block. */
struct bytes tls_identity_chain_pem(const struct tls_identity *identity);
struct bytes tls_identity_key_pem(const struct tls_identity *identity);

#endif
