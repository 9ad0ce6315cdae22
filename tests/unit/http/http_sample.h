/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_SAMPLE_H
#define HTTP_SAMPLE_H

#include "http_framer.h"
#include "http_message.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A block of its own that ends where the text ends: the sanitizer sees any read beyond. */
static inline struct bytes sample_alone(const void *text, size_t length) {
    uint8_t *block = malloc(length != 0 ? length : 1);
    if (block == NULL) {
        abort();
    }
    memcpy(block, text, length);
    return base_bytes(block, length);
}

static inline void sample_free(struct bytes sample) {
    free((void *)(uintptr_t)sample.data);
}

static inline struct http_frame sample_frame(const void *text, size_t length, bool awaits_pong) {
    struct bytes alone = sample_alone(text, length);
    struct http_frame frame = http_framer_next(alone, awaits_pong);
    sample_free(alone);
    return frame;
}

/* `message` borrows from `text`, not from the block that was read. */
static inline bool sample_parses(struct bytes text, struct http_message *message) {
    struct bytes alone = sample_alone(text.data, text.length);
    struct http_message unused;
    bool is_right = http_message_parse(alone, &unused);
    sample_free(alone);
    return http_message_parse(text, message) && is_right;
}

static inline bool sample_is(struct bytes span, const char *expected) {
    return base_bytes_equal(span, base_bytes_of_text(expected));
}

#endif
