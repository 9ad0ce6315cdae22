/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define SAMPLES         1000000

/* From the authors' reference, state filled by splitmix64: a run is repeatable across versions. */
Test(base_random, is_xoshiro256_star_star) {
    static const struct {
        uint64_t seed;
        uint64_t values[4];
    } rows[] = {
        {0,
         {UINT64_C(0x99ec5f36cb75f2b4), UINT64_C(0xbf6e1f784956452a), UINT64_C(0x1a5f849d4933e6e0),
          UINT64_C(0x6aa594f1262d2d2c)}},
        {42,
         {UINT64_C(0x15780b2e0c2ec716), UINT64_C(0x6104d9866d113a7e), UINT64_C(0xae17533239e499a1),
          UINT64_C(0xecb8ad4703b360a1)}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct base_random random;
        base_random_init(&random, rows[i].seed);
        for (unsigned j = 0; j < 4; j++) {
            cr_expect_eq(base_random_next(&random), rows[i].values[j]);
        }
    }
}

/* Standard errors at a million samples are 0.0003 and 0.001 means: a wrong formula is far outside.
 */
Test(base_random, uniform_stays_inside_and_is_flat) {
    struct base_random random;
    double sum = 0;
    unsigned tenths[10] = {0};
    base_random_init(&random, 7);
    for (unsigned i = 0; i < SAMPLES; i++) {
        double value = base_random_uniform(&random);
        cr_assert(value >= 0 && value < 1);
        sum += value;
        tenths[(unsigned)(value * 10)]++;
    }
    cr_expect_float_eq(sum / SAMPLES, 0.5, 0.002);
    for (unsigned i = 0; i < 10; i++) {
        cr_expect(tenths[i] > SAMPLES / 10 - 2000 && tenths[i] < SAMPLES / 10 + 2000);
    }
}

Test(base_random, exponential_has_its_mean_and_shape) {
    static const double means[] = {1, 2500000, 0.001};
    for (size_t m = 0; m < COUNT_OF(means); m++) {
        struct base_random random;
        double sum = 0;
        double squares = 0;
        unsigned beyond = 0;
        base_random_init(&random, 11 + m);
        for (unsigned i = 0; i < SAMPLES; i++) {
            double value = base_random_exponential(&random, means[m]) / means[m];
            cr_assert(value >= 0 && isfinite(value));
            sum += value;
            squares += value * value;
            beyond += value > 1 ? 1 : 0;
        }
        cr_expect_float_eq(sum / SAMPLES, 1.0, 0.005);
        cr_expect_float_eq(squares / SAMPLES, 2.0, 0.03);
        cr_expect_float_eq((double)beyond / SAMPLES, exp(-1), 0.003);
    }
}

Test(base_random, exponential_of_mean_zero_is_zero) {
    struct base_random random;
    base_random_init(&random, 1);
    for (unsigned i = 0; i < 100; i++) {
        cr_expect_eq(base_random_exponential(&random, 0), 0.0);
    }
}
