/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"
#include "study_quantile.h"

#include <criterion/criterion.h>
#include <math.h>

#define SAMPLES 4000u

/* Times around 2 ms, as whole microseconds are recorded. */
static void fill(struct metrics_histogram *histogram, double shift) {
    struct base_random random;
    base_random_init(&random, 11);
    for (unsigned i = 0; i < SAMPLES; i++) {
        double spread = base_random_uniform(&random) + base_random_uniform(&random) - 1;
        metrics_histogram_record(histogram, (uint64_t)(2000 + 300 * spread + shift));
    }
}

Test(quantile, sees_a_shift_smaller_than_a_bucket) {
    static const double shifts[] = {1, 5, 10, 37, 100};
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++) {
        struct metrics_histogram before = {0};
        struct metrics_histogram after = {0};
        fill(&before, 0);
        fill(&after, shifts[i]);
        double median = study_quantile(&after, 0.5) - study_quantile(&before, 0.5);
        double mean = study_mean(&after) - study_mean(&before);
        cr_assert_float_eq(median, shifts[i], 4, "%g instead of %g", median, shifts[i]);
        cr_assert_float_eq(mean, shifts[i], 0.5, "%g instead of %g", mean, shifts[i]);
    }
}

Test(quantile, stays_between_the_smallest_and_the_largest) {
    struct metrics_histogram histogram = {0};
    metrics_histogram_record(&histogram, 5000);
    for (unsigned i = 0; i <= 10; i++) {
        double value = study_quantile(&histogram, i / 10.0);
        cr_assert(value >= 5000 && value <= 5001, "%g", value);
    }
    cr_assert_float_eq(study_mean(&histogram), 5000.5, 1e-9);
}

Test(quantile, of_nothing_is_not_a_number) {
    struct metrics_histogram histogram = {0};
    cr_assert(isnan(study_quantile(&histogram, 0.5)));
    cr_assert(isnan(study_mean(&histogram)));
}
