/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_CERTIFICATES_H
#define TLS_CERTIFICATES_H

#include "base_error.h"
#include "tls_identity.h"

/*
 * Every certificate in a PEM text, decoded and parsed. `der` owns what `certificates` point into.
 * Finish it on success and on failure alike. Refused with one sentence: DER instead of PEM, broken
 * PEM, a malformed certificate, no certificate in a text that is not empty.
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
