/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_start_line.h"

/* The longest registered one is UPDATEREDIRECTREF. */
#define METHOD_MAX 24

#define STATUS_SWITCHING_PROTOCOLS 101
#define STATUS_MAX                 599

static enum http_read read_version(struct http_cursor *cursor, struct http_start_line *out) {
    enum http_read read = http_text_expect_all(cursor, "HTTP/1.");
    if (read != HTTP_READ_OK) {
        return read;
    }
    if (cursor->at == cursor->end) {
        return HTTP_READ_INCOMPLETE;
    }
    if (*cursor->at != '0' && *cursor->at != '1') {
        return HTTP_READ_MALFORMED;
    }
    out->is_1_0 = *cursor->at == '0';
    cursor->at++;
    return HTTP_READ_OK;
}

/* A connection that becomes another protocol's could not be framed any further. */
static bool is_refused_method(struct bytes method) {
    return method.length == 0 || method.length > METHOD_MAX ||
           base_bytes_equal(method, base_bytes_of_text("CONNECT"));
}

static enum http_read read_method(struct http_cursor *cursor, struct http_start_line *out) {
    out->method = http_text_take(cursor, HTTP_TEXT_METHOD);
    if (cursor->at == cursor->end) {
        return out->method.length > METHOD_MAX ? HTTP_READ_MALFORMED : HTTP_READ_INCOMPLETE;
    }
    return is_refused_method(out->method) ? HTTP_READ_MALFORMED : http_text_expect(cursor, ' ');
}

/* "http://HOST" or "https://HOST"; what follows is any path. */
static enum http_read read_authority(struct http_cursor *cursor, struct http_start_line *out) {
    enum http_read read = http_text_expect_all(cursor, "http");
    if (read == HTTP_READ_OK && cursor->at != cursor->end && *cursor->at == 's') {
        cursor->at++;
    }
    if (read == HTTP_READ_OK) {
        read = http_text_expect_all(cursor, "://");
    }
    if (read != HTTP_READ_OK) {
        return read;
    }
    const uint8_t *from = cursor->at;
    while (cursor->at < cursor->end && http_text_is(*cursor->at, HTTP_TEXT_TARGET) &&
           *cursor->at != '/' && *cursor->at != '?') {
        cursor->at++;
    }
    out->authority = base_bytes(from, (size_t)(cursor->at - from));
    return HTTP_READ_OK;
}

static enum http_read read_target(struct http_cursor *cursor, struct http_start_line *out) {
    if (cursor->at == cursor->end) {
        return HTTP_READ_INCOMPLETE;
    }
    const uint8_t *from = cursor->at;
    enum http_read read = HTTP_READ_OK;
    if (*from == '*' && base_bytes_equal(out->method, base_bytes_of_text("OPTIONS"))) {
        cursor->at++;
    } else if (*from == '/') {
        http_text_take(cursor, HTTP_TEXT_TARGET);
    } else {
        read = read_authority(cursor, out);
        if (read == HTTP_READ_OK) {
            http_text_take(cursor, HTTP_TEXT_TARGET);
        }
    }
    if (read != HTTP_READ_OK) {
        return read;
    }
    out->target = base_bytes(from, (size_t)(cursor->at - from));
    return http_text_expect(cursor, ' ');
}

static enum http_read read_request(struct http_cursor *cursor, struct http_start_line *out) {
    enum http_read read = read_method(cursor, out);
    if (read == HTTP_READ_OK) {
        read = read_target(cursor, out);
    }
    return read == HTTP_READ_OK ? read_version(cursor, out) : read;
}

static enum http_read read_status(struct http_cursor *cursor, struct http_start_line *out) {
    for (unsigned digits = 0; digits < 3; digits++) {
        if (cursor->at == cursor->end) {
            return HTTP_READ_INCOMPLETE;
        }
        unsigned digit = (unsigned)*cursor->at - '0';
        if (digit > 9 || (digits == 0 && (digit == 0 || digit > STATUS_MAX / 100))) {
            return HTTP_READ_MALFORMED;
        }
        out->status = out->status * 10 + digit;
        cursor->at++;
    }
    return out->status == STATUS_SWITCHING_PROTOCOLS ? HTTP_READ_MALFORMED : HTTP_READ_OK;
}

static enum http_read read_response(struct http_cursor *cursor, struct http_start_line *out) {
    enum http_read read = read_version(cursor, out);
    if (read == HTTP_READ_OK) {
        read = http_text_expect(cursor, ' ');
    }
    if (read == HTTP_READ_OK) {
        read = read_status(cursor, out);
    }
    if (read != HTTP_READ_OK || cursor->at == cursor->end) {
        return read;
    }
    /* The space stands there even without a reason, but not every server writes it. */
    if (*cursor->at == ' ') {
        cursor->at++;
        out->reason = http_text_take(cursor, HTTP_TEXT_VALUE);
    }
    return HTTP_READ_OK;
}

/* "HTTP/" can begin no request: a method has no slash. */
static bool begins_response(struct http_cursor cursor) {
    return http_text_expect_all(&cursor, "HTTP/") == HTTP_READ_OK;
}

enum http_read http_start_line_read(struct http_cursor *cursor, struct http_start_line *out) {
    *out = (struct http_start_line){0};
    enum http_read read =
        begins_response(*cursor) ? read_response(cursor, out) : read_request(cursor, out);
    return read == HTTP_READ_OK ? http_text_expect_line_end(cursor) : read;
}
