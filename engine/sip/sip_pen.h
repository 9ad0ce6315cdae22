/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_PEN_H
#define SIP_PEN_H

#include "base_bytes.h"
#include "sip_framer.h"
#include "sip_identifier.h"

#include <string.h>

/*
 * Fills the free end of a buffer. Once something did not fit the whole text is given up. No text is
 * longer than what a framer takes, whatever the buffer holds.
 */
struct sip_pen {
    uint8_t *at;
    const uint8_t *end;
    bool fits;
};

static inline struct sip_pen sip_pen_take_up(const struct base_buffer *buffer) {
    if (buffer->length >= buffer->capacity) {
        return (struct sip_pen){0};
    }
    size_t room = buffer->capacity - buffer->length;
    uint8_t *at = buffer->data + buffer->length;
    return (struct sip_pen){
        .at = at,
        .end = at + (room < SIP_MESSAGE_MAX ? room : SIP_MESSAGE_MAX),
        .fits = true,
    };
}

/* False, and the buffer as it was, when something did not fit. */
static inline bool sip_pen_put_down(const struct sip_pen *pen, struct base_buffer *buffer) {
    if (pen->fits) {
        buffer->length = (size_t)(pen->at - buffer->data);
    }
    return pen->fits;
}

static inline void sip_pen_put(struct sip_pen *pen, const void *data, size_t length) {
    if (!pen->fits || (size_t)(pen->end - pen->at) < length) {
        pen->fits = false;
        return;
    }
    memcpy(pen->at, data, length);
    pen->at += length;
}

#define SIP_PEN_LITERAL(pen, literal) sip_pen_put(pen, literal, sizeof(literal) - 1)

static inline void sip_pen_bytes(struct sip_pen *pen, struct bytes span) {
    if (span.length != 0) {
        sip_pen_put(pen, span.data, span.length);
    }
}

static inline void sip_pen_text(struct sip_pen *pen, const char *text) {
    sip_pen_put(pen, text, strlen(text));
}

static inline void sip_pen_identifier(struct sip_pen *pen, uint64_t identifier) {
    uint8_t digits[SIP_IDENTIFIER_DIGITS];
    sip_identifier_write(identifier, digits);
    sip_pen_put(pen, digits, sizeof(digits));
}

static inline void sip_pen_decimal(struct sip_pen *pen, uint64_t number) {
    uint8_t digits[20];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    sip_pen_put(pen, digits + first, sizeof(digits) - first);
}

/* A quoted-string (RFC 3261 section 25.1). */
static inline void sip_pen_quoted(struct sip_pen *pen, struct bytes text) {
    SIP_PEN_LITERAL(pen, "\"");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            SIP_PEN_LITERAL(pen, "\\");
        }
        sip_pen_put(pen, text.data + i, 1);
    }
    SIP_PEN_LITERAL(pen, "\"");
}

/* Ends the headers and puts the body, which our own requests and responses have as SDP or not. */
static inline void sip_pen_body(struct sip_pen *pen, struct bytes sdp) {
    if (sdp.length != 0) {
        SIP_PEN_LITERAL(pen, "Content-Type: application/sdp\r\n");
    }
    SIP_PEN_LITERAL(pen, "Content-Length: ");
    sip_pen_decimal(pen, sdp.length);
    SIP_PEN_LITERAL(pen, "\r\n\r\n");
    sip_pen_bytes(pen, sdp);
}

#endif
