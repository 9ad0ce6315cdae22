/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

#include "base_clock.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static_assert(WORKER_RELAYS_MAX == CONN_MAIL_WORKERS_MAX, "one number in two doors");

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static bool listen_everywhere(struct worker *worker, struct base_error *error) {
    const struct profile_plan *plan = worker->plan.plan;
    worker->listeners = calloc(plan->listener_count + 1, sizeof *worker->listeners);
    if (worker->listeners == NULL) {
        return out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        worker->listeners[i].socket = -1;
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (worker->plan.runs_here[plan->listeners[i].node] &&
            !net_ring_listen(&worker->plan.listener_addresses[i], &worker->listeners[i].socket,
                             error)) {
            return false;
        }
    }
    return true;
}

/* In the worker's own thread: a ring belongs to the thread that made it. */
static bool set_up(struct worker *worker, struct base_error *error) {
    const struct worker_plan *plan = &worker->plan;
    struct conn_environment *environment = &worker->environment;
    uint32_t slots = plan->limits.outgoing_slots + plan->limits.incoming_slots;
    if (!net_ring_create(&environment->ring, &plan->limits, error) ||
        worker_change_make(worker, plan->nodes, error) == NULL) {
        return false;
    }
    environment->instance = worker->generations->instance;
    environment->listener_addresses = plan->listener_addresses;
    environment->shard = plan->shard;
    environment->journal = plan->journal;
    environment->trace = plan->trace;
    environment->slots = &worker->slots;
    environment->mail = plan->mail;
    environment->worker = plan->index;
    environment->worker_count = plan->count;
    worker->pacer = (struct worker_pacer){.environment = environment,
                                          .slots = &worker->slots,
                                          .live_connections = &worker->live_connections};
    if (!conn_environment_init(environment, slots, plan->seed, base_clock_now_ns()) ||
        !base_pool_init(&worker->slots, slots, sizeof(struct conn)) ||
        !worker_pacer_init(&worker->pacer, plan)) {
        return out_of_memory(error);
    }
    return listen_everywhere(worker, error);
}

static void tear_down(struct worker *worker) {
    for (uint32_t i = 0; worker->listeners != NULL && i < worker->plan.plan->listener_count; i++) {
        if (worker->listeners[i].socket >= 0) {
            close(worker->listeners[i].socket);
        }
    }
    free(worker->listeners);
    net_ring_destroy(worker->environment.ring);
    for (uint32_t slot = 0; slot < worker->slots.block_count; slot++) {
        conn_discard(base_pool_block(&worker->slots, slot));
    }
    conn_environment_finish(&worker->environment);
    worker_pacer_finish(&worker->pacer);
    base_pool_finish(&worker->slots);
    worker_change_finish(worker);
}

static void announce(struct worker *worker, bool ready) {
    pthread_mutex_lock(&worker->mutex);
    worker->readiness = ready ? WORKER_READY : WORKER_BROKEN;
    pthread_cond_broadcast(&worker->ready_changed);
    pthread_mutex_unlock(&worker->mutex);
}

static void settle_on_core(const struct worker_plan *plan) {
    char name[16];
    cpu_set_t cores;
    snprintf(name, sizeof name, "worker-%u", plan->index % 1000);
    pthread_setname_np(pthread_self(), name);
    if (plan->cpu >= 0) {
        CPU_ZERO(&cores);
        CPU_SET((size_t)plan->cpu, &cores);
        pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
    }
}

static void *thread_main(void *argument) {
    struct worker *worker = argument;
    settle_on_core(&worker->plan);
    bool ready = set_up(worker, &worker->error);
    announce(worker, ready);
    if (ready) {
        worker_loop(worker);
    }
    tear_down(worker);
    return NULL;
}

bool worker_mail_create(struct conn_mail **out, const struct profile_plan *plan,
                        unsigned worker_count, struct base_error *error) {
    *out = NULL;
    return !profile_plan_relays(plan) ||
           conn_mail_create(out, worker_count, plan->zone_count, plan->listener_count, error);
}

void worker_mail_destroy(struct conn_mail *mail) {
    conn_mail_destroy(mail);
}

bool worker_create(struct worker **out, const struct worker_plan *plan, struct base_error *error) {
    struct worker *worker = calloc(1, sizeof *worker);
    *out = NULL;
    if (worker == NULL) {
        return out_of_memory(error);
    }
    worker->plan = *plan;
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->ready_changed, NULL);
    int result = pthread_create(&worker->thread, NULL, thread_main, worker);
    if (result != 0) {
        free(worker);
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot start a worker thread: %s",
                              strerror(result));
    }
    *out = worker;
    return true;
}

bool worker_wait_ready(struct worker *worker, struct base_error *error) {
    pthread_mutex_lock(&worker->mutex);
    while (worker->readiness == WORKER_SETTING_UP) {
        pthread_cond_wait(&worker->ready_changed, &worker->mutex);
    }
    bool ready = worker->readiness == WORKER_READY;
    if (!ready) {
        *error = worker->error;
    }
    pthread_mutex_unlock(&worker->mutex);
    return ready;
}

void worker_give_order(struct worker *worker, enum worker_order order) {
    if (order == WORKER_START) {
        worker->begin_ns = base_clock_now_ns();
    }
    atomic_store_explicit(&worker->order, order, memory_order_release);
}

bool worker_is_done(const struct worker *worker) {
    return atomic_load_explicit(&worker->reached, memory_order_acquire) ==
           atomic_load_explicit(&worker->order, memory_order_relaxed);
}

void worker_destroy(struct worker *worker) {
    if (worker == NULL) {
        return;
    }
    worker_give_order(worker, WORKER_QUIT);
    pthread_join(worker->thread, NULL);
    pthread_mutex_destroy(&worker->mutex);
    pthread_cond_destroy(&worker->ready_changed);
    free(worker);
}

uint32_t worker_outgoing_slots(const struct profile_plan *plan, const bool *runs_here,
                               unsigned index, unsigned count) {
    uint32_t slots = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (runs_here[plan->zones[i].node]) {
            slots += worker_pacer_slots(&plan->zones[i].load, index, count);
        }
    }
    return slots;
}
