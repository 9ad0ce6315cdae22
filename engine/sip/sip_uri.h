/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_URI_H
#define SIP_URI_H

#include "sip_text.h"

/*
 * The host of a sip: or sips: URI (RFC 3261 section 19.1), an IPv6 address with its brackets. False
 * for any other scheme, and for octets or a shape that no such URI has.
 */
bool sip_uri_host(struct bytes uri, struct bytes *host);

/* A scheme, a colon and only octets that may stand in a Request-URI. */
bool sip_uri_fits_request_line(struct bytes uri);

/* A sips: URI. */
static inline bool sip_uri_is_secure(struct bytes uri) {
    return uri.length > 5 && sip_text_equals_lower(base_bytes(uri.data, 5), "sips:", 5);
}

#endif
