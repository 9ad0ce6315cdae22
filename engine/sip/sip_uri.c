/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_uri.h"

#include <string.h>

#define PORT_MAX 65535

bool sip_uri_fits_request_line(struct bytes uri) {
    const uint8_t *end = uri.data + uri.length;
    const uint8_t *colon = sip_text_skip(uri.data, end, SIP_TEXT_SCHEME);
    if (colon == uri.data || end - colon < 2 || *colon != ':') {
        return false;
    }
    uint8_t letter = uri.data[0] | 0x20;
    return letter >= 'a' && letter <= 'z' && sip_text_skip(colon, end, SIP_TEXT_URI) == end;
}

/* Behind "sip:" or "sips:"; NULL when it is neither. */
static const uint8_t *skip_scheme(struct bytes uri) {
    static const char *const schemes[] = {"sip:", "sips:"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t length = strlen(schemes[i]);
        if (uri.length >= length &&
            sip_text_equals_lower(base_bytes(uri.data, length), schemes[i], length)) {
            return uri.data + length;
        }
    }
    return NULL;
}

/* Behind the user part. An "@" is escaped everywhere else, so two of them say two hosts. */
static const uint8_t *skip_user(const uint8_t *at, const uint8_t *end) {
    const uint8_t *sign = memchr(at, '@', (size_t)(end - at));
    if (sign == NULL) {
        return at;
    }
    bool is_user = sign != at && memchr(sign + 1, '@', (size_t)(end - sign - 1)) == NULL;
    return is_user ? sign + 1 : NULL;
}

static bool is_address_octet(uint8_t octet) {
    uint8_t letter = octet | 0x20;
    return octet == ':' || octet == '.' || (octet >= '0' && octet <= '9') ||
           (letter >= 'a' && letter <= 'f');
}

static const uint8_t *skip_host(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '[') {
        const uint8_t *begin = ++at;
        while (at < end && is_address_octet(*at)) {
            at++;
        }
        return at < end && *at == ']' && at != begin ? at + 1 : NULL;
    }
    const uint8_t *begin = at;
    while (at < end && *at != '+' && (sip_text_is(*at, SIP_TEXT_SCHEME) || *at == '_')) {
        at++;
    }
    return at != begin ? at : NULL;
}

/* Nothing, parameters or headers; a port may stand before. */
static bool is_tail(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == ':') {
        const uint8_t *digits = ++at;
        while (at < end && *at >= '0' && *at <= '9') {
            at++;
        }
        uint32_t port;
        if (!sip_text_decimal(sip_text_span(digits, at), PORT_MAX, &port) || port == 0) {
            return false;
        }
    }
    return at == end || *at == ';' || *at == '?';
}

bool sip_uri_host(struct bytes uri, struct bytes *host) {
    const uint8_t *end = uri.data + uri.length;
    if (!sip_uri_fits_request_line(uri)) {
        return false;
    }
    const uint8_t *at = skip_scheme(uri);
    if (at == NULL) {
        return false;
    }
    at = skip_user(at, end);
    if (at == NULL) {
        return false;
    }
    const uint8_t *after = skip_host(at, end);
    if (after == NULL || !is_tail(after, end)) {
        return false;
    }
    *host = sip_text_span(at, after);
    return true;
}
