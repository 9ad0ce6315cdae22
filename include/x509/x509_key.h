/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_KEY_H
#define X509_KEY_H

#include "x509_certificate.h"

/*
 * What kind of key the certificate holds, as profiles spell it: "rsa-2048", "ecdsa-p256",
 * "ecdsa-p384", "ed25519"; "unknown" for any other, and for one that cannot be read.
 */
void x509_key_to_text(const struct x509_certificate *certificate, char *out, size_t out_size);

#endif
