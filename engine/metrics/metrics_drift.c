/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_drift.h"

#include <math.h>
#include <stdlib.h>

/* 8,128 pairs, sorted in less than a millisecond. */
#define POINTS_MAX 128u
/* Of a normal distribution, for 95%. */
#define Z 1.96

static int compare(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median_of_sorted(const double *sorted, uint32_t count) {
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* How far the number of rising pairs may be from that of falling ones by chance; equal values make
 * it less (Sen, 1968). */
static double spread(double *values, uint32_t count) {
    double n = count;
    double variance = n * (n - 1) * (2 * n + 5);
    qsort(values, count, sizeof *values, compare);
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && !(values[end] > values[i]);) {
            end++;
        }
        double equal = end - i;
        variance -= equal * (equal - 1) * (2 * equal + 5);
    }
    return Z * sqrt(variance / 18);
}

static uint32_t slopes_of_pairs(double *out, const double *hours, const double *values,
                                uint32_t count) {
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = i + 1; k < count; k++) {
            if (hours[k] > hours[i]) {
                out[pairs++] = (values[k] - values[i]) / (hours[k] - hours[i]);
            }
        }
    }
    return pairs;
}

/* `values` are sorted in the end. `slopes` has room for all pairs. */
static bool estimate(struct metrics_drift *out, const double *hours, double *values, uint32_t count,
                     double *slopes) {
    uint32_t pairs = slopes_of_pairs(slopes, hours, values, count);
    if (pairs == 0) {
        return false;
    }
    qsort(slopes, pairs, sizeof *slopes, compare);
    double chance = spread(values, count);
    double below = floor((pairs - chance) / 2) - 1;
    double above = ceil((pairs + chance) / 2);
    out->slope = median_of_sorted(slopes, pairs);
    out->low = slopes[below < 0 ? 0 : (uint32_t)below];
    out->high = slopes[above >= pairs ? pairs - 1 : (uint32_t)above];
    return true;
}

static double median(double *values, uint32_t count) {
    qsort(values, count, sizeof *values, compare);
    return median_of_sorted(values, count);
}

/* Part `i` of `parts` begins here. */
static uint32_t part_begin(uint32_t i, uint32_t parts, uint32_t count) {
    return (uint32_t)((uint64_t)i * count / parts);
}

static uint32_t thin(double *hours_out, double *values_out, const double *hours,
                     const double *values, uint32_t count, double *scratch) {
    uint32_t parts = count < POINTS_MAX ? count : POINTS_MAX;
    for (uint32_t i = 0; i < parts; i++) {
        uint32_t begin = part_begin(i, parts, count);
        uint32_t length = part_begin(i + 1, parts, count) - begin;
        for (uint32_t k = 0; k < length; k++) {
            scratch[k] = values[begin + k];
        }
        values_out[i] = median(scratch, length);
        hours_out[i] = (hours[begin] + hours[begin + length - 1]) / 2;
    }
    return parts;
}

bool metrics_drift_of_points(struct metrics_drift *out, const double *hours, const double *values,
                             uint32_t count) {
    double thinned_hours[POINTS_MAX];
    double thinned[POINTS_MAX];
    *out = (struct metrics_drift){.points = count};
    if (count < METRICS_DRIFT_POINTS_MIN) {
        return false;
    }
    size_t pairs = (size_t)POINTS_MAX * (POINTS_MAX - 1) / 2;
    double *scratch = calloc(pairs > count ? pairs : count, sizeof *scratch);
    if (scratch == NULL) {
        return false;
    }
    uint32_t points = thin(thinned_hours, thinned, hours, values, count, scratch);
    bool good = estimate(out, thinned_hours, thinned, points, scratch);
    free(scratch);
    return good;
}

enum metrics_drift_finding metrics_drift_finding(const struct metrics_drift *drift) {
    if (drift->low > 0) {
        return METRICS_DRIFT_GROWS;
    }
    return drift->high < 0 ? METRICS_DRIFT_SHRINKS : METRICS_DRIFT_NONE;
}
