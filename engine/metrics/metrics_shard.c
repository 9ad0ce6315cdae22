/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_shard.h"

#include "metrics_reasons.h"
#include "metrics_serials.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One block, so that no two workers' counters share a cache line. */
#define CACHE_LINE 64

static const char *const zone_latency_keys[METRICS_ZONE_LATENCIES] = {
    [METRICS_START_DELAY] = "start_delay",
    [METRICS_TCP_CONNECT] = "tcp_connect",
    [METRICS_TLS_HANDSHAKE] = "tls_handshake",
    [METRICS_TLS_HANDSHAKE_FULL] = "tls_handshake_full",
    [METRICS_TLS_HANDSHAKE_RESUMED] = "tls_handshake_resumed",
    [METRICS_ADMISSION] = "admission",
    [METRICS_REFUSAL] = "refusal",
    [METRICS_SIP_RESPONSE] = "sip_response",
    [METRICS_ESTABLISH] = "establish",
    [METRICS_ESTABLISH_FROM_INTENDED] = "establish_from_intended",
    [METRICS_FLOW_RECOVERY] = "flow_recovery",
};

static const char *const listener_latency_keys[METRICS_LISTENER_LATENCIES] = {
    [METRICS_LISTENER_TLS_HANDSHAKE] = "tls_handshake",
    [METRICS_LISTENER_ADMISSION] = "admission",
    [METRICS_LISTENER_REFUSAL] = "refusal",
};

static const char *const method_names[METRICS_METHODS] = {
    [METRICS_METHOD_OPTIONS] = "OPTIONS", [METRICS_METHOD_REGISTER] = "REGISTER",
    [METRICS_METHOD_INVITE] = "INVITE",   [METRICS_METHOD_ACK] = "ACK",
    [METRICS_METHOD_BYE] = "BYE",         [METRICS_METHOD_OTHER] = "other",
};

const char *metrics_method_name(enum metrics_method method) {
    assert(method < METRICS_METHODS);
    return method_names[method];
}

const char *metrics_zone_latency_key(enum metrics_zone_latency latency) {
    assert(latency < METRICS_ZONE_LATENCIES);
    return zone_latency_keys[latency];
}

const char *metrics_listener_latency_key(enum metrics_listener_latency latency) {
    assert(latency < METRICS_LISTENER_LATENCIES);
    return listener_latency_keys[latency];
}

/* Hands out parts of the block; without a block it only adds up how large one must be. */
struct layout {
    uint8_t *block;
    size_t used;
    bool too_large;
};

static void *take(struct layout *layout, size_t count, size_t size) {
    size_t bytes;
    size_t begin = layout->used;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, (size_t)(CACHE_LINE - 1), &bytes) ||
        __builtin_add_overflow(begin, bytes / CACHE_LINE * CACHE_LINE, &layout->used)) {
        layout->too_large = true;
        return NULL;
    }
    return layout->block == NULL ? NULL : layout->block + begin;
}

static void lay_serials(struct layout *layout, struct metrics_serials *serials, uint32_t capacity) {
    struct metrics_serial *cells = take(layout, capacity, sizeof *cells);
    if (cells != NULL) {
        serials->cells = cells;
        serials->capacity = capacity;
    }
}

static void lay_out(struct layout *layout, struct metrics_shard *shard,
                    const struct metrics_shape *shape) {
    uint32_t capacity = metrics_serials_capacity(shape->serials_per_table);
    struct metrics_zone *zones = take(layout, shape->zone_count, sizeof *zones);
    struct metrics_listener *listeners = take(layout, shape->listener_count, sizeof *listeners);
    bool placed = layout->block != NULL;
    struct metrics_serials unplaced = {0};
    for (uint32_t i = 0; i < shape->zone_count && !layout->too_large; i++) {
        uint32_t count = shape->identities_per_zone[i];
        uint32_t target_count = shape->targets_per_zone == NULL ? 0 : shape->targets_per_zone[i];
        struct metrics_identity *identities = take(layout, count, sizeof *identities);
        struct metrics_target *targets = take(layout, target_count, sizeof *targets);
        lay_serials(layout, placed ? &zones[i].serials : &unplaced, capacity);
        if (placed) {
            zones[i].identities = identities;
            zones[i].identity_count = count;
            zones[i].targets = targets;
            zones[i].target_count = target_count;
        }
    }
    for (uint32_t i = 0; i < shape->listener_count && !layout->too_large; i++) {
        lay_serials(layout, placed ? &listeners[i].serials : &unplaced, capacity);
    }
    *shard = (struct metrics_shard){
        .zones = zones,
        .zone_count = shape->zone_count,
        .listeners = listeners,
        .listener_count = shape->listener_count,
    };
}

bool metrics_shard_init(struct metrics_shard *shard, const struct metrics_shape *shape) {
    struct layout measured = {0};
    lay_out(&measured, shard, shape);
    *shard = (struct metrics_shard){0};
    if (measured.too_large) {
        return false;
    }
    size_t bytes = measured.used > 0 ? measured.used : CACHE_LINE;
    struct layout layout = {.block = aligned_alloc(CACHE_LINE, bytes)};
    if (layout.block == NULL) {
        return false;
    }
    /* Touches every page too: a first fault must not fall into somebody's latency. */
    memset(layout.block, 0, bytes);
    lay_out(&layout, shard, shape);
    return true;
}

void metrics_shard_finish(struct metrics_shard *shard) {
    free(shard->zones); /* the block's begin */
    *shard = (struct metrics_shard){0};
}

/* Where the plain counters lie; the assertions say so when a new one is forgotten. */
static const size_t zone_counters[] = {
    offsetof(struct metrics_zone, attempts),
    offsetof(struct metrics_zone, established),
    offsetof(struct metrics_zone, failed),
    offsetof(struct metrics_zone, unconfirmed),
    offsetof(struct metrics_zone, lost),
    offsetof(struct metrics_zone, closed),
    offsetof(struct metrics_zone, late),
    offsetof(struct metrics_zone, dropped),
    offsetof(struct metrics_zone, resumed),
    offsetof(struct metrics_zone, answered),
    offsetof(struct metrics_zone, answering),
    offsetof(struct metrics_zone, sip_requests),
    offsetof(struct metrics_zone, sip_timeouts),
    offsetof(struct metrics_zone, calls),
    offsetof(struct metrics_zone, relayed),
    offsetof(struct metrics_zone, unroutable),
    offsetof(struct metrics_zone, keepalives_sent),
    offsetof(struct metrics_zone, recovered),
    offsetof(struct metrics_zone, mismatches),
    offsetof(struct metrics_zone, tls_1_2),
    offsetof(struct metrics_zone, tls_1_3),
    offsetof(struct metrics_zone, answered_before),
    offsetof(struct metrics_zone, settled_before),
};

static const size_t listener_counters[] = {
    offsetof(struct metrics_listener, accepted),
    offsetof(struct metrics_listener, admitted),
    offsetof(struct metrics_listener, refused),
    offsetof(struct metrics_listener, aborted),
    offsetof(struct metrics_listener, closed),
    offsetof(struct metrics_listener, resumed),
    offsetof(struct metrics_listener, sip_requests),
    offsetof(struct metrics_listener, keepalives_answered),
    offsetof(struct metrics_listener, relayed),
    offsetof(struct metrics_listener, unroutable),
    offsetof(struct metrics_listener, aliased),
    offsetof(struct metrics_listener, alias_refused),
    offsetof(struct metrics_listener, eku_checked),
    offsetof(struct metrics_listener, eku_refused),
    offsetof(struct metrics_listener, mismatches),
};

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

static_assert(offsetof(struct metrics_zone, faults) ==
                  LENGTH_OF(zone_counters) * sizeof(metrics_counter),
              "a counter of a zone has no row");
static_assert(offsetof(struct metrics_listener, faults) ==
                  LENGTH_OF(listener_counters) * sizeof(metrics_counter),
              "a counter of a listener has no row");

static void add_counters(metrics_counter *into, const metrics_counter *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        metrics_add(&into[i], metrics_read(&from[i]));
    }
}

static void add_members(void *into, const void *from, const size_t *offsets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        metrics_counter *sum = (void *)((char *)into + offsets[i]);
        const metrics_counter *part = (const void *)((const char *)from + offsets[i]);
        metrics_add(sum, metrics_read(part));
    }
}

static void count_suite(struct metrics_zone *zone, unsigned number, uint64_t amount) {
    struct metrics_suite *last = &zone->suites[METRICS_SUITES_MAX - 1];
    struct metrics_suite *cell = number == METRICS_SUITE_OTHER ? last : zone->suites;
    while (cell < last && cell->number != 0 && cell->number != number) {
        cell++;
    }
    cell->number = cell == last ? METRICS_SUITE_OTHER : number;
    cell->count += amount;
}

void metrics_zone_count_suite(struct metrics_zone *zone, unsigned number) {
    if (number != 0) {
        count_suite(zone, number, 1);
    }
}

static void add_suites(struct metrics_zone *into, const struct metrics_zone *from) {
    for (unsigned i = 0; i < METRICS_SUITES_MAX; i++) {
        if (from->suites[i].number != 0) {
            count_suite(into, from->suites[i].number, from->suites[i].count);
        }
    }
}

static void add_zone(struct metrics_zone *into, const struct metrics_zone *from) {
    assert(into->identity_count == from->identity_count);
    add_members(into, from, zone_counters, LENGTH_OF(zone_counters));
    add_counters(into->faults, from->faults, FAULT_COUNT);
    add_counters(into->lost_faults, from->lost_faults, FAULT_COUNT);
    add_counters(into->sip_responses, from->sip_responses, METRICS_SIP_STATUS_MAX);
    add_suites(into, from);
    metrics_reasons_add(&into->reasons, &from->reasons);
    for (uint32_t i = 0; i < into->identity_count; i++) {
        add_counters(&into->identities[i].attempts, &from->identities[i].attempts, 1);
        add_counters(&into->identities[i].established, &from->identities[i].established, 1);
        add_counters(&into->identities[i].failed, &from->identities[i].failed, 1);
    }
    for (uint32_t i = 0; i < into->target_count; i++) {
        add_counters(&into->targets[i].attempts, &from->targets[i].attempts, 1);
        add_counters(&into->targets[i].established, &from->targets[i].established, 1);
        add_counters(&into->targets[i].failed, &from->targets[i].failed, 1);
    }
    metrics_serials_add(&into->serials, &from->serials);
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        metrics_histogram_add(&into->latency[i], &from->latency[i]);
    }
}

static void add_listener(struct metrics_listener *into, const struct metrics_listener *from) {
    add_members(into, from, listener_counters, LENGTH_OF(listener_counters));
    add_counters(into->faults, from->faults, FAULT_COUNT);
    add_counters(into->sip_methods, from->sip_methods, METRICS_METHODS);
    add_counters(into->eku_checked_by_policy, from->eku_checked_by_policy, METRICS_POLICIES);
    add_counters(into->eku_refused_by_policy, from->eku_refused_by_policy, METRICS_POLICIES);
    metrics_reasons_add(&into->reasons, &from->reasons);
    metrics_serials_add(&into->serials, &from->serials);
    metrics_histogram_add(&into->eku_ns, &from->eku_ns);
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        metrics_histogram_add(&into->latency[i], &from->latency[i]);
    }
}

void metrics_shard_add(struct metrics_shard *into, const struct metrics_shard *from) {
    assert(into->zone_count == from->zone_count && into->listener_count == from->listener_count);
    for (uint32_t i = 0; i < into->zone_count; i++) {
        add_zone(&into->zones[i], &from->zones[i]);
    }
    for (uint32_t i = 0; i < into->listener_count; i++) {
        add_listener(&into->listeners[i], &from->listeners[i]);
    }
}

/* A reader of running counters may see an outcome before the attempt it belongs to. */
static uint64_t rest(uint64_t whole, uint64_t part) {
    return whole > part ? whole - part : 0;
}

uint64_t metrics_zone_in_flight(const struct metrics_zone *zone) {
    uint64_t ended = metrics_read(&zone->established) + metrics_read(&zone->failed) +
                     metrics_read(&zone->unconfirmed);
    return rest(metrics_read(&zone->attempts), ended);
}

uint64_t metrics_zone_open(const struct metrics_zone *zone) {
    uint64_t ended = metrics_read(&zone->lost) + metrics_read(&zone->closed);
    return rest(metrics_read(&zone->established), ended);
}

uint64_t metrics_listener_in_flight(const struct metrics_listener *listener) {
    uint64_t ended = metrics_read(&listener->admitted) + metrics_read(&listener->refused) +
                     metrics_read(&listener->aborted);
    return rest(metrics_read(&listener->accepted), ended);
}
