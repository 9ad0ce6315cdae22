/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_URI_H
#define PROFILE_URI_H

#include <stdbool.h>

/*
 * What a profile may put onto the wire as part of a request line: true when the text is such a
 * thing, whole. Pure functions.
 */

/* A host name or an IP address, an IPv6 address in brackets. */
bool profile_uri_is_host(const char *text);
/* "*", "*.example.test", or a host. */
bool profile_uri_is_match(const char *text);
/* Letters, digits and what else needs no escape in the user part of a SIP URI. */
bool profile_uri_is_user(const char *text);
/* A host, or user@host. */
bool profile_uri_is_sip_target(const char *text);
/* https://HOST[:PORT][/PATH], the path with its query. */
bool profile_uri_is_https_target(const char *text);

#endif
