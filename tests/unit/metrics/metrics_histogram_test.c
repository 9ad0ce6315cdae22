/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_histogram.h"

#include "base_random.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX ((UINT64_C(1) << 27) - 1)

static bool is_near(uint64_t read, uint64_t exact) {
    uint64_t distance = read > exact ? read - exact : exact - read;
    return distance * 100 <= exact;
}

/* What is read back for `value` when neither the smallest nor the largest value gives it away. */
static uint64_t read_back(struct metrics_histogram *histogram, uint64_t value) {
    memset(histogram, 0, sizeof *histogram);
    metrics_histogram_record(histogram, 0);
    metrics_histogram_record(histogram, value);
    metrics_histogram_record(histogram, 2 * VALUE_MAX);
    return metrics_histogram_quantile(histogram, 0.5);
}

Test(metrics_histogram, buckets_cover_the_range_without_gap_or_overlap) {
    cr_assert_eq(metrics_histogram_bucket_low(0), 0);
    for (unsigned i = 0; i + 1 < METRICS_HISTOGRAM_BUCKETS; i++) {
        cr_assert_geq(metrics_histogram_bucket_high(i), metrics_histogram_bucket_low(i));
        cr_assert_eq(metrics_histogram_bucket_high(i) + 1, metrics_histogram_bucket_low(i + 1),
                     "after bucket %u", i);
    }
    cr_assert_eq(metrics_histogram_bucket_high(METRICS_HISTOGRAM_BUCKETS - 1), VALUE_MAX);
}

Test(metrics_histogram, a_bucket_is_at_most_one_percent_wide) {
    for (unsigned i = 1; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        uint64_t low = metrics_histogram_bucket_low(i);
        cr_assert_leq((metrics_histogram_bucket_high(i) - low) * 100, low, "bucket %u", i);
    }
}

Test(metrics_histogram, a_value_lands_in_the_bucket_that_holds_it) {
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        uint64_t low = metrics_histogram_bucket_low(i);
        uint64_t high = metrics_histogram_bucket_high(i);
        const uint64_t values[] = {low, low + (high - low) / 3, high};
        struct metrics_histogram histogram = {0};
        for (unsigned k = 0; k < 3; k++) {
            metrics_histogram_record(&histogram, values[k]);
        }
        cr_assert_eq(histogram.buckets[i], 3, "bucket %u", i);
    }
}

Test(metrics_histogram, every_value_reads_back_within_one_percent) {
    struct metrics_histogram histogram;
    for (uint64_t value = 1; value <= VALUE_MAX; value += 1 + value / 4099) {
        uint64_t read = read_back(&histogram, value);
        cr_assert(is_near(read, value), "%lu reads as %lu", value, read);
        cr_assert(value > 255 || read == value, "%lu reads as %lu", value, read);
    }
    for (unsigned bits = 1; bits < 27; bits++) {
        for (uint64_t value = (UINT64_C(1) << bits) - 1; value <= (UINT64_C(1) << bits) + 1;
             value++) {
            cr_assert(is_near(read_back(&histogram, value), value), "%lu", value);
        }
    }
    cr_assert(is_near(read_back(&histogram, VALUE_MAX), VALUE_MAX));
}

static int compare(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

enum sample_kind { UNIFORM, EXPONENTIAL, LOG_UNIFORM, TWO_PEAKS, CONSTANT };

static uint64_t draw(struct base_random *random, enum sample_kind kind) {
    double uniform = base_random_uniform(random);
    switch (kind) {
    case UNIFORM:
        return 1 + (uint64_t)(uniform * (double)(VALUE_MAX - 1));
    case EXPONENTIAL:
        return 1 + (uint64_t)fmin(base_random_exponential(random, 3000), VALUE_MAX - 1);
    case LOG_UNIFORM:
        return (uint64_t)exp2(uniform * 26.999);
    case TWO_PEAKS:
        return uniform < 0.98 ? 700 + (uint64_t)(uniform * 90) : 40000000;
    case CONSTANT:
    default:
        return 123457;
    }
}

struct quantile_case {
    enum sample_kind kind;
    size_t count;
};

ParameterizedTestParameters(metrics_histogram, quantiles_are_those_of_the_sorted_values) {
    static struct quantile_case cases[] = {
        {UNIFORM, 100000},  {EXPONENTIAL, 100000}, {LOG_UNIFORM, 100000}, {TWO_PEAKS, 100000},
        {CONSTANT, 100000}, {LOG_UNIFORM, 1},      {LOG_UNIFORM, 2},      {LOG_UNIFORM, 3},
        {EXPONENTIAL, 99},  {EXPONENTIAL, 100},    {UNIFORM, 1000},       {TWO_PEAKS, 1001},
    };
    return cr_make_param_array(struct quantile_case, cases, sizeof cases / sizeof *cases);
}

/* Fractions in thousandths, so that the exact rank needs no floating point. */
ParameterizedTest(struct quantile_case *row, metrics_histogram,
                  quantiles_are_those_of_the_sorted_values) {
    static const unsigned thousandths[] = {0, 1, 10, 70, 250, 290, 500, 570, 900, 990, 999, 1000};
    struct metrics_histogram histogram = {0};
    uint64_t *values = malloc(row->count * sizeof *values);
    struct base_random random;
    cr_assert_not_null(values);
    base_random_init(&random, 7 + row->kind);
    for (size_t i = 0; i < row->count; i++) {
        values[i] = draw(&random, row->kind);
        metrics_histogram_record(&histogram, values[i]);
    }
    qsort(values, row->count, sizeof *values, compare);
    for (unsigned i = 0; i < sizeof thousandths / sizeof *thousandths; i++) {
        size_t rank = (thousandths[i] * row->count + 999) / 1000;
        uint64_t exact = values[rank == 0 ? 0 : rank - 1];
        uint64_t read = metrics_histogram_quantile(&histogram, thousandths[i] / 1000.0);
        cr_assert(is_near(read, exact), "%u of 1000: %lu, exact %lu", thousandths[i], read, exact);
        cr_assert(read >= values[0] && read <= values[row->count - 1]);
    }
    cr_assert_eq(histogram.min, values[0]);
    cr_assert_eq(histogram.max, values[row->count - 1]);
    free(values);
}

Test(metrics_histogram, parts_add_to_the_whole_bucket_for_bucket) {
    enum { PARTS = 5 };
    static struct metrics_histogram parts[PARTS];
    static struct metrics_histogram whole;
    static struct metrics_histogram sum;
    struct base_random random;
    base_random_init(&random, 42);
    for (unsigned i = 0; i < 50000; i++) {
        uint64_t value = draw(&random, LOG_UNIFORM);
        metrics_histogram_record(&whole, value);
        /* The last part stays empty: it must not pull the minimum to 0. */
        metrics_histogram_record(&parts[base_random_next(&random) % (PARTS - 1)], value);
    }
    for (unsigned i = PARTS; i > 0; i--) {
        metrics_histogram_add(&sum, &parts[i - 1]);
    }
    cr_assert_eq(memcmp(&sum, &whole, sizeof whole), 0);
}

Test(metrics_histogram, an_empty_one_reads_as_zeros) {
    static const struct metrics_histogram empty;
    cr_assert_eq(metrics_histogram_quantile(&empty, 0.99), 0);
    cr_assert_eq(metrics_histogram_mean(&empty), 0);
}

Test(metrics_histogram, what_lies_beyond_the_range_keeps_its_maximum) {
    struct metrics_histogram histogram = {0};
    metrics_histogram_record(&histogram, 10);
    metrics_histogram_record(&histogram, UINT64_C(1) << 27);
    metrics_histogram_record(&histogram, UINT64_C(1) << 40);
    cr_assert_eq(histogram.buckets[METRICS_HISTOGRAM_BUCKETS - 1], 2);
    cr_assert_eq(histogram.max, UINT64_C(1) << 40);
    cr_assert(is_near(metrics_histogram_quantile(&histogram, 1), VALUE_MAX));
    metrics_histogram_record(&histogram, UINT64_MAX);
    cr_assert_eq(histogram.buckets[METRICS_HISTOGRAM_BUCKETS - 1], 3);
}

Test(metrics_histogram, a_quantile_is_never_outside_what_was_recorded) {
    struct metrics_histogram histogram = {0};
    metrics_histogram_record(&histogram, 1000001); /* not the middle of its bucket */
    cr_assert_eq(metrics_histogram_quantile(&histogram, 0), 1000001);
    cr_assert_eq(metrics_histogram_quantile(&histogram, 0.5), 1000001);
    cr_assert_eq(metrics_histogram_quantile(&histogram, 1), 1000001);
}

Test(metrics_histogram, the_mean_is_exact) {
    struct metrics_histogram histogram = {0};
    metrics_histogram_record(&histogram, 0);
    metrics_histogram_record(&histogram, 1000001);
    metrics_histogram_record(&histogram, 2000000);
    cr_assert_eq(metrics_histogram_mean(&histogram), 1000000.0 + 1.0 / 3);
}
