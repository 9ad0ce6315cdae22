/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_H
#define WORKER_H

#include "base_error.h"
#include "journal_ring.h"
#include "metrics_shard.h"
#include "net_ring.h"
#include "profile_plan.h"

struct node;

/* Where a zone's connections go to and come from. */
struct worker_route {
    struct net_address remote;
    const struct net_address *sources; /* used in turn, `attempts_per_source` at a time */
    uint32_t source_count;
    uint32_t attempts_per_source;
};

/* What one worker is to do. All borrowed; must outlive it. Arrays are indexed as in the plan. */
struct worker_plan {
    unsigned index; /* 0 .. count-1 */
    unsigned count;
    int cpu; /* core to run on, -1: any */
    const struct profile_plan *plan;
    struct node *const *nodes;
    const bool *runs_here;                        /* per node */
    const struct worker_route *routes;            /* per zone */
    const struct net_address *listener_addresses; /* per listener */
    struct net_ring_limits limits;
    uint64_t seed;
    struct metrics_shard *shard;  /* written by this worker alone */
    struct journal_ring *journal; /* likewise */
};

/*
 * The orders of a run, in this sequence. FREEZE ends the counting in all workers before any of them
 * closes, so that no connection that was open at the end looks lost.
 */
enum worker_order { WORKER_PREPARE, WORKER_START, WORKER_FREEZE, WORKER_CLOSE, WORKER_QUIT };

struct worker;

/*
 * Starts the thread; it sets up its ring, contexts and listeners, then waits for orders. Any thread
 * may give orders.
 */
bool worker_create(struct worker **out, const struct worker_plan *plan, struct base_error *error);

/* Waits until it listens, or says why it cannot. */
bool worker_wait_ready(struct worker *worker, struct base_error *error);

void worker_give_order(struct worker *worker, enum worker_order order);

/* True when the last order was carried out; for CLOSE: no connection is left. */
bool worker_is_done(const struct worker *worker);

/* Orders QUIT, joins the thread, frees. The shard and the journal may be read afterwards. */
void worker_destroy(struct worker *worker);

/* How many outgoing slots worker `index` of `count` needs for the zones that run here. */
uint32_t worker_outgoing_slots(const struct profile_plan *plan, const bool *runs_here,
                               unsigned index, unsigned count);

#endif
