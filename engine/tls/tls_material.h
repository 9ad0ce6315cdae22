/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_MATERIAL_H
#define TLS_MATERIAL_H

#include "tls_identity.h"

/* What contexts and sessions load into wolfSSL: PEM as this room writes it, nothing around the
 * blocks. */
struct bytes tls_identity_chain_pem(const struct tls_identity *identity);
struct bytes tls_identity_key_pem(const struct tls_identity *identity);

/*
 * Every certificate in a PEM text, decoded and parsed. `der` owns what `certificates` point into.
 * Finish it on success and on failure alike.
 */
struct tls_certificates {
    struct base_buffer der;
    struct x509_certificate *certificates;
    unsigned count;
};

bool tls_certificates_init(struct tls_certificates *out, struct tls_pem pem,
                           struct base_error *error);
void tls_certificates_finish(struct tls_certificates *certificates);

#endif
