/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_TARGETS_H
#define RUN_TARGETS_H

#include "metrics_summary.h"
#include "profile_plan.h"
#include "resolve.h"
#include "worker.h"

/* What names may take to be resolved, each of them. */
#define RUN_TARGETS_LIMIT_NS UINT64_C(10000000000)

/* As many as a connection has numbers for. */
#define RUN_TARGETS_MAX RESOLVE_TARGETS_MAX

/* One zone's search for whom it dials. */
struct run_targets_search {
    struct resolve *resolve;
    const struct profile_plan *plan;
    const bool *runs_here;
    void (*tell)(void *context, const char *name, const char *trail); /* NULL: nobody listens */
    void *tell_context;
};

/*
 * Finds the targets of `zone`, of the address family of the route's sources, and checks that load
 * may go there. `*list` backs the route; free it when it is not NULL.
 */
bool run_targets_find(const struct run_targets_search *search, const struct profile_zone *zone,
                      struct worker_route *route, struct worker_target **list,
                      struct base_error *error);

/* The targets of a route, one or several. */
uint32_t run_targets_count(const struct worker_route *route);
const struct net_address *run_targets_remote(const struct worker_route *route, uint32_t index);

/* The addresses of a route with several, on the heap; false without memory. */
bool run_targets_summarize(const struct worker_route *route, struct metrics_zone_summary *zone);

#endif
