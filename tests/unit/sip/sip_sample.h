/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_SAMPLE_H
#define SIP_SAMPLE_H

#include "sip_framer.h"
#include "sip_message.h"

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

static inline struct sip_frame sample_frame(const void *text, size_t length, bool awaits_pong) {
    struct bytes alone = sample_alone(text, length);
    struct sip_frame frame = sip_framer_next(alone, awaits_pong);
    sample_free(alone);
    return frame;
}

/* `message` borrows from `text`, not from the block that was read. */
static inline bool sample_parses(struct bytes text, struct sip_message *message) {
    struct bytes alone = sample_alone(text.data, text.length);
    struct sip_message unused;
    bool is_right = sip_message_parse(alone, &unused);
    sample_free(alone);
    return sip_message_parse(text, message) && is_right;
}

static inline bool sample_is(struct bytes span, const char *expected) {
    return base_bytes_equal(span, base_bytes_of_text(expected));
}

/* Fails the test unless `text` is one whole message that frames and parses. */
#define SAMPLE_READ(text, message)                                                                 \
    do {                                                                                           \
        struct bytes sample_text = (text);                                                         \
        struct sip_frame sample_cut = sample_frame(sample_text.data, sample_text.length, false);   \
        cr_assert_eq(sample_cut.kind, SIP_FRAME_MESSAGE, "no message:\n%.*s",                      \
                     (int)sample_text.length, (const char *)sample_text.data);                     \
        cr_assert_eq(sample_cut.length, sample_text.length);                                       \
        cr_assert(sample_parses(sample_text, message), "refused:\n%.*s", (int)sample_text.length,  \
                  (const char *)sample_text.data);                                                 \
    } while (0)

#define SAMPLE_ASSERT_TEXT(span, expected)                                                         \
    do {                                                                                           \
        struct bytes sample_span = (span);                                                         \
        cr_assert(sample_is(sample_span, expected), "got:\n%.*s\nnot:\n%s",                        \
                  (int)sample_span.length, (const char *)sample_span.data, expected);              \
    } while (0)

#endif
