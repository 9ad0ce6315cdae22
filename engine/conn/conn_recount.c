/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"

static void recount_target(const struct conn *conn, struct metrics_zone *zone) {
    if (zone->target_count > 0) {
        metrics_add(&zone->targets[conn->target].attempts, 1);
        metrics_add(&zone->targets[conn->target].established, conn->established ? 1 : 0);
    }
}

static void recount_session(const struct conn *conn, struct metrics_zone *zone) {
    if (conn->phase != CONN_OPEN || conn->tls == NULL) {
        return;
    }
    metrics_add(tls_session_version(conn->tls) == TLS_VERSION_1_3 ? &zone->tls_1_3 : &zone->tls_1_2,
                1);
    metrics_zone_count_suite(zone, tls_session_suite(conn->tls));
    if (tls_session_is_resumed(conn->tls)) {
        metrics_add(&zone->resumed, 1);
    }
}

static void recount_initiator(const struct conn *conn, struct metrics_zone *zone) {
    struct metrics_identity *identity = &zone->identities[conn->presented->identity];
    metrics_add(&zone->attempts, 1);
    metrics_add(&identity->attempts, 1);
    if (conn->established) {
        metrics_add(&zone->established, 1);
        metrics_add(&identity->established, 1);
    }
    metrics_add(&zone->answered, conn->answered ? 1 : 0);
    metrics_add(&zone->answering, conn->answering ? 1 : 0);
    metrics_add(&zone->sip_requests, conn->awaits_response ? 1 : 0);
    recount_target(conn, zone);
    recount_session(conn, zone);
}

static void recount_acceptor(const struct conn *conn, const struct conn_environment *environment,
                             struct metrics_listener *listener) {
    bool is_resumed =
        conn->phase == CONN_OPEN && conn->tls != NULL && tls_session_is_resumed(conn->tls);
    bool is_aliased = environment->instance->listeners[conn->subject].needs_alias &&
                      !base_list_is_empty(&conn->carrier);
    metrics_add(&listener->accepted, 1);
    metrics_add(&listener->admitted, conn->admitted ? 1 : 0);
    metrics_add(&listener->resumed, is_resumed ? 1 : 0);
    metrics_add(&listener->aliased, is_aliased ? 1 : 0);
    metrics_add(&listener->alias_refused, conn->alias_refused ? 1 : 0);
}

void conn_recount(const struct conn *conn, struct conn_environment *environment) {
    conn_forget_loss(conn, environment); /* or it would be recovered without having been lost */
    if (conn->phase == CONN_IDLE || conn->outcome != CONN_OUTCOME_NONE) {
        return;
    }
    if (conn->initiator) {
        recount_initiator(conn, conn_record_zone_of(conn, environment));
        return;
    }
    recount_acceptor(conn, environment, conn_record_listener_of(conn, environment));
}
