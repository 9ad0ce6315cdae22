/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

/* Two cache lines for every event; 50,000 pairs have 100,000 of the whole. */
static_assert(offsetof(struct conn, carrier) <= 128, "the hot part of a connection");
static_assert(sizeof(struct conn) <= 232, "a connection");

static void ignore(struct conn *conn, struct conn_environment *environment,
                   const struct conn_input *input) {
    (void)conn;
    (void)environment;
    (void)input;
}

/*
 * What happens next. A cell that cannot occur ignores the event; CLOSE fills every cell, because
 * late completions arrive there.
 */
static conn_action *const actions[CONN_PHASES][CONN_EVENTS] = {
    [CONN_TCP] =
        {
            [CONN_EVENT_CONNECTED] = conn_tcp_connected,
            [CONN_EVENT_CONNECT_FAILED] = conn_tcp_failed,
            [CONN_EVENT_TIMER] = conn_tcp_expired,
            [CONN_EVENT_STOP] = conn_close_at_once,
        },
    [CONN_TLS] =
        {
            [CONN_EVENT_BYTES] = conn_tls_bytes,
            [CONN_EVENT_END_OF_STREAM] = conn_tls_ended,
            [CONN_EVENT_RECEIVE_FAILED] = conn_tls_ended,
            [CONN_EVENT_SENT] = conn_outbox_sent,
            [CONN_EVENT_SEND_FAILED] = conn_outbox_failed,
            [CONN_EVENT_TIMER] = conn_tls_expired,
            [CONN_EVENT_STOP] = conn_close_at_once,
        },
    [CONN_OPEN] =
        {
            [CONN_EVENT_BYTES] = conn_tls_bytes,
            [CONN_EVENT_END_OF_STREAM] = conn_service_ended,
            [CONN_EVENT_RECEIVE_FAILED] = conn_service_ended,
            [CONN_EVENT_SENT] = conn_outbox_sent,
            [CONN_EVENT_SEND_FAILED] = conn_outbox_failed,
            [CONN_EVENT_TIMER] = conn_service_expired,
            [CONN_EVENT_STOP] = conn_stop_in_order,
        },
    [CONN_CLOSE] =
        {
            [CONN_EVENT_CONNECTED] = conn_close_progress,
            [CONN_EVENT_CONNECT_FAILED] = conn_close_progress,
            [CONN_EVENT_BYTES] = conn_close_progress, /* unread on purpose: it is over */
            [CONN_EVENT_END_OF_STREAM] = conn_close_end_of_stream,
            [CONN_EVENT_RECEIVE_FAILED] = conn_close_end_of_stream,
            [CONN_EVENT_SENT] = conn_outbox_sent,
            [CONN_EVENT_SEND_FAILED] = conn_close_failed,
            [CONN_EVENT_OPERATION_ENDED] = conn_close_progress,
            [CONN_EVENT_TIMER] = conn_close_expired,
            [CONN_EVENT_STOP] = conn_close_progress,
        },
};

static enum conn_result dispatch(struct conn *conn, struct conn_environment *environment,
                                 enum conn_event event, const struct conn_input *input) {
    conn_action *action = actions[conn->phase][event];
    (action == NULL ? ignore : action)(conn, environment, input);
    if (conn->phase == CONN_CLOSE && conn->slot_closed && conn->operations == 0) {
        base_timer_cancel(&environment->wheel, &conn->timer);
        conn_enter(conn, CONN_IDLE);
        return CONN_DONE;
    }
    return CONN_GOES_ON;
}

void conn_enter(struct conn *conn, enum conn_phase phase) {
    assert(phase > conn->phase || phase == CONN_IDLE);
    conn->phase = (uint8_t)phase;
}

struct net_ticket conn_ticket(const struct conn *conn, enum conn_operation operation) {
    return (struct net_ticket){
        .slot = conn->slot, .generation = conn->generation, .operation = (uint8_t)operation};
}

void conn_mark_in_flight(struct conn *conn, enum conn_operation operation) {
    assert(!conn_in_flight(conn, operation));
    conn->operations |= (uint8_t)(1u << operation);
}

void conn_receive(struct conn *conn, struct conn_environment *environment) {
    conn_mark_in_flight(conn, CONN_RECEIVE);
    net_ring_receive(environment->ring, conn->slot, conn_ticket(conn, CONN_RECEIVE));
}

const struct node_zone *conn_zone(const struct conn *conn,
                                  const struct conn_environment *environment) {
    return &environment->instance->zones[conn->subject];
}

/* Begins anywhere, or one peer could guess another's token (conn_relay_token()). */
static uint32_t next_generation(const struct conn *conn, struct conn_environment *environment) {
    return conn->generation == 0 ? (uint32_t)base_random_next(&environment->random)
                                 : conn->generation + 1;
}

/* Everything of an earlier life goes, but for the slot, the generation and what belongs to the
 * owner. */
static void begin(struct conn *conn, struct conn_environment *environment, uint32_t subject,
                  enum node_protocol protocol) {
    struct conn fresh = {
        .slot = conn->slot,
        .generation = next_generation(conn, environment),
        .subject = subject,
        .protocol = (uint8_t)protocol,
        .flying = BASE_POOL_NONE,
        .waiting = BASE_POOL_NONE,
        .inbox = BASE_POOL_NONE,
        .challenge = BASE_POOL_NONE,
        .call = BASE_POOL_NONE,
        .asked_first = BASE_POOL_NONE,
        .asked_last = BASE_POOL_NONE,
        .started_ns = environment->now_ns,
        .intended_ns = environment->now_ns,
        .attempt_of_burst = conn->attempt_of_burst,
    };
    assert(conn->phase == CONN_IDLE && conn->operations == 0);
    *conn = fresh;
    base_timer_init(&conn->timer);
    base_list_init(&conn->link);
    base_list_init(&conn->carrier);
}

enum conn_result conn_start(struct conn *conn, struct conn_environment *environment,
                            const struct conn_attempt *attempt) {
    begin(conn, environment, attempt->zone, environment->instance->zones[attempt->zone].protocol);
    conn->initiator = true;
    conn->presented = attempt->presented;
    conn->remote = attempt->remote;
    conn->local = attempt->source;
    conn->target = attempt->target;
    conn->intended_ns = attempt->intended_ns;
    const struct node_zone *zone = conn_zone(conn, environment);
    conn_record_start(conn, environment);
    conn_enter(conn, CONN_TCP);
    enum fault fault = conn_ends_open(conn, environment, attempt->source, zone->reset_on_close);
    if (fault != FAULT_NONE) {
        conn->slot_closed = true;
        conn_end(conn, environment, fault);
        base_timer_cancel(&environment->wheel, &conn->timer);
        conn_enter(conn, CONN_IDLE);
        return CONN_DONE;
    }
    base_timer_arm(&environment->wheel, &conn->timer, environment->now_ns + zone->timeout_ns);
    conn_mark_in_flight(conn, CONN_CONNECT);
    net_ring_connect(environment->ring, conn->slot, conn->remote, conn_ticket(conn, CONN_CONNECT));
    return CONN_GOES_ON;
}

enum conn_result conn_accept(struct conn *conn, struct conn_environment *environment,
                             uint32_t listener) {
    const struct node_listener *row = &environment->instance->listeners[listener];
    begin(conn, environment, listener, row->protocol);
    conn_record_start(conn, environment);
    conn_enter(conn, CONN_TCP);
    base_timer_arm(&environment->wheel, &conn->timer, environment->now_ns + row->timeout_ns);
    conn_tcp_begin_tls(conn, environment);
    conn_ends_accept(conn, environment);
    return CONN_GOES_ON;
}

/*
 * A receive ends early when the machine runs out of buffers or of completions: nothing was lost,
 * and it goes on. But not behind the cancel that was to end it: that one would never end.
 */
static enum conn_event event_of_receive(struct conn *conn, struct conn_environment *environment,
                                        const struct net_event *event) {
    bool ended_early = !event->more && (event->result > 0 || event->result == -ENOBUFS);
    if (ended_early && !conn->cancelled) {
        conn_receive(conn, environment);
    }
    if (event->result == -ENOBUFS) {
        return CONN_EVENT_OPERATION_ENDED;
    }
    if (event->result > 0) {
        return CONN_EVENT_BYTES;
    }
    return event->result == 0 ? CONN_EVENT_END_OF_STREAM : CONN_EVENT_RECEIVE_FAILED;
}

static enum conn_event event_of(struct conn *conn, struct conn_environment *environment,
                                const struct net_event *event) {
    switch ((enum conn_operation)event->ticket.operation) {
    case CONN_CONNECT:
        return event->result == 0 ? CONN_EVENT_CONNECTED : CONN_EVENT_CONNECT_FAILED;
    case CONN_RECEIVE:
        return event_of_receive(conn, environment, event);
    case CONN_SEND:
        return event->result >= 0 ? CONN_EVENT_SENT : CONN_EVENT_SEND_FAILED;
    case CONN_CLOSE_SLOT:
        conn->slot_closed = true;
        return CONN_EVENT_OPERATION_ENDED;
    case CONN_SHUTDOWN:
    case CONN_PEER_ADDRESS:
    case CONN_CANCEL:
    case CONN_OPERATIONS:
    default:
        return CONN_EVENT_OPERATION_ENDED;
    }
}

enum conn_result conn_step(struct conn *conn, struct conn_environment *environment,
                           const struct net_event *event) {
    if (event->ticket.generation != conn->generation || conn->phase == CONN_IDLE) {
        return CONN_GOES_ON;
    }
    if (!event->more) {
        conn->operations &= (uint8_t) ~(1u << event->ticket.operation);
    }
    const struct conn_input input = {.bytes = event->data, .result = event->result};
    if (event->ticket.operation == CONN_PEER_ADDRESS) {
        conn_ends_answered(conn, environment, event->result);
    }
    return dispatch(conn, environment, event_of(conn, environment, event), &input);
}

enum conn_result conn_expire(struct conn *conn, struct conn_environment *environment) {
    const struct conn_input none = {.result = 0};
    return dispatch(conn, environment, CONN_EVENT_TIMER, &none);
}

enum conn_result conn_stop(struct conn *conn, struct conn_environment *environment, bool at_once) {
    const struct conn_input none = {.result = 0};
    if (at_once) {
        conn_close_at_once(conn, environment, &none);
    }
    return dispatch(conn, environment, CONN_EVENT_STOP, &none);
}
