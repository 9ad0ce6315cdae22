/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_CRL_H
#define X509_CRL_H

#include "base_bytes.h"

#include <stdbool.h>
#include <stdint.h>

/* What was read of one certificate revocation list (RFC 5280 section 5.1). Spans borrow from the
 * DER. */
struct x509_crl {
    struct bytes der;
    struct bytes tbs; /* header included */
    struct bytes issuer;
    struct bytes signature_algorithm; /* AlgorithmIdentifier, header included */
    struct bytes signature;           /* content of the BIT STRING without its first octet */
    struct bytes revoked;             /* content of revokedCertificates; empty: none */
    int64_t this_update;
    int64_t next_update; /* 0: absent */
};

/*
 * False when it is malformed, and for a list whose serials alone do not say what is revoked here: a
 * delta, an indirect one, one with a critical extension that we do not know. Signatures are not
 * checked.
 */
bool x509_crl_parse(struct bytes der, struct x509_crl *out);

/* Takes the next revoked serial off `rest` (start with crl->revoked). False at the end. */
bool x509_crl_next(struct bytes *rest, struct bytes *serial);

#endif
