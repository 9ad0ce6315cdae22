/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_BENCH_H
#define WORKER_BENCH_H

#include "certs_authority.h"
#include "node.h"
#include "worker.h"
#include "worker_steering.h"

enum { BENCH_CORE, BENCH_EDGE, BENCH_NODES };
enum { BENCH_GENERATIONS = 3 };
#define BENCH_SLOTS 8 /* in each direction */
#define BENCH_ZONES 2

/* One worker in which a node dials another over TLS. The generations of the two nodes differ in
 * their serials; the last one's acceptor has no certificate. */
struct bench {
    struct profile_plan *profile;
    struct certs_authority *authority;
    char *root;
    struct node *nodes[BENCH_GENERATIONS][BENCH_NODES];
    struct worker_route routes[BENCH_ZONES];
    struct net_address listener;
    struct net_address source;
    struct metrics_shard shard;
    struct metrics_shard copy; /* for worker_publish() */
    struct journal_ring *journal;
    struct worker_zone_steering steered[BENCH_ZONES];
    struct worker_steering steering;
    struct worker *worker;
};

/* `load`: keys of the zone. Not started yet. */
void bench_init(struct bench *bench, const char *load);
/* With a second zone that comes after the first, and has `later` as its load. */
void bench_init_with_later(struct bench *bench, const char *load, const char *later);
/* The worker is gone by then. */
void bench_finish(struct bench *bench);

void bench_order(const struct bench *bench, enum worker_order order);
void bench_steer(struct bench *bench);

/* Fails the test when `counter` does not come to be at least `wanted`. */
void bench_await(const metrics_counter *counter, uint64_t wanted);
/* The same of connections of a zone that are open: exactly so many. */
void bench_await_open(const struct bench *bench, uint32_t zone, uint64_t wanted);
/* Each time; fails the test with `what` when that goes on for too long. */
void bench_pause_shortly(uint64_t end_ns, const char *what);
#define BENCH_PATIENCE_NS UINT64_C(8000000000)

#endif
