/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

static struct conn_ends *ends_of(const struct conn *conn,
                                 const struct conn_environment *environment) {
    return &environment->ends[conn->slot];
}

enum fault conn_ends_open(const struct conn *conn, struct conn_environment *environment,
                          const struct net_address *source, bool reset_on_close) {
    if (environment->ends == NULL) {
        return net_ring_open(environment->ring, conn->slot, source, reset_on_close);
    }
    struct conn_ends *ends = ends_of(conn, environment);
    *ends = (struct conn_ends){.local = *source, .remote = *conn->remote};
    return net_ring_open_known(environment->ring, conn->slot, &ends->local, reset_on_close);
}

static void ask(struct conn *conn, struct conn_environment *environment, struct net_address *out) {
    *out = (struct net_address){.length = environment->listener_addresses[conn->subject].length};
    conn_mark_in_flight(conn, CONN_PEER_ADDRESS);
    net_ring_peer_address(environment->ring, conn->slot, out, conn_ticket(conn, CONN_PEER_ADDRESS));
}

void conn_ends_accept(struct conn *conn, struct conn_environment *environment) {
    if (environment->ends != NULL && conn->phase != CONN_CLOSE) {
        struct conn_ends *ends = ends_of(conn, environment);
        ends->local = environment->listener_addresses[conn->subject];
        ask(conn, environment, &ends->remote);
    }
}

/*
 * Without diagnostics an acceptor asks only now: accepting thousands does not need the initiator's
 * address. There is room for the answer in what a connection reads into.
 */
void conn_ends_report(struct conn *conn, struct conn_environment *environment) {
    const struct net_address unknown = {.length = 0};
    if (conn->initiator) {
        conn_record_tls_error(conn, environment,
                              environment->ends == NULL ? &unknown
                                                        : &ends_of(conn, environment)->local);
        return;
    }
    conn->owes_report = true;
    if (conn_in_flight(conn, CONN_PEER_ADDRESS)) {
        return; /* the answer finds the connection closing */
    }
    if (environment->ends != NULL) {
        conn_record_tls_error(conn, environment, &ends_of(conn, environment)->remote);
        return;
    }
    if (conn->inbox == BASE_POOL_NONE) {
        conn->inbox = base_pool_borrow(&environment->inboxes);
    }
    if (conn->inbox == BASE_POOL_NONE) {
        conn_record_tls_error(conn, environment, &unknown);
        return;
    }
    ask(conn, environment, base_pool_block(&environment->inboxes, conn->inbox));
}

void conn_ends_answered(struct conn *conn, struct conn_environment *environment, int32_t result) {
    struct net_address *remote = environment->ends != NULL
                                     ? &ends_of(conn, environment)->remote
                                     : base_pool_block(&environment->inboxes, conn->inbox);
    if (result < 0) {
        remote->length = 0;
    }
    if (conn->phase == CONN_CLOSE && conn->owes_report) {
        conn_record_tls_error(conn, environment, remote);
    }
}
