/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"
#include "study_conclude.h"

#include <criterion/criterion.h>
#include <math.h>

#define BLOCKS 26u

/* Blocks On, Off, Off, On after two warm-ups, on a machine that gets slower and slower. */
static void fill(struct metrics_overhead *out, struct metrics_overhead_block *blocks, double cost,
                 double noise) {
    static const bool order[] = {true, false, false, true};
    struct base_random random;
    base_random_init(&random, 5);
    *out = (struct metrics_overhead){.blocks = blocks, .block_count = BLOCKS, .seed = 1};
    for (uint32_t i = 0; i < BLOCKS; i++) {
        blocks[i] = (struct metrics_overhead_block){.counts = i >= 2};
        blocks[i].on = i < 2 ? i == 0 : order[(i - 2) % 4];
        double value = 2000 + 40.0 * i + noise * (base_random_uniform(&random) - 0.5);
        value += blocks[i].on ? cost : 0;
        value += i < 2 ? 5000 : 0;
        for (unsigned row = 0; row < METRICS_OVERHEAD_ROWS; row++) {
            blocks[i].values[row] = value;
        }
    }
}

Test(conclude, finds_the_cost_in_spite_of_drift_and_warm_up) {
    static const double costs[] = {0, 100, -30, 1000};
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        struct metrics_overhead out;
        struct metrics_overhead_block blocks[BLOCKS];
        fill(&out, blocks, costs[i], 60);
        study_conclude(&out);
        const struct metrics_estimate *difference = &out.rows[out.primary].difference;
        cr_assert_eq(out.pairs, 12);
        cr_assert(difference->low <= costs[i] && costs[i] <= difference->high,
                  "cost %g: %g, from %g to %g", costs[i], difference->value, difference->low,
                  difference->high);
        cr_assert_float_eq(out.rows[out.primary].on - out.rows[out.primary].off, difference->value,
                           1e-6);
    }
}

Test(conclude, admission_decides_where_nothing_was_answered) {
    struct metrics_overhead out;
    struct metrics_overhead_block blocks[BLOCKS];
    fill(&out, blocks, 100, 0);
    study_conclude(&out);
    cr_assert_str_eq(out.rows[out.primary].quantity, "establish");
    cr_assert_str_eq(out.rows[out.primary].statistic, "median");
    for (uint32_t i = 0; i < BLOCKS; i++) {
        blocks[i].values[STUDY_ROW_ESTABLISH] = NAN;
    }
    study_conclude(&out);
    cr_assert_str_eq(out.rows[out.primary].quantity, "admission");
    cr_assert_str_eq(out.rows[out.primary].statistic, "median");
    cr_assert(isnan(out.rows[STUDY_ROW_ESTABLISH].difference.value));
}

Test(conclude, a_study_cut_short_has_the_pairs_that_are_whole) {
    struct metrics_overhead out;
    struct metrics_overhead_block blocks[BLOCKS];
    static const struct {
        uint32_t blocks;
        uint32_t pairs;
    } rows[] = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 1}, {5, 1}, {11, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fill(&out, blocks, 100, 0);
        out.block_count = rows[i].blocks;
        study_conclude(&out);
        cr_assert_eq(out.pairs, rows[i].pairs, "%u blocks", rows[i].blocks);
    }
}
