/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_REVOKED_H
#define TLS_REVOKED_H

#include "tls_trust.h"
#include "x509_crl.h"

/* One revoked certificate: the two together name it (RFC 5280 section 5.3). Spans borrow from the
 * CRL. */
struct tls_revoked_entry {
    struct bytes issuer;
    struct bytes serial;
};

/*
 * The revoked certificates of some CRLs in an open-addressing table. Filled once, then read by any
 * thread. A zeroed one is empty.
 */
struct tls_revoked {
    struct tls_revoked_entry *slots;
    size_t mask;
};

/* False when there is no memory. `crls` keep owning the octets. */
bool tls_revoked_init(struct tls_revoked *out, const struct x509_crl *crls, unsigned count);
void tls_revoked_finish(struct tls_revoked *revoked);
bool tls_revoked_contains(const struct tls_revoked *revoked, struct bytes issuer,
                          struct bytes serial);

#endif
