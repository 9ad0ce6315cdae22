/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_bytes.h"

#include <string.h>

struct bytes base_bytes_of_text(const char *text) {
    return base_bytes(text, strlen(text));
}

bool base_bytes_equal(struct bytes a, struct bytes b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

struct bytes base_bytes_after(struct bytes span, size_t count) {
    /* Adding 0 to no address is undefined all the same. */
    return base_bytes(count == 0 ? span.data : span.data + count, span.length - count);
}

bool base_buffer_append(struct base_buffer *buffer, struct bytes span) {
    if (span.length > buffer->capacity - buffer->length) {
        return false;
    }
    if (span.length > 0) {
        memcpy(buffer->data + buffer->length, span.data, span.length);
        buffer->length += span.length;
    }
    return true;
}

void base_bytes_to_hex(struct bytes span, char *out, size_t out_size) {
    static const char digits[] = "0123456789abcdef";
    size_t count = out_size == 0 ? 0 : (out_size - 1) / 2;
    if (span.length < count) {
        count = span.length;
    }
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[span.data[i] >> 4];
        out[2 * i + 1] = digits[span.data[i] & 15];
    }
    if (out_size > 0) {
        out[2 * count] = '\0';
    }
}
