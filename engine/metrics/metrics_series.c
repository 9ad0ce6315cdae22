/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_drift.h"

#include <assert.h>
#include <stdlib.h>

#define SECONDS_PER_HOUR 3600.0

const char *metrics_series_key(enum metrics_series_kind kind) {
    static const char *const keys[METRICS_SERIES_KINDS] = {
        [METRICS_SERIES_RSS] = "rss_kib",
        [METRICS_SERIES_HEAP] = "heap_kib",
        [METRICS_SERIES_DESCRIPTORS] = "descriptors",
        [METRICS_SERIES_SLOTS] = "slots",
        [METRICS_SERIES_PEER_RSS] = "peer_rss_kib",
        [METRICS_SERIES_OPEN] = "open",
        [METRICS_SERIES_P50] = "p50",
        [METRICS_SERIES_P99] = "p99",
    };
    assert(kind < METRICS_SERIES_KINDS);
    return keys[kind];
}

static bool usage_at(const struct metrics_usage *usage, enum metrics_series_kind kind,
                     uint64_t *out) {
    switch (kind) {
    case METRICS_SERIES_RSS:
        *out = usage->rss_kib;
        return usage->rss_kib > 0;
    case METRICS_SERIES_HEAP:
        *out = usage->heap_kib;
        return usage->heap_kib > 0;
    case METRICS_SERIES_DESCRIPTORS:
        *out = usage->descriptors;
        return usage->descriptors > 0;
    case METRICS_SERIES_SLOTS:
        *out = usage->slots;
        return true;
    default:
        *out = usage->peer_rss_kib;
        return usage->peer_rss_kib > 0;
    }
}

/* False: the series has no value there. */
static bool value_at(const struct metrics_windows *windows, struct metrics_series series,
                     uint32_t window, uint64_t *out) {
    if (series.kind < METRICS_SERIES_OPEN) {
        return usage_at(&windows->items[window].usage, series.kind, out);
    }
    const struct metrics_window_zone *zone = metrics_windows_zone(windows, window, series.zone);
    const struct metrics_window_latency *latency = &zone->latency[series.latency];
    if (series.kind == METRICS_SERIES_OPEN) {
        *out = zone->open;
        return true;
    }
    *out = series.kind == METRICS_SERIES_P50 ? latency->p50 : latency->p99;
    return latency->count > 0;
}

static bool is_whole(const struct metrics_windows *windows, uint32_t window) {
    const struct metrics_window *item = &windows->items[window];
    return item->end_s - item->begin_s >= windows->length_s / 2;
}

bool metrics_drift_of_windows(struct metrics_drift *out, const struct metrics_windows *windows,
                              struct metrics_series series) {
    *out = (struct metrics_drift){.points = 0};
    if (windows->count <= METRICS_DRIFT_POINTS_MIN) {
        return false;
    }
    double *hours = calloc((size_t)windows->count * 2, sizeof *hours);
    if (hours == NULL) {
        return false;
    }
    double *values = hours + windows->count;
    uint32_t count = 0;
    for (uint32_t i = 1; i < windows->count; i++) {
        uint64_t value;
        if (is_whole(windows, i) && value_at(windows, series, i, &value)) {
            hours[count] = windows->items[i].end_s / SECONDS_PER_HOUR;
            values[count++] = (double)value;
        }
    }
    bool good = metrics_drift_of_points(out, hours, values, count);
    free(hours);
    return good;
}
