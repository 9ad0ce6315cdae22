/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_METRIC_H
#define VERDICT_METRIC_H

#include "base_nearest.h"
#include "metrics_summary.h"
#include "verdict_statistic.h"

/* What a threshold may speak of: a latency or a counter of result.json, of a zone or a listener. */
enum verdict_metric_kind {
    VERDICT_METRIC_LATENCY,
    VERDICT_METRIC_COUNTER,  /* in struct metrics_zone or metrics_listener */
    VERDICT_METRIC_IDENTITY, /* a counter in struct metrics_identity */
    VERDICT_METRIC_TARGET,   /* a counter in struct metrics_target */
    VERDICT_METRIC_AT_END,   /* in struct metrics_zone_summary or metrics_listener_summary */
};

struct verdict_metric {
    enum verdict_metric_kind kind;
    uint32_t item;   /* which identity or target */
    size_t position; /* an offset */
    uint32_t count;  /* of a counter: it and those behind it, added up */
    size_t whole;    /* of a counter: the offset of the one that its share is of */
    bool is_ns;      /* of a latency: else microseconds */
};

/*
 * False when a zone, or a listener, has no metric of this name. `member`: what follows the name,
 * NULL: nothing; *takes_member: it belongs to the metric ("faults.tls_timeout").
 */
bool verdict_metric_find(struct verdict_metric *out, bool of_listener, const char *name,
                         const char *member, bool *takes_member);
void verdict_metric_offer_names(struct base_nearest *nearest, bool of_listener);

/* False without samples. Microseconds, a count, or a share or rate of one. */
bool verdict_metric_observe(const struct verdict_metric *metric,
                            const struct verdict_statistic *statistic,
                            const struct metrics_summary *summary, struct metrics_place place,
                            double *out);

#endif
