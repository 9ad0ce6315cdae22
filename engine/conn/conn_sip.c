/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"
#include "sip_framer.h"
#include "sip_writer.h"

#include <assert.h>
#include <string.h>

/* A peer that answers nothing to a CRLF CRLF within a second leaves a connection unconfirmed. */
#define FIRST_PONG_NS BASE_NS_PER_S
/* RFC 5626 section 4.4.1: a pong within 10 s, pings at 80% to 100% of 120 s. */
#define PONG_NS          (10 * BASE_NS_PER_S)
#define PING_INTERVAL_NS (120 * BASE_NS_PER_S)

static void arm(struct conn *conn, struct conn_environment *environment, uint64_t deadline_ns) {
    if (conn->close_at_ns != 0 && conn->close_at_ns < deadline_ns && !conn->awaits_response &&
        !conn->awaits_pong) {
        deadline_ns = conn->close_at_ns;
    }
    base_timer_arm(&environment->wheel, &conn->timer, deadline_ns);
}

static enum fault write_plaintext(struct conn *conn, struct conn_environment *environment,
                                  struct bytes plaintext) {
    return tls_session_write(conn->tls, plaintext, &environment->scratch->exchange);
}

static struct sip_transaction transaction_of(const struct conn *conn) {
    return (struct sip_transaction){
        .dialog = conn->dialog, .branch = conn->branch, .cseq = conn->cseq};
}

static enum fault send_options(struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const struct sip_endpoints endpoints = {
        .local_name = zone->local_name, .remote_name = zone->remote_name, .user_agent = "ekuload"};
    struct base_buffer message = {.data = environment->scratch->message_octets,
                                  .capacity = CONN_MESSAGE_BYTES};
    conn->branch = base_random_next(&environment->random);
    conn->cseq++;
    const struct sip_transaction transaction = transaction_of(conn);
    if (!sip_writer_options(&message, &endpoints, &transaction)) {
        return FAULT_LOCAL_ERROR;
    }
    conn->awaits_response = true;
    conn->request_ns = environment->now_ns;
    conn_record_request_sent(conn, environment);
    arm(conn, environment, environment->now_ns + zone->timeout_ns);
    return write_plaintext(conn, environment, base_buffer_bytes(&message));
}

static enum fault send_ping(struct conn *conn, struct conn_environment *environment) {
    conn->awaits_pong = true;
    conn_record_ping_sent(conn, environment);
    arm(conn, environment, environment->now_ns + (conn->admitted ? PONG_NS : FIRST_PONG_NS));
    return write_plaintext(conn, environment, base_bytes_of_text(SIP_PING));
}

enum fault conn_sip_begin(struct conn *conn, struct conn_environment *environment) {
    if (!conn->initiator) {
        arm(conn, environment,
            environment->now_ns + environment->instance->listeners[conn->subject].timeout_ns);
        return FAULT_NONE;
    }
    conn->dialog = base_random_next(&environment->random);
    return conn_zone(conn, environment)->dialog == NODE_DIALOG_OPTIONS
               ? send_options(conn, environment)
               : send_ping(conn, environment);
}

/* The first authenticated application byte from the peer. */
static void admit(struct conn *conn, struct conn_environment *environment) {
    conn->admitted = true;
    conn_record_admitted(conn, environment);
    if (!conn->initiator) {
        base_timer_cancel(&environment->wheel, &conn->timer);
        return;
    }
    const struct node_zone *zone = conn_zone(conn, environment);
    if (!zone->stays_open) {
        conn->close_at_ns = environment->now_ns + zone->hold_ns;
    }
}

/* What comes after an answer: the next request, later or at once, or the end. */
static enum fault go_on(struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    uint64_t now_ns = environment->now_ns;
    if (conn->close_at_ns != 0 && conn->close_at_ns <= now_ns) {
        conn->finished = true;
        return FAULT_NONE;
    }
    if (zone->dialog == NODE_DIALOG_NONE) {
        double share = 0.8 + 0.2 * base_random_uniform(&environment->random);
        arm(conn, environment, now_ns + (uint64_t)(share * (double)PING_INTERVAL_NS));
        return FAULT_NONE;
    }
    if (conn->request_ns + zone->options_interval_ns <= now_ns) {
        return send_options(conn, environment);
    }
    arm(conn, environment, conn->request_ns + zone->options_interval_ns);
    return FAULT_NONE;
}

static enum fault take_response(struct conn *conn, struct conn_environment *environment,
                                const struct sip_message *message, bool may_answer) {
    const struct sip_transaction transaction = transaction_of(conn);
    if (!conn->awaits_response || !sip_transaction_matches(message, &transaction)) {
        return FAULT_NONE; /* late, or none of ours: RFC 3261 section 17.1.3 has it dropped */
    }
    if (message->status < 200) {
        return FAULT_NONE;
    }
    conn->awaits_response = false;
    conn_record_response(conn, environment, message->status);
    return may_answer ? go_on(conn, environment) : FAULT_NONE;
}

static enum fault take_request(struct conn *conn, struct conn_environment *environment,
                               const struct sip_message *message) {
    struct base_buffer answer = {.data = environment->scratch->message_octets,
                                 .capacity = CONN_MESSAGE_BYTES};
    conn_record_request_received(conn, environment);
    if (base_bytes_equal(message->method, base_bytes_of_text("ACK"))) {
        return FAULT_NONE;
    }
    bool known = base_bytes_equal(message->method, base_bytes_of_text("OPTIONS"));
    uint64_t to_tag = base_random_next(&environment->random);
    if (!sip_writer_response(&answer, message, known ? 200 : 405, to_tag)) {
        return FAULT_SIP_MALFORMED;
    }
    return write_plaintext(conn, environment, base_buffer_bytes(&answer));
}

static enum fault take_message(struct conn *conn, struct conn_environment *environment,
                               struct bytes text, bool may_answer) {
    struct sip_message message;
    if (!sip_message_parse(text, &message)) {
        return FAULT_SIP_MALFORMED;
    }
    if (!message.is_request) {
        return take_response(conn, environment, &message, may_answer);
    }
    return may_answer ? take_request(conn, environment, &message) : FAULT_NONE;
}

static enum fault take_pong(struct conn *conn, struct conn_environment *environment,
                            bool may_answer) {
    conn->awaits_pong = false;
    conn_record_pong(conn, environment);
    return may_answer ? go_on(conn, environment) : FAULT_NONE;
}

static enum fault take_frame(struct conn *conn, struct conn_environment *environment,
                             enum sip_frame_kind kind, struct bytes text, bool may_answer) {
    switch (kind) {
    case SIP_FRAME_MESSAGE:
        return take_message(conn, environment, text, may_answer);
    case SIP_FRAME_PING:
        conn_record_ping_received(conn, environment);
        return may_answer ? write_plaintext(conn, environment, base_bytes_of_text(SIP_PONG))
                          : FAULT_NONE;
    case SIP_FRAME_PONG:
        return take_pong(conn, environment, may_answer);
    case SIP_FRAME_MALFORMED:
        return FAULT_SIP_MALFORMED;
    case SIP_FRAME_SKIP:
    case SIP_FRAME_NEEDS_MORE:
    default:
        return FAULT_NONE;
    }
}

/* Reads whole frames off `stream`; what is left of it is incomplete. */
static enum fault take_frames(struct conn *conn, struct conn_environment *environment,
                              struct bytes *stream, bool may_answer) {
    while (stream->length > 0 && !conn->finished) {
        struct sip_frame frame = sip_framer_next(*stream, conn->awaits_pong);
        if (frame.kind == SIP_FRAME_NEEDS_MORE) {
            return FAULT_NONE;
        }
        enum fault fault = take_frame(conn, environment, frame.kind,
                                      base_bytes(stream->data, frame.length), may_answer);
        if (fault != FAULT_NONE) {
            return fault;
        }
        *stream = base_bytes_after(*stream, frame.length);
    }
    return FAULT_NONE;
}

/* Keeps an incomplete message until its rest comes; the block goes back when nothing is left. */
static enum fault keep_rest(struct conn *conn, struct conn_environment *environment,
                            struct bytes rest) {
    if (rest.length == 0) {
        if (conn->inbox != BASE_POOL_NONE) {
            base_pool_give_back(&environment->inboxes, conn->inbox);
            conn->inbox = BASE_POOL_NONE;
        }
        return FAULT_NONE;
    }
    assert(rest.length <= CONN_INBOX_BYTES); /* the framer says malformed before that */
    if (conn->inbox == BASE_POOL_NONE) {
        conn->inbox = base_pool_borrow(&environment->inboxes);
    }
    if (conn->inbox == BASE_POOL_NONE) {
        return FAULT_LOCAL_ERROR;
    }
    memmove(base_pool_block(&environment->inboxes, conn->inbox), rest.data, rest.length);
    conn->inbox_length = (uint32_t)rest.length;
    return FAULT_NONE;
}

enum fault conn_sip_read(struct conn *conn, struct conn_environment *environment,
                         struct bytes plaintext, bool may_answer) {
    if (!conn->admitted) {
        admit(conn, environment);
    }
    struct bytes stream = plaintext;
    if (conn->inbox != BASE_POOL_NONE) {
        /* The scratch has room behind what was decrypted: the older octets go in front of it. */
        if (conn->inbox_length + plaintext.length > CONN_PLAINTEXT_BYTES) {
            return FAULT_SIP_MALFORMED;
        }
        memmove(environment->scratch->plaintext_octets + conn->inbox_length, plaintext.data,
                plaintext.length);
        memcpy(environment->scratch->plaintext_octets,
               base_pool_block(&environment->inboxes, conn->inbox), conn->inbox_length);
        stream = base_bytes(environment->scratch->plaintext_octets,
                            conn->inbox_length + plaintext.length);
    }
    enum fault fault = take_frames(conn, environment, &stream, may_answer);
    if (fault != FAULT_NONE || conn->finished) {
        return fault;
    }
    return keep_rest(conn, environment, stream);
}

void conn_sip_ended(struct conn *conn, struct conn_environment *environment,
                    const struct conn_input *input) {
    conn_end(conn, environment,
             input->result == 0 ? FAULT_SIP_CLOSED : net_fault_from_errno(input->result));
}

void conn_sip_expired(struct conn *conn, struct conn_environment *environment,
                      const struct conn_input *input) {
    enum fault fault = FAULT_NONE;
    if (conn->awaits_response || conn->awaits_pong || !conn->initiator) {
        conn_record_sip_timeout(conn, environment);
        conn_end(conn, environment, FAULT_SIP_TIMEOUT);
        return;
    }
    if (conn->close_at_ns != 0 && conn->close_at_ns <= environment->now_ns) {
        conn_stop_in_order(conn, environment, input);
        return;
    }
    if (!conn_outbox_open(conn, environment)) {
        conn_end(conn, environment, FAULT_LOCAL_ERROR);
        return;
    }
    if (conn_zone(conn, environment)->dialog == NODE_DIALOG_OPTIONS) {
        fault = send_options(conn, environment);
    } else {
        fault = send_ping(conn, environment);
    }
    conn_outbox_seal(conn, environment);
    if (fault != FAULT_NONE) {
        conn_end(conn, environment, fault);
    }
}
