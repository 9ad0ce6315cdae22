/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_USAGES_H
#define CERTS_USAGES_H

#include "certs_authority.h"
#include "certs_der.h"

/*
 * Appends the OBJECT IDENTIFIERs of ExtKeyUsageSyntax (RFC 5280 section 4.2.1.12), in the order
 * given. Nothing is appended when the extension is not present.
 */
bool certs_usages_write(const struct certs_usages *usages, struct certs_der *out,
                        struct base_error *error);

/*
 * The first name in the set that lets OpenSSL or RFC 5280 accept the certificate for client
 * authentication; NULL: none does. Not to be asked when the extension is not present.
 */
const char *certs_usages_client_auth(const struct certs_usages *usages);

#endif
