/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_STRING_H
#define X509_STRING_H

#include "base_bytes.h"

/*
 * A DirectoryString (RFC 5280 section 4.1.2.4) as UTF-8 with a final NUL. False when the octets are
 * not what `tag` says, hold a control character (so no NUL inside), or do not fit.
 */
bool x509_string_to_utf8(uint8_t tag, struct bytes content, char *out, size_t out_size);

/*
 * Takes one character, whatever it is, off a string of this kind. False, and `rest` anywhere, when
 * the octets are not what `tag` says, or `tag` is no string that we read. `rest` is not empty.
 */
bool x509_string_next(uint8_t tag, struct bytes *rest, uint32_t *code);

/* How many octets it takes, at most 4. */
unsigned x509_string_encode_utf8(uint32_t code, uint8_t octets[4]);

#endif
