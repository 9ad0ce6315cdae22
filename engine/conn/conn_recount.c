/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"

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
    recount_session(conn, zone);
}

void conn_recount(const struct conn *conn, struct conn_environment *environment) {
    if (conn->phase == CONN_IDLE || conn->outcome != CONN_OUTCOME_NONE) {
        return;
    }
    if (conn->initiator) {
        recount_initiator(conn, conn_record_zone_of(conn, environment));
        return;
    }
    struct metrics_listener *listener = conn_record_listener_of(conn, environment);
    metrics_add(&listener->accepted, 1);
    metrics_add(&listener->admitted, conn->admitted ? 1 : 0);
}
