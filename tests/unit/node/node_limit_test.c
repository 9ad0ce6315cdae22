/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_limit.h"

#include <criterion/criterion.h>

#define SECOND UINT64_C(1000000000)

/* How many of the sessions that begin evenly for ten seconds are admitted. */
static unsigned admitted_of(double limit, unsigned rate) {
    struct node_limit bucket;
    unsigned admitted = 0;
    node_limit_init(&bucket, limit);
    for (unsigned i = 0; i < 10 * rate; i++) {
        admitted += node_limit_admits(&bucket, SECOND + i * (SECOND / rate));
    }
    return admitted;
}

Test(limit, refuses_nobody_below_it_and_what_is_beyond_it) {
    static const struct {
        double limit;
        unsigned rate;
        unsigned admitted;
        unsigned burst;
    } rows[] = {
        {200, 100, 1000, 0}, {200, 200, 2000, 0}, {200, 220, 2000, 5},       {200, 1000, 2000, 5},
        {40, 41, 400, 3},    {0.5, 1, 5, 2},      {5000, 20000, 50000, 101},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned admitted = admitted_of(rows[i].limit, rows[i].rate);
        cr_assert(admitted >= rows[i].admitted && admitted <= rows[i].admitted + rows[i].burst,
                  "%g/s, %u/s: %u", rows[i].limit, rows[i].rate, admitted);
    }
}

Test(limit, lets_a_short_burst_through_and_then_makes_it_wait) {
    struct node_limit bucket;
    unsigned admitted = 0;
    node_limit_init(&bucket, 200);
    for (unsigned i = 0; i < 100; i++) {
        admitted += node_limit_admits(&bucket, SECOND);
    }
    cr_assert_eq(admitted, 5); /* one, and 20 ms of them */
    cr_assert_not(node_limit_admits(&bucket, SECOND + SECOND / 250));
    cr_assert(node_limit_admits(&bucket, SECOND + SECOND / 200));
}
