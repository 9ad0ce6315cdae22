/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_SIGNATURE_H
#define X509_SIGNATURE_H

#include "x509_certificate.h"

/* How it was signed, as openssl says it: "sha256WithRSAEncryption", "ecdsa-with-SHA384", "ED25519";
 * dotted decimal for an algorithm without a name here. */
void x509_signature_to_text(const struct x509_certificate *certificate, char *out, size_t out_size);

#endif
