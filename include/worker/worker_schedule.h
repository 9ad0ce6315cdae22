/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_SCHEDULE_H
#define WORKER_SCHEDULE_H

#include "base_random.h"
#include "worker_curve.h"

/*
 * When one worker's connections of an open loop are intended. The arrivals of all workers are
 * numbered by the area under the rate: constant ones come where it passes 0, 1, 2 ... and the
 * workers take turns; in a Poisson process the area between two of a worker is exponential, so that
 * it stays one under any ramp (time change). Nothing accumulates but that number.
 */
struct worker_schedule {
    const struct profile_zone_load *load; /* borrowed */
    struct worker_curve curve;
    double step; /* from one of ours to the next; of a Poisson process the mean */
    double due;  /* the next one's number */
    uint64_t origin_ns;
    uint64_t profile_origin_ns; /* of what the profile says, when somebody set another rate */
    double next_ns;             /* when the next one is intended; INFINITY: none is */
};

/* Of worker `index` of `count`; begins with worker_schedule_begin(). */
void worker_schedule_init(struct worker_schedule *schedule, const struct profile_zone_load *load,
                          unsigned index, unsigned count);
void worker_schedule_begin(struct worker_schedule *schedule, struct base_random *random,
                           uint64_t now_ns);

/* The next one was begun, or dropped. */
void worker_schedule_advance(struct worker_schedule *schedule, struct base_random *random);

/* A level rate of all workers from now on; negative: what the profile says for this moment. What
 * was due before `now_ns` has been dealt with. */
void worker_schedule_set_rate(struct worker_schedule *schedule, double rate_per_s, uint64_t now_ns);

/* Everything that is still to come does so later. */
void worker_schedule_delay(struct worker_schedule *schedule, uint64_t delay_ns);

#endif
