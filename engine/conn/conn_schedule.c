/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

static bool awaits(const struct conn *conn) {
    return conn->awaits_response || conn->awaits_pong;
}

static bool is_due_to_close(const struct conn *conn, const struct conn_environment *environment) {
    return conn->close_at_ns != 0 && conn->close_at_ns <= environment->now_ns;
}

void conn_arm(struct conn *conn, struct conn_environment *environment, uint64_t deadline_ns) {
    if (conn->close_at_ns != 0 && conn->close_at_ns < deadline_ns && !awaits(conn)) {
        deadline_ns = conn->close_at_ns;
    }
    base_timer_arm(&environment->wheel, &conn->timer, deadline_ns);
}

void conn_expired(struct conn *conn, struct conn_environment *environment, enum fault timeout,
                  enum fault (*send_next)(struct conn *conn,
                                          struct conn_environment *environment)) {
    const struct conn_input none = {.result = 0};
    if (awaits(conn) || !conn->initiator) {
        conn_record_response_timeout(conn, environment);
        conn_end(conn, environment, timeout);
        return;
    }
    if (is_due_to_close(conn, environment)) {
        conn_stop_in_order(conn, environment, &none);
        return;
    }
    if (!conn_outbox_open(conn, environment)) {
        conn_end(conn, environment, FAULT_LOCAL_ERROR);
        return;
    }
    enum fault fault = send_next(conn, environment);
    conn_outbox_seal(conn, environment);
    if (fault != FAULT_NONE) {
        conn_end(conn, environment, fault);
    }
}

enum fault conn_go_on(struct conn *conn, struct conn_environment *environment,
                      enum fault (*send_next)(struct conn *conn,
                                              struct conn_environment *environment)) {
    uint64_t due_ns = conn->request_ns + conn_zone(conn, environment)->options_interval_ns;
    if (is_due_to_close(conn, environment)) {
        conn->finished = true;
        return FAULT_NONE;
    }
    if (due_ns <= environment->now_ns) {
        return send_next(conn, environment);
    }
    conn_arm(conn, environment, due_ns);
    return FAULT_NONE;
}
