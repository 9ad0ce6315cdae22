/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"

/* How often a ramp of a closed loop is looked at: it moves slowly, and turns come with events. */
#define LOOK_INTERVAL_NS BASE_NS_PER_MS

void worker_pacer_turn_rate(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    while (zone->attempts_left > 0 && zone->schedule.next_ns <= (double)base_clock_now_ns()) {
        /* A zone whose peer stalls must not take the slots of the others. */
        struct conn *conn = zone->live < zone->share ? worker_pacer_borrow(pacer) : NULL;
        if (conn == NULL) {
            return; /* stays due: it will be late, or dropped at the end */
        }
        uint64_t intended_ns = (uint64_t)zone->schedule.next_ns;
        worker_schedule_advance(&zone->schedule, &zone->random);
        zone->live++;
        worker_pacer_start(pacer, zone, conn, intended_ns);
    }
}

/* How many of this worker's a ramp allows now. */
static void follow_stages(const struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    uint64_t now_ns = base_clock_now_ns();
    if (now_ns < zone->look_ns) {
        return;
    }
    zone->look_ns = now_ns + LOOK_INTERVAL_NS;
    uint64_t origin_ns = zone->schedule.origin_ns;
    double passed_s = now_ns > origin_ns ? (double)(now_ns - origin_ns) / (double)BASE_NS_PER_S : 0;
    double level = worker_curve_level_at(&zone->schedule.curve, passed_s);
    zone->share = worker_pacer_share((uint32_t)level, pacer->worker_index, pacer->worker_count);
}

void worker_pacer_turn_concurrency(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    if (zone->plan->load.stage_count > 0 && !zone->is_steered) {
        follow_stages(pacer, zone);
    }
    while (zone->attempts_left > 0 && zone->live < zone->share) {
        struct conn *conn = worker_pacer_borrow(pacer);
        if (conn == NULL) {
            return;
        }
        zone->live++;
        worker_pacer_start(pacer, zone, conn, base_clock_now_ns());
    }
}

void worker_pacer_drop_overdue(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                               uint64_t now_ns) {
    uint64_t dropped = 0;
    while (zone->schedule.next_ns <= (double)now_ns && zone->attempts_left > 0) {
        worker_schedule_advance(&zone->schedule, &zone->random);
        zone->attempts_left--;
        dropped++;
    }
    metrics_add(&pacer->environment->shard->zones[zone - pacer->zones].dropped, dropped);
}
