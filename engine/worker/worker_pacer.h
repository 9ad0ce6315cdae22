/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_PACER_H
#define WORKER_PACER_H

#include "conn.h"
#include "worker.h"

/*
 * Decides when connections start: one worker's share of every zone. A zone that holds N connections
 * has N seats; a seat is a slot that it keeps, also between two attempts.
 */
struct worker_pacer_zone {
    bool runs;
    const struct profile_zone *plan;
    const struct node_zone *node_zone;
    const struct metrics_zone *counters;
    const struct worker_route *route;
    uint32_t share;         /* slots of this worker that the zone may use at once */
    uint32_t opening_share; /* handshakes at once */
    uint32_t live;          /* churn: slots in use, those that pause after a failure included */
    uint64_t started;       /* attempts so far: chooses the source */
    double next_ns;         /* open loop: when the next attempt is intended */
    double interval_ns;
    struct base_link ready;   /* hold: seats that may open now */
    struct base_link waiting; /* hold: seats that come after another zone's */
    uint32_t released;        /* seats that waited and may go now */
    uint64_t look_ns;         /* not before then is it looked whether more may go */
    /* Arrivals and identities, and nothing else, draw from it: one seed gives one schedule. */
    struct base_random random;
};

struct worker_pacer {
    struct worker_pacer_zone *zones;
    uint32_t zone_count;
    const struct metrics_shard *shards; /* of all workers */
    unsigned worker_count;
    struct conn_environment *environment;
    struct base_pool *slots; /* of struct conn; the index is the slot */
    uint32_t outgoing_slots;
    uint32_t borrowed;
    uint64_t *live_connections; /* the worker's count of connections that are not idle */
};

/* False when there is no memory. */
bool worker_pacer_init(struct worker_pacer *pacer, const struct worker_plan *plan);
void worker_pacer_finish(struct worker_pacer *pacer);

/* Seats are taken and schedules begin at `now_ns`. */
void worker_pacer_begin(struct worker_pacer *pacer, uint64_t now_ns);

/* Starts what is due. */
void worker_pacer_turn(struct worker_pacer *pacer);

/* When the next attempt is intended; UINT64_MAX: it depends on events. */
uint64_t worker_pacer_next_ns(const struct worker_pacer *pacer);

/* An initiator's slot is idle again, or its back-off is over. */
void worker_pacer_done(struct worker_pacer *pacer, struct conn *conn);
void worker_pacer_expired(struct worker_pacer *pacer, struct conn *conn);

/* The run is over: what was intended and never started is counted as dropped. */
void worker_pacer_end(struct worker_pacer *pacer);

/* How many slots a zone with this load gets of worker `index` of `count`. */
uint32_t worker_pacer_slots(const struct profile_zone_load *load, unsigned index, unsigned count);

/* Splits `total` over `count` workers without loss. */
uint32_t worker_pacer_share(uint32_t total, unsigned index, unsigned count);

#endif
