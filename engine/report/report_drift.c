/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_drift.h"

#include <stdio.h>

/* Of so many zones the drift is told; each costs some milliseconds. */
#define ZONES_MAX 64u

static void tell(const struct report_facts *facts, const char *name, struct metrics_series series,
                 report_drift_teller teller, void *context) {
    struct metrics_drift drift;
    if (metrics_drift_of_windows(&drift, &facts->summary->windows, series)) {
        teller(context, name, series, &drift);
    }
}

static void tell_zone(const struct report_facts *facts, uint32_t index, report_drift_teller teller,
                      void *context) {
    static const enum metrics_series_kind quantiles[] = {METRICS_SERIES_P50, METRICS_SERIES_P99};
    const char *zone = facts->plan->zones[index].full_name;
    struct metrics_series series = {.kind = METRICS_SERIES_OPEN, .zone = index};
    char name[256];
    snprintf(name, sizeof name, "%.160s.%s", zone, metrics_series_key(series.kind));
    tell(facts, name, series, teller, context);
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        series.latency = (enum metrics_zone_latency)i;
        for (unsigned k = 0; k < sizeof quantiles / sizeof *quantiles; k++) {
            series.kind = quantiles[k];
            snprintf(name, sizeof name, "%.160s.%s.%s", zone,
                     metrics_zone_latency_key(series.latency), metrics_series_key(series.kind));
            tell(facts, name, series, teller, context);
        }
    }
}

void report_drift_each(const struct report_facts *facts, report_drift_teller teller,
                       void *context) {
    const struct metrics_windows *windows = &facts->summary->windows;
    for (unsigned kind = 0; kind < METRICS_SERIES_OPEN; kind++) {
        const struct metrics_series series = {.kind = (enum metrics_series_kind)kind};
        tell(facts, metrics_series_key(series.kind), series, teller, context);
    }
    for (uint32_t i = 0; i < windows->zone_count && i < ZONES_MAX; i++) {
        if (facts->summary->zones[i].ran) {
            tell_zone(facts, i, teller, context);
        }
    }
}
