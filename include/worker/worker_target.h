/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_TARGET_H
#define WORKER_TARGET_H

#include "worker.h"

/*
 * Which of a zone's targets the next connection dials: each peer's first ones that can be reached,
 * in turns by their weights, so that few connections are spread as fairly as many. One that could
 * not be reached rests for a while, and those of the same or the next priority take its part
 * (RFC 3263, section 4.3); while all rest, none does.
 */
struct worker_target_turn;
struct worker_targets {
    const struct worker_route *route;
    struct worker_target_turn *turns; /* NULL: there is one target */
};

#define WORKER_TARGET_REST_NS UINT64_C(5000000000)

/* Workers with different numbers begin at different targets. False without memory. */
bool worker_targets_init(struct worker_targets *targets, const struct worker_route *route,
                         unsigned worker_index);
void worker_targets_finish(struct worker_targets *targets);

/* An index of the route's targets; 0 when there is but one. */
uint32_t worker_targets_choose(struct worker_targets *targets, uint64_t now_ns);

/* An attempt ended so: does that say that the target cannot be reached? */
void worker_targets_take_failure(struct worker_targets *targets, uint32_t target, enum fault fault,
                                 uint64_t now_ns);

const struct net_address *worker_targets_remote(const struct worker_targets *targets,
                                                uint32_t target);

#endif
