/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_schedule.h"

static void find_next(struct worker_schedule *schedule) {
    schedule->next_ns =
        (double)schedule->origin_ns + worker_curve_time_of(&schedule->curve, schedule->due) * 1e9;
}

static double step(const struct worker_schedule *schedule, struct base_random *random) {
    return schedule->load->arrival == PROFILE_ARRIVAL_POISSON
               ? base_random_exponential(random, schedule->step)
               : schedule->step;
}

static void follow_profile(struct worker_schedule *schedule) {
    const struct profile_zone_load *load = schedule->load;
    worker_curve_init(&schedule->curve, load->stages, load->stage_count, load->rate_per_s);
}

void worker_schedule_init(struct worker_schedule *schedule, const struct profile_zone_load *load,
                          unsigned index, unsigned count) {
    *schedule = (struct worker_schedule){.load = load, .step = count, .due = index};
    follow_profile(schedule);
}

void worker_schedule_begin(struct worker_schedule *schedule, struct base_random *random,
                           uint64_t now_ns) {
    if (schedule->load->arrival == PROFILE_ARRIVAL_POISSON) {
        schedule->due = step(schedule, random);
    }
    schedule->origin_ns = now_ns;
    schedule->profile_origin_ns = now_ns;
    find_next(schedule);
}

void worker_schedule_advance(struct worker_schedule *schedule, struct base_random *random) {
    schedule->due += step(schedule, random);
    find_next(schedule);
}

static double seconds_since(uint64_t origin_ns, uint64_t now_ns) {
    return now_ns > origin_ns ? (double)(now_ns - origin_ns) / 1e9 : 0;
}

void worker_schedule_set_rate(struct worker_schedule *schedule, double rate_per_s,
                              uint64_t now_ns) {
    double passed =
        worker_curve_area_at(&schedule->curve, seconds_since(schedule->origin_ns, now_ns));
    double rest = schedule->due > passed ? schedule->due - passed : 0;
    if (rate_per_s >= 0) {
        worker_curve_init(&schedule->curve, NULL, 0, rate_per_s);
        schedule->origin_ns = now_ns;
        schedule->due = rest;
    } else {
        follow_profile(schedule);
        schedule->origin_ns = schedule->profile_origin_ns;
        schedule->due = rest + worker_curve_area_at(&schedule->curve,
                                                    seconds_since(schedule->origin_ns, now_ns));
    }
    find_next(schedule);
}

void worker_schedule_delay(struct worker_schedule *schedule, uint64_t delay_ns) {
    schedule->origin_ns += delay_ns;
    schedule->profile_origin_ns += delay_ns;
    schedule->next_ns += (double)delay_ns;
}
