/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"
#include "study_interval.h"

#include <criterion/criterion.h>
#include <math.h>

#define EXPERIMENTS 400u

/* Twelve uniform numbers make one that is normal enough. */
static double normal(struct base_random *random) {
    double sum = -6;
    for (unsigned i = 0; i < 12; i++) {
        sum += base_random_uniform(random);
    }
    return sum;
}

Test(interval, holds_the_true_value_about_95_times_of_100) {
    static const size_t counts[] = {5, 12, 40};
    struct base_random random;
    base_random_init(&random, 20260102);
    for (size_t row = 0; row < sizeof counts / sizeof counts[0]; row++) {
        unsigned held = 0;
        for (unsigned i = 0; i < EXPERIMENTS; i++) {
            double values[40];
            for (size_t j = 0; j < counts[row]; j++) {
                values[j] = 100 + 30 * normal(&random);
            }
            struct metrics_estimate estimate = study_interval(values, counts[row], i);
            held += estimate.low <= 100 && 100 <= estimate.high;
        }
        cr_assert_geq(held, EXPERIMENTS * 90 / 100, "%zu values: %u", counts[row], held);
        cr_assert_leq(held, EXPERIMENTS * 99 / 100, "%zu values: %u", counts[row], held);
    }
}

Test(interval, shrinks_with_the_number_of_values) {
    struct base_random random;
    double values[256];
    double widths[2];
    static const size_t counts[] = {16, 256};
    base_random_init(&random, 7);
    for (size_t i = 0; i < 256; i++) {
        values[i] = normal(&random);
    }
    for (size_t i = 0; i < 2; i++) {
        struct metrics_estimate estimate = study_interval(values, counts[i], 1);
        widths[i] = estimate.high - estimate.low;
    }
    cr_assert_lt(widths[1], widths[0] / 2, "%g, then %g", widths[0], widths[1]);
}

Test(interval, is_the_same_for_the_same_seed) {
    static const double values[] = {3, 1, 4, 1, 5, 9, 2, 6};
    struct metrics_estimate first = study_interval(values, 8, 3);
    struct metrics_estimate again = study_interval(values, 8, 3);
    cr_assert_eq(first.low, again.low);
    cr_assert_eq(first.high, again.high);
    cr_assert_float_eq(first.value, 3.875, 1e-9);
    cr_assert(first.low < first.value && first.value < first.high);
}

Test(interval, of_equal_values_is_that_value) {
    static const double values[] = {7, 7, 7, 7};
    struct metrics_estimate estimate = study_interval(values, 4, 1);
    cr_assert_eq(estimate.low, 7);
    cr_assert_eq(estimate.high, 7);
}

Test(interval, few_values_have_a_mean_and_no_bounds) {
    static const double values[] = {1, 2, 6};
    struct metrics_estimate estimate = study_interval(values, 3, 1);
    cr_assert_eq(estimate.value, 3);
    cr_assert(isnan(estimate.low) && isnan(estimate.high));
}

Test(interval, nothing_measured_is_nothing_known) {
    static const double values[] = {1, NAN, 6, 2, 3};
    cr_assert(isnan(study_interval(values, 0, 1).value));
    cr_assert(isnan(study_interval(values, 5, 1).value));
    cr_assert(isnan(study_interval(values, 5, 1).low));
}
