/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"

#include "base_clock.h"

void conn_record_request_sent(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(&conn_record_zone_of(conn, environment)->sip_requests, 1);
    }
}

void conn_record_request_received(const struct conn *conn, struct conn_environment *environment,
                                  enum metrics_method method) {
    if (environment->frozen || conn->initiator) {
        return;
    }
    struct metrics_listener *listener = conn_record_listener_of(conn, environment);
    metrics_add(&listener->sip_requests, 1);
    metrics_add(&listener->sip_methods[method], 1);
}

void conn_record_answering(struct conn *conn, struct conn_environment *environment,
                           bool answering) {
    if (conn->answering != answering) {
        metrics_add(&conn_record_zone_of(conn, environment)->answering, answering ? 1 : UINT64_MAX);
        conn->answering = answering;
    }
}

static void record_first_success(struct conn *conn, struct conn_environment *environment) {
    if (!conn->answered) {
        conn->answered = true;
        metrics_add(&conn_record_zone_of(conn, environment)->answered, 1);
    }
}

void conn_record_response(const struct conn *conn, struct conn_environment *environment,
                          unsigned status) {
    if (environment->frozen) {
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    metrics_add(&zone->sip_responses[status], 1);
    metrics_histogram_record(&zone->latency[METRICS_SIP_RESPONSE],
                             conn_record_us_since(environment, conn->request_ns));
}

void conn_record_conclusion(struct conn *conn, struct conn_environment *environment,
                            unsigned status) {
    bool success = status >= 200 && status < 300;
    bool is_first = !conn->concluded;
    conn->concluded = true;
    if (environment->frozen) {
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    if (is_first) {
        metrics_histogram_record(&zone->latency[METRICS_ESTABLISH],
                                 conn_record_us_since(environment, conn->started_ns));
        metrics_histogram_record(&zone->latency[METRICS_ESTABLISH_FROM_INTENDED],
                                 conn_record_us_since(environment, conn->intended_ns));
    }
    if (success) {
        record_first_success(conn, environment);
    }
    conn_record_answering(conn, environment, success);
}

void conn_record_pong(struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        record_first_success(conn, environment);
        conn_record_answering(conn, environment, true);
    }
}

void conn_record_ping_sent(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(&conn_record_zone_of(conn, environment)->keepalives_sent, 1);
    }
}

void conn_record_ping_received(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen && !conn->initiator) {
        metrics_add(&conn_record_listener_of(conn, environment)->keepalives_answered, 1);
    }
}

void conn_record_response_timeout(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen && conn->initiator && conn->awaits_response) {
        metrics_add(&conn_record_zone_of(conn, environment)->sip_timeouts, 1);
    }
}

void conn_record_call(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(&conn_record_zone_of(conn, environment)->calls, 1);
    }
}

void conn_record_relayed(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(conn->initiator ? &conn_record_zone_of(conn, environment)->relayed
                                    : &conn_record_listener_of(conn, environment)->relayed,
                    1);
    }
}
