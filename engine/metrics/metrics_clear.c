/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_shard.h"

#include <string.h>

/* In whole words, because others may be reading counters. */
static void zero(void *memory, size_t bytes) {
    metrics_counter *words = memory;
    for (size_t i = 0; i < bytes / sizeof *words; i++) {
        atomic_store_explicit(&words[i], 0, memory_order_relaxed);
    }
}

static void clear_serials(struct metrics_serials *serials) {
    memset(serials->cells, 0, serials->capacity * sizeof *serials->cells);
    serials->used = 0;
    serials->other = 0;
}

/* What lies between the counts are tables of their own, and stays. */
static void clear_zone(struct metrics_zone *zone) {
    const size_t tail = offsetof(struct metrics_zone, latency);
    zero(zone, offsetof(struct metrics_zone, identities));
    zero((char *)zone + tail, sizeof *zone - tail);
    zero(zone->identities, zone->identity_count * sizeof *zone->identities);
    zero(zone->targets, zone->target_count * sizeof *zone->targets);
}

static void clear_listener(struct metrics_listener *listener) {
    const size_t tail = offsetof(struct metrics_listener, eku_ns);
    zero(listener, offsetof(struct metrics_listener, serials));
    zero((char *)listener + tail, sizeof *listener - tail);
}

void metrics_shard_restart(struct metrics_shard *shard) {
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        struct metrics_zone *zone = &shard->zones[i];
        uint64_t mismatches = metrics_read(&zone->mismatches);
        uint64_t answered = metrics_read(&zone->answered_before);
        uint64_t settled = metrics_read(&zone->settled_before);
        clear_zone(zone);
        metrics_add(&zone->mismatches, mismatches);
        metrics_add(&zone->answered_before, answered);
        metrics_add(&zone->settled_before, settled);
    }
    for (uint32_t i = 0; i < shard->listener_count; i++) {
        uint64_t mismatches = metrics_read(&shard->listeners[i].mismatches);
        clear_listener(&shard->listeners[i]);
        metrics_add(&shard->listeners[i].mismatches, mismatches);
    }
}

void metrics_shard_clear(struct metrics_shard *shard) {
    for (uint32_t i = 0; i < shard->zone_count; i++) {
        clear_zone(&shard->zones[i]);
        clear_serials(&shard->zones[i].serials);
    }
    for (uint32_t i = 0; i < shard->listener_count; i++) {
        clear_listener(&shard->listeners[i]);
        clear_serials(&shard->listeners[i].serials);
    }
}
