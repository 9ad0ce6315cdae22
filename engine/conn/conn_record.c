/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"

#include "base_clock.h"

#include <stdio.h>
#include <string.h>

void conn_record_start(const struct conn *conn, struct conn_environment *environment) {
    if (environment->frozen) {
        return;
    }
    if (!conn->initiator) {
        metrics_add(&conn_record_listener_of(conn, environment)->accepted, 1);
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    metrics_add(&zone->attempts, 1);
    metrics_add(&zone->identities[conn->presented->identity].attempts, 1);
    if (zone->target_count > 0) {
        metrics_add(&zone->targets[conn->target].attempts, 1);
    }
    metrics_histogram_record(&zone->latency[METRICS_START_DELAY],
                             conn_record_us_since(environment, conn->intended_ns));
    if (environment->now_ns > conn->intended_ns + BASE_NS_PER_MS) {
        metrics_add(&zone->late, 1);
    }
}

void conn_record_connected(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_histogram_record(
            &conn_record_zone_of(conn, environment)->latency[METRICS_TCP_CONNECT],
            conn_record_us_since(environment, conn->started_ns));
    }
}

static void record_eku(struct metrics_listener *listener, const struct tls_judgement *judgement) {
    if (!judgement->leaf_checked) {
        return;
    }
    metrics_add(&listener->eku_checked, 1);
    metrics_histogram_record(&listener->eku_ns, judgement->judge_ns);
    metrics_add(&listener->eku_checked_by_policy[judgement->policy], 1);
    if (judgement->fault == FAULT_TLS_PEER_EKU) {
        metrics_add(&listener->eku_refused, 1);
        metrics_add(&listener->eku_refused_by_policy[judgement->policy], 1);
    }
}

static void record_mismatch(const struct conn *conn, struct conn_environment *environment,
                            const char *text) {
    struct conn_mismatch *cell = &environment->scratch->mismatches[conn->slot % CONN_MISMATCHES];
    *cell = (struct conn_mismatch){.slot = conn->slot, .generation = conn->generation};
    snprintf(cell->text, sizeof cell->text, "%s", text);
    metrics_reasons_record(conn->initiator ? &conn_record_zone_of(conn, environment)->reasons
                                           : &conn_record_listener_of(conn, environment)->reasons,
                           text);
}

void conn_record_judgement(const struct conn *conn, struct conn_environment *environment) {
    const struct tls_judgement *judgement = &environment->scratch->exchange.judgement;
    if (environment->frozen) {
        return;
    }
    struct metrics_serials *serials = conn->initiator
                                          ? &conn_record_zone_of(conn, environment)->serials
                                          : &conn_record_listener_of(conn, environment)->serials;
    metrics_counter *mismatches = conn->initiator
                                      ? &conn_record_zone_of(conn, environment)->mismatches
                                      : &conn_record_listener_of(conn, environment)->mismatches;
    metrics_serials_record(serials, judgement->serial, judgement->serial_length);
    if (judgement->presented_unexpected) {
        metrics_add(mismatches, 1);
    }
    if (judgement->name_mismatch != NULL) {
        record_mismatch(conn, environment, judgement->name_mismatch);
    }
    if (!conn->initiator) {
        record_eku(conn_record_listener_of(conn, environment), judgement);
    }
}

static void record_resumption(struct metrics_zone *zone, bool is_resumed, uint64_t handshake_us) {
    if (is_resumed) {
        metrics_add(&zone->resumed, 1);
    }
    metrics_histogram_record(
        &zone->latency[is_resumed ? METRICS_TLS_HANDSHAKE_RESUMED : METRICS_TLS_HANDSHAKE_FULL],
        handshake_us);
}

void conn_record_open(const struct conn *conn, struct conn_environment *environment) {
    uint64_t handshake_us = conn_record_us_since(environment, conn->tls_started_ns);
    if (environment->frozen) {
        return;
    }
    if (!conn->initiator) {
        struct metrics_listener *listener = conn_record_listener_of(conn, environment);
        metrics_histogram_record(&listener->latency[METRICS_LISTENER_TLS_HANDSHAKE], handshake_us);
        if (tls_session_is_resumed(conn->tls)) {
            metrics_add(&listener->resumed, 1);
        }
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    metrics_histogram_record(&zone->latency[METRICS_TLS_HANDSHAKE], handshake_us);
    metrics_add(tls_session_version(conn->tls) == TLS_VERSION_1_3 ? &zone->tls_1_3 : &zone->tls_1_2,
                1);
    metrics_zone_count_suite(zone, tls_session_suite(conn->tls));
    if (conn_zone(conn, environment)->resumes) {
        record_resumption(zone, tls_session_is_resumed(conn->tls), handshake_us);
    }
}

void conn_record_admitted(const struct conn *conn, struct conn_environment *environment) {
    uint64_t admission_us = conn_record_us_since(environment, conn->started_ns);
    if (environment->frozen) {
        return;
    }
    if (!conn->initiator) {
        struct metrics_listener *listener = conn_record_listener_of(conn, environment);
        metrics_add(&listener->admitted, 1);
        metrics_histogram_record(&listener->latency[METRICS_LISTENER_ADMISSION], admission_us);
        return;
    }
    metrics_histogram_record(&conn_record_zone_of(conn, environment)->latency[METRICS_ADMISSION],
                             admission_us);
}

void conn_record_established(const struct conn *conn, struct conn_environment *environment) {
    if (environment->frozen) {
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    metrics_add(&zone->established, 1);
    metrics_add(&zone->identities[conn->presented->identity].established, 1);
    if (environment->loss_count != 0) {
        conn_flow_recovered(conn, environment);
    }
    if (zone->target_count > 0) {
        metrics_add(&zone->targets[conn->target].established, 1);
    }
}

static void record_zone_end(struct conn *conn, struct conn_environment *environment) {
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    conn_record_answering(conn, environment, false);
    switch ((enum conn_outcome)conn->outcome) {
    case CONN_OUTCOME_FAILED:
        metrics_add(&zone->failed, 1);
        metrics_add(&zone->faults[conn->fault], 1);
        metrics_add(&zone->identities[conn->presented->identity].failed, 1);
        if (zone->target_count > 0) {
            metrics_add(&zone->targets[conn->target].failed, 1);
        }
        metrics_histogram_record(&zone->latency[METRICS_REFUSAL],
                                 conn_record_us_since(environment, conn->started_ns));
        break;
    case CONN_OUTCOME_UNCONFIRMED:
        metrics_add(&zone->unconfirmed, 1);
        break;
    case CONN_OUTCOME_LOST:
        conn_flow_lost(conn, environment);
        metrics_add(&zone->lost, 1);
        metrics_add(&zone->lost_faults[conn->fault], 1);
        break;
    case CONN_OUTCOME_CLOSED:
        metrics_add(&zone->closed, 1);
        break;
    case CONN_OUTCOME_NONE:
    default:
        break;
    }
}

static void record_listener_end(const struct conn *conn, struct conn_environment *environment) {
    struct metrics_listener *listener = conn_record_listener_of(conn, environment);
    if (conn->admitted) {
        metrics_add(&listener->closed, 1);
        return;
    }
    bool refused =
        conn->fault >= FAULT_TLS_PEER_UNTRUSTED && conn->fault <= FAULT_TLS_PEER_BAD_CERTIFICATE;
    metrics_add(refused ? &listener->refused : &listener->aborted, 1);
    metrics_add(&listener->faults[conn->fault], 1);
    metrics_histogram_record(&listener->latency[METRICS_LISTENER_REFUSAL],
                             conn_record_us_since(environment, conn->started_ns));
}

void conn_record_end(struct conn *conn, struct conn_environment *environment) {
    if (environment->frozen) {
        return;
    }
    if (conn->initiator) {
        record_zone_end(conn, environment);
        return;
    }
    record_listener_end(conn, environment);
}
