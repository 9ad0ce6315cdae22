/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_field.h"

static const struct {
    const char *lower;
    enum http_field_name name;
} known[] = {
    {"host", HTTP_FIELD_HOST},
    {"content-length", HTTP_FIELD_CONTENT_LENGTH},
    {"transfer-encoding", HTTP_FIELD_TRANSFER_ENCODING},
    {"connection", HTTP_FIELD_CONNECTION},
    {"upgrade", HTTP_FIELD_UPGRADE},
    {"tunnel-channel", HTTP_FIELD_TUNNEL_CHANNEL},
};

static enum http_field_name name_of(struct bytes text) {
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (http_text_equals_lower(text, known[i].lower)) {
            return known[i].name;
        }
    }
    return HTTP_FIELD_OTHER;
}

enum http_read http_field_next(struct http_cursor *cursor, struct http_field *out) {
    if (cursor->at == cursor->end) {
        return HTTP_READ_INCOMPLETE;
    }
    if (*cursor->at == '\r') {
        enum http_read read = http_text_expect_line_end(cursor);
        return read == HTTP_READ_OK ? HTTP_READ_END : read;
    }
    const uint8_t *from = cursor->at;
    struct bytes name = http_text_take(cursor, HTTP_TEXT_TOKEN);
    if (name.length == 0) {
        return HTTP_READ_MALFORMED;
    }
    enum http_read read = http_text_expect(cursor, ':');
    if (read != HTTP_READ_OK) {
        return read;
    }
    struct bytes value = http_text_take(cursor, HTTP_TEXT_VALUE);
    read = http_text_expect_line_end(cursor);
    if (read != HTTP_READ_OK) {
        return read;
    }
    *out = (struct http_field){
        .name = name_of(name),
        .value = http_text_trim(value),
        .line = base_bytes(from, (size_t)(cursor->at - from)),
    };
    return HTTP_READ_OK;
}
