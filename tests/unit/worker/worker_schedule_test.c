/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_schedule.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))
#define S                UINT64_C(1000000000)
#define BEGIN_NS         (3600 * S)
#define ARRIVALS         5000u

/* Up in a second, level, down to nothing, half a second of silence, a spike. */
static struct profile_stage stages[] = {
    {.duration_ns = S, .from = 0, .target = 1000},
    {.duration_ns = 2 * S, .from = 1000, .target = 1000},
    {.duration_ns = S, .from = 1000, .target = 0},
    {.duration_ns = S / 2, .from = 0, .target = 0},
    {.duration_ns = 0, .from = 0, .target = 2000},
};

static const struct profile_zone_load level_load = {.shape = PROFILE_SHAPE_RATE, .rate_per_s = 500};
static const struct profile_zone_load stage_load = {.shape = PROFILE_SHAPE_RATE,
                                                    .rate_per_s = 2000,
                                                    .stages = stages,
                                                    .stage_count = LENGTH_OF(stages)};

/* The exact area under stage_load's rate. */
static double area_until(double at_s) {
    if (at_s < 1) {
        return 500 * at_s * at_s;
    }
    if (at_s < 3) {
        return 500 + 1000 * (at_s - 1);
    }
    if (at_s < 4) {
        return 2500 + 500 - 500 * (4 - at_s) * (4 - at_s);
    }
    return at_s < 4.5 ? 3000 : 3000 + 2000 * (at_s - 4.5);
}

static double seconds_of(const struct worker_schedule *schedule) {
    return (schedule->next_ns - (double)BEGIN_NS) / 1e9;
}

Test(worker_schedule, constant_arrivals_are_evenly_spaced_from_the_begin) {
    struct worker_schedule schedule;
    struct base_random random;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &level_load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    for (unsigned i = 0; i < ARRIVALS; i++) {
        cr_assert_float_eq(seconds_of(&schedule), i / 500.0, 1e-6, "arrival %u", i);
        worker_schedule_advance(&schedule, &random);
    }
}

Test(worker_schedule, constant_arrivals_follow_the_area_under_a_ramp) {
    struct worker_schedule schedule;
    struct base_random random;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &stage_load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    for (unsigned i = 0; i < ARRIVALS; i++) {
        double at_s = seconds_of(&schedule);
        cr_assert_float_eq(area_until(at_s), i, 0.01, "arrival %u at %f s", i, at_s);
        cr_assert(at_s <= 4 || at_s >= 4.5, "arrival %u in the silence, at %f s", i, at_s);
        worker_schedule_advance(&schedule, &random);
    }
}

Test(worker_schedule, workers_take_turns) {
    struct worker_schedule workers[3];
    struct base_random random;
    base_random_init(&random, 1);
    for (unsigned i = 0; i < 3; i++) {
        worker_schedule_init(&workers[i], &stage_load, i, 3);
        worker_schedule_begin(&workers[i], &random, BEGIN_NS);
    }
    for (unsigned i = 0; i < 3000; i++) {
        cr_assert_float_eq(area_until(seconds_of(&workers[i % 3])), i, 0.01, "arrival %u", i);
        worker_schedule_advance(&workers[i % 3], &random);
    }
}

Test(worker_schedule, that_ends_at_nothing_begins_no_more) {
    static struct profile_stage last[] = {{.duration_ns = S, .from = 10, .target = 0}};
    const struct profile_zone_load load = {
        .shape = PROFILE_SHAPE_RATE, .rate_per_s = 10, .stages = last, .stage_count = 1};
    struct worker_schedule schedule;
    struct base_random random;
    unsigned begun = 0;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    for (; begun < 100 && schedule.next_ns < (double)INFINITY; begun++) {
        cr_assert_lt(seconds_of(&schedule), 1);
        worker_schedule_advance(&schedule, &random);
    }
    cr_assert_eq(begun, 5, "the area under the ramp");
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Kolmogorov and Smirnov's distance of what was observed from the exponential distribution with
 * mean 1, times the root of their number: 1.358 is exceeded by 5% of all true samples. */
static double exponential_distance(double *gaps, unsigned count) {
    double distance = 0;
    qsort(gaps, count, sizeof *gaps, compare);
    for (unsigned i = 0; i < count; i++) {
        double expected = 1 - exp(-gaps[i]);
        distance =
            fmax(distance, fmax(expected - (double)i / count, (double)(i + 1) / count - expected));
    }
    return distance * sqrt(count);
}

/* Arrivals of `count` workers in their sequence, as areas under a rate: what lies between two of
 * them. */
static void collect_gaps(const struct profile_zone_load *load, unsigned count, double *gaps,
                         double (*area)(double at_s)) {
    struct worker_schedule workers[4];
    struct base_random random[4];
    double before = 0;
    for (unsigned i = 0; i < count; i++) {
        base_random_init(&random[i], 40 + i);
        worker_schedule_init(&workers[i], load, i, count);
        worker_schedule_begin(&workers[i], &random[i], BEGIN_NS);
    }
    for (unsigned k = 0; k < ARRIVALS; k++) {
        unsigned first = 0;
        for (unsigned i = 1; i < count; i++) {
            first = workers[i].next_ns < workers[first].next_ns ? i : first;
        }
        double at = area(seconds_of(&workers[first]));
        gaps[k] = at - before;
        before = at;
        worker_schedule_advance(&workers[first], &random[first]);
    }
}

static double area_of_level(double at_s) {
    return 500 * at_s;
}

struct poisson_case {
    const char *name;
    const struct profile_zone_load *load;
    double (*area)(double at_s);
    unsigned workers;
};

Test(worker_schedule, poisson_arrivals_pass_a_kolmogorov_smirnov_test) {
    static double gaps[ARRIVALS];
    static const struct poisson_case cases[] = {
        {"500/s", &level_load, area_of_level, 1},
        {"500/s of three workers", &level_load, area_of_level, 3},
        {"ramps, whose area takes the place of time", &stage_load, area_until, 1},
        {"ramps of two workers", &stage_load, area_until, 2},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_zone_load load = *cases[i].load;
        load.arrival = PROFILE_ARRIVAL_POISSON;
        collect_gaps(&load, cases[i].workers, gaps, cases[i].area);
        double distance = exponential_distance(gaps, ARRIVALS);
        cr_expect_lt(distance, 1.358, "%s: %f", cases[i].name, distance);
    }
}

Test(worker_schedule, evenly_spaced_arrivals_fail_that_test) {
    static double gaps[ARRIVALS];
    collect_gaps(&level_load, 1, gaps, area_of_level);
    cr_assert_gt(exponential_distance(gaps, ARRIVALS), 10);
}

Test(worker_schedule, a_rate_that_is_set_counts_from_then_on) {
    struct worker_schedule schedule;
    struct base_random random;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &level_load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    worker_schedule_advance(&schedule, &random); /* due at 2 ms, halfway at 1 ms */
    worker_schedule_set_rate(&schedule, 10, BEGIN_NS + S / 1000);
    cr_assert_float_eq(seconds_of(&schedule), 0.001 + 0.05, 1e-6, "half an arrival was left");
    worker_schedule_set_rate(&schedule, 0, BEGIN_NS + S / 100);
    cr_assert(isinf(schedule.next_ns));
    worker_schedule_set_rate(&schedule, -1, BEGIN_NS + 10 * S);
    cr_assert_geq(seconds_of(&schedule), 10, "nothing is made up for");
    cr_assert_leq(seconds_of(&schedule), 10.002);
}

Test(worker_schedule, returns_to_where_the_stages_are_by_now) {
    struct worker_schedule schedule;
    struct base_random random;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &stage_load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    worker_schedule_set_rate(&schedule, 0, BEGIN_NS);
    worker_schedule_set_rate(&schedule, -1, BEGIN_NS + 2 * S);
    double first = area_until(seconds_of(&schedule));
    worker_schedule_advance(&schedule, &random);
    cr_assert_float_eq(first, 1500, 0.01, "%f", first);
    cr_assert_float_eq(area_until(seconds_of(&schedule)), 1501, 0.01);
}

Test(worker_schedule, that_was_delayed_makes_up_for_nothing) {
    struct worker_schedule schedule;
    struct base_random random;
    base_random_init(&random, 1);
    worker_schedule_init(&schedule, &stage_load, 0, 1);
    worker_schedule_begin(&schedule, &random, BEGIN_NS);
    worker_schedule_delay(&schedule, 7 * S);
    for (unsigned i = 0; i < 100; i++) {
        cr_assert_float_eq(area_until(seconds_of(&schedule) - 7), i, 0.01, "arrival %u", i);
        worker_schedule_advance(&schedule, &random);
    }
}

struct level_case {
    double at_s;
    double level;
    double area;
};

Test(worker_curve, knows_its_level_and_its_area_at_any_time) {
    static const struct level_case cases[] = {
        {0, 0, 0},       {0.5, 500, 125},   {1, 1000, 500},  {2, 1000, 1500}, {3.75, 250, 2968.75},
        {4.25, 0, 3000}, {4.5, 2000, 3000}, {6, 2000, 6000},
    };
    struct worker_curve curve;
    worker_curve_init(&curve, stages, LENGTH_OF(stages), 7);
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        cr_expect_float_eq(worker_curve_level_at(&curve, cases[i].at_s), cases[i].level, 1e-6,
                           "at %f s", cases[i].at_s);
        cr_expect_float_eq(worker_curve_area_at(&curve, cases[i].at_s), cases[i].area, 1e-6,
                           "until %f s", cases[i].at_s);
    }
}
