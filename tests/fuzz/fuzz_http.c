/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a connection's stream. It is framed whole and, beside that, as it would arrive in
 * pieces; both must agree. What was framed must parse, and what is sent on must read back as the
 * same message with the channel that was asked for.
 */
#include "http_framer.h"
#include "http_message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What sending a message on may add to it. */
#define RELAY_GROWTH 64

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

/* A block that ends where the text ends, so that the sanitizer sees a read beyond. */
static struct bytes copy_alone(struct bytes text) {
    uint8_t *block = malloc(text.length != 0 ? text.length : 1);
    require(block != NULL);
    if (text.length != 0) {
        memcpy(block, text.data, text.length);
    }
    return base_bytes(block, text.length);
}

static void free_alone(struct bytes alone) {
    free((void *)(uintptr_t)alone.data);
}

/* The pieces depend on the input alone, so that a finding can be repeated. */
static uint64_t seed_of(struct bytes text) {
    uint64_t seed = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.length; i++) {
        seed = (seed ^ text.data[i]) * UINT64_C(0x100000001b3);
    }
    return seed | 1;
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void require_inside(struct bytes outer, struct bytes span) {
    require(span.length == 0 || (span.data >= outer.data && span.length <= outer.length &&
                                 span.data + span.length <= outer.data + outer.length));
}

static void require_sound(struct bytes text, const struct http_message *message) {
    require_inside(text, message->method);
    require_inside(text, message->target);
    require_inside(text, message->reason);
    require_inside(text, message->headers);
    require_inside(text, message->host);
    require_inside(text, message->body);
    require(message->is_request == (message->status == 0));
    require(message->is_request == (message->method.length != 0));
    require(message->is_request == (message->target.length != 0));
    require(message->is_request || (message->status >= 100 && message->status <= 599));
    require(message->status != 101);
    require(!base_bytes_equal(message->method, base_bytes_of_text("CONNECT")));
    require(message->body.data + message->body.length == text.data + text.length);
}

static void require_same(const struct http_message *sent, const struct http_message *read) {
    require(read->is_request == sent->is_request && read->status == sent->status);
    require(base_bytes_equal(read->method, sent->method));
    require(base_bytes_equal(read->target, sent->target));
    require(base_bytes_equal(read->reason, sent->reason));
    require(base_bytes_equal(read->host, sent->host));
    require(base_bytes_equal(read->body, sent->body));
}

static void send_on(const struct http_message *message, size_t length, uint64_t channel) {
    static uint8_t area[HTTP_MESSAGE_MAX + RELAY_GROWTH];
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    if (!http_message_relay(&out, message, channel)) {
        require(out.length == 0 && length + RELAY_GROWTH > HTTP_MESSAGE_MAX);
        return;
    }
    struct bytes alone = copy_alone(base_buffer_bytes(&out));
    struct http_frame frame = http_framer_next(alone, false);
    require(frame.kind == HTTP_FRAME_MESSAGE && frame.length == alone.length);
    struct http_message read;
    require(http_message_parse(alone, &read));
    require_sound(alone, &read);
    require_same(message, &read);
    require(read.channel == channel);
    free_alone(alone);
}

static void take_message(struct bytes text, uint64_t *random) {
    struct bytes alone = copy_alone(text);
    struct http_message message;
    require(http_message_parse(alone, &message));
    require_sound(alone, &message);
    send_on(&message, alone.length, 0);
    send_on(&message, alone.length, next_random(random));
    free_alone(alone);
}

static struct http_frame frame_alone(struct bytes stream, bool awaits_pong) {
    struct bytes alone = copy_alone(stream);
    struct http_frame frame = http_framer_next(alone, awaits_pong);
    free_alone(alone);
    bool takes = frame.kind != HTTP_FRAME_NEEDS_MORE && frame.kind != HTTP_FRAME_MALFORMED;
    require(takes == (frame.length != 0));
    require(frame.length <= stream.length && frame.length <= HTTP_MESSAGE_MAX);
    require(frame.kind != HTTP_FRAME_NEEDS_MORE || stream.length < HTTP_MESSAGE_MAX);
    require(frame.kind != HTTP_FRAME_PONG || awaits_pong);
    return frame;
}

/* The first piece that frames as anything must frame as the whole rest does. */
static void deliver_in_pieces(struct bytes rest, struct http_frame whole, bool awaits_pong,
                              uint64_t *random) {
    size_t piece_max = (size_t)1 << (next_random(random) % 12);
    size_t there = 0;
    while (there < rest.length) {
        size_t piece = 1 + (size_t)(next_random(random) % piece_max);
        there = piece < rest.length - there ? there + piece : rest.length;
        struct http_frame frame = frame_alone(base_bytes(rest.data, there), awaits_pong);
        if (frame.kind != HTTP_FRAME_NEEDS_MORE) {
            require(frame.kind == whole.kind && frame.length == whole.length);
            return;
        }
    }
    require(whole.kind == HTTP_FRAME_NEEDS_MORE);
}

static void read_stream(struct bytes stream, bool awaits_pong, uint64_t random) {
    for (;;) {
        struct http_frame frame = frame_alone(stream, awaits_pong);
        deliver_in_pieces(stream, frame, awaits_pong, &random);
        if (frame.kind == HTTP_FRAME_NEEDS_MORE || frame.kind == HTTP_FRAME_MALFORMED) {
            return;
        }
        if (frame.kind == HTTP_FRAME_MESSAGE) {
            take_message(base_bytes(stream.data, frame.length), &random);
        }
        stream = base_bytes_after(stream, frame.length);
    }
}

/* The parser has to stand on its own, too, and knows no message that the framer does not. */
static void parse_alone(struct bytes stream) {
    struct bytes alone = copy_alone(stream);
    struct http_message message;
    if (http_message_parse(alone, &message)) {
        struct http_frame frame = http_framer_next(alone, false);
        require_sound(alone, &message);
        require(alone.length > HTTP_MESSAGE_MAX ||
                (frame.kind == HTTP_FRAME_MESSAGE && frame.length == alone.length));
    }
    free_alone(alone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes stream = base_bytes(data, size);
    parse_alone(stream);
    read_stream(stream, false, seed_of(stream));
    read_stream(stream, true, seed_of(stream));
    return 0;
}
