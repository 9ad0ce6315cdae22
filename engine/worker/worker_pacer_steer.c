/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"
#include "worker_steering.h"

/* While it pauses, its clock stands still. */
static void set_rate(struct worker_pacer *pacer, struct worker_pacer_zone *zone, double rate_per_s,
                     uint64_t now_ns) {
    struct profile_zone_load load = zone->plan->load;
    if (pacer->begun) {
        worker_pacer_drop_overdue(pacer, zone, now_ns);
    }
    worker_schedule_set_rate(&zone->schedule, rate_per_s, now_ns);
    load.rate_per_s = rate_per_s > load.rate_per_s ? rate_per_s : load.rate_per_s;
    zone->share = worker_pacer_slots(&load, pacer->worker_index, pacer->worker_count);
}

static void set_connections(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                            int64_t connections) {
    const struct profile_zone_load *load = &zone->plan->load;
    bool is_held = load->shape == PROFILE_SHAPE_HOLD;
    uint32_t wanted = is_held ? load->connections : load->concurrency;
    zone->is_steered = connections >= 0;
    if (zone->is_steered) {
        wanted = connections > NET_TICKET_SLOT_MAX ? NET_TICKET_SLOT_MAX : (uint32_t)connections;
    }
    zone->share = worker_pacer_share(wanted, pacer->worker_index, pacer->worker_count);
    if (is_held) {
        zone->connections = wanted;
        worker_pacer_fill_seats(pacer, zone);
    }
}

static void steer_zone(struct worker_pacer *pacer, uint32_t index, uint64_t now_ns) {
    struct worker_pacer_zone *zone = &pacer->zones[index];
    const struct worker_zone_steering *asked = &pacer->steering->zones[index];
    struct worker_zone_steered *is = &zone->steered;
    double rate_per_s = atomic_load_explicit(&asked->rate_per_s, memory_order_relaxed);
    int64_t connections = atomic_load_explicit(&asked->connections, memory_order_relaxed);
    if (!zone->runs) {
        return;
    }
    if (zone->plan->load.shape == PROFILE_SHAPE_RATE) {
        if (rate_per_s != is->rate_per_s && (rate_per_s >= 0 || is->rate_per_s >= 0)) {
            set_rate(pacer, zone, rate_per_s, now_ns);
        }
    } else if (connections != is->connections && (connections >= 0 || is->connections >= 0)) {
        set_connections(pacer, zone, connections);
    }
    *is = (struct worker_zone_steered){.rate_per_s = rate_per_s, .connections = connections};
}

static void go_on(struct worker_pacer *pacer, uint64_t now_ns) {
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        worker_schedule_delay(&pacer->zones[i].schedule, now_ns - pacer->paused_ns);
    }
    pacer->paused_ns = 0;
}

void worker_pacer_steer(struct worker_pacer *pacer, uint64_t now_ns) {
    const struct worker_steering *steering = pacer->steering;
    if (steering == NULL) {
        return;
    }
    uint32_t version = atomic_load_explicit(&steering->version, memory_order_acquire);
    if (version == pacer->steered_version) {
        return;
    }
    pacer->steered_version = version;
    if (pacer->begun) {
        worker_pacer_turn(pacer); /* what fell due while the order was on its way is not dropped */
    }
    for (uint32_t i = 0; i < pacer->zone_count; i++) {
        steer_zone(pacer, i, pacer->paused_ns != 0 ? pacer->paused_ns : now_ns);
    }
    bool pauses = atomic_load_explicit(&steering->paused, memory_order_relaxed);
    if (pauses && pacer->paused_ns == 0) {
        pacer->paused_ns = now_ns;
    } else if (!pauses && pacer->paused_ns != 0) {
        go_on(pacer, now_ns);
    }
    pacer->environment->paused = pauses;
    uint32_t dials = atomic_load_explicit(&steering->dials, memory_order_relaxed);
    if (dials != pacer->dials) {
        pacer->dials = dials;
        worker_pacer_dial_all(pacer);
    }
}
