/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_start_line.h"

#include "sip_line.h"

#define VERSION        "sip/2.0"
#define VERSION_LENGTH (sizeof(VERSION) - 1)

static bool is_letter(uint8_t octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

static bool is_digit(uint8_t octet) {
    return octet >= '0' && octet <= '9';
}

/* INCOMPLETE while what is there is a beginning of "SIP/2.0", whose letters have no case. */
static enum sip_read read_version(const uint8_t *at, const uint8_t *end) {
    size_t there = (size_t)(end - at);
    size_t compared = there < VERSION_LENGTH ? there : VERSION_LENGTH;
    if (!sip_text_equals_lower(base_bytes(at, compared), VERSION, compared)) {
        return SIP_READ_MALFORMED;
    }
    return compared == VERSION_LENGTH ? SIP_READ_OK : SIP_READ_INCOMPLETE;
}

/* `at` stands behind the version: SP, three digits, then SP and a reason or nothing. */
static enum sip_read read_status(const uint8_t *begin, const uint8_t *at, const uint8_t *end,
                                 struct sip_start_line *out) {
    unsigned status = 0;
    for (unsigned i = 0; i < 5; i++, at++) {
        if (at == end) {
            return SIP_READ_INCOMPLETE;
        }
        bool is_right;
        if (i == 0) {
            is_right = *at == ' ';
        } else if (i == 4) {
            /* Servers exist that leave out the space before an empty reason. */
            is_right = *at == ' ' || *at == '\r';
        } else {
            is_right = is_digit(*at) && (i != 1 || (*at >= '1' && *at <= '6'));
            status = status * 10 + (unsigned)(*at - '0');
        }
        if (!is_right) {
            return SIP_READ_MALFORMED;
        }
    }
    const uint8_t *after;
    enum sip_read read = sip_line_end(at - 1, end, &after);
    out->status = status;
    if (read == SIP_READ_OK) {
        out->length = (size_t)(after - begin);
        out->reason = sip_text_trim(sip_text_span(at - 1, after));
    }
    return read;
}

/* A scheme, a colon and something behind it, up to a space. */
static enum sip_read read_uri(const uint8_t **at, const uint8_t *end, struct bytes *uri) {
    const uint8_t *begin = *at;
    if (begin == end) {
        return SIP_READ_INCOMPLETE;
    }
    if (!is_letter(*begin)) {
        return SIP_READ_MALFORMED;
    }
    const uint8_t *colon = sip_text_skip(begin, end, SIP_TEXT_SCHEME);
    if (colon == end) {
        return SIP_READ_INCOMPLETE;
    }
    if (*colon != ':') {
        return SIP_READ_MALFORMED;
    }
    const uint8_t *space = sip_text_skip(colon + 1, end, SIP_TEXT_URI);
    if (space == end) {
        return SIP_READ_INCOMPLETE;
    }
    if (*space != ' ' || space == colon + 1) {
        return SIP_READ_MALFORMED;
    }
    *uri = sip_text_span(begin, space);
    *at = space + 1;
    return SIP_READ_OK;
}

/* `at` stands behind the method and its space. */
static enum sip_read read_request(const uint8_t *begin, const uint8_t *at, const uint8_t *end,
                                  struct sip_start_line *out) {
    enum sip_read read = read_uri(&at, end, &out->request_uri);
    if (read != SIP_READ_OK) {
        return read;
    }
    read = read_version(at, end);
    if (read != SIP_READ_OK) {
        return read;
    }
    at += VERSION_LENGTH;
    if (at < end && at[0] != '\r') {
        return SIP_READ_MALFORMED;
    }
    if (end - at < 2) {
        return SIP_READ_INCOMPLETE;
    }
    if (at[1] != '\n') {
        return SIP_READ_MALFORMED;
    }
    out->length = (size_t)(at + 2 - begin);
    return SIP_READ_OK;
}

enum sip_read sip_start_line_read(struct bytes text, struct sip_start_line *out) {
    *out = (struct sip_start_line){0};
    if (text.length == 0) {
        return SIP_READ_INCOMPLETE;
    }
    const uint8_t *begin = text.data;
    const uint8_t *end = begin + text.length;
    const uint8_t *limit = text.length > SIP_METHOD_MAX + 1 ? begin + SIP_METHOD_MAX + 1 : end;
    const uint8_t *at = sip_text_skip(begin, limit, SIP_TEXT_TOKEN);
    if (at - begin > SIP_METHOD_MAX) {
        return SIP_READ_MALFORMED;
    }
    if (at == end) {
        return SIP_READ_INCOMPLETE;
    }
    if (*at == '/') {
        enum sip_read read = read_version(begin, end);
        return read == SIP_READ_OK ? read_status(begin, begin + VERSION_LENGTH, end, out) : read;
    }
    if (*at != ' ' || at == begin) {
        return SIP_READ_MALFORMED;
    }
    out->method = sip_text_span(begin, at);
    return read_request(begin, at + 1, end, out);
}
