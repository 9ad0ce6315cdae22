/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_DRIFT_H
#define METRICS_DRIFT_H

#include "metrics_window.h"

/* What may grow while a run goes on: a value of each window. */
enum metrics_series_kind {
    METRICS_SERIES_RSS,
    METRICS_SERIES_HEAP,
    METRICS_SERIES_DESCRIPTORS,
    METRICS_SERIES_SLOTS,
    METRICS_SERIES_PEER_RSS,
    METRICS_SERIES_OPEN, /* from here on of a zone */
    METRICS_SERIES_P50,
    METRICS_SERIES_P99,
    METRICS_SERIES_KINDS
};
/* "rss_kib" ... "open" "p50" "p99": the keys of the result. */
const char *metrics_series_key(enum metrics_series_kind kind);

struct metrics_series {
    enum metrics_series_kind kind;
    uint32_t zone;                     /* from OPEN on */
    enum metrics_zone_latency latency; /* of a quantile */
};

/* Per hour, in the unit of the series. */
struct metrics_drift {
    uint32_t points;
    double slope;
    double low; /* the ends of its 95% interval */
    double high;
};

enum metrics_drift_finding { METRICS_DRIFT_NONE, METRICS_DRIFT_GROWS, METRICS_DRIFT_SHRINKS };
enum metrics_drift_finding metrics_drift_finding(const struct metrics_drift *drift);

/* Fewer cannot tell a slope from chance: of four in any order one in twelve is sorted. */
#define METRICS_DRIFT_POINTS_MIN 5u

/*
 * Theil and Sen's slope, the median of the slopes of all pairs, with Sen's interval: one window in
 * which the machine stalled, or a third of them, moves neither, where least squares follow each.
 * `hours` grow. Many points are first made fewer, by medians of neighbours, which takes away most
 * of what ties neighbours together. False: too few points, or no memory.
 */
bool metrics_drift_of_points(struct metrics_drift *out, const double *hours, const double *values,
                             uint32_t count);

/*
 * Of the windows but the first, in which connections are still being opened, and but a last one
 * shorter than half; where the series has no value, they are left out. False: too few.
 */
bool metrics_drift_of_windows(struct metrics_drift *out, const struct metrics_windows *windows,
                              struct metrics_series series);

#endif
