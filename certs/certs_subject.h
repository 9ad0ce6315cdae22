/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_SUBJECT_H
#define CERTS_SUBJECT_H

#include "base_error.h"
#include "certs_der.h"

/* Upper bound of RFC 5280 appendix A for a common name, in characters. */
#define CERTS_COMMON_NAME_MAX 64

/*
 * Appends the Name of a text such as "CN=edge.example.test,O=Example\, Inc": attributes CN O OU C
 * ST L, in the order written. A backslash takes the next character as it is, or two hexadecimal
 * digits as an octet (RFC 4514 section 2.4). The empty text is the empty Name.
 */
bool certs_subject_write(const char *text, struct certs_der *out, struct base_error *error);

/* The Name with this common name alone, taken as it is. */
bool certs_subject_write_common_name(const char *common_name, struct certs_der *out,
                                     struct base_error *error);

#endif
