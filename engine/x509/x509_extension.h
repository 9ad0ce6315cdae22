/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_EXTENSION_H
#define X509_EXTENSION_H

#include "x509_certificate.h"

/* One Extension (RFC 5280 section 4.1); `id` and `value` are contents. */
struct x509_extension {
    struct bytes id;
    struct bytes value;
    bool critical;
};

bool x509_extension_take(struct bytes *rest, struct x509_extension *extension);

/* The last octet of an id-ce OID, 2.5.29.n with n < 128; -1 for any other OID. */
int x509_extension_id_ce(struct bytes id);

/* Reads the content of Extensions into the fields that come from them; an extension twice is
 * malformed. */
bool x509_extension_read_all(struct bytes list, struct x509_certificate *out);

#endif
