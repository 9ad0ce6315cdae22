/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

/* Zones that come after another one go by what became of all its connections, ever. */
static void remember(struct metrics_zone *zone) {
    metrics_add(&zone->answered_before, metrics_read(&zone->answered));
    metrics_add(&zone->settled_before, metrics_read(&zone->established) +
                                           metrics_read(&zone->failed) +
                                           metrics_read(&zone->unconfirmed));
}

/* What lives is counted again, and must not be remembered, too. */
static void forget_twice_counted(struct metrics_zone *zone) {
    metrics_add(&zone->answered_before, 0 - metrics_read(&zone->answered));
    metrics_add(&zone->settled_before, 0 - metrics_read(&zone->established));
}

void worker_recount(struct worker *worker) {
    struct metrics_shard *shard = worker->environment.shard;
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        remember(&shard->zones[i]);
    }
    metrics_shard_restart(shard);
    /* Slots that were never used are only looked at: writing would back their memory. */
    for (uint32_t slot = 0; slot < worker->slots.block_count; slot++) {
        conn_recount(base_pool_block(&worker->slots, slot), &worker->environment);
    }
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        forget_twice_counted(&shard->zones[i]);
    }
}
