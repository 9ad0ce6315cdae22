/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"

uint64_t conn_draw_ns(struct base_random *random, uint64_t ns,
                      const struct profile_spread *spread) {
    switch (spread->kind) {
    case PROFILE_SPREAD_EXPONENTIAL:
        return (uint64_t)base_random_exponential(random, (double)ns);
    case PROFILE_SPREAD_UNIFORM:
        return ns + (uint64_t)(base_random_uniform(random) * (double)(spread->longest_ns - ns));
    case PROFILE_SPREAD_NONE:
    default:
        return ns;
    }
}

uint64_t conn_draw_hold_ns(const struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    return conn_draw_ns(&environment->random, zone->hold_ns, &zone->hold_spread);
}

static bool awaits(const struct conn *conn) {
    return conn->awaits_response || conn->awaits_pong;
}

static bool is_due_to_close(const struct conn *conn, const struct conn_environment *environment) {
    return conn->close_at_ns != 0 && conn->close_at_ns <= environment->now_ns;
}

bool conn_is_in_dialog(const struct conn *conn, const struct conn_environment *environment) {
    bool plays = conn->initiator && conn_zone(conn, environment)->dialog == NODE_DIALOG_SCRIPT &&
                 conn->script != BASE_POOL_NONE;
    return plays || conn->call != BASE_POOL_NONE;
}

/* How often it is looked whether a pause is over. */
#define PAUSE_LOOK_NS (250 * BASE_NS_PER_MS)

/* In a pause nothing is begun; what was begun goes on to its end, and flows stay alive. */
static bool may_wait(const struct conn *conn, const struct conn_environment *environment) {
    return conn_zone(conn, environment)->dialog != NODE_DIALOG_NONE &&
           !conn_is_in_dialog(conn, environment) && conn->due_ns <= environment->now_ns;
}

void conn_arm(struct conn *conn, struct conn_environment *environment, uint64_t deadline_ns) {
    if (!awaits(conn)) {
        if (conn->close_at_ns != 0 && conn->close_at_ns < deadline_ns) {
            deadline_ns = conn->close_at_ns;
        }
        if (conn->initiator && conn_zone(conn, environment)->keep_alive_ns != 0) {
            deadline_ns = conn_keepalive_before(conn, environment, deadline_ns);
        }
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
    if (environment->paused && may_wait(conn, environment) &&
        !conn_keepalive_is_overdue(conn, environment)) {
        conn_arm(conn, environment, environment->now_ns + PAUSE_LOOK_NS);
        return;
    }
    if (conn->due_ns > environment->now_ns ||
        (environment->paused && may_wait(conn, environment))) {
        send_next = conn_keepalive_send;
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

/* It had all its dialogs: it stays for its hold time, in silence. An INVITE was held already. */
static void conclude(struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    bool is_held = !zone->stays_open && zone->dialog != NODE_DIALOG_INVITE;
    uint64_t hold_ns = is_held ? conn_draw_hold_ns(conn, environment) : 0;
    if (hold_ns == 0) {
        conn->finished = true;
        return;
    }
    conn->close_at_ns = environment->now_ns + hold_ns;
    conn_arm(conn, environment, conn->close_at_ns);
}

enum fault conn_go_on(struct conn *conn, struct conn_environment *environment,
                      enum fault (*send_next)(struct conn *conn,
                                              struct conn_environment *environment)) {
    return conn_go_on_within(conn, environment, UINT64_MAX, send_next);
}

enum fault conn_go_on_within(struct conn *conn, struct conn_environment *environment,
                             uint64_t longest_ns,
                             enum fault (*send_next)(struct conn *conn,
                                                     struct conn_environment *environment)) {
    const struct node_zone *zone = conn_zone(conn, environment);
    if (is_due_to_close(conn, environment)) {
        conn->finished = true;
        return FAULT_NONE;
    }
    if (zone->dialogs > 0 && ++conn->dialogs >= zone->dialogs) {
        conclude(conn, environment);
        return FAULT_NONE;
    }
    uint64_t interval_ns = conn_draw_ns(&environment->random, zone->options_interval_ns,
                                        &zone->options_interval_spread);
    uint64_t due_ns = conn->request_ns + (interval_ns < longest_ns ? interval_ns : longest_ns);
    if (due_ns <= environment->now_ns && !environment->paused) {
        return send_next(conn, environment);
    }
    conn_arm(conn, environment, due_ns);
    return FAULT_NONE;
}
