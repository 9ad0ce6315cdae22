/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_NAME_H
#define X509_NAME_H

#include "x509_certificate.h"

/*
 * Does the certificate name this SIP domain (RFC 5922 section 7.1 and 7.2)? SAN URI "sip:domain" first, then
 * SAN DNS; the subject's CN only when there is no subjectAltName of these kinds; case-insensitive;
 * wildcards never match. An IP address literal is compared with SAN IP. `name` is NUL-terminated.
 */
bool x509_name_matches(const struct x509_certificate *certificate, const char *name);

/* "DNS:edge.example.test, URI:sip:example.test, IP:127.0.0.1"; "" when there are none. */
void x509_name_list(const struct x509_certificate *certificate, char *out, size_t out_size);

#endif
