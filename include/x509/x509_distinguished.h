/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_DISTINGUISHED_H
#define X509_DISTINGUISHED_H

#include "base_bytes.h"

/*
 * A distinguished name as one line, RFC 4514: the last RDN first, "CN=cluster.s.com,OU=TAc,C=IN".
 * `name` is a Name as x509_certificate holds it. Values are UTF-8; what would end a value early or
 * steer a terminal is escaped (\, and \1B); a value that is no text, and one of a type without a
 * name, is "#" and the DER in hexadecimal. "" for an empty name. What does not fit, or cannot be
 * read, is left out, and "..." stands in its place.
 */
void x509_distinguished_to_text(struct bytes name, char *out, size_t out_size);

/*
 * The first value of this type ("O", "CN"), as UTF-8. False, and an empty text, when there is none,
 * when it does not fit, or when it holds what is no text.
 */
bool x509_distinguished_find(struct bytes name, const char *type, char *out, size_t out_size);

#endif
