/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

/* A peer that was told of the end closes at once, as a rule. Only one that does not is sent a FIN:
 * io_uring leaves a shutdown to a kernel thread, which costs as much as all our sends together. */
#define PATIENCE_NS UINT64_C(100000000)
/* How long it may then take to close its side. */
#define DRAIN_NS UINT64_C(1000000000)

static enum conn_outcome outcome_of(const struct conn *conn, enum fault fault) {
    if (conn->initiator ? conn->established : conn->admitted) {
        return fault == FAULT_NONE ? CONN_OUTCOME_CLOSED : CONN_OUTCOME_LOST;
    }
    if ((fault == FAULT_SIP_TIMEOUT || fault == FAULT_HTTP_TIMEOUT) && conn->awaits_pong) {
        return CONN_OUTCOME_UNCONFIRMED;
    }
    return CONN_OUTCOME_FAILED;
}

static bool is_tls_error(enum fault fault) {
    return fault >= FAULT_TLS_TIMEOUT && fault <= FAULT_TLS_PROTOCOL_ERROR;
}

/* What a refusal means to a tunnel, in the words of its status page. */
static enum fault name_fault(const struct conn *conn, enum fault fault) {
    if (!conn->initiator || conn->protocol != NODE_PROTOCOL_TUNNEL || conn->established) {
        return fault;
    }
    if (fault >= FAULT_TLS_ALERT_CLOSE_NOTIFY && fault <= FAULT_TLS_ALERT_UNKNOWN) {
        return FAULT_TUNNEL_PERMISSION_DENIED;
    }
    return fault == FAULT_TCP_TIMEOUT || fault == FAULT_TLS_TIMEOUT ? FAULT_TUNNEL_TIMEOUT : fault;
}

/* `cause`: the fault before it was given a tunnel's name. */
static void report(struct conn *conn, struct conn_environment *environment, enum fault cause) {
    if (environment->frozen) {
        return;
    }
    if (conn->initiator && conn->protocol == NODE_PROTOCOL_TUNNEL) {
        if (conn->outcome == CONN_OUTCOME_FAILED && cause != FAULT_NONE) {
            conn_record_tunnel_error(conn, environment, cause);
        }
        return;
    }
    if (is_tls_error(cause) && !conn->admitted && !conn->slot_closed) {
        conn_ends_report(conn, environment);
    }
}

void conn_end(struct conn *conn, struct conn_environment *environment, enum fault fault) {
    bool was_open = conn->phase == CONN_OPEN;
    conn->fault = (uint8_t)name_fault(conn, fault);
    conn->outcome = (uint8_t)outcome_of(conn, fault);
    conn_carrier_end(conn, environment);
    conn_record_end(conn, environment);
    environment->leaving -= conn->leaves;
    conn_enter(conn, CONN_CLOSE);
    report(conn, environment, fault);
    if (conn->tls != NULL) {
        conn->peer_ended = tls_session_peer_closed(conn->tls);
        tls_session_destroy(conn->tls);
        conn->tls = NULL;
    }
    /* Closing with unread octets would send a reset, and the reset would overtake our alert. */
    conn->drains = conn_in_flight(conn, CONN_SEND) && conn_in_flight(conn, CONN_RECEIVE);
    base_timer_arm(&environment->wheel, &conn->timer, environment->now_ns + PATIENCE_NS);
    const struct conn_input none = {.result = 0};
    conn_close_progress(conn, environment, &none);
    if (was_open) {
        conn_service_of(conn)->abandon(conn, environment);
    }
}

/* True while the peer should still be given time. */
static bool drain(struct conn *conn, struct conn_environment *environment) {
    if (!conn->drains) {
        return false;
    }
    if (conn_in_flight(conn, CONN_SEND)) {
        return true;
    }
    if (conn->read_end || conn->peer_ended || !conn_in_flight(conn, CONN_RECEIVE)) {
        return false;
    }
    if (conn->owes_fin) {
        conn->owes_fin = false;
        conn_mark_in_flight(conn, CONN_SHUTDOWN);
        net_ring_shutdown_write(environment->ring, conn->slot, conn_ticket(conn, CONN_SHUTDOWN));
    }
    return true;
}

void conn_close_progress(struct conn *conn, struct conn_environment *environment,
                         const struct conn_input *input) {
    const unsigned uncancellable =
        1u << CONN_CANCEL | 1u << CONN_CLOSE_SLOT | 1u << CONN_SHUTDOWN | 1u << CONN_PEER_ADDRESS;
    (void)input;
    if (conn->slot_closed || conn_in_flight(conn, CONN_CLOSE_SLOT) || drain(conn, environment)) {
        return;
    }
    if ((conn->operations & ~uncancellable) != 0 && !conn->cancelled) {
        /* A close while a receive is armed closes nothing: the operation holds the socket. */
        conn->cancelled = true;
        conn_mark_in_flight(conn, CONN_CANCEL);
        net_ring_cancel(environment->ring, conn->slot, conn_ticket(conn, CONN_CANCEL));
    }
    if (conn->operations != 0) {
        return;
    }
    conn_outbox_release(conn, environment);
    if (conn->inbox != BASE_POOL_NONE) {
        base_pool_give_back(&environment->inboxes, conn->inbox);
        conn->inbox = BASE_POOL_NONE;
    }
    conn_mark_in_flight(conn, CONN_CLOSE_SLOT);
    net_ring_close(environment->ring, conn->slot, conn_ticket(conn, CONN_CLOSE_SLOT));
}

void conn_close_expired(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    if (conn->drains && !conn->impatient) {
        conn->impatient = true;
        conn->owes_fin = true;
        base_timer_arm(&environment->wheel, &conn->timer, environment->now_ns + DRAIN_NS);
    } else {
        conn->drains = false;
    }
    conn_close_progress(conn, environment, input);
}

void conn_close_failed(struct conn *conn, struct conn_environment *environment,
                       const struct conn_input *input) {
    conn->send_broken = true;
    conn->drains = false;
    conn_outbox_release(conn, environment);
    conn_close_progress(conn, environment, input);
}

void conn_close_end_of_stream(struct conn *conn, struct conn_environment *environment,
                              const struct conn_input *input) {
    conn->read_end = true;
    conn_close_progress(conn, environment, input);
}

void conn_close_at_once(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    if (conn->phase != CONN_CLOSE) {
        conn_end(conn, environment, FAULT_NONE);
    }
    conn->drains = false;
    conn_close_progress(conn, environment, input);
}

void conn_discard(struct conn *conn) {
    /* Slots that were never used are only looked at: writing would back their memory. */
    if (conn->tls != NULL) {
        tls_session_destroy(conn->tls);
        conn->tls = NULL;
    }
}

void conn_close_notify(struct conn *conn, struct conn_environment *environment) {
    if (conn_outbox_open(conn, environment)) {
        tls_session_close(conn->tls, &environment->scratch->exchange);
        conn_outbox_seal(conn, environment);
    }
}

void conn_stop_in_order(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    if (conn->initiator && conn_zone(conn, environment)->reset_on_close) {
        conn_close_at_once(conn, environment, input);
        return;
    }
    if (conn_leave(conn, environment)) {
        return;
    }
    conn_call_cancel(conn, environment);
    conn_close_notify(conn, environment);
    conn_end(conn, environment, FAULT_NONE);
}
