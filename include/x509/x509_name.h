/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_NAME_H
#define X509_NAME_H

#include "x509_certificate.h"

/*
 * Does the certificate name this SIP domain (RFC 5922 section 7.1 and 7.2)? SAN URI "sip:domain"
 * first; SAN DNS only when there is no such URI (one with a user part names a user and does not
 * count); the subject's CN only when there is neither URI nor DNS; case-insensitive; wildcards
 * never match. An IP address literal is compared with SAN IP alone. `name` is NUL-terminated.
 */
bool x509_name_matches(const struct x509_certificate *certificate, const char *name);

/*
 * "DNS:edge.example.test, URI:sip:example.test, IP:127.0.0.1"; "" when there are none. Octets that
 * could mislead a reader are written \xHH. What does not fit is left out, a whole name at a time.
 */
void x509_name_list(const struct x509_certificate *certificate, char *out, size_t out_size);

#endif
