/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"
#include "worker_after.h"
#include "worker_retry.h"

#include <stdlib.h>

/* Counters of other workers are seldom in this core's cache: they are not read at every event. */
#define LOOK_INTERVAL_NS BASE_NS_PER_MS

/* A closed loop that fails at once must not spin. */
#define FAILURE_PAUSE_NS (20 * BASE_NS_PER_MS)

uint32_t worker_pacer_share(uint32_t total, unsigned index, unsigned count) {
    return total / count + (index < total % count ? 1 : 0);
}

/* An open loop keeps as many connections as arrive while one lives: its hold time and a slow
 * handshake. */
static uint32_t slots_of_rate(const struct profile_zone_load *load) {
    double seconds = (double)load->hold_ns / (double)BASE_NS_PER_S + 2;
    double slots = load->rate_per_s * seconds + 64;
    return slots > NET_TICKET_SLOT_MAX ? NET_TICKET_SLOT_MAX : (uint32_t)slots;
}

uint32_t worker_pacer_slots(const struct profile_zone_load *load, unsigned index, unsigned count) {
    switch (load->shape) {
    case PROFILE_SHAPE_HOLD:
        return worker_pacer_share(load->connections, index, count);
    case PROFILE_SHAPE_CONCURRENCY:
        return worker_pacer_share(load->concurrency, index, count);
    case PROFILE_SHAPE_RATE:
    default:
        return worker_pacer_share(slots_of_rate(load), index, count);
    }
}

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
    zone->share = worker_pacer_slots(load, plan->index, plan->count);
    zone->opening_share = worker_pacer_share(load->opening, plan->index, plan->count);
    if (zone->opening_share == 0) {
        zone->opening_share = 1;
    }
    if (load->shape == PROFILE_SHAPE_RATE) {
        zone->interval_ns = (double)BASE_NS_PER_S / load->rate_per_s * plan->count;
        /* Constant arrivals of the workers interleave: worker i starts i intervals of the whole
         * later. */
        zone->next_ns = load->arrival == PROFILE_ARRIVAL_CONSTANT
                            ? zone->interval_ns / plan->count * plan->index
                            : 0;
    }
}

bool worker_pacer_init(struct worker_pacer *pacer, const struct worker_plan *plan) {
    pacer->zone_count = plan->plan->zone_count;
    pacer->outgoing_slots = plan->limits.outgoing_slots;
    pacer->shards = plan->shards;
    pacer->worker_count = plan->count;
    pacer->zones = calloc(pacer->zone_count + 1, sizeof *pacer->zones);
    if (pacer->zones == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        plan_zone(&pacer->zones[i], plan, i, pacer->environment);
    }
    return true;
}

void worker_pacer_finish(struct worker_pacer *pacer) {
    free(pacer->zones);
}

/* The pool hands out the lowest blocks first, so these are outgoing slots; the others belong to
 * accepts. */
static struct conn *borrow_slot(struct worker_pacer *pacer) {
    if (pacer->borrowed == pacer->outgoing_slots) {
        return NULL;
    }
    uint32_t slot = base_pool_borrow(pacer->slots);
    struct conn *conn = base_pool_block(pacer->slots, slot);
    conn->slot = slot;
    pacer->borrowed++;
    return conn;
}

static void give_back_slot(struct worker_pacer *pacer, struct conn *conn) {
    base_pool_give_back(pacer->slots, conn->slot);
    pacer->borrowed--;
}

static double next_gap_ns(struct worker_pacer_zone *zone) {
    return zone->plan->load.arrival == PROFILE_ARRIVAL_POISSON
               ? base_random_exponential(&zone->random, zone->interval_ns)
               : zone->interval_ns;
}

void worker_pacer_begin(struct worker_pacer *pacer, uint64_t now_ns) {
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (!zone->runs) {
            continue;
        }
        if (zone->plan->load.shape == PROFILE_SHAPE_RATE) {
            zone->next_ns += (double)now_ns;
            if (zone->plan->load.arrival == PROFILE_ARRIVAL_POISSON) {
                zone->next_ns += next_gap_ns(zone);
            }
        }
        for (uint32_t seat = 0; zone->plan->load.shape == PROFILE_SHAPE_HOLD && seat < zone->share;
             seat++) {
            struct conn *conn = borrow_slot(pacer);
            if (conn != NULL) {
                base_list_append(zone->plan->after_count > 0 ? &zone->waiting : &zone->ready,
                                 &conn->link);
            }
        }
    }
}

static void start(struct worker_pacer *pacer, struct worker_pacer_zone *zone, struct conn *conn,
                  uint64_t intended_ns) {
    const struct worker_route *route = zone->route;
    uint64_t source = zone->started / route->attempts_per_source % route->source_count;
    const struct conn_attempt attempt = {
        .zone = (uint32_t)(zone - pacer->zones),
        .presented = node_zone_choose(zone->node_zone, &zone->random),
        .source = &route->sources[source],
        .remote = &route->remote,
        .intended_ns = intended_ns,
    };
    zone->started++;
    (*pacer->live_connections)++;
    pacer->environment->now_ns = base_clock_now_ns();
    if (conn_start(conn, pacer->environment, &attempt) == CONN_DONE) {
        worker_pacer_done(pacer, conn);
    }
}

static struct worker_earlier look_at(const struct worker_pacer *pacer, uint32_t index) {
    struct worker_earlier earlier = {
        .connections = pacer->zones[index].plan->load.connections,
        .answered_here = metrics_read(&pacer->zones[index].counters->answered),
    };
    for (unsigned i = 0; i < pacer->worker_count; i++) {
        const struct metrics_zone *counters = &pacer->shards[i].zones[index];
        earlier.answered += metrics_read(&counters->answered);
        earlier.settled += metrics_read(&counters->established) + metrics_read(&counters->failed) +
                           metrics_read(&counters->unconfirmed);
    }
    return earlier;
}

/* How many seats may have begun by now: each zone it comes after has a say. */
static uint32_t released(const struct worker_pacer *pacer, const struct worker_pacer_zone *zone) {
    uint32_t fewest = zone->share;
    for (uint32_t i = 0; i < zone->plan->after_count; i++) {
        uint32_t index = zone->plan->after[i];
        if (!pacer->zones[index].runs) {
            continue; /* elsewhere: nothing is known of it here */
        }
        struct worker_earlier earlier = look_at(pacer, index);
        earlier.same_node = pacer->zones[index].plan->node == zone->plan->node;
        uint32_t by_this =
            worker_after_released(&earlier, zone->plan->load.connections, zone->share);
        fewest = by_this < fewest ? by_this : fewest;
    }
    return fewest;
}

static void release_seats(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    uint64_t now_ns = base_clock_now_ns();
    if (now_ns < zone->look_ns) {
        return;
    }
    zone->look_ns = now_ns + LOOK_INTERVAL_NS;
    uint32_t allowed = released(pacer, zone);
    for (; zone->released < allowed && !base_list_is_empty(&zone->waiting); zone->released++) {
        struct base_link *seat = zone->waiting.next;
        base_list_remove(seat);
        base_list_append(&zone->ready, seat);
    }
}

static void turn_hold(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    if (!base_list_is_empty(&zone->waiting)) {
        release_seats(pacer, zone);
    }
    while (!base_list_is_empty(&zone->ready) &&
           metrics_zone_in_flight(zone->counters) < zone->opening_share) {
        struct conn *conn = BASE_CONTAINER_OF(zone->ready.next, struct conn, link);
        base_list_remove(&conn->link);
        start(pacer, zone, conn, base_clock_now_ns());
    }
}

static void turn_rate(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    while (zone->next_ns <= (double)base_clock_now_ns()) {
        /* A zone whose peer stalls must not take the slots of the others. */
        struct conn *conn = zone->live < zone->share ? borrow_slot(pacer) : NULL;
        if (conn == NULL) {
            return; /* stays due: it will be late, or dropped at the end */
        }
        uint64_t intended_ns = (uint64_t)zone->next_ns;
        zone->next_ns += next_gap_ns(zone);
        zone->live++;
        start(pacer, zone, conn, intended_ns);
    }
}

static void turn_concurrency(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    while (zone->live < zone->share) {
        struct conn *conn = borrow_slot(pacer);
        if (conn == NULL) {
            return;
        }
        zone->live++;
        start(pacer, zone, conn, base_clock_now_ns());
    }
}

void worker_pacer_turn(struct worker_pacer *pacer) {
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (!zone->runs) {
            continue;
        }
        switch (zone->plan->load.shape) {
        case PROFILE_SHAPE_HOLD:
            turn_hold(pacer, zone);
            break;
        case PROFILE_SHAPE_RATE:
            turn_rate(pacer, zone);
            break;
        case PROFILE_SHAPE_CONCURRENCY:
        default:
            turn_concurrency(pacer, zone);
            break;
        }
    }
}

uint64_t worker_pacer_next_ns(const struct worker_pacer *pacer) {
    uint64_t next_ns = UINT64_MAX;
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        const struct worker_pacer_zone *zone = &pacer->zones[i];
        if (zone->runs && zone->plan->load.shape == PROFILE_SHAPE_RATE &&
            zone->live < zone->share && pacer->borrowed < pacer->outgoing_slots &&
            zone->next_ns < (double)next_ns) {
            next_ns = (uint64_t)zone->next_ns;
        }
    }
    return next_ns;
}

/*
 * A connection that ended in order, or lived for longer than the longest pause, begins anew; one
 * that was lost at once goes on with its retries, or a peer that cannot speak SIP would be dialled
 * without end.
 */
static void schedule_seat(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                          struct conn *conn) {
    const struct profile_retry *retry = &zone->plan->retry;
    uint64_t now_ns = pacer->environment->now_ns;
    if (!retry->enabled) {
        return;
    }
    if (conn->outcome == CONN_OUTCOME_CLOSED ||
        (conn->outcome == CONN_OUTCOME_LOST &&
         now_ns - conn->started_ns > worker_retry_longest_pause_ns(retry))) {
        conn->attempt_of_burst = 0;
        base_timer_arm(&pacer->environment->wheel, &conn->timer,
                       now_ns + worker_retry_first_pause_ns(retry));
        return;
    }
    base_timer_arm(&pacer->environment->wheel, &conn->timer,
                   now_ns + worker_retry_next_pause_ns(retry, &conn->attempt_of_burst));
}

void worker_pacer_done(struct worker_pacer *pacer, struct conn *conn) {
    struct worker_pacer_zone *zone = &pacer->zones[conn->subject];
    (*pacer->live_connections)--;
    if (pacer->environment->frozen) {
        return;
    }
    if (zone->plan->load.shape == PROFILE_SHAPE_HOLD) {
        schedule_seat(pacer, zone, conn);
        return;
    }
    if (zone->plan->load.shape == PROFILE_SHAPE_CONCURRENCY &&
        conn->outcome == CONN_OUTCOME_FAILED) {
        base_timer_arm(&pacer->environment->wheel, &conn->timer,
                       pacer->environment->now_ns + FAILURE_PAUSE_NS);
        return;
    }
    zone->live--;
    give_back_slot(pacer, conn);
}

void worker_pacer_expired(struct worker_pacer *pacer, struct conn *conn) {
    struct worker_pacer_zone *zone = &pacer->zones[conn->subject];
    if (zone->plan->load.shape == PROFILE_SHAPE_HOLD) {
        base_list_append(&zone->ready, &conn->link);
        return;
    }
    zone->live--;
    give_back_slot(pacer, conn);
}

void worker_pacer_end(struct worker_pacer *pacer) {
    double now_ns = (double)base_clock_now_ns();
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        struct worker_pacer_zone *zone = &pacer->zones[i];
        if (!zone->runs || zone->plan->load.shape != PROFILE_SHAPE_RATE) {
            continue;
        }
        uint64_t dropped = 0;
        for (; zone->next_ns <= now_ns; zone->next_ns += next_gap_ns(zone)) {
            dropped++;
        }
        metrics_add(&pacer->environment->shard->zones[i].dropped, dropped);
    }
}
