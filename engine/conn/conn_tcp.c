/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_hash.h"

/* A zone's sessions are kept per address that it dials. */
static void dial(const struct conn *conn, struct conn_environment *environment) {
    double ratio = conn_zone(conn, environment)->resume_ratio;
    struct bytes address = base_bytes(&conn->remote->any, conn->remote->length);
    tls_session_dial(conn->tls, base_hash(BASE_HASH_BEGIN, address),
                     base_random_uniform(&environment->random) < ratio);
}

void conn_tcp_begin_tls(struct conn *conn, struct conn_environment *environment) {
    struct tls_context *context = conn->initiator
                                      ? conn->presented->context
                                      : environment->instance->listeners[conn->subject].context;
    conn->tls = tls_session_create(context);
    if (conn->tls == NULL) {
        conn_end(conn, environment, FAULT_LOCAL_ERROR);
        return;
    }
    if (conn->initiator && conn_zone(conn, environment)->resumes) {
        dial(conn, environment);
    }
    conn->tls_started_ns = environment->now_ns;
    conn_enter(conn, CONN_TLS);
    conn_receive(conn, environment);
}

void conn_tcp_connected(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    (void)input;
    conn_record_connected(conn, environment);
    conn_tcp_begin_tls(conn, environment);
    if (conn->phase == CONN_TLS) {
        const struct conn_input nothing_yet = {.result = 0};
        conn_tls_bytes(conn, environment, &nothing_yet);
    }
}

void conn_tcp_failed(struct conn *conn, struct conn_environment *environment,
                     const struct conn_input *input) {
    conn_end(conn, environment, net_fault_from_errno(input->result));
}

void conn_tcp_expired(struct conn *conn, struct conn_environment *environment,
                      const struct conn_input *input) {
    (void)input;
    conn_end(conn, environment, FAULT_TCP_TIMEOUT);
}
