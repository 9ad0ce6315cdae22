/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_TEXT_H
#define SIP_TEXT_H

#include "base_bytes.h"

/* What reading a piece of a stream came to. */
enum sip_read {
    SIP_READ_OK,
    SIP_READ_END,        /* the empty line after the headers was read */
    SIP_READ_INCOMPLETE, /* right so far, but the stream ends here */
    SIP_READ_MALFORMED,  /* no octet that may follow can mend it */
};

/* Character classes of RFC 3261 section 25.1 and RFC 3986; an octet may be in several. */
#define SIP_TEXT_TOKEN  1u
#define SIP_TEXT_URI    2u /* printable ASCII without quotes and angle brackets */
#define SIP_TEXT_SCHEME 4u /* after the first letter */
#define SIP_TEXT_LWS    8u /* CR and LF too: inside a header value they can only be a fold */

extern const uint8_t sip_text_classes[256];

static inline bool sip_text_is(uint8_t octet, unsigned classes) {
    return (sip_text_classes[octet] & classes) != 0;
}

static inline const uint8_t *sip_text_skip(const uint8_t *at, const uint8_t *end,
                                           unsigned classes) {
    while (at < end && sip_text_is(*at, classes)) {
        at++;
    }
    return at;
}

static inline struct bytes sip_text_span(const uint8_t *from, const uint8_t *end) {
    return base_bytes(from, (size_t)(end - from));
}

/* ASCII letters only, whatever the locale. `lower` is in lower case. */
static inline bool sip_text_equals_lower(struct bytes text, const char *lower, size_t length) {
    if (text.length != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        uint8_t octet = text.data[i];
        if (octet >= 'A' && octet <= 'Z') {
            octet |= 0x20;
        }
        if (octet != (uint8_t)lower[i]) {
            return false;
        }
    }
    return true;
}

static inline bool sip_text_equals_caseless(struct bytes a, struct bytes b) {
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        uint8_t difference = a.data[i] ^ b.data[i];
        uint8_t letter = a.data[i] | 0x20;
        if (difference != 0 && (difference != 0x20 || letter < 'a' || letter > 'z')) {
            return false;
        }
    }
    return true;
}

/* Without white space, folds included, at either end. */
struct bytes sip_text_trim(struct bytes text);

/* Digits only, at least one. False when the number is above `max`. */
bool sip_text_decimal(struct bytes text, uint32_t max, uint32_t *out);

#endif
