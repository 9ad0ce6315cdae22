/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"

static struct metrics_zone *zone_of(const struct conn *conn,
                                    const struct conn_environment *environment) {
    return &environment->shard->zones[conn->subject];
}

static struct metrics_listener *listener_of(const struct conn *conn,
                                            const struct conn_environment *environment) {
    return &environment->shard->listeners[conn->subject];
}

static uint64_t us_since(const struct conn_environment *environment, uint64_t since_ns) {
    return environment->now_ns > since_ns ? (environment->now_ns - since_ns) / BASE_NS_PER_US : 0;
}

void conn_record_request_sent(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(&zone_of(conn, environment)->sip_requests, 1);
    }
}

void conn_record_request_received(const struct conn *conn, struct conn_environment *environment,
                                  enum metrics_method method) {
    if (environment->frozen || conn->initiator) {
        return;
    }
    struct metrics_listener *listener = listener_of(conn, environment);
    metrics_add(&listener->sip_requests, 1);
    metrics_add(&listener->sip_methods[method], 1);
}

void conn_record_answering(struct conn *conn, struct conn_environment *environment,
                           bool answering) {
    if (conn->answering != answering) {
        metrics_add(&zone_of(conn, environment)->answering, answering ? 1 : UINT64_MAX);
        conn->answering = answering;
    }
}

static void record_first_success(struct conn *conn, struct conn_environment *environment) {
    if (!conn->answered) {
        conn->answered = true;
        metrics_add(&zone_of(conn, environment)->answered, 1);
    }
}

void conn_record_response(const struct conn *conn, struct conn_environment *environment,
                          unsigned status) {
    if (environment->frozen) {
        return;
    }
    struct metrics_zone *zone = zone_of(conn, environment);
    metrics_add(&zone->sip_responses[status], 1);
    metrics_histogram_record(&zone->latency[METRICS_SIP_RESPONSE],
                             us_since(environment, conn->request_ns));
}

void conn_record_conclusion(struct conn *conn, struct conn_environment *environment,
                            unsigned status) {
    bool success = status >= 200 && status < 300;
    bool is_first = !conn->concluded;
    conn->concluded = true;
    if (environment->frozen) {
        return;
    }
    struct metrics_zone *zone = zone_of(conn, environment);
    if (is_first) {
        metrics_histogram_record(&zone->latency[METRICS_ESTABLISH],
                                 us_since(environment, conn->started_ns));
        metrics_histogram_record(&zone->latency[METRICS_ESTABLISH_FROM_INTENDED],
                                 us_since(environment, conn->intended_ns));
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
        metrics_add(&zone_of(conn, environment)->keepalives_sent, 1);
    }
}

void conn_record_ping_received(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen && !conn->initiator) {
        metrics_add(&listener_of(conn, environment)->keepalives_answered, 1);
    }
}

void conn_record_response_timeout(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen && conn->initiator && conn->awaits_response) {
        metrics_add(&zone_of(conn, environment)->sip_timeouts, 1);
    }
}

void conn_record_call(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(&zone_of(conn, environment)->calls, 1);
    }
}

void conn_record_relayed(const struct conn *conn, struct conn_environment *environment) {
    if (!environment->frozen) {
        metrics_add(conn->initiator ? &zone_of(conn, environment)->relayed
                                    : &listener_of(conn, environment)->relayed,
                    1);
    }
}
