/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"
#include "metrics_drift.h"

#include <criterion/criterion.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

enum { POINTS_MAX = 10000 };

static double hours[POINTS_MAX];
static double values[POINTS_MAX];

static void fill(uint32_t count, double slope, double scatter, uint64_t seed) {
    struct base_random random;
    base_random_init(&random, seed);
    for (uint32_t i = 0; i < count; i++) {
        hours[i] = (i + 1) / 60.0;
        values[i] = 1000 + slope * hours[i] + scatter * (2 * base_random_uniform(&random) - 1);
    }
}

static const struct {
    uint32_t count;
    double slope;
    double scatter;
} cases[] = {
    {5, 0, 0},     {5, 60, 0},     {10, 0, 5},    {10, 600, 5},        {60, 0, 50},
    {60, -40, 50}, {1440, 0, 200}, {1440, 3, 50}, {POINTS_MAX, 0, 20}, {POINTS_MAX, -1, 20},
};

Test(metrics_drift, the_interval_covers_the_slope_that_is_there) {
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct metrics_drift drift;
        fill(cases[i].count, cases[i].slope, cases[i].scatter, 17 + i);
        cr_assert(metrics_drift_of_points(&drift, hours, values, cases[i].count));
        cr_assert_eq(drift.points, cases[i].count);
        cr_assert(drift.low <= cases[i].slope + 1e-6 && cases[i].slope - 1e-6 <= drift.high,
                  "case %zu: %f is not within %f .. %f", i, cases[i].slope, drift.low, drift.high);
        cr_assert(drift.low <= drift.slope && drift.slope <= drift.high, "case %zu", i);
    }
}

/* Of 200 flat series about ten may seem to drift; far fewer or more would be another interval. */
Test(metrics_drift, flat_series_are_found_to_drift_about_as_often_as_promised) {
    unsigned found = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct metrics_drift drift;
        fill(30, 0, 100, seed);
        cr_assert(metrics_drift_of_points(&drift, hours, values, 30));
        found += metrics_drift_finding(&drift) != METRICS_DRIFT_NONE ? 1 : 0;
    }
    cr_assert(found >= 2 && found <= 20, "%u of 200", found);
}

Test(metrics_drift, a_stall_moves_neither_the_slope_nor_its_interval_beyond_it) {
    struct metrics_drift drift;
    fill(30, 120, 1, 5);
    values[29] = 1e9;
    values[3] = 0;
    cr_assert(metrics_drift_of_points(&drift, hours, values, 30));
    cr_assert_float_eq(drift.slope, 120, 10);
    cr_assert(drift.low <= 120 && 120 <= drift.high && drift.high < 200);
    cr_assert_eq(metrics_drift_finding(&drift), METRICS_DRIFT_GROWS);
}

Test(metrics_drift, a_series_that_never_changes_does_not_drift) {
    struct metrics_drift drift;
    fill(100, 0, 0, 1);
    cr_assert(metrics_drift_of_points(&drift, hours, values, 100));
    cr_assert_eq(drift.low, 0);
    cr_assert_eq(drift.high, 0);
    cr_assert_eq(metrics_drift_finding(&drift), METRICS_DRIFT_NONE);
}

Test(metrics_drift, what_shrinks_is_found_too) {
    struct metrics_drift drift;
    fill(20, -300, 1, 9);
    cr_assert(metrics_drift_of_points(&drift, hours, values, 20));
    cr_assert_eq(metrics_drift_finding(&drift), METRICS_DRIFT_SHRINKS);
}

Test(metrics_drift, too_few_points_say_nothing) {
    struct metrics_drift drift;
    fill(METRICS_DRIFT_POINTS_MIN, 60, 0, 1);
    for (uint32_t count = 0; count < METRICS_DRIFT_POINTS_MIN; count++) {
        cr_assert_not(metrics_drift_of_points(&drift, hours, values, count));
    }
}

static struct metrics_windows windows;

static void add_window(double begin_s, double end_s, uint64_t rss_kib, uint64_t p99) {
    struct metrics_window *window = metrics_windows_add(&windows);
    struct metrics_window_zone *zone = metrics_windows_zone(&windows, windows.count - 1, 0);
    window->begin_s = begin_s;
    window->end_s = end_s;
    window->usage.rss_kib = rss_kib;
    zone->open = 100;
    zone->latency[METRICS_ESTABLISH] =
        (struct metrics_window_latency){.count = p99 > 0 ? 1 : 0, .p50 = p99 / 2, .p99 = p99};
}

static void begin_windows(uint32_t count) {
    static struct metrics_zone zone;
    const struct metrics_shard shape = {.zones = &zone, .zone_count = 1};
    cr_assert(metrics_windows_init(&windows, &shape, count, 60));
}

static bool drift_of(struct metrics_drift *out, enum metrics_series_kind kind) {
    return metrics_drift_of_windows(
        out, &windows,
        (struct metrics_series){.kind = kind, .zone = 0, .latency = METRICS_ESTABLISH});
}

Test(metrics_drift, of_a_run_leaves_out_its_first_window_and_a_short_last_one) {
    struct metrics_drift drift;
    begin_windows(8);
    add_window(0, 60, 1, 0); /* still filling up */
    for (uint32_t i = 1; i <= 5; i++) {
        add_window(60.0 * i, 60.0 * (i + 1), 5000 + i, 100);
    }
    add_window(360, 365, 900000, 100);
    cr_assert(drift_of(&drift, METRICS_SERIES_RSS));
    cr_assert_eq(drift.points, 5);
    cr_assert_float_eq(drift.slope, 60, 1e-9); /* one KiB a minute */
    cr_assert_float_eq(drift.high, 60, 1e-9);
    cr_assert(drift_of(&drift, METRICS_SERIES_OPEN));
    cr_assert_eq(drift.slope, 0);
    cr_assert(drift_of(&drift, METRICS_SERIES_P99));
    cr_assert_eq(drift.points, 5);
    metrics_windows_finish(&windows);
}

Test(metrics_drift, windows_without_a_value_are_left_out) {
    struct metrics_drift drift;
    begin_windows(12);
    for (uint32_t i = 0; i < 11; i++) {
        add_window(60.0 * i, 60.0 * (i + 1), 5000, i % 2 == 1 ? 100 + i : 0);
    }
    cr_assert(drift_of(&drift, METRICS_SERIES_P50));
    cr_assert_eq(drift.points, 5);
    cr_assert_not(drift_of(&drift, METRICS_SERIES_PEER_RSS));
    metrics_windows_finish(&windows);
}

Test(metrics_drift, every_series_has_a_key_of_its_own) {
    for (unsigned i = 0; i < METRICS_SERIES_KINDS; i++) {
        for (unsigned k = 0; k < i; k++) {
            cr_assert_str_neq(metrics_series_key((enum metrics_series_kind)i),
                              metrics_series_key((enum metrics_series_kind)k));
        }
    }
}
