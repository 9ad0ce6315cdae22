/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_host.h"

#define PORT_MAX 65535

static bool is_address_octet(uint8_t octet) {
    return http_text_is(octet, HTTP_TEXT_HEX) || octet == ':' || octet == '.';
}

/* An IPv6 address in brackets; whoever looks the host up finds out whether it is one. */
static bool take_literal(struct http_cursor *cursor, struct bytes *host) {
    const uint8_t *from = cursor->at++;
    while (cursor->at < cursor->end && is_address_octet(*cursor->at)) {
        cursor->at++;
    }
    if (cursor->at == from + 1 || http_text_expect(cursor, ']') != HTTP_READ_OK) {
        return false;
    }
    *host = base_bytes(from, (size_t)(cursor->at - from));
    return true;
}

bool http_host_read(struct bytes authority, struct bytes *host) {
    *host = authority;
    if (authority.length == 0) {
        return true;
    }
    struct http_cursor cursor = http_cursor_of(authority);
    if (*cursor.at == '[') {
        if (!take_literal(&cursor, host)) {
            return false;
        }
    } else {
        *host = http_text_take(&cursor, HTTP_TEXT_HOST);
    }
    if (cursor.at == cursor.end) {
        return true;
    }
    uint64_t port;
    return host->length != 0 && http_text_expect(&cursor, ':') == HTTP_READ_OK &&
           (cursor.at == cursor.end ||
            http_text_decimal(base_bytes(cursor.at, (size_t)(cursor.end - cursor.at)), PORT_MAX,
                              &port));
}
