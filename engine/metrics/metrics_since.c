/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_window.h"

#include <assert.h>
#include <string.h>

/* Plain counters and arrays of them, from the first member to the first that is something else. */
#define ZONE_COUNTERS     (offsetof(struct metrics_zone, suites) / sizeof(metrics_counter))
#define LISTENER_COUNTERS (offsetof(struct metrics_listener, reasons) / sizeof(metrics_counter))

static_assert(offsetof(struct metrics_zone, attempts) == 0, "a zone begins with its counters");
static_assert(offsetof(struct metrics_listener, accepted) == 0, "so does a listener");

static void set(metrics_counter *counter, uint64_t value) {
    atomic_store_explicit(counter, value, memory_order_relaxed);
}

static void counters_since(void *earlier, const void *now, size_t count) {
    metrics_counter *before = earlier;
    const metrics_counter *after = now;
    for (size_t i = 0; i < count; i++) {
        uint64_t was = metrics_read(&before[i]);
        uint64_t is = metrics_read(&after[i]);
        set(&before[i], is >= was ? is - was : is);
    }
}

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most) {
    if (value < least) {
        return least;
    }
    return value > most ? most : value;
}

/* The exact extremes are those of the whole; within it the buckets tell. */
static void find_extremes(struct metrics_histogram *within, const struct metrics_histogram *now) {
    within->min = 0;
    within->max = 0;
    if (within->count == 0) {
        return;
    }
    unsigned first = 0;
    unsigned last = METRICS_HISTOGRAM_BUCKETS - 1;
    while (first < last && within->buckets[first] == 0) {
        first++;
    }
    while (last > first && within->buckets[last] == 0) {
        last--;
    }
    uint64_t highest =
        last == METRICS_HISTOGRAM_BUCKETS - 1 ? now->max : metrics_histogram_bucket_high(last);
    within->min = clamp(metrics_histogram_bucket_low(first), now->min, now->max);
    within->max = clamp(highest, now->min, now->max);
}

static void histogram_since(struct metrics_histogram *earlier,
                            const struct metrics_histogram *now) {
    if (now->count < earlier->count) {
        *earlier = *now;
        return;
    }
    earlier->count = now->count - earlier->count;
    earlier->sum = now->sum - earlier->sum;
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        earlier->buckets[i] = now->buckets[i] - earlier->buckets[i];
    }
    find_extremes(earlier, now);
}

static void serials_of(struct metrics_serials *into, const struct metrics_serials *from) {
    assert(into->capacity == from->capacity);
    if (from->capacity > 0) {
        memcpy(into->cells, from->cells, from->capacity * sizeof *from->cells);
    }
    into->used = from->used;
    into->other = from->other;
}

static void zone_since(struct metrics_zone *earlier, const struct metrics_zone *now) {
    counters_since(earlier, now, ZONE_COUNTERS);
    set(&earlier->answering, metrics_read(&now->answering));
    memcpy(earlier->suites, now->suites, sizeof earlier->suites);
    earlier->reasons = now->reasons;
    for (uint32_t i = 0; i < now->identity_count; i++) {
        counters_since(&earlier->identities[i].attempts, &now->identities[i].attempts, 1);
        counters_since(&earlier->identities[i].established, &now->identities[i].established, 1);
        counters_since(&earlier->identities[i].failed, &now->identities[i].failed, 1);
    }
    for (uint32_t i = 0; i < now->target_count; i++) {
        counters_since(&earlier->targets[i].attempts, &now->targets[i].attempts, 1);
        counters_since(&earlier->targets[i].established, &now->targets[i].established, 1);
        counters_since(&earlier->targets[i].failed, &now->targets[i].failed, 1);
    }
    serials_of(&earlier->serials, &now->serials);
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        histogram_since(&earlier->latency[i], &now->latency[i]);
    }
}

static void listener_since(struct metrics_listener *earlier, const struct metrics_listener *now) {
    counters_since(earlier, now, LISTENER_COUNTERS);
    earlier->reasons = now->reasons;
    serials_of(&earlier->serials, &now->serials);
    histogram_since(&earlier->eku_ns, &now->eku_ns);
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        histogram_since(&earlier->latency[i], &now->latency[i]);
    }
}

void metrics_shard_since(struct metrics_shard *earlier, const struct metrics_shard *now) {
    assert(earlier->zone_count == now->zone_count);
    assert(earlier->listener_count == now->listener_count);
    for (uint32_t i = 0; i < now->zone_count; i++) {
        zone_since(&earlier->zones[i], &now->zones[i]);
    }
    for (uint32_t i = 0; i < now->listener_count; i++) {
        listener_since(&earlier->listeners[i], &now->listeners[i]);
    }
}
