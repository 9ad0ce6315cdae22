/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

/*
 * The block in flight is frozen; what TLS emits meanwhile collects in a second one, whose size caps
 * what a peer that does not read can make us hold.
 */

static void fly(struct conn *conn, struct conn_environment *environment) {
    const uint8_t *block = base_pool_block(&environment->outboxes, conn->flying);
    conn_mark_in_flight(conn, CONN_SEND);
    net_ring_send(environment->ring, conn->slot,
                  base_bytes(block + conn->flying_sent, conn->flying_length - conn->flying_sent),
                  conn_ticket(conn, CONN_SEND));
}

static void launch_waiting(struct conn *conn, struct conn_environment *environment) {
    conn->flying = conn->waiting;
    conn->flying_length = conn->waiting_length;
    conn->flying_sent = 0;
    conn->waiting = BASE_POOL_NONE;
    conn->waiting_length = 0;
    fly(conn, environment);
}

bool conn_outbox_open(struct conn *conn, struct conn_environment *environment) {
    if (conn->waiting == BASE_POOL_NONE) {
        conn->waiting = base_pool_borrow(&environment->outboxes);
        conn->waiting_length = 0;
    }
    if (conn->waiting == BASE_POOL_NONE) {
        return false;
    }
    environment->scratch->output = (struct base_buffer){
        .data = base_pool_block(&environment->outboxes, conn->waiting),
        .length = conn->waiting_length,
        .capacity = CONN_OUTBOX_BYTES,
    };
    environment->scratch->writer = conn;
    environment->scratch->writer_fault = FAULT_NONE;
    return true;
}

void conn_outbox_seal(struct conn *conn, struct conn_environment *environment) {
    conn->waiting_length = (uint32_t)environment->scratch->output.length;
    environment->scratch->writer = NULL;
    if (conn->waiting_length == 0 || conn->send_broken) {
        base_pool_give_back(&environment->outboxes, conn->waiting);
        conn->waiting = BASE_POOL_NONE;
        conn->waiting_length = 0;
        return;
    }
    if (!conn_in_flight(conn, CONN_SEND)) {
        launch_waiting(conn, environment);
    }
}

void conn_outbox_release(struct conn *conn, struct conn_environment *environment) {
    if (conn->flying != BASE_POOL_NONE && !conn_in_flight(conn, CONN_SEND)) {
        base_pool_give_back(&environment->outboxes, conn->flying);
        conn->flying = BASE_POOL_NONE;
    }
    if (conn->waiting != BASE_POOL_NONE) {
        base_pool_give_back(&environment->outboxes, conn->waiting);
        conn->waiting = BASE_POOL_NONE;
        conn->waiting_length = 0;
    }
}

void conn_outbox_sent(struct conn *conn, struct conn_environment *environment,
                      const struct conn_input *input) {
    conn->flying_sent += (uint32_t)input->result;
    if (conn->flying_sent < conn->flying_length && !conn->cancelled) {
        fly(conn, environment);
        return;
    }
    base_pool_give_back(&environment->outboxes, conn->flying);
    conn->flying = BASE_POOL_NONE;
    if (conn->waiting != BASE_POOL_NONE && !conn->cancelled) {
        launch_waiting(conn, environment);
        return;
    }
    if (conn->phase == CONN_CLOSE) {
        conn_close_progress(conn, environment, input);
    }
}

void conn_outbox_failed(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    /* An alert may be waiting to be read: the peer's reason is worth more than our EPIPE. */
    conn->send_broken = true;
    conn_carrier_leave(conn, environment);
    conn_outbox_release(conn, environment);
    if (!conn_in_flight(conn, CONN_RECEIVE)) {
        conn_end(conn, environment, net_fault_from_errno(input->result));
    }
}
