/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/*
 * xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64: fast, repeatable, for schedules
 * and SIP identifiers. Not for keys. One thread a generator.
 */
struct base_random {
    uint64_t state[4];
};

void base_random_init(struct base_random *random, uint64_t seed);
uint64_t base_random_next(struct base_random *random);

/* Uniform in [0, 1). */
double base_random_uniform(struct base_random *random);

/* Exponentially distributed with the given mean, same unit as `mean`; mean 0 gives 0. */
double base_random_exponential(struct base_random *random, double mean);

#endif
