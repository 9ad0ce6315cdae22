/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_STATISTIC_H
#define VERDICT_STATISTIC_H

#include "metrics_histogram.h"

#include <stdbool.h>

/* What is asked of a metric. */
enum verdict_statistic_kind {
    VERDICT_COUNT, /* of a counter itself, of a latency its samples */
    VERDICT_RATE,  /* a counter, per second */
    VERDICT_SHARE, /* a counter, of what it is a part of */
    VERDICT_MIN,   /* from here on of a latency */
    VERDICT_MEAN,
    VERDICT_QUANTILE,
    VERDICT_MAX,
};

struct verdict_statistic {
    enum verdict_statistic_kind kind;
    double fraction; /* of a quantile */
};

/* For a sentence that offers them. */
#define VERDICT_LATENCY_STATISTICS "count min mean avg med p50 p95 p99 p99.9 p(N) max"
#define VERDICT_COUNTER_STATISTICS "count rate share"

/* "p99", "med", "p(99.9)", "p99.9". */
bool verdict_statistic_of_latency(struct verdict_statistic *out, const char *name);
bool verdict_statistic_of_counter(struct verdict_statistic *out, const char *name);

/* Whole microseconds, or a count, as in result.json. */
uint64_t verdict_statistic_observe(const struct verdict_statistic *statistic,
                                   const struct metrics_histogram *histogram);

#endif
