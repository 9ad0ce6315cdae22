/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"

/* So that 32 bits last for three days. */
#define CLOCK_SHIFT 16

static uint32_t clock_of(const struct conn_environment *environment) {
    uint32_t clock = (uint32_t)(environment->now_ns >> CLOCK_SHIFT);
    return clock == 0 ? 1 : clock;
}

void conn_flow_lost(const struct conn *conn, struct conn_environment *environment) {
    if (conn_zone(conn, environment)->stays_open) {
        conn_forget_loss(conn, environment);
        environment->losses[conn->slot] =
            (struct conn_loss){.zone = conn->subject, .at = clock_of(environment)};
        environment->loss_count++;
    }
}

void conn_forget_loss(const struct conn *conn, struct conn_environment *environment) {
    struct conn_loss *loss = &environment->losses[conn->slot];
    if (environment->loss_count != 0 && loss->at != 0) {
        loss->at = 0;
        environment->loss_count--;
    }
}

void conn_flow_recovered(const struct conn *conn, struct conn_environment *environment) {
    const struct conn_loss loss = environment->losses[conn->slot];
    if (loss.at == 0 || loss.zone != conn->subject) {
        return;
    }
    struct metrics_zone *zone = conn_record_zone_of(conn, environment);
    uint64_t lasted = (uint32_t)(clock_of(environment) - loss.at);
    conn_forget_loss(conn, environment);
    metrics_add(&zone->recovered, 1);
    metrics_histogram_record(&zone->latency[METRICS_FLOW_RECOVERY],
                             (lasted << CLOCK_SHIFT) / BASE_NS_PER_US);
}
