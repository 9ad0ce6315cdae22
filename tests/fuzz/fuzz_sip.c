/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a connection's stream. It is framed whole and, beside that, as it would arrive in
 * pieces; both must agree. Messages are parsed, requests answered and passed on as a proxy does,
 * credentials and challenges in them read; whatever we write must read back as what was meant.
 */
#include "sip_dialog.h"
#include "sip_digest.h"
#include "sip_framer.h"
#include "sip_message.h"
#include "sip_proxy.h"
#include "sip_registration.h"
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
    require_inside(text, message->reason);
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
    require(response->cseq == request->cseq);
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

/* The one message that `out` holds. Spans borrow from the block, which the caller frees. */
static struct bytes read_again(const struct base_buffer *out, struct sip_message *message) {
    struct bytes alone = copy_alone(base_buffer_bytes(out));
    struct sip_frame frame = sip_framer_next(alone, false);
    require(frame.kind == SIP_FRAME_MESSAGE && frame.length == alone.length);
    require(sip_message_parse(alone, message));
    require_sound(alone, message);
    return alone;
}

static void answer(const struct sip_message *request, size_t request_length, uint64_t *random) {
    static uint8_t area[2 * SIP_MESSAGE_MAX];
    uint64_t choice = next_random(random);
    const struct sip_reply reply = {
        .status = 100 + (unsigned)(choice % 600),
        .to_tag = next_random(random),
        .contact_host = (choice & 1 << 20) != 0 ? "[::1]" : NULL,
        .copies_record_route = (choice & 1 << 21) != 0,
        .copies_contact = (choice & 1 << 22) != 0,
        .has_sdp = (choice & 1 << 23) != 0,
    };
    bool is_plain = !reply.copies_contact && !reply.has_sdp;
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    if (!sip_writer_reply(&out, request, &reply)) {
        /* What a plain response adds to a request's headers is less than this. */
        require(out.length == 0 && (!is_plain || request_length + 300 > SIP_MESSAGE_MAX));
        return;
    }
    struct sip_message response;
    struct bytes alone = read_again(&out, &response);
    require_mirrored(request, &response, reply.status);
    require(reply.has_sdp == (response.body.length != 0));
    free_alone(alone);
}

#define OWN_NAME "edge.example.test"

static void require_same_text(struct bytes a, struct bytes b) {
    require(base_bytes_equal(a, b));
}

/* A proxy passes the request on; whatever comes back finds the connection it came from. */
static void pass_on(const struct sip_message *request, size_t length, uint64_t *random) {
    static uint8_t area[2 * SIP_MESSAGE_MAX];
    const struct sip_forward forward = {
        .own_name = OWN_NAME,
        .token = next_random(random),
        .record_route = (next_random(random) & 1) != 0,
    };
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    if (!sip_proxy_forward_request(&out, request, &forward)) {
        require(out.length == 0);
        require(request->max_forwards == 0 || length + 256 > SIP_MESSAGE_MAX);
        return;
    }
    struct sip_message next;
    struct bytes alone = read_again(&out, &next);
    uint64_t token = 0;
    require(sip_proxy_read_token(&next, OWN_NAME, &token) && token == forward.token);
    require_same_text(next.method, request->method);
    require_same_text(next.request_uri, request->request_uri);
    require_same_text(next.from, request->from);
    require_same_text(next.to, request->to);
    require_same_text(next.call_id, request->call_id);
    require_same_text(next.body, request->body);
    require(next.cseq == request->cseq);
    /* 70 is what a missing Max-Forwards reads as, and what the proxy then adds. */
    require(next.max_forwards + 1 == request->max_forwards ||
            (next.max_forwards == 70 && request->max_forwards == 70));
    struct sip_next_hop before;
    struct sip_next_hop after;
    if (sip_proxy_next_hop(request, OWN_NAME, &before)) {
        require_inside(request->headers, before.is_last ? base_bytes(NULL, 0) : before.host);
        require(sip_proxy_next_hop(&next, OWN_NAME, &after) && !after.had_own_route);
        require_same_text(after.host, before.host);
        require(after.is_last == before.is_last);
    }
    free_alone(alone);
}

static void pass_back(const struct sip_message *response) {
    static uint8_t area[2 * SIP_MESSAGE_MAX];
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    if (!sip_proxy_forward_response(&out, response)) {
        require(out.length == 0);
        return;
    }
    require(out.length <= SIP_MESSAGE_MAX);
    struct bytes alone = copy_alone(base_buffer_bytes(&out));
    struct sip_frame frame = sip_framer_next(alone, false);
    require(frame.kind == SIP_FRAME_MESSAGE && frame.length == alone.length);
    struct sip_message next;
    require(sip_message_parse(alone, &next));
    require_sound(alone, &next);
    require(next.status == response->status && next.cseq == response->cseq);
    require_same_text(next.body, response->body);
    free_alone(alone);
}

static const struct sip_credentials credentials = {.username = "Mufasa", .password = "Circle"};

/* No one gets in who does not know the password, and what we answer ourselves gets in once. */
static void authenticate(const struct sip_message *request, uint64_t *random) {
    uint32_t count = 0;
    const struct sip_digest_demand demand = {.realm = "edge", .nonce = next_random(random)};
    require(sip_digest_check(request, &demand, &credentials, &count) != SIP_DIGEST_GOOD);
    require(count == 0);
}

static void require_ended(const char *text, size_t size) {
    require(memchr(text, '\0', size) != NULL);
}

static void take_challenge(const struct sip_message *response, uint64_t *random) {
    static uint8_t area[4096];
    struct sip_challenge challenge;
    if (!sip_digest_read_challenge(response, &challenge)) {
        return;
    }
    require_ended(challenge.realm, sizeof(challenge.realm));
    require_ended(challenge.nonce, sizeof(challenge.nonce));
    require_ended(challenge.opaque, sizeof(challenge.opaque));
    struct base_buffer line = {.data = area, .capacity = sizeof(area)};
    require(sip_digest_write_authorization(&line, &challenge, &credentials, "OPTIONS",
                                           base_bytes_of_text("sip:b"), next_random(random)));
    require(challenge.nonce_count == 1 &&
            memchr(area, '\n', line.length) == area + line.length - 1);
    if (!challenge.has_qop || challenge.by_proxy) {
        return;
    }
    /* Our own check takes the digest for right, though the nonce is none of its own. */
    const struct sip_message request = {
        .is_request = true,
        .method = base_bytes_of_text("OPTIONS"),
        .request_uri = base_bytes_of_text("sip:b"),
        .headers = base_buffer_bytes(&line),
    };
    uint32_t count = 0;
    const struct sip_digest_demand demand = {
        .realm = challenge.realm, .algorithms = {challenge.algorithm}, .algorithm_count = 1};
    enum sip_digest_verdict verdict = sip_digest_check(&request, &demand, &credentials, &count);
    require(verdict == SIP_DIGEST_STALE || verdict == SIP_DIGEST_GOOD);
}

static void take_registration(const struct sip_message *response) {
    struct bytes contact = base_bytes_of_text("sip:b");
    uint32_t granted_s = sip_registration_granted_s(response, contact, 60);
    require(sip_registration_granted_s(response, contact, granted_s) == granted_s);
    (void)sip_registration_minimum_s(response);
}

static void begin_dialog(const struct sip_message *response) {
    struct sip_dialog dialog;
    if (sip_dialog_from_response(&dialog, response)) {
        require(dialog.target_length > 0 && dialog.target_length <= sizeof(dialog.target));
        require(dialog.remote_tag_length == response->to_tag.length);
        require(dialog.routes_length <= sizeof(dialog.routes));
        require(memchr(dialog.target, '\r', dialog.target_length) == NULL);
    }
}

static void take_message(struct bytes text, uint64_t *random) {
    struct bytes alone = copy_alone(text);
    struct sip_message message;
    if (sip_message_parse(alone, &message)) {
        require_sound(alone, &message);
        if (message.is_request) {
            answer(&message, alone.length, random);
            pass_on(&message, alone.length, random);
            authenticate(&message, random);
        } else {
            pass_back(&message);
            take_challenge(&message, random);
            begin_dialog(&message);
            take_registration(&message);
        }
        struct sip_transaction transaction = {.branch = next_random(random), .cseq = message.cseq};
        enum sip_method method = (enum sip_method)(next_random(random) % SIP_METHODS);
        require(!sip_transaction_matches(&message, &transaction, method));
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
