/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_statistic.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *name;
    struct verdict_statistic statistic;
};

static const struct row latency_rows[] = {
    {"count", {VERDICT_COUNT, 0}},       {"min", {VERDICT_MIN, 0}},
    {"mean", {VERDICT_MEAN, 0}},         {"avg", {VERDICT_MEAN, 0}},
    {"med", {VERDICT_QUANTILE, 0.5}},    {"p50", {VERDICT_QUANTILE, 0.5}},
    {"p90", {VERDICT_QUANTILE, 0.9}},    {"p99", {VERDICT_QUANTILE, 0.99}},
    {"p999", {VERDICT_QUANTILE, 0.999}}, {"max", {VERDICT_MAX, 0}},
};

static const struct row counter_rows[] = {
    {"count", {VERDICT_COUNT, 0}},
    {"rate", {VERDICT_RATE, 0}},
    {"share", {VERDICT_SHARE, 0}},
};

static bool find(struct verdict_statistic *out, const struct row *rows, size_t count,
                 const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *out = rows[i].statistic;
            return true;
        }
    }
    return false;
}

/* "p(99.9)": up to three digits before the point and nine behind it. "p99.9": two before it, for
 * three of them could be a fraction, as in p999. */
static bool read_percentile(struct verdict_statistic *out, const char *name) {
    enum { WHOLE_MAX = 3, BARE_MAX = 2, FRACTION_MAX = 9 };
    static const char digits[] = "0123456789";
    bool is_bare = name[0] == 'p' && name[1] != '(';
    if (!is_bare && strncmp(name, "p(", 2) != 0) {
        return false;
    }
    const char *number = name + (is_bare ? 1 : 2);
    size_t whole = strspn(number, digits);
    const char *end = number + whole;
    if (whole == 0 || whole > (is_bare ? BARE_MAX : WHOLE_MAX)) {
        return false;
    }
    if (*end == '.') {
        size_t fraction = strspn(end + 1, digits);
        end += 1 + fraction;
        if (fraction == 0 || fraction > FRACTION_MAX) {
            return false;
        }
    }
    double percent = strtod(number, NULL);
    *out = (struct verdict_statistic){VERDICT_QUANTILE, percent / 100};
    return strcmp(end, is_bare ? "" : ")") == 0 && percent <= 100;
}

bool verdict_statistic_of_latency(struct verdict_statistic *out, const char *name) {
    return find(out, latency_rows, sizeof latency_rows / sizeof *latency_rows, name) ||
           read_percentile(out, name);
}

bool verdict_statistic_of_counter(struct verdict_statistic *out, const char *name) {
    return find(out, counter_rows, sizeof counter_rows / sizeof *counter_rows, name);
}

uint64_t verdict_statistic_observe(const struct verdict_statistic *statistic,
                                   const struct metrics_histogram *histogram) {
    switch (statistic->kind) {
    case VERDICT_MIN:
        return histogram->min;
    case VERDICT_MEAN:
        return (uint64_t)(metrics_histogram_mean(histogram) + 0.5);
    case VERDICT_QUANTILE:
        return metrics_histogram_quantile(histogram, statistic->fraction);
    case VERDICT_MAX:
        return histogram->max;
    case VERDICT_COUNT:
    case VERDICT_RATE:
    case VERDICT_SHARE:
    default:
        return histogram->count;
    }
}
