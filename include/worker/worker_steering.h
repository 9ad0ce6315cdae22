/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_STEERING_H
#define WORKER_STEERING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What a run may be told of its load while it goes on. One for all workers of a run: one thread
 * writes, each worker looks at `version` once a turn (10 ms at the latest) and takes its share of
 * what changed. Rates and connections are of all workers together.
 */
struct worker_zone_steering {
    _Atomic double rate_per_s;   /* of an open loop; negative: as the profile says */
    _Atomic int64_t connections; /* to keep open, or at once in a closed loop; negative: as the
                                    profile says; never more than there are slots for */
};

struct worker_steering {
    _Atomic uint32_t version; /* grows after each change */
    _Atomic bool paused;    /* nothing new is begun: no connection, no request; what is open stays,
                               keep-alives go on; the time of a pause is not made up for */
    _Atomic uint32_t dials; /* grows with each order to dial at once where a retry is waited for */
    struct worker_zone_steering *zones; /* as in the plan */
};

#endif
