/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_head.h"

#include "http_field.h"
#include "http_framer.h"
#include "http_host.h"
#include "http_start_line.h"

#define BIT(name) (1u << (name))
#define SINGLE                                                                                     \
    (BIT(HTTP_FIELD_HOST) | BIT(HTTP_FIELD_CONTENT_LENGTH) | BIT(HTTP_FIELD_TRANSFER_ENCODING))
#define BOTH_LENGTHS (BIT(HTTP_FIELD_CONTENT_LENGTH) | BIT(HTTP_FIELD_TRANSFER_ENCODING))

bool http_head_status_has_body(unsigned status) {
    return status >= 200 && status != 204 && status != 304;
}

static bool lists_close(struct bytes value) {
    while (value.length != 0) {
        size_t length = 0;
        while (length < value.length && value.data[length] != ',') {
            length++;
        }
        if (http_text_equals_lower(http_text_trim(base_bytes(value.data, length)), "close")) {
            return true;
        }
        value = base_bytes_after(value, length < value.length ? length + 1 : length);
    }
    return false;
}

static bool take_length(struct http_head *head, struct bytes value) {
    uint64_t length;
    if (!http_text_decimal(value, HTTP_MESSAGE_MAX, &length)) {
        return false;
    }
    head->coding = HTTP_CODING_LENGTH;
    head->body_length = (size_t)length;
    return true;
}

/* HTTP/1.0 does not know the coding (RFC 9112 section 6.1). */
static bool take_coding(struct http_head *head, struct bytes value, bool is_1_0) {
    head->coding = HTTP_CODING_CHUNKED;
    return !is_1_0 && http_text_equals_lower(value, "chunked");
}

/* One that is no number, or is given twice, names no channel. */
static void take_channel(struct http_head *head, struct bytes value, bool is_first) {
    uint64_t channel;
    head->message.channel =
        is_first && http_text_decimal(value, UINT64_MAX, &channel) ? channel : 0;
}

static bool take_field(struct http_head *head, const struct http_field *field,
                       const struct http_start_line *start, bool is_first) {
    struct http_message *message = &head->message;
    switch (field->name) {
    case HTTP_FIELD_HOST:
        return http_host_read(field->value, &message->host);
    case HTTP_FIELD_CONTENT_LENGTH:
        return take_length(head, field->value);
    case HTTP_FIELD_TRANSFER_ENCODING:
        return take_coding(head, field->value, start->is_1_0);
    case HTTP_FIELD_CONNECTION:
        message->wants_close = message->wants_close || lists_close(field->value);
        return true;
    case HTTP_FIELD_UPGRADE:
        return !message->is_request;
    case HTTP_FIELD_TUNNEL_CHANNEL:
        take_channel(head, field->value, is_first);
        return true;
    case HTTP_FIELD_OTHER:
        break;
    }
    return true;
}

static enum http_read read_fields(struct http_cursor *cursor, const struct http_start_line *start,
                                  struct http_head *out) {
    unsigned seen = 0;
    struct http_field field;
    enum http_read read;
    while ((read = http_field_next(cursor, &field)) == HTTP_READ_OK) {
        unsigned bit = BIT(field.name);
        bool is_first = (seen & bit) == 0;
        seen |= bit;
        if ((!is_first && (bit & SINGLE) != 0) || (seen & BOTH_LENGTHS) == BOTH_LENGTHS ||
            !take_field(out, &field, start, is_first)) {
            return HTTP_READ_MALFORMED;
        }
    }
    return read == HTTP_READ_END ? HTTP_READ_OK : read;
}

/* A whole URI as target overrules Host (RFC 9112 section 3.2.2). */
static bool overrule_host(const struct http_start_line *start, struct http_message *message) {
    if (start->authority.data == NULL) {
        return true;
    }
    return http_host_read(start->authority, &message->host) && message->host.length != 0;
}

enum http_read http_head_read(struct bytes stream, struct http_head *out) {
    struct http_cursor cursor = http_cursor_of(stream);
    struct http_start_line start;
    enum http_read read = http_start_line_read(&cursor, &start);
    if (read != HTTP_READ_OK) {
        return read;
    }
    const uint8_t *fields = cursor.at;
    *out = (struct http_head){.message = {
                                  .is_request = start.status == 0,
                                  .method = start.method,
                                  .target = start.target,
                                  .status = start.status,
                                  .reason = start.reason,
                                  .wants_close = start.is_1_0,
                              }};
    read = read_fields(&cursor, &start, out);
    if (read != HTTP_READ_OK) {
        return read;
    }
    if (!overrule_host(&start, &out->message)) {
        return HTTP_READ_MALFORMED;
    }
    out->message.headers = base_bytes(fields, (size_t)(cursor.at - 2 - fields));
    out->length = (size_t)(cursor.at - stream.data);
    if (start.status != 0 && !http_head_status_has_body(start.status)) {
        out->coding = HTTP_CODING_NONE;
        out->body_length = 0;
    }
    return HTTP_READ_OK;
}
