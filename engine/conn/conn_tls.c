/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

/* One call of the TLS room on the open outbox; what it decrypted stands in exchange.plaintext. */
static enum fault feed(struct conn *conn, struct conn_environment *environment,
                       struct bytes input) {
    environment->scratch->exchange.input = input;
    environment->scratch->plaintext.length = 0;
    enum fault fault = tls_session_feed(conn->tls, &environment->scratch->exchange);
    if (environment->scratch->exchange.judgement.made) {
        conn_record_judgement(conn, environment);
    }
    return fault;
}

/*
 * The order matters: application data that came before an alert or a close is read first, and a
 * peer's close_notify ends a connection that was answered in order.
 */
static enum fault take(struct conn *conn, struct conn_environment *environment,
                       struct bytes input) {
    enum fault fault = feed(conn, environment, input);
    if (conn->phase == CONN_TLS && tls_session_is_open(conn->tls)) {
        conn_record_open(conn, environment);
        conn->due_ns = 0;
        conn_enter(conn, CONN_OPEN);
        if (fault == FAULT_NONE) {
            fault = conn_service_of(conn)->begin(conn, environment);
        }
    }
    if (conn->phase == CONN_OPEN && environment->scratch->plaintext.length > 0) {
        bool may_answer = fault == FAULT_NONE && !tls_session_peer_closed(conn->tls);
        enum fault read = conn_service_of(conn)->read(
            conn, environment, base_buffer_bytes(&environment->scratch->plaintext), may_answer);
        fault = read != FAULT_NONE ? read : fault;
    }
    return fault;
}

void conn_tls_bytes(struct conn *conn, struct conn_environment *environment,
                    const struct conn_input *input) {
    if (!conn_outbox_open(conn, environment)) {
        conn_end(conn, environment, FAULT_LOCAL_ERROR);
        return;
    }
    enum fault fault = take(conn, environment, input->bytes);
    fault = fault != FAULT_NONE ? fault : environment->scratch->writer_fault;
    conn_outbox_seal(conn, environment);
    if (fault != FAULT_NONE) {
        conn_end(conn, environment, fault);
        return;
    }
    if (tls_session_peer_closed(conn->tls)) {
        bool is_up = conn->initiator ? conn->established : conn->admitted;
        bool is_asking = conn->awaits_response || conn_is_in_dialog(conn, environment);
        bool in_order = is_up && !is_asking;
        conn_close_notify(conn, environment);
        conn_end(conn, environment, in_order ? FAULT_NONE : conn_service_of(conn)->closed);
        return;
    }
    if (conn->finished) {
        conn_stop_in_order(conn, environment, input);
    }
}

void conn_tls_ended(struct conn *conn, struct conn_environment *environment,
                    const struct conn_input *input) {
    conn_end(conn, environment,
             input->result == 0 ? FAULT_TLS_CLOSED : net_fault_from_errno(input->result));
}

void conn_tls_expired(struct conn *conn, struct conn_environment *environment,
                      const struct conn_input *input) {
    (void)input;
    conn_end(conn, environment, FAULT_TLS_TIMEOUT);
}
