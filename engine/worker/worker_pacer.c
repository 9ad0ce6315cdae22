/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"

#include <stdlib.h>

/* A closed loop that fails at once must not spin. */
#define FAILURE_PAUSE_NS (20 * BASE_NS_PER_MS)

static void plan_zone(struct worker_pacer_zone *zone, const struct worker_plan *plan,
                      uint32_t index, const struct conn_environment *environment) {
    const struct profile_zone *row = &plan->plan->zones[index];
    const struct profile_zone_load *load = &row->load;
    base_list_init(&zone->ready);
    base_list_init(&zone->waiting);
    base_random_init(&zone->random, plan->seed + ((uint64_t)index << 32));
    zone->runs = plan->runs_here[row->node];
    zone->plan = row;
    zone->node_zone = &environment->instance->zones[index];
    zone->counters = &environment->shard->zones[index];
    zone->route = &plan->routes[index];
    zone->connections = load->connections;
    zone->share = worker_pacer_slots(load, plan->index, plan->count);
    zone->attempts_left = load->attempts == 0
                              ? UINT64_MAX
                              : worker_pacer_share(load->attempts, plan->index, plan->count);
    zone->opening_share = worker_pacer_share(load->opening, plan->index, plan->count);
    if (zone->opening_share == 0) {
        zone->opening_share = 1;
    }
    zone->steered = (struct worker_zone_steered){.rate_per_s = -1, .connections = -1};
    worker_schedule_init(&zone->schedule, load, plan->index, plan->count);
}

bool worker_pacer_init(struct worker_pacer *pacer, const struct worker_plan *plan) {
    pacer->zone_count = plan->plan->zone_count;
    pacer->outgoing_slots = plan->limits.outgoing_slots;
    pacer->shards = plan->shards;
    pacer->worker_index = plan->index;
    pacer->worker_count = plan->count;
    pacer->steering = plan->steering;
    pacer->zones = calloc(pacer->zone_count + 1, sizeof *pacer->zones);
    if (pacer->zones == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        plan_zone(&pacer->zones[i], plan, i, pacer->environment);
        if (!worker_targets_init(&pacer->zones[i].targets, &plan->routes[i], plan->index)) {
            return false;
        }
    }
    return true;
}

void worker_pacer_finish(struct worker_pacer *pacer) {
    for (uint32_t i = 0; pacer->zones != NULL && i < pacer->zone_count; i++) {
        worker_targets_finish(&pacer->zones[i].targets);
    }
    free(pacer->zones);
}

void worker_pacer_begin(struct worker_pacer *pacer, uint64_t now_ns) {
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (!zone->runs) {
            continue;
        }
        if (zone->plan->load.shape == PROFILE_SHAPE_HOLD) {
            worker_pacer_fill_seats(pacer, zone);
            continue;
        }
        worker_schedule_begin(&zone->schedule, &zone->random, now_ns);
    }
    worker_pacer_steer(pacer, now_ns);
    pacer->begun = true;
}

void worker_pacer_start(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                        struct conn *conn, uint64_t intended_ns) {
    const struct worker_route *route = zone->route;
    uint64_t source = zone->started / route->attempts_per_source % route->source_count;
    pacer->environment->now_ns = base_clock_now_ns();
    uint32_t target = worker_targets_choose(&zone->targets, pacer->environment->now_ns);
    const struct conn_attempt attempt = {
        .zone = (uint32_t)(zone - pacer->zones),
        .presented = node_zone_choose(zone->node_zone, &zone->random),
        .source = &route->sources[source],
        .remote = worker_targets_remote(&zone->targets, target),
        .target = (uint8_t)target,
        .intended_ns = intended_ns,
    };
    zone->started++;
    zone->attempts_left--;
    (*pacer->live_connections)++;
    if (conn_start(conn, pacer->environment, &attempt) == CONN_DONE) {
        worker_pacer_done(pacer, conn);
    }
}

void worker_pacer_turn(struct worker_pacer *pacer) {
    if (pacer->paused_ns != 0) {
        return;
    }
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (!zone->runs) {
            continue;
        }
        switch (zone->plan->load.shape) {
        case PROFILE_SHAPE_HOLD:
            worker_pacer_turn_hold(pacer, zone);
            break;
        case PROFILE_SHAPE_RATE:
            worker_pacer_turn_rate(pacer, zone);
            break;
        case PROFILE_SHAPE_CONCURRENCY:
        default:
            worker_pacer_turn_concurrency(pacer, zone);
            break;
        }
    }
}

uint64_t worker_pacer_next_ns(const struct worker_pacer *pacer) {
    uint64_t next_ns = UINT64_MAX;
    if (pacer->paused_ns != 0 || pacer->borrowed == pacer->outgoing_slots) {
        return next_ns;
    }
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        const struct worker_pacer_zone *zone = &pacer->zones[i];
        if (zone->runs && zone->plan->load.shape == PROFILE_SHAPE_RATE && zone->attempts_left > 0 &&
            zone->live < zone->share && zone->schedule.next_ns < (double)next_ns) {
            next_ns = (uint64_t)zone->schedule.next_ns;
        }
    }
    return next_ns;
}

void worker_pacer_done(struct worker_pacer *pacer, struct conn *conn) {
    struct worker_pacer_zone *zone = &pacer->zones[conn->subject];
    (*pacer->live_connections)--;
    if (pacer->environment->frozen) {
        return;
    }
    if (conn->outcome == CONN_OUTCOME_FAILED) {
        worker_targets_take_failure(&zone->targets, conn->target, (enum fault)conn->fault,
                                    pacer->environment->now_ns);
    }
    if (zone->plan->load.shape == PROFILE_SHAPE_HOLD) {
        worker_pacer_schedule_seat(pacer, zone, conn);
        return;
    }
    if (zone->plan->load.shape == PROFILE_SHAPE_CONCURRENCY &&
        conn->outcome == CONN_OUTCOME_FAILED) {
        base_timer_arm(&pacer->environment->wheel, &conn->timer,
                       pacer->environment->now_ns + FAILURE_PAUSE_NS);
        return;
    }
    zone->live--;
    worker_pacer_give_back(pacer, conn);
}

void worker_pacer_expired(struct worker_pacer *pacer, struct conn *conn) {
    struct worker_pacer_zone *zone = &pacer->zones[conn->subject];
    if (zone->plan->load.shape == PROFILE_SHAPE_HOLD) {
        worker_pacer_seat_ready(pacer, zone, conn);
        return;
    }
    zone->live--;
    worker_pacer_give_back(pacer, conn);
}

void worker_pacer_end(struct worker_pacer *pacer) {
    /* A schedule that stands still drops nothing. */
    uint64_t now_ns = pacer->paused_ns != 0 ? pacer->paused_ns : base_clock_now_ns();
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (zone->runs && zone->plan->load.shape == PROFILE_SHAPE_RATE) {
            worker_pacer_drop_overdue(pacer, zone, now_ns);
        }
    }
}
