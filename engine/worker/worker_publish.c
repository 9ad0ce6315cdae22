/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

void worker_publish(struct worker *worker, struct metrics_shard *into) {
    atomic_store_explicit(&worker->publish_into, into, memory_order_release);
}

bool worker_published(const struct worker *worker) {
    return atomic_load_explicit(&worker->publish_into, memory_order_acquire) == NULL;
}

uint64_t worker_live_connections(const struct worker *worker) {
    return worker->published_connections;
}

void worker_publish_obey(struct worker *worker) {
    struct metrics_shard *into = atomic_load_explicit(&worker->publish_into, memory_order_acquire);
    if (into != NULL) {
        metrics_shard_clear(into);
        metrics_shard_add(into, worker->environment.shard);
        worker->published_connections = worker->live_connections;
        atomic_store_explicit(&worker->publish_into, NULL, memory_order_release);
    }
}
