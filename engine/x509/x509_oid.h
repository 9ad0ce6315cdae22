/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_OID_H
#define X509_OID_H

#include "x509_text.h"

/* The contents of an OBJECT IDENTIFIER and what we call it; the first two from X509_OID(literal).
 */
struct x509_oid_row {
    const char *oid;
    size_t oid_length;
    const char *name;
};
#define X509_OID(octets) (octets), sizeof(octets) - 1

/* NULL for an OID that is not in the table. */
const char *x509_oid_name(const struct x509_oid_row *rows, size_t count, struct bytes oid);

/* "1.2.840.113549"; "oid-out-of-range" for one with an arc beyond 64 bits. */
bool x509_oid_put_dotted(struct x509_text *text, struct bytes oid);

#endif
