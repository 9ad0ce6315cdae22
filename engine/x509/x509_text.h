/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_TEXT_H
#define X509_TEXT_H

#include "base_bytes.h"

/* A NUL-terminated text that grows in a caller's array. What does not fit is refused as a whole. */
struct x509_text {
    char *out;
    size_t size;
    size_t length;
};

struct x509_text x509_text_start(char *out, size_t size);
bool x509_text_put(struct x509_text *text, const char *piece);

/*
 * Octets that anyone may have chosen: what is not plain ASCII, and the space, comma and backslash
 * that would let one name look like two, appear as \xHH.
 */
bool x509_text_put_escaped(struct x509_text *text, struct bytes octets);

/* Back to an earlier length. */
void x509_text_cut(struct x509_text *text, size_t length);

#endif
