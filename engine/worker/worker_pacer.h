/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_PACER_H
#define WORKER_PACER_H

#include "conn.h"
#include "worker.h"
#include "worker_schedule.h"
#include "worker_target.h"

/* What a zone was last told while it runs. */
struct worker_zone_steered { /* negative: as the profile says */
    double rate_per_s;
    int64_t connections;
};

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
    struct worker_targets targets;
    uint32_t connections;   /* hold: to keep open, of all workers */
    uint32_t share;         /* slots of this worker that the zone may use at once */
    uint32_t opening_share; /* handshakes at once */
    uint32_t live;          /* churn: slots in use, those that pause after a failure included */
    uint32_t seats;         /* hold: slots it has, more than its share while it is made smaller */
    uint64_t attempts_left; /* of churn; else without end */
    uint64_t started;       /* attempts so far: chooses the source */
    struct worker_schedule schedule; /* open loop, and the stages of a closed one */
    struct base_link ready;          /* hold: seats that may open now */
    struct base_link waiting;        /* hold: seats that come after another zone's */
    uint32_t released;               /* seats that waited and may go now */
    uint64_t answered_ever;          /* while counting begins anew: with what is forgotten */
    uint64_t settled_ever;           /* likewise */
    uint64_t look_ns;                /* not before then is it looked whether more may go */
    bool is_steered;                 /* closed loop: `share` is what somebody set */
    struct worker_zone_steered steered;
    /* Arrivals and identities, and nothing else, draw from it: one seed gives one schedule. */
    struct base_random random;
};

struct worker_pacer {
    struct worker_pacer_zone *zones;
    uint32_t zone_count;
    const struct metrics_shard *shards; /* of all workers */
    unsigned worker_index;
    unsigned worker_count;
    struct conn_environment *environment;
    struct base_pool *slots; /* of struct conn; the index is the slot */
    uint32_t outgoing_slots;
    uint32_t borrowed;
    uint64_t *live_connections; /* the worker's count of connections that are not idle */
    const struct worker_steering *steering; /* NULL: nobody steers */
    uint32_t steered_version;               /* the last one that was looked at */
    uint32_t dials;                         /* likewise */
    uint64_t paused_ns;                     /* since when; 0: it is not */
    bool begun;
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

/* worker_pacer_steer.c: does what was asked for since it looked last, once a turn of the loop. Not
 * before the schedules begin, nor when counting is over. */
void worker_pacer_steer(struct worker_pacer *pacer, uint64_t now_ns);

/* worker_pacer_slots.c */
/* How many slots a zone with this load gets of worker `index` of `count`. */
uint32_t worker_pacer_slots(const struct profile_zone_load *load, unsigned index, unsigned count);
/* Splits `total` over `count` workers without loss. */
uint32_t worker_pacer_share(uint32_t total, unsigned index, unsigned count);
/* NULL: all outgoing ones are in use. */
struct conn *worker_pacer_borrow(struct worker_pacer *pacer);
void worker_pacer_give_back(struct worker_pacer *pacer, struct conn *conn);

/* worker_pacer_churn.c: open and closed loops. */
void worker_pacer_turn_rate(struct worker_pacer *pacer, struct worker_pacer_zone *zone);
void worker_pacer_turn_concurrency(struct worker_pacer *pacer, struct worker_pacer_zone *zone);
/* What was due and never started. */
void worker_pacer_drop_overdue(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                               uint64_t now_ns);

/* worker_pacer_hold.c: connections that are kept open. */
void worker_pacer_turn_hold(struct worker_pacer *pacer, struct worker_pacer_zone *zone);
/* Takes seats until there are as many as the zone's share. */
void worker_pacer_fill_seats(struct worker_pacer *pacer, struct worker_pacer_zone *zone);
/* A seat is idle again: when it dials next. */
void worker_pacer_schedule_seat(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                                struct conn *conn);
/* Its pause is over. */
void worker_pacer_seat_ready(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                             struct conn *conn);
/* All that wait for their next attempt dial at once. */
void worker_pacer_dial_all(struct worker_pacer *pacer);

/* worker_pacer.c */
void worker_pacer_start(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                        struct conn *conn, uint64_t intended_ns);

#endif
