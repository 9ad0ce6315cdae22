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

struct worker {
    struct worker_plan plan;
    pthread_t thread;

    /* Owned by the thread. */
    struct conn_environment environment;
    struct node_instance *instance;
    struct worker_pacer pacer;
    struct base_pool slots; /* struct conn, outgoing first, then incoming */
    struct worker_listener *listeners;
    uint64_t live_connections;
    uint32_t accepted_connections; /* those of them that stand in incoming slots */
    bool paces;
    bool closing;

    /* Shared: the order given, and the last one carried out. */
    _Atomic unsigned order;
    _Atomic unsigned reached;

    /* Shared under the mutex, until ready. */
    pthread_mutex_t mutex;
    pthread_cond_t ready_changed;
    enum { WORKER_SETTING_UP, WORKER_READY, WORKER_BROKEN } readiness;
    struct base_error error;
};

/* Serves the ring until WORKER_QUIT. */
void worker_loop(struct worker *worker);

#endif
