/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_ALT_NAMES_H
#define CERTS_ALT_NAMES_H

#include "base_error.h"
#include "certs_der.h"

/*
 * Appends one GeneralName (RFC 5280 section 4.2.1.6): a URI when the name begins with "sip:" or
 * "sips:", an address when it is one of IP version 4 or 6, else a DNS name. Wildcards pass: what a
 * peer makes of them is a thing to measure.
 */
bool certs_alt_names_write(const char *name, struct certs_der *out, struct base_error *error);

#endif
