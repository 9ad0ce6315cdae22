/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

#include "tls_identity.h"
#include "x509_path.h"

/*
 * A trusted CA library: anchors, intermediates that stand in it, and the serials revoked by its
 * CRLs. One per node, shared by both stores. Immutable after creation; every worker may read it.
 */
struct tls_trust;

/*
 * `authorities`: PEM certificates; empty text trusts nobody, and an expired one is refused where a
 * path needs it. `crls`: PEM CRLs, text may be empty; each one's date, signature and its issuer's
 * cRLSign are checked here, once. A CRL whose issuer is not among the authorities (an intermediate
 * that only peers send) cannot be checked and revokes all the same.
 */
bool tls_trust_create(struct tls_trust **out, struct tls_pem authorities, struct tls_pem crls,
                      struct base_error *error);
void tls_trust_destroy(struct tls_trust *trust);

struct x509_set tls_trust_certificates(const struct tls_trust *trust);

/* True when a CRL of this certificate's issuer lists its serial. */
bool tls_trust_is_revoked(const struct tls_trust *trust,
                          const struct x509_certificate *certificate);

#endif
