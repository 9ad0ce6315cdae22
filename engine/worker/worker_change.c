/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

#include <stdlib.h>

struct worker_generation *worker_change_make(struct worker *worker, struct node *const *nodes,
                                             struct base_error *error) {
    const struct worker_plan *plan = &worker->plan;
    struct worker_generation *made = calloc(1, sizeof *made);
    if (made == NULL) {
        base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
        return NULL;
    }
    if (!node_instance_create(&made->instance, plan->plan, nodes, plan->runs_here, error)) {
        free(made);
        return NULL;
    }
    made->earlier = worker->generations;
    worker->generations = made;
    return made;
}

/* One that is not taken stays in the list: earlier contexts read its leaves from now on. */
static bool prepare_offer(struct worker *worker, struct base_error *error) {
    struct worker_generation *made = worker_change_make(worker, worker->request.nodes, error);
    if (made == NULL) {
        return false;
    }
    for (const struct worker_generation *earlier = made->earlier; earlier != NULL;
         earlier = earlier->earlier) {
        if (!node_instance_expect_like(earlier->instance, made->instance)) {
            return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
        }
    }
    worker->offered = made;
    return true;
}

static void take_offer(struct worker *worker) {
    const struct node_instance *instance = worker->offered->instance;
    worker->environment.instance = instance;
    for (uint32_t i = 0; i < worker->pacer.zone_count; i++) {
        worker->pacer.zones[i].node_zone = &instance->zones[i];
    }
}

void worker_change_obey(struct worker *worker) {
    struct worker_request *request = &worker->request;
    unsigned asked = atomic_load_explicit(&request->asked, memory_order_acquire);
    if (asked == atomic_load_explicit(&request->answered, memory_order_relaxed)) {
        return;
    }
    request->refused = asked == WORKER_OFFER && !prepare_offer(worker, &request->error);
    if (asked == WORKER_TAKE && worker->offered != NULL) {
        take_offer(worker);
    }
    if (asked != WORKER_OFFER) {
        worker->offered = NULL;
    }
    atomic_store_explicit(&request->answered, asked, memory_order_release);
}

void worker_change_finish(struct worker *worker) {
    while (worker->generations != NULL) {
        struct worker_generation *newest = worker->generations;
        worker->generations = newest->earlier;
        node_instance_destroy(newest->instance);
        free(newest);
    }
}

void worker_change_nodes(struct worker *worker, enum worker_change change,
                         struct node *const *nodes) {
    worker->request.nodes = nodes;
    atomic_store_explicit(&worker->request.asked, change, memory_order_release);
}

enum worker_answer worker_change_answer(const struct worker *worker, struct base_error *error) {
    const struct worker_request *request = &worker->request;
    unsigned answered = atomic_load_explicit(&request->answered, memory_order_acquire);
    if (answered != atomic_load_explicit(&request->asked, memory_order_relaxed)) {
        return WORKER_UNDECIDED;
    }
    if (request->refused) {
        *error = request->error;
        return WORKER_REFUSES;
    }
    return WORKER_AGREES;
}
