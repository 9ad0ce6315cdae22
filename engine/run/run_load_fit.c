/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

/* The load as it would be, were it the profile's. */
static void apply(struct profile_zone_load *load, const struct run_target *target) {
    if (!target->steered) {
        return;
    }
    switch (load->shape) {
    case PROFILE_SHAPE_HOLD:
        load->connections = target->connections;
        return;
    case PROFILE_SHAPE_CONCURRENCY:
        load->concurrency = target->connections;
        return;
    case PROFILE_SHAPE_RATE:
    default:
        load->rate_per_s = target->rate_per_s;
        return;
    }
}

/* Of the worker that has the least: worker 0 gets the remainder of every division, but not all
 * workers have the same. True when all have room. */
static bool has_room(const struct run *run, const struct profile_plan *wanted, uint64_t *needed,
                     uint64_t *room) {
    unsigned count = run->capacity.worker_count;
    bool fits = true;
    *needed = 0;
    *room = 0;
    for (unsigned i = 0; i < count; i++) {
        uint32_t asked = worker_outgoing_slots(wanted, run->runs_here, i, count);
        uint32_t there = run_capacity_outgoing(run, i);
        fits = fits && asked <= there;
        *needed += asked;
        *room += there;
    }
    return fits;
}

bool run_load_fits(const struct run *run, const struct run_target *targets, uint32_t zone,
                   struct base_error *error) {
    struct profile_plan wanted = *run->plan;
    uint64_t needed;
    uint64_t room;
    wanted.zones = calloc(wanted.zone_count + 1, sizeof *wanted.zones);
    if (wanted.zones == NULL) {
        return run_out_of_memory(error);
    }
    memcpy(wanted.zones, run->plan->zones, wanted.zone_count * sizeof *wanted.zones);
    for (uint32_t i = 0; i < wanted.zone_count; i++) {
        apply(&wanted.zones[i].load, &targets[i]);
    }
    bool fits = has_room(run, &wanted, &needed, &room);
    free(wanted.zones);
    return fits || base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: with that all zones may need %llu connections at once, and "
                                  "there is room for %llu: a higher descriptor limit (`ulimit "
                                  "-Hn`) or more --threads make more",
                                  run->plan->zones[zone].full_name, (unsigned long long)needed,
                                  (unsigned long long)room);
}
