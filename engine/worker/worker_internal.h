/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_INTERNAL_H
#define WORKER_INTERNAL_H

#include "worker.h"
#include "worker_pacer.h"

#include <pthread.h>

struct worker_listener {
    int socket; /* -1: not listening */
    bool accepting;
};

/* One worker's TLS contexts, the newest first. None is freed before the ring is gone: a connection
 * keeps those that it began with. */
struct worker_generation {
    struct node_instance *instance;
    struct worker_generation *earlier;
};

/* What run wants changed, and what the worker answers: run writes all before `asked`, the worker
 * all before `answered`. */
struct worker_request {
    _Atomic unsigned asked;    /* enum worker_change */
    _Atomic unsigned answered; /* the last one dealt with */
    struct node *const *nodes;
    bool refused;
    struct base_error error;
};

struct worker {
    struct worker_plan plan;
    pthread_t thread;

    /* Owned by the thread. */
    struct conn_environment environment;
    struct worker_generation *generations;
    struct worker_generation *offered; /* waits to be taken, or to be left */
    struct worker_pacer pacer;
    struct base_pool slots; /* struct conn, outgoing first, then incoming */
    struct worker_listener *listeners;
    uint64_t live_connections;
    uint32_t accepted_connections; /* those of them that stand in incoming slots */
    bool watches_mail;
    bool paces;
    bool parting;
    bool closing;

    /* Shared: the order given, and the last one carried out. */
    uint64_t begin_ns; /* when START was given, so that schedules begin together; set before it */
    _Atomic unsigned order;
    _Atomic unsigned reached;
    struct worker_request request;
    uint64_t published_connections;               /* those that lived then */
    _Atomic(struct metrics_shard *) publish_into; /* NULL: nobody asks, or it is done */

    /* Shared under the mutex, until ready. */
    pthread_mutex_t mutex;
    pthread_cond_t ready_changed;
    enum { WORKER_SETTING_UP, WORKER_READY, WORKER_BROKEN } readiness;
    struct base_error error;
};

/* Serves the ring until WORKER_QUIT. */
void worker_loop(struct worker *worker);

/* worker_change.c: contexts for these nodes, before any other; not in use yet. NULL with a
 * sentence.
 */
struct worker_generation *worker_change_make(struct worker *worker, struct node *const *nodes,
                                             struct base_error *error);
/* Deals with what run asks for. */
void worker_change_obey(struct worker *worker);
void worker_change_finish(struct worker *worker);

/* worker_recount.c: counting begins anew, with what lives. */
void worker_recount(struct worker *worker);

/* worker_publish.c: copies the shard when somebody asks for it. */
void worker_publish_obey(struct worker *worker);

#endif
