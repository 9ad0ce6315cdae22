/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_body.h"

#include "http_field.h"
#include "http_framer.h"

static size_t octets_left(const struct http_cursor *cursor) {
    return (size_t)(cursor->end - cursor->at);
}

static size_t hex_value(uint8_t octet) {
    return octet <= '9' ? octet - (size_t)'0' : (size_t)(octet | 0x20) - (size_t)'a' + 10;
}

/* The size and its CRLF, extensions skipped (RFC 9112 section 7.1). */
static enum http_read read_chunk_size(struct http_cursor *cursor, size_t *size) {
    struct bytes digits = http_text_take(cursor, HTTP_TEXT_HEX);
    *size = 0;
    for (size_t i = 0; i < digits.length; i++) {
        *size = *size * 16 + hex_value(digits.data[i]);
        if (*size > HTTP_MESSAGE_MAX) {
            return HTTP_READ_MALFORMED;
        }
    }
    if (cursor->at == cursor->end) {
        return HTTP_READ_INCOMPLETE;
    }
    if (digits.length == 0) {
        return HTTP_READ_MALFORMED;
    }
    if (*cursor->at == ';') {
        http_text_take(cursor, HTTP_TEXT_VALUE);
    }
    return http_text_expect_line_end(cursor);
}

/* Fields behind the last chunk. One that says where a message ends or goes has no place there (RFC
 * 9110 section 6.5.1): whoever merges it into the head would believe it. */
static enum http_read read_trailers(struct http_cursor *cursor) {
    struct http_field field;
    enum http_read read;
    while ((read = http_field_next(cursor, &field)) == HTTP_READ_OK) {
        if (field.name != HTTP_FIELD_OTHER) {
            return HTTP_READ_MALFORMED;
        }
    }
    return read == HTTP_READ_END ? HTTP_READ_OK : read;
}

static enum http_read read_chunks(struct http_cursor *cursor) {
    for (;;) {
        size_t size;
        enum http_read read = read_chunk_size(cursor, &size);
        if (read != HTTP_READ_OK) {
            return read;
        }
        if (size == 0) {
            return read_trailers(cursor);
        }
        if (octets_left(cursor) < size) {
            return HTTP_READ_INCOMPLETE;
        }
        cursor->at += size;
        read = http_text_expect_line_end(cursor);
        if (read != HTTP_READ_OK) {
            return read;
        }
    }
}

enum http_read http_body_measure(struct bytes stream, const struct http_head *head,
                                 size_t *length) {
    if (head->coding != HTTP_CODING_CHUNKED) {
        *length = head->length + head->body_length;
        return *length <= HTTP_MESSAGE_MAX ? HTTP_READ_OK : HTTP_READ_MALFORMED;
    }
    struct http_cursor cursor = http_cursor_of(base_bytes_after(stream, head->length));
    enum http_read read = read_chunks(&cursor);
    *length = read == HTTP_READ_OK ? (size_t)(cursor.at - stream.data) : 0;
    return read;
}
