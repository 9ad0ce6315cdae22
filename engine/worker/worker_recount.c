/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

/* Zones that come after another one go by what became of all its connections, ever. */
static uint64_t answered_ever(const struct metrics_zone *zone) {
    return metrics_read(&zone->answered) + metrics_read(&zone->answered_before);
}

static uint64_t settled_ever(const struct metrics_zone *zone) {
    return metrics_read(&zone->established) + metrics_read(&zone->failed) +
           metrics_read(&zone->unconfirmed) + metrics_read(&zone->settled_before);
}

/* Other workers may look at any moment. They see too little until all is done, and wait: too much
 * would let zones go for good. */
void worker_recount(struct worker *worker) {
    struct metrics_shard *shard = worker->environment.shard;
    struct worker_pacer_zone *zones = worker->pacer.zones;
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        zones[i].answered_ever = answered_ever(&shard->zones[i]);
        zones[i].settled_ever = settled_ever(&shard->zones[i]);
    }
    metrics_shard_restart(shard);
    /* Slots that were never used are only looked at: writing would back their memory. */
    for (uint32_t slot = 0; slot < worker->slots.block_count; slot++) {
        conn_recount(base_pool_block(&worker->slots, slot), &worker->environment);
    }
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        struct metrics_zone *zone = &shard->zones[i];
        metrics_add(&zone->answered_before, zones[i].answered_ever - answered_ever(zone));
        metrics_add(&zone->settled_before, zones[i].settled_ever - settled_ever(zone));
    }
}
