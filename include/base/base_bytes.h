/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed span of octets. `data` may be NULL only when `length` is 0. */
struct bytes {
    const uint8_t *data;
    size_t length;
};

/*
 * A fixed area that is filled from the front: data[0..length) is used, up to `capacity`.
 * The memory belongs to whoever set `data`. Appending never allocates and never writes past
 * `capacity`: what does not fit is refused as a whole.
 */
struct base_buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

static inline struct bytes base_bytes(const void *data, size_t length) {
    return (struct bytes){.data = data, .length = length};
}

static inline struct bytes base_buffer_bytes(const struct base_buffer *buffer) {
    return (struct bytes){.data = buffer->data, .length = buffer->length};
}

struct bytes base_bytes_of_text(const char *text);
bool base_bytes_equal(struct bytes a, struct bytes b);

/* The first `count` octets are dropped from the span; `count` must not exceed its length. */
struct bytes base_bytes_after(struct bytes span, size_t count);

/* False, and nothing appended, when `span` does not fit. */
bool base_buffer_append(struct base_buffer *buffer, struct bytes span);

/* Lower-case hexadecimal with a final NUL; writes at most (out_size - 1) / 2 octets. */
void base_bytes_to_hex(struct bytes span, char *out, size_t out_size);

#endif
