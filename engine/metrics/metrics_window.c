/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX  ((size_t)64 << 20)
#define CACHE_LINE 64

/* calloc() would leave its pages untouched, and gcc makes it of malloc() with memset(). */
static void *touched(size_t count, size_t size) {
    size_t bytes = (count * size + CACHE_LINE) / CACHE_LINE * CACHE_LINE;
    void *block = aligned_alloc(CACHE_LINE, bytes);
    if (block != NULL) {
        memset(block, 0, bytes);
    }
    return block;
}

static size_t bytes_of_one(const struct metrics_shard *shape) {
    return sizeof(struct metrics_window) + shape->zone_count * sizeof(struct metrics_window_zone) +
           shape->listener_count * sizeof(struct metrics_window_listener);
}

/* Even, so that neighbours merge in pairs. */
static uint32_t capacity_for(const struct metrics_shard *shape, uint32_t wanted) {
    size_t most = BYTES_MAX / bytes_of_one(shape);
    if (wanted > METRICS_WINDOWS_MAX) {
        wanted = METRICS_WINDOWS_MAX;
    }
    if (wanted > most) {
        wanted = (uint32_t)most;
    }
    return wanted < 2 ? 2 : wanted + (wanted & 1);
}

bool metrics_windows_init(struct metrics_windows *windows, const struct metrics_shard *shape,
                          uint32_t wanted, double length_s) {
    uint32_t capacity = capacity_for(shape, wanted);
    *windows = (struct metrics_windows){
        .items = touched(capacity, sizeof *windows->items),
        .zones = touched((size_t)capacity * shape->zone_count, sizeof *windows->zones),
        .listeners = touched((size_t)capacity * shape->listener_count, sizeof *windows->listeners),
        .zone_count = shape->zone_count,
        .listener_count = shape->listener_count,
        .capacity = capacity,
        .length_s = length_s,
    };
    if (windows->items == NULL || windows->zones == NULL || windows->listeners == NULL) {
        metrics_windows_finish(windows);
        return false;
    }
    return true;
}

void metrics_windows_finish(struct metrics_windows *windows) {
    free(windows->items);
    free(windows->zones);
    free(windows->listeners);
    *windows = (struct metrics_windows){0};
}

struct metrics_window_zone *metrics_windows_zone(const struct metrics_windows *windows,
                                                 uint32_t window, uint32_t zone) {
    return &windows->zones[(size_t)window * windows->zone_count + zone];
}

struct metrics_window_listener *metrics_windows_listener(const struct metrics_windows *windows,
                                                         uint32_t window, uint32_t listener) {
    return &windows->listeners[(size_t)window * windows->listener_count + listener];
}

/* A median of two medians is near the one of both; of the 99th percentiles the worse one is kept.
 */
static void merge_latency(struct metrics_window_latency *into,
                          const struct metrics_window_latency *later) {
    uint64_t count = into->count + later->count;
    if (count > 0) {
        into->p50 = (uint64_t)(((double)into->p50 * (double)into->count +
                                (double)later->p50 * (double)later->count) /
                                   (double)count +
                               0.5);
    }
    into->p99 = later->p99 > into->p99 ? later->p99 : into->p99;
    into->count = count;
}

/* The worse of both; a window in which nothing was tried says nothing. */
static enum metrics_state worse(enum metrics_state a, enum metrics_state b) {
    if (a == METRICS_IDLE || b == METRICS_IDLE) {
        return a == METRICS_IDLE ? b : a;
    }
    return a < b ? a : b;
}

static void merge_zone(struct metrics_window_zone *into, const struct metrics_window_zone *later) {
    into->state = worse(into->state, later->state);
    into->attempts += later->attempts;
    into->established += later->established;
    into->failed += later->failed;
    into->unconfirmed += later->unconfirmed;
    into->lost += later->lost;
    into->closed += later->closed;
    into->late += later->late;
    into->dropped += later->dropped;
    into->sip_requests += later->sip_requests;
    into->sip_responses_2xx += later->sip_responses_2xx;
    into->sip_timeouts += later->sip_timeouts;
    into->open = later->open;
    into->peak_open = later->peak_open > into->peak_open ? later->peak_open : into->peak_open;
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        merge_latency(&into->latency[i], &later->latency[i]);
    }
}

static void merge_listener(struct metrics_window_listener *into,
                           const struct metrics_window_listener *later) {
    into->accepted += later->accepted;
    into->admitted += later->admitted;
    into->refused += later->refused;
    into->aborted += later->aborted;
    into->closed += later->closed;
    into->sip_requests += later->sip_requests;
    into->open = later->open;
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        merge_latency(&into->latency[i], &later->latency[i]);
    }
}

/* What is in use is what was in use at the end. */
static void merge_window(struct metrics_window *into, const struct metrics_window *later) {
    double first_s = into->end_s - into->begin_s;
    double second_s = later->end_s - later->begin_s;
    double share = into->usage.cpu_share * first_s + later->usage.cpu_share * second_s;
    into->usage = later->usage;
    into->usage.cpu_share = share / (first_s + second_s > 0 ? first_s + second_s : 1);
    into->end_s = later->end_s;
    if (into->met) {
        into->met = later->met;
        memcpy(into->reason, later->reason, sizeof into->reason);
    }
}

static void copy_window(struct metrics_windows *windows, uint32_t to, uint32_t from) {
    windows->items[to] = windows->items[from];
    for (uint32_t i = 0; i < windows->zone_count; i++) {
        *metrics_windows_zone(windows, to, i) = *metrics_windows_zone(windows, from, i);
    }
    for (uint32_t i = 0; i < windows->listener_count; i++) {
        *metrics_windows_listener(windows, to, i) = *metrics_windows_listener(windows, from, i);
    }
}

static void merge_neighbours(struct metrics_windows *windows) {
    for (uint32_t i = 0; i < windows->count / 2; i++) {
        uint32_t later = 2 * i + 1;
        copy_window(windows, i, 2 * i);
        merge_window(&windows->items[i], &windows->items[later]);
        for (uint32_t k = 0; k < windows->zone_count; k++) {
            merge_zone(metrics_windows_zone(windows, i, k),
                       metrics_windows_zone(windows, later, k));
        }
        for (uint32_t k = 0; k < windows->listener_count; k++) {
            merge_listener(metrics_windows_listener(windows, i, k),
                           metrics_windows_listener(windows, later, k));
        }
    }
    windows->count /= 2;
    windows->length_s *= 2;
}

struct metrics_window *metrics_windows_add(struct metrics_windows *windows) {
    if (windows->count == windows->capacity) {
        merge_neighbours(windows);
    }
    uint32_t index = windows->count++;
    windows->items[index] = (struct metrics_window){.met = true};
    for (uint32_t i = 0; i < windows->zone_count; i++) {
        *metrics_windows_zone(windows, index, i) = (struct metrics_window_zone){.attempts = 0};
    }
    for (uint32_t i = 0; i < windows->listener_count; i++) {
        *metrics_windows_listener(windows, index, i) =
            (struct metrics_window_listener){.accepted = 0};
    }
    return &windows->items[index];
}

static void take_latency(struct metrics_window_latency *out,
                         const struct metrics_histogram *within) {
    out->count = within->count;
    out->p50 = metrics_histogram_quantile(within, 0.5);
    out->p99 = metrics_histogram_quantile(within, 0.99);
}

static void take_zone(struct metrics_window_zone *out, const struct metrics_zone *within) {
    out->attempts = metrics_read(&within->attempts);
    out->established = metrics_read(&within->established);
    out->failed = metrics_read(&within->failed);
    out->unconfirmed = metrics_read(&within->unconfirmed);
    out->lost = metrics_read(&within->lost);
    out->closed = metrics_read(&within->closed);
    out->late = metrics_read(&within->late);
    out->dropped = metrics_read(&within->dropped);
    out->sip_requests = metrics_read(&within->sip_requests);
    out->sip_timeouts = metrics_read(&within->sip_timeouts);
    for (unsigned status = 200; status < 300; status++) {
        out->sip_responses_2xx += metrics_read(&within->sip_responses[status]);
    }
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        take_latency(&out->latency[i], &within->latency[i]);
    }
}

static void take_listener(struct metrics_window_listener *out,
                          const struct metrics_listener *within) {
    out->accepted = metrics_read(&within->accepted);
    out->admitted = metrics_read(&within->admitted);
    out->refused = metrics_read(&within->refused);
    out->aborted = metrics_read(&within->aborted);
    out->closed = metrics_read(&within->closed);
    out->sip_requests = metrics_read(&within->sip_requests);
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        take_latency(&out->latency[i], &within->latency[i]);
    }
}

void metrics_windows_take(struct metrics_windows *windows, const struct metrics_shard *within) {
    uint32_t last = windows->count - 1;
    for (uint32_t i = 0; i < windows->zone_count; i++) {
        take_zone(metrics_windows_zone(windows, last, i), &within->zones[i]);
    }
    for (uint32_t i = 0; i < windows->listener_count; i++) {
        take_listener(metrics_windows_listener(windows, last, i), &within->listeners[i]);
    }
}
