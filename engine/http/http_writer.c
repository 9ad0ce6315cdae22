/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_field.h"
#include "http_framer.h"
#include "http_head.h"

/* Fills the free end of a buffer. Once something did not fit the whole text is given up. */
struct pen {
    struct base_buffer *out;
    size_t started_at;
    bool fits;
};

static struct pen pen_take_up(struct base_buffer *out) {
    return (struct pen){.out = out, .started_at = out->length, .fits = true};
}

/* A peer that reads as we do takes no more than the maximum. */
static bool pen_put_down(const struct pen *pen) {
    bool fits = pen->fits && pen->out->length - pen->started_at <= HTTP_MESSAGE_MAX;
    if (!fits) {
        pen->out->length = pen->started_at;
    }
    return fits;
}

static void put(struct pen *pen, struct bytes span) {
    pen->fits = pen->fits && base_buffer_append(pen->out, span);
}

static void put_text(struct pen *pen, const char *text) {
    put(pen, base_bytes_of_text(text));
}

static void put_decimal(struct pen *pen, uint64_t number) {
    uint8_t digits[20];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(pen, base_bytes(digits + first, sizeof(digits) - first));
}

static void put_channel(struct pen *pen, uint64_t channel) {
    if (channel != 0) {
        put_text(pen, HTTP_FIELD_CHANNEL ": ");
        put_decimal(pen, channel);
        put_text(pen, "\r\n");
    }
}

/* A reason may hold names from outside: what would end the line becomes a space. */
static void put_reason(struct pen *pen, const char *reason) {
    for (const char *at = reason; *at != '\0'; at++) {
        put(pen, base_bytes(http_text_is((uint8_t)*at, HTTP_TEXT_VALUE) ? at : " ", 1));
    }
}

static void put_start_line(struct pen *pen, const struct http_message *message) {
    if (message->is_request) {
        put(pen, message->method);
        put_text(pen, " ");
        put(pen, message->target);
        put_text(pen, " HTTP/1.1\r\n");
        return;
    }
    put_text(pen, "HTTP/1.1 ");
    put_decimal(pen, message->status);
    put_text(pen, " ");
    put(pen, message->reason);
    put_text(pen, "\r\n");
}

/* All but the channel; whether one of them says how long the body is. */
static bool put_fields(struct pen *pen, struct bytes headers) {
    struct http_cursor cursor = http_cursor_of(headers);
    struct http_field field;
    bool tells_length = false;
    while (cursor.at < cursor.end && http_field_next(&cursor, &field) == HTTP_READ_OK) {
        /* Connection speaks of the one connection it came over (RFC 9110 section 7.6.1). */
        if (field.name != HTTP_FIELD_TUNNEL_CHANNEL && field.name != HTTP_FIELD_CONNECTION) {
            put(pen, field.line);
        }
        tells_length = tells_length || field.name == HTTP_FIELD_CONTENT_LENGTH ||
                       field.name == HTTP_FIELD_TRANSFER_ENCODING;
    }
    return tells_length;
}

bool http_message_relay(struct base_buffer *out, const struct http_message *message,
                        uint64_t channel) {
    struct pen pen = pen_take_up(out);
    put_start_line(&pen, message);
    put_channel(&pen, channel);
    bool tells_length = put_fields(&pen, message->headers);
    if (!message->is_request && !tells_length && http_head_status_has_body(message->status)) {
        /* Others would read on until the connection ends. */
        put_text(&pen, "Content-Length: 0\r\n");
    }
    put_text(&pen, "\r\n");
    put(&pen, message->body);
    return pen_put_down(&pen);
}

bool http_message_write_get(struct base_buffer *out, const char *path, const char *host,
                            const char *user_agent) {
    struct pen pen = pen_take_up(out);
    put_text(&pen, "GET ");
    put_text(&pen, path);
    put_text(&pen, " HTTP/1.1\r\nHost: ");
    put_text(&pen, host);
    if (user_agent != NULL) {
        put_text(&pen, "\r\nUser-Agent: ");
        put_text(&pen, user_agent);
    }
    put_text(&pen, "\r\nAccept: */*\r\n\r\n");
    return pen_put_down(&pen);
}

bool http_message_write_response(struct base_buffer *out, unsigned status, const char *reason,
                                 const char *content_type, struct bytes body, uint64_t channel) {
    struct pen pen = pen_take_up(out);
    put_text(&pen, "HTTP/1.1 ");
    put_decimal(&pen, status);
    put_text(&pen, " ");
    put_reason(&pen, reason);
    put_text(&pen, "\r\n");
    put_channel(&pen, channel);
    if (http_head_status_has_body(status)) {
        if (content_type != NULL) {
            put_text(&pen, "Content-Type: ");
            put_text(&pen, content_type);
            put_text(&pen, "\r\n");
        }
        put_text(&pen, "Content-Length: ");
        put_decimal(&pen, body.length);
        put_text(&pen, "\r\n\r\n");
        put(&pen, body);
        return pen_put_down(&pen);
    }
    put_text(&pen, "\r\n");
    return pen_put_down(&pen);
}
