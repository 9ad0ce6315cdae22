/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include <string.h>

/* What was kept goes in front of what was decrypted. False when no peer may send as much. */
static bool join(const struct conn *conn, const struct conn_environment *environment,
                 struct bytes *stream) {
    uint8_t *octets = environment->scratch->plaintext_octets;
    if (conn->inbox == BASE_POOL_NONE) {
        return true;
    }
    if (conn->inbox_length + stream->length > CONN_PLAINTEXT_BYTES) {
        return false;
    }
    memmove(octets + conn->inbox_length, stream->data, stream->length);
    memcpy(octets, base_pool_block(&environment->inboxes, conn->inbox), conn->inbox_length);
    *stream = base_bytes(octets, conn->inbox_length + stream->length);
    return true;
}

static enum fault take_frame(struct conn *conn, struct conn_environment *environment,
                             const struct conn_stream_rules *rules, enum conn_frame_kind kind,
                             struct bytes text, bool may_answer) {
    switch (kind) {
    case CONN_FRAME_MESSAGE:
        conn_trace_received(conn, environment, text);
        return rules->take_message(conn, environment, text, may_answer);
    case CONN_FRAME_PING:
        return rules->answers_pings ? conn_keepalive_take_ping(conn, environment, may_answer)
                                    : FAULT_NONE;
    case CONN_FRAME_PONG:
        return conn_keepalive_take_pong(conn, environment, may_answer);
    case CONN_FRAME_MALFORMED:
        return rules->malformed;
    case CONN_FRAME_SKIP:
    case CONN_FRAME_NEEDS_MORE:
    default:
        return FAULT_NONE;
    }
}

/* Reads whole frames off `stream`; what is left of it is incomplete. */
static enum fault take_frames(struct conn *conn, struct conn_environment *environment,
                              const struct conn_stream_rules *rules, struct bytes *stream,
                              bool may_answer) {
    while (stream->length > 0 && !conn->finished &&
           !(rules->pauses != NULL && rules->pauses(conn))) {
        struct conn_frame frame = rules->cut(*stream, conn->awaits_pong);
        if (frame.kind == CONN_FRAME_NEEDS_MORE) {
            return FAULT_NONE;
        }
        enum fault fault = take_frame(conn, environment, rules, frame.kind,
                                      base_bytes(stream->data, frame.length), may_answer);
        if (fault != FAULT_NONE) {
            return fault;
        }
        *stream = base_bytes_after(*stream, frame.length);
    }
    return FAULT_NONE;
}

/* Keeps an incomplete message until its rest comes; the block goes back when nothing is left. */
static enum fault keep(struct conn *conn, struct conn_environment *environment, struct bytes rest,
                       enum fault malformed) {
    if (rest.length == 0) {
        if (conn->inbox != BASE_POOL_NONE) {
            base_pool_give_back(&environment->inboxes, conn->inbox);
            conn->inbox = BASE_POOL_NONE;
        }
        return FAULT_NONE;
    }
    if (rest.length > CONN_INBOX_BYTES) {
        return malformed;
    }
    if (conn->inbox == BASE_POOL_NONE) {
        conn->inbox = base_pool_borrow(&environment->inboxes);
    }
    if (conn->inbox == BASE_POOL_NONE) {
        return FAULT_LOCAL_ERROR;
    }
    memcpy(base_pool_block(&environment->inboxes, conn->inbox), rest.data, rest.length);
    conn->inbox_length = (uint32_t)rest.length;
    return FAULT_NONE;
}

enum fault conn_stream_read(struct conn *conn, struct conn_environment *environment,
                            struct bytes plaintext, bool may_answer,
                            const struct conn_stream_rules *rules) {
    if (!conn->admitted) {
        conn_admit(conn, environment);
    }
    struct bytes stream = plaintext;
    if (!join(conn, environment, &stream)) {
        return rules->malformed;
    }
    enum fault fault = take_frames(conn, environment, rules, &stream, may_answer);
    if (fault != FAULT_NONE || conn->finished) {
        return fault;
    }
    return keep(conn, environment, stream, rules->malformed);
}
