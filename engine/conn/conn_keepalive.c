/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"
#include "sip_writer.h"

/* A peer that answers nothing to a CRLF CRLF within a second leaves a connection unconfirmed. */
#define FIRST_PONG_NS BASE_NS_PER_S
/* RFC 5626 section 4.4.1: a pong within 10 s, pings at 80% to 100% of 120 s. */
#define PONG_NS          (10 * BASE_NS_PER_S)
#define PING_INTERVAL_NS (120 * BASE_NS_PER_S)

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
    conn->awaits_pong = false;
    conn_record_pong(conn, environment);
    if (!may_answer) {
        return FAULT_NONE;
    }
    if (conn->close_at_ns != 0 && conn->close_at_ns <= environment->now_ns) {
        conn->finished = true;
        return FAULT_NONE;
    }
    double share = 0.8 + 0.2 * base_random_uniform(&environment->random);
    conn_arm(conn, environment, environment->now_ns + (uint64_t)(share * (double)PING_INTERVAL_NS));
    return FAULT_NONE;
}
