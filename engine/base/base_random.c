/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"

#include <math.h>

static uint64_t rotate_left(uint64_t value, unsigned bits) {
    return value << bits | value >> (64 - bits);
}

void base_random_init(struct base_random *random, uint64_t seed) {
    for (unsigned i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t mixed = seed;
        mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
        random->state[i] = mixed ^ mixed >> 31;
    }
}

uint64_t base_random_next(struct base_random *random) {
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double base_random_uniform(struct base_random *random) {
    return (double)(base_random_next(random) >> 11) * 0x1.0p-53;
}

double base_random_exponential(struct base_random *random, double mean) {
    return -mean * log1p(-base_random_uniform(random));
}
