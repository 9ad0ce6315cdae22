/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"
#include "sip_writer.h"

/* A peer that answers nothing to a CRLF CRLF within a second leaves a connection unconfirmed. */
#define FIRST_PONG_NS BASE_NS_PER_S
/* RFC 5626 section 4.4.1: a pong within 10 s. */
#define PONG_NS (10 * BASE_NS_PER_S)

/* The same section: pings are 80% to 100% of the time apart, so that no two stay in step. */
static uint64_t shorten(struct conn_environment *environment, uint64_t interval_ns) {
    double share = 0.8 + 0.2 * base_random_uniform(&environment->random);
    return (uint64_t)(share * (double)interval_ns);
}

uint64_t conn_keepalive_before(struct conn *conn, struct conn_environment *environment,
                               uint64_t deadline_ns) {
    uint64_t interval_ns = conn_zone(conn, environment)->keep_alive_ns;
    conn->due_ns = 0;
    if (!conn->established || deadline_ns <= environment->now_ns + interval_ns / 5 * 4) {
        return deadline_ns;
    }
    uint64_t ping_ns = environment->now_ns + shorten(environment, interval_ns);
    if (ping_ns >= deadline_ns) {
        return deadline_ns;
    }
    conn->due_ns = deadline_ns;
    return ping_ns;
}

bool conn_keepalive_is_overdue(struct conn *conn, const struct conn_environment *environment) {
    uint64_t interval_ns = conn_zone(conn, environment)->keep_alive_ns;
    if (interval_ns == 0 || environment->now_ns - conn->request_ns < interval_ns) {
        return false;
    }
    conn->request_ns = environment->now_ns; /* the time of a pause is not made up for */
    return true;
}

static uint64_t next_ping_ns(const struct conn *conn, struct conn_environment *environment) {
    uint64_t interval_ns = conn_zone(conn, environment)->ping_ns;
    return interval_ns == 0 ? UINT64_MAX : environment->now_ns + shorten(environment, interval_ns);
}

enum fault conn_keepalive_send(struct conn *conn, struct conn_environment *environment) {
    conn->awaits_pong = true;
    conn_record_ping_sent(conn, environment);
    conn_arm(conn, environment, environment->now_ns + (conn->admitted ? PONG_NS : FIRST_PONG_NS));
    return conn_write(conn, environment, base_bytes_of_text(SIP_PING));
}

enum fault conn_keepalive_take_ping(struct conn *conn, struct conn_environment *environment,
                                    bool may_answer) {
    conn_record_ping_received(conn, environment);
    return may_answer ? conn_write(conn, environment, base_bytes_of_text(SIP_PONG)) : FAULT_NONE;
}

enum fault conn_keepalive_take_pong(struct conn *conn, struct conn_environment *environment,
                                    bool may_answer) {
    /* Else requests tell whether the peer answers as it should: a pong says less. */
    bool pings_only = conn_zone(conn, environment)->dialog == NODE_DIALOG_NONE;
    conn->awaits_pong = false;
    conn->kept_alive = conn->kept_alive || conn->answered;
    if (pings_only) {
        conn_record_pong(conn, environment);
    }
    if (!may_answer || conn->awaits_response) {
        return FAULT_NONE;
    }
    if (conn->close_at_ns != 0 && conn->close_at_ns <= environment->now_ns) {
        conn->finished = true;
        return FAULT_NONE;
    }
    uint64_t next_ns = pings_only         ? next_ping_ns(conn, environment)
                       : conn->due_ns > 0 ? conn->due_ns
                                          : environment->now_ns;
    if (next_ns == UINT64_MAX && conn->close_at_ns == 0) {
        base_timer_cancel(&environment->wheel, &conn->timer);
        return FAULT_NONE;
    }
    conn_arm(conn, environment, next_ns);
    return FAULT_NONE;
}
