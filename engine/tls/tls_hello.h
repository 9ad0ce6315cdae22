/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_HELLO_H
#define TLS_HELLO_H

#include "base_bytes.h"

#define TLS_HELLO_MAX       (5 + 16384)
#define TLS_SERVER_NAME_MAX 256

enum tls_hello_result {
    TLS_HELLO_INCOMPLETE, /* more octets are needed */
    TLS_HELLO_NAMED,      /* `server_name` was filled */
    TLS_HELLO_NAMELESS,   /* a record without a readable server name, or no TLS at all */
};

/*
 * Looks for the server name (RFC 6066 section 3) in the first record of a connection, before any
 * TLS object exists. Takes octets from anyone; judging them is left to the library.
 */
enum tls_hello_result tls_hello_read(struct bytes input, char server_name[TLS_SERVER_NAME_MAX]);

#endif
