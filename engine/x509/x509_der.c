/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_der.h"

#define TAG_NUMBER_MASK   0x1f /* all ones: the tag goes on in further octets */
#define LENGTH_OCTETS_MAX 4

bool x509_der_long_length(struct bytes span, size_t *header, size_t *length) {
    size_t count = span.data[1] & 0x7fU;
    if (count == 0 || count > LENGTH_OCTETS_MAX || span.length - 2 < count || span.data[2] == 0) {
        return false;
    }
    size_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value << 8 | span.data[2 + i];
    }
    if (value < 0x80) {
        return false;
    }
    *header = 2 + count;
    *length = value;
    return true;
}

bool x509_der_take(struct bytes *rest, uint8_t tag, struct bytes *content) {
    struct x509_der_value value;
    if (!x509_der_is_next(*rest, tag) || !x509_der_next(rest, &value)) {
        return false;
    }
    *content = value.content;
    return true;
}

bool x509_der_take_whole(struct bytes *rest, uint8_t tag, struct bytes *whole) {
    struct x509_der_value value;
    if (!x509_der_is_next(*rest, tag) || !x509_der_next(rest, &value)) {
        return false;
    }
    *whole = value.whole;
    return true;
}

bool x509_der_take_boolean(struct bytes *rest, bool *value) {
    struct bytes after = *rest;
    struct bytes content;
    if (!x509_der_take(&after, X509_DER_BOOLEAN, &content) || content.length != 1 ||
        (content.data[0] != 0x00 && content.data[0] != 0xff)) {
        return false;
    }
    *value = content.data[0] == 0xff;
    *rest = after;
    return true;
}

bool x509_der_take_integer(struct bytes *rest, struct bytes *content) {
    struct bytes after = *rest;
    struct bytes found;
    if (!x509_der_take(&after, X509_DER_INTEGER, &found) || found.length == 0) {
        return false;
    }
    if (found.length > 1) {
        bool top_bit = (found.data[1] & 0x80) != 0;
        if ((found.data[0] == 0x00 && !top_bit) || (found.data[0] == 0xff && top_bit)) {
            return false;
        }
    }
    *content = found;
    *rest = after;
    return true;
}

bool x509_der_take_bits(struct bytes *rest, struct bytes *bits) {
    struct bytes after = *rest;
    struct bytes content;
    if (!x509_der_take(&after, X509_DER_BIT_STRING, &content) || content.length == 0) {
        return false;
    }
    unsigned unused = content.data[0];
    if (unused > 7 || (unused > 0 && content.length == 1) ||
        (content.data[content.length - 1] & ((1U << unused) - 1) & 0xffU) != 0) {
        /* With no unused bits the mask is empty, so the count octet itself is never tested. */
        return false;
    }
    *bits = base_bytes(content.data + 1, content.length - 1);
    *rest = after;
    return true;
}

bool x509_der_oid_is_valid(struct bytes content) {
    bool starts = true;
    for (size_t i = 0; i < content.length; i++) {
        if (starts && content.data[i] == 0x80) {
            return false;
        }
        starts = (content.data[i] & 0x80) == 0;
    }
    return content.length > 0 && starts;
}
