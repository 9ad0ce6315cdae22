/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_interval.h"

#include "base_random.h"

#include <math.h>
#include <stdlib.h>

#define RESAMPLES 4000u
#define NORMAL    1.959964 /* the quantile of 97.5% */

/* The same quantile of Student's distribution, by its expansion in 1/freedom (Abramowitz and Stegun
 * 26.7.5): 1% off with 3 degrees, much less with more. */
static double student(double freedom) {
    double z = NORMAL;
    double z2 = z * z;
    double first = (z2 + 1) * z / 4;
    double second = ((5 * z2 + 16) * z2 + 3) * z / 96;
    double third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
    return z + first / freedom + second / pow(freedom, 2) + third / pow(freedom, 3);
}

/* How much of a bootstrap distribution to leave out on each side: its own scatter is too small by
 * sqrt((n - 1) / n), and a normal quantile takes no notice that the scatter is itself estimated. */
static double tail_of(size_t count) {
    double n = (double)count;
    double quantile = sqrt(n / (n - 1)) * student(n - 1);
    return erfc(quantile / sqrt(2)) / 2;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double mean_of(const double *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / (double)count;
}

static double resample(const double *values, size_t count, struct base_random *random) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[(size_t)(base_random_uniform(random) * (double)count)];
    }
    return sum / (double)count;
}

struct metrics_estimate study_interval(const double *values, size_t count, uint64_t seed) {
    struct metrics_estimate estimate = {.value = NAN, .low = NAN, .high = NAN};
    double means[RESAMPLES];
    struct base_random random;
    if (count == 0 || count > STUDY_INTERVAL_VALUES_MAX) {
        return estimate;
    }
    estimate.value = mean_of(values, count);
    if (count < STUDY_INTERVAL_VALUES_MIN || isnan(estimate.value)) {
        return estimate;
    }
    base_random_init(&random, seed);
    for (size_t i = 0; i < RESAMPLES; i++) {
        means[i] = resample(values, count, &random);
    }
    qsort(means, RESAMPLES, sizeof means[0], compare);
    size_t left_out = (size_t)(tail_of(count) * RESAMPLES);
    estimate.low = means[left_out];
    estimate.high = means[RESAMPLES - 1 - left_out];
    return estimate;
}
