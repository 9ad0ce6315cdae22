/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_der.h"

enum {
    ARC_DIGITS_MAX = 19, /* base 128: enough for 128 bits */
    OID_OCTETS_MAX = 128,
};

/* A number in base 128, lowest digit first: arcs need not fit any integer type. */
struct arc {
    uint8_t digits[ARC_DIGITS_MAX];
    unsigned count;
};

/* arc = arc * factor + summand; false when it grows too long. */
static bool arc_multiply_add(struct arc *arc, unsigned factor, unsigned summand) {
    unsigned carry = summand;
    for (unsigned i = 0; i < arc->count; i++) {
        carry += arc->digits[i] * factor;
        arc->digits[i] = carry & 0x7f;
        carry >>= 7;
    }
    while (carry > 0) {
        if (arc->count == ARC_DIGITS_MAX) {
            return false;
        }
        arc->digits[arc->count++] = carry & 0x7f;
        carry >>= 7;
    }
    return true;
}

/* Takes one decimal number off the text: at least one digit, no superfluous zero in front. */
static bool arc_parse(const char **text, struct arc *arc) {
    const char *start = *text;
    const char *end = start;
    *arc = (struct arc){0};
    for (; *end >= '0' && *end <= '9'; end++) {
        if (!arc_multiply_add(arc, 10, (unsigned)(*end - '0'))) {
            return false;
        }
    }
    *text = end;
    return end > start && (*start != '0' || end == start + 1);
}

static bool arc_append(const struct arc *arc, struct base_buffer *out) {
    unsigned count = arc->count == 0 ? 1 : arc->count;
    for (unsigned i = count; i > 0; i--) {
        uint8_t octet = (uint8_t)(arc->digits[i - 1] | (i > 1 ? 0x80 : 0));
        if (!base_buffer_append(out, base_bytes(&octet, 1))) {
            return false;
        }
    }
    return true;
}

/* The first two arcs share one number: 40 * first + second (X.690 section 8.19.4). */
static bool first_arcs(const char **text, struct arc *arc) {
    unsigned first = (unsigned)(**text - '0');
    if (first > 2 || (*text)[1] != '.') {
        return false;
    }
    *text += 2;
    if (!arc_parse(text, arc)) {
        return false;
    }
    if (first < 2 && (arc->count > 1 || arc->digits[0] >= 40)) {
        return false;
    }
    return arc_multiply_add(arc, 1, 40 * first);
}

bool certs_der_oid(struct certs_der *der, const char *dotted) {
    uint8_t content[OID_OCTETS_MAX];
    struct base_buffer out = {.data = content, .capacity = sizeof content};
    struct arc arc;
    if (!first_arcs(&dotted, &arc) || !arc_append(&arc, &out)) {
        return false;
    }
    while (*dotted == '.') {
        dotted++;
        if (!arc_parse(&dotted, &arc) || !arc_append(&arc, &out)) {
            return false;
        }
    }
    if (*dotted != '\0') {
        return false;
    }
    certs_der_value(der, CERTS_DER_OID, base_buffer_bytes(&out));
    return true;
}
