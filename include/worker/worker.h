/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_H
#define WORKER_H

#include "base_error.h"
#include "journal_ring.h"
#include "metrics_shard.h"
#include "net_ring.h"
#include "profile_plan.h"

struct conn_mail;
struct journal_trace;
struct node;
struct worker_steering;

/* One of several that a zone's connections are spread over. */
struct worker_target {
    struct net_address remote;
    uint32_t peer;     /* the item of the profile's list that it is of */
    uint16_t priority; /* among the targets of its peer; the lowest first */
    uint32_t weight;   /* among the first targets of all peers; never 0 */
};

/* Where a zone's connections go to and come from. */
struct worker_route {
    struct net_address remote;           /* the only target, or the first one */
    const struct worker_target *targets; /* of several: all, by peer and priority; NULL: the one */
    uint32_t target_count;               /* 0 with NULL */
    const struct net_address *sources;   /* used in turn, `attempts_per_source` at a time */
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
    struct metrics_shard *shard;        /* written by this worker alone */
    const struct metrics_shard *shards; /* of all workers, by index: counters are read to see how
                                           far a zone is that another one comes after */
    struct journal_ring *journal;       /* likewise */
    struct journal_trace *trace;        /* likewise; NULL: no diagnostics */
    struct conn_mail *mail;             /* shared by all; NULL: nothing is relayed */
    const struct worker_steering *steering; /* likewise; NULL: nobody steers */
};

/*
 * The orders of a run, in this sequence. RECOUNT, which may be left out, ends a warm-up: what was
 * counted is forgotten, but for what peers presented, and what lives is counted again. FREEZE ends
 * the counting in all workers before any of them closes, so that no connection that was open at the
 * end looks lost. PART has calls ended and registrations taken back while all that they go through
 * still stands.
 */
enum worker_order {
    WORKER_PREPARE,
    WORKER_START,
    WORKER_RECOUNT,
    WORKER_FREEZE,
    WORKER_PART,
    WORKER_CLOSE,
    WORKER_QUIT
};

struct worker;

/*
 * What the workers of one run relay requests through; NULL, and true, when the plan relays nothing.
 * The workers borrow it.
 */
#define WORKER_RELAYS_MAX 255u
bool worker_mail_create(struct conn_mail **out, const struct profile_plan *plan,
                        unsigned worker_count, struct base_error *error);
void worker_mail_destroy(struct conn_mail *mail);

/*
 * Starts the thread; it sets up its ring, contexts and listeners, then waits for orders. Any thread
 * may give orders.
 */
bool worker_create(struct worker **out, const struct worker_plan *plan, struct base_error *error);

/* Waits until it listens, or says why it cannot. */
bool worker_wait_ready(struct worker *worker, struct base_error *error);

void worker_give_order(struct worker *worker, enum worker_order order);

/* True when the last order was carried out; for PART: nobody owes a word; for CLOSE: no connection
 * is left. */
bool worker_is_done(const struct worker *worker);

/*
 * Other generations of the nodes, in two steps, so that all workers take them or none does. OFFER:
 * the worker makes its contexts, and the connections that it has learn what they may be shown.
 * TAKE: connections that start from now on use them; those that live keep what they began with.
 * LEAVE: it goes on as before. One change at a time: an OFFER follows the end of the change before.
 */
enum worker_change { WORKER_NO_CHANGE, WORKER_OFFER, WORKER_TAKE, WORKER_LEAVE };

/* `nodes` goes with OFFER, and must live until the worker is destroyed. */
void worker_change_nodes(struct worker *worker, enum worker_change change,
                         struct node *const *nodes);

enum worker_answer { WORKER_UNDECIDED, WORKER_AGREES, WORKER_REFUSES };

/* Whether the last change was carried out; REFUSES, with a sentence: an OFFER could not be. */
enum worker_answer worker_change_answer(const struct worker *worker, struct base_error *error);

/*
 * Asks for a copy of its shard as it is between two events, histograms and tables included, in
 * `into`, which has the same shape and is the worker's until worker_published() is true. One at a
 * time.
 */
void worker_publish(struct worker *worker, struct metrics_shard *into);
bool worker_published(const struct worker *worker);

/* Connections that it held at that moment, in whatever phase: a slot of its ring each. */
uint64_t worker_live_connections(const struct worker *worker);

/* Orders QUIT, joins the thread, frees. The shard and the journal may be read afterwards. */
void worker_destroy(struct worker *worker);

/* How many outgoing slots worker `index` of `count` needs for the zones that run here. */
uint32_t worker_outgoing_slots(const struct profile_plan *plan, const bool *runs_here,
                               unsigned index, unsigned count);

#endif
