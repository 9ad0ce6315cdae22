/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_metric.h"

#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

struct row {
    const char *name;
    struct verdict_metric metric;
};

#define COUNTER(of, name)                                                                          \
    {                                                                                              \
#        name, {                                                                                   \
            VERDICT_METRIC_COUNTER, offsetof(struct of, name)                                      \
        }                                                                                          \
    }
#define AT_END(name)                                                                               \
    {                                                                                              \
#        name, {                                                                                   \
            VERDICT_METRIC_AT_END, offsetof(struct metrics_zone_summary, name)                     \
        }                                                                                          \
    }

static const struct row zone_rows[] = {
    COUNTER(metrics_zone, attempts),
    COUNTER(metrics_zone, established),
    COUNTER(metrics_zone, failed),
    COUNTER(metrics_zone, unconfirmed),
    COUNTER(metrics_zone, lost),
    COUNTER(metrics_zone, late),
    COUNTER(metrics_zone, dropped),
    COUNTER(metrics_zone, resumed),
    COUNTER(metrics_zone, answered),
    COUNTER(metrics_zone, sip_requests),
    COUNTER(metrics_zone, sip_timeouts),
    COUNTER(metrics_zone, calls),
    COUNTER(metrics_zone, relayed),
    COUNTER(metrics_zone, unroutable),
    COUNTER(metrics_zone, mismatches),
    AT_END(peak_open),
    AT_END(open_at_end),
};

static const struct row listener_rows[] = {
    COUNTER(metrics_listener, accepted),   COUNTER(metrics_listener, admitted),
    COUNTER(metrics_listener, refused),    COUNTER(metrics_listener, aborted),
    COUNTER(metrics_listener, relayed),    COUNTER(metrics_listener, unroutable),
    COUNTER(metrics_listener, mismatches),
};

static const char *const statistic_names[VERDICT_STATISTICS] = {
    [VERDICT_COUNT] = "count", [VERDICT_MIN] = "min", [VERDICT_MEAN] = "mean",
    [VERDICT_P50] = "p50",     [VERDICT_P90] = "p90", [VERDICT_P99] = "p99",
    [VERDICT_P999] = "p999",   [VERDICT_MAX] = "max",
};

struct rows {
    const struct row *first;
    size_t count;
    size_t latencies;
};

static struct rows rows_of(bool of_listener) {
    return of_listener
               ? (struct rows){listener_rows, LENGTH_OF(listener_rows), METRICS_LISTENER_LATENCIES}
               : (struct rows){zone_rows, LENGTH_OF(zone_rows), METRICS_ZONE_LATENCIES};
}

static const char *latency_key(bool of_listener, size_t latency) {
    return of_listener ? metrics_listener_latency_key((enum metrics_listener_latency)latency)
                       : metrics_zone_latency_key((enum metrics_zone_latency)latency);
}

bool verdict_metric_find(struct verdict_metric *out, bool of_listener, const char *name) {
    struct rows rows = rows_of(of_listener);
    for (size_t i = 0; i < rows.latencies; i++) {
        if (strcmp(latency_key(of_listener, i), name) == 0) {
            *out = (struct verdict_metric){VERDICT_METRIC_LATENCY, i};
            return true;
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (strcmp(rows.first[i].name, name) == 0) {
            *out = rows.first[i].metric;
            return true;
        }
    }
    return false;
}

void verdict_metric_offer_names(struct base_nearest *nearest, bool of_listener) {
    struct rows rows = rows_of(of_listener);
    for (size_t i = 0; i < rows.latencies; i++) {
        base_nearest_offer(nearest, latency_key(of_listener, i));
    }
    for (size_t i = 0; i < rows.count; i++) {
        base_nearest_offer(nearest, rows.first[i].name);
    }
}

bool verdict_statistic_find(enum verdict_statistic *out, const char *name) {
    for (unsigned i = 0; i < VERDICT_STATISTICS; i++) {
        if (strcmp(statistic_names[i], name) == 0) {
            *out = (enum verdict_statistic)i;
            return true;
        }
    }
    return false;
}

static uint64_t statistic_of(const struct metrics_histogram *histogram,
                             enum verdict_statistic statistic) {
    switch (statistic) {
    case VERDICT_MIN:
        return histogram->min;
    case VERDICT_MEAN:
        return (uint64_t)(metrics_histogram_mean(histogram) + 0.5);
    case VERDICT_P50:
        return metrics_histogram_quantile(histogram, 0.5);
    case VERDICT_P90:
        return metrics_histogram_quantile(histogram, 0.9);
    case VERDICT_P99:
        return metrics_histogram_quantile(histogram, 0.99);
    case VERDICT_P999:
        return metrics_histogram_quantile(histogram, 0.999);
    case VERDICT_MAX:
        return histogram->max;
    case VERDICT_COUNT:
    case VERDICT_STATISTICS:
    default:
        return histogram->count;
    }
}

static double counter_at(const void *counters, size_t offset) {
    return (double)metrics_read((const void *)((const char *)counters + offset));
}

static const struct metrics_histogram *latency_of(const struct metrics_shard *total,
                                                  struct metrics_place place, size_t latency) {
    return place.is_listener ? &total->listeners[place.index].latency[latency]
                             : &total->zones[place.index].latency[latency];
}

bool verdict_metric_observe(const struct verdict_metric *metric, enum verdict_statistic statistic,
                            const struct metrics_summary *summary, struct metrics_place place,
                            double *out) {
    const struct metrics_shard *total = &summary->total;
    if (metric->kind == VERDICT_METRIC_LATENCY) {
        const struct metrics_histogram *histogram = latency_of(total, place, metric->position);
        *out = (double)statistic_of(histogram, statistic);
        return histogram->count > 0 || statistic == VERDICT_COUNT;
    }
    if (metric->kind == VERDICT_METRIC_AT_END) {
        const char *at_end = (const char *)&summary->zones[place.index];
        *out = (double)*(const uint64_t *)(const void *)(at_end + metric->position);
        return true;
    }
    *out = place.is_listener ? counter_at(&total->listeners[place.index], metric->position)
                             : counter_at(&total->zones[place.index], metric->position);
    return true;
}
