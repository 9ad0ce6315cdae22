/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_VALUE_H
#define PROFILE_VALUE_H

#include "profile_load.h" /* durations and rates, which command lines know, too */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a scalar's text means. Pure functions; false, and `out` as it was, when it is no such thing.
 */

/* Decimal digits only. */
bool profile_value_integer(const char *text, uint64_t *out);
/* "0.25", "2". */
bool profile_value_decimal(const char *text, double *out);
/* on/off, true/false, yes/no, in any case. */
bool profile_value_boolean(const char *text, bool *out);
/* "2026-07-01" (midnight UTC), or relative to `now`: "-1d", "+200d", "+12h". Years 1950 to 9999. */
bool profile_value_date(const char *text, int64_t now, int64_t *out);
/* Hexadecimal, colons between octets or none at all; leading zero octets are dropped, zero is
 * refused. */
enum { PROFILE_SERIAL_MAX = 20 };
bool profile_value_serial(const char *text, uint8_t out[PROFILE_SERIAL_MAX], uint32_t *out_length);

/* An extended key usage: a name the certificates know, or a dotted OID. */
bool profile_value_is_usage(const char *text);
bool profile_value_is_client_auth(const char *usage);
bool profile_value_is_any_usage(const char *usage);

/* Lower-case letters, digits and hyphens, beginning with a letter or digit, at most 63. */
bool profile_value_is_name(const char *text);
/* An IPv4 or IPv6 literal, without brackets; `out` is its 16 octets (IPv4 mapped), and may be NULL.
 */
bool profile_value_address(const char *text, uint8_t out[16]);
/* An address literal, or one with a prefix length. */
bool profile_value_is_source(const char *text);
/*
 * "HOST", "HOST:PORT", "[IPv6]", "[IPv6]:PORT": where the host lies in `text`; port 0 when there is
 * none.
 */
struct profile_endpoint {
    const char *host;
    size_t host_length;
    uint32_t port;
};
bool profile_value_endpoint(const char *text, struct profile_endpoint *out);

/* A file's text without the byte order mark that spreadsheets begin it with. */
char *profile_value_behind_mark(char *text);

#endif
