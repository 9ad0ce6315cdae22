/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_METRIC_H
#define VERDICT_METRIC_H

#include "base_nearest.h"
#include "metrics_summary.h"

/* What a threshold may speak of: a latency or a counter of result.json, of a zone or a listener. */
enum verdict_metric_kind {
    VERDICT_METRIC_LATENCY,
    VERDICT_METRIC_COUNTER, /* in struct metrics_zone or metrics_listener */
    VERDICT_METRIC_AT_END,  /* in struct metrics_zone_summary */
};

struct verdict_metric {
    enum verdict_metric_kind kind;
    size_t position; /* of a latency its index, else an offset */
};

enum verdict_statistic {
    VERDICT_COUNT,
    VERDICT_MIN,
    VERDICT_MEAN,
    VERDICT_P50,
    VERDICT_P90,
    VERDICT_P99,
    VERDICT_P999,
    VERDICT_MAX,
    VERDICT_STATISTICS
};
#define VERDICT_STATISTIC_NAMES "count min mean p50 p90 p99 p999 max"

/* False when a zone, or a listener, has no metric of this name. */
bool verdict_metric_find(struct verdict_metric *out, bool of_listener, const char *name);
void verdict_metric_offer_names(struct base_nearest *nearest, bool of_listener);

bool verdict_statistic_find(enum verdict_statistic *out, const char *name);

/* False without samples. Microseconds, or a count; whole numbers, as in result.json. */
bool verdict_metric_observe(const struct verdict_metric *metric, enum verdict_statistic statistic,
                            const struct metrics_summary *summary, struct metrics_place place,
                            double *out);

#endif
