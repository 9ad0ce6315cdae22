/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a connection's stream. It is framed whole and, beside that, as it would arrive in
 * pieces; both must agree. Messages are parsed, requests answered, and our own answer must read
 * back as what was meant.
 */
#include "sip_framer.h"
#include "sip_message.h"
#include "sip_transaction.h"
#include "sip_writer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void require_sound(struct bytes text, const struct sip_message *message) {
    require_inside(text, message->method);
    require_inside(text, message->request_uri);
    require_inside(text, message->headers);
    require_inside(text, message->via_branch);
    require_inside(text, message->from);
    require_inside(message->from, message->from_tag);
    require_inside(text, message->to);
    require_inside(message->to, message->to_tag);
    require_inside(text, message->call_id);
    require_inside(text, message->body);
    require(message->method.length != 0 && message->from.length != 0 && message->to.length != 0);
    require(message->call_id.length != 0 && message->headers.length != 0);
    require(message->cseq <= INT32_MAX && message->max_forwards <= 255);
    require(message->is_request == (message->status == 0));
    require(message->is_request || (message->status >= 100 && message->status <= 699));
    require(message->is_request == (message->request_uri.length != 0));
}

static void require_mirrored(const struct sip_message *request, const struct sip_message *response,
                             unsigned status) {
    require(!response->is_request && response->status == status);
    require(response->cseq == request->cseq && response->body.length == 0);
    require(base_bytes_equal(response->method, request->method));
    require(base_bytes_equal(response->via_branch, request->via_branch));
    require(base_bytes_equal(response->from, request->from));
    require(base_bytes_equal(response->from_tag, request->from_tag));
    require(base_bytes_equal(response->call_id, request->call_id));
    if (request->to_tag.length != 0 || status == 100) {
        require(base_bytes_equal(response->to, request->to));
        return;
    }
    require(response->to_tag.length == 16);
}

static void answer(const struct sip_message *request, size_t request_length, uint64_t *random) {
    static uint8_t area[SIP_MESSAGE_MAX];
    unsigned status = 100 + (unsigned)(next_random(random) % 600);
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    if (!sip_writer_response(&out, request, status, next_random(random))) {
        /* What a response adds to a request's headers is less than this. */
        require(out.length == 0 && request_length + 256 > sizeof(area));
        return;
    }
    struct bytes alone = copy_alone(base_buffer_bytes(&out));
    struct sip_frame frame = sip_framer_next(alone, false);
    require(frame.kind == SIP_FRAME_MESSAGE && frame.length == alone.length);
    struct sip_message response;
    require(sip_message_parse(alone, &response));
    require_sound(alone, &response);
    require_mirrored(request, &response, status);
    free_alone(alone);
}

static void take_message(struct bytes text, uint64_t *random) {
    struct bytes alone = copy_alone(text);
    struct sip_message message;
    if (sip_message_parse(alone, &message)) {
        require_sound(alone, &message);
        if (message.is_request) {
            answer(&message, alone.length, random);
        }
        struct sip_transaction transaction = {.branch = next_random(random), .cseq = message.cseq};
        require(!sip_transaction_matches(&message, &transaction));
    }
    free_alone(alone);
}

static struct sip_frame frame_alone(struct bytes stream, bool awaits_pong) {
    struct bytes alone = copy_alone(stream);
    struct sip_frame frame = sip_framer_next(alone, awaits_pong);
    free_alone(alone);
    bool takes = frame.kind != SIP_FRAME_NEEDS_MORE && frame.kind != SIP_FRAME_MALFORMED;
    require(takes == (frame.length != 0));
    require(frame.length <= stream.length && frame.length <= SIP_MESSAGE_MAX);
    require(frame.kind != SIP_FRAME_NEEDS_MORE || stream.length < SIP_MESSAGE_MAX);
    require(frame.kind != SIP_FRAME_PONG || awaits_pong);
    return frame;
}

/* The first piece that frames as anything must frame as the whole rest does. */
static void deliver_in_pieces(struct bytes rest, struct sip_frame whole, bool awaits_pong,
                              uint64_t *random) {
    size_t piece_max = (size_t)1 << (next_random(random) % 12);
    size_t there = 0;
    while (there < rest.length) {
        size_t piece = 1 + (size_t)(next_random(random) % piece_max);
        there = piece < rest.length - there ? there + piece : rest.length;
        struct sip_frame frame = frame_alone(base_bytes(rest.data, there), awaits_pong);
        if (frame.kind != SIP_FRAME_NEEDS_MORE) {
            require(frame.kind == whole.kind && frame.length == whole.length);
            return;
        }
    }
    require(whole.kind == SIP_FRAME_NEEDS_MORE);
}

static void read_stream(struct bytes stream, bool awaits_pong, uint64_t random) {
    for (;;) {
        struct sip_frame frame = frame_alone(stream, awaits_pong);
        deliver_in_pieces(stream, frame, awaits_pong, &random);
        if (frame.kind == SIP_FRAME_NEEDS_MORE || frame.kind == SIP_FRAME_MALFORMED) {
            return;
        }
        if (frame.kind == SIP_FRAME_MESSAGE) {
            take_message(base_bytes(stream.data, frame.length), &random);
        }
        stream = base_bytes_after(stream, frame.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes stream = base_bytes(data, size);
    /* The parser has to stand on its own, too. */
    struct bytes alone = copy_alone(stream);
    struct sip_message message;
    if (sip_message_parse(alone, &message)) {
        require_sound(alone, &message);
    }
    free_alone(alone);
    read_stream(stream, false, seed_of(stream));
    read_stream(stream, true, seed_of(stream));
    return 0;
}
