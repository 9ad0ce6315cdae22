/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_retry.h"

#include <criterion/criterion.h>

#define MS UINT64_C(1000000)
#define S  (1000 * MS)

struct case_of_retry {
    const char *name;
    struct profile_retry retry;
    uint64_t pauses_ns[6]; /* after the first failure, the second ... */
};

static const struct case_of_retry cases[] = {
    {.name = "pairs 20 ms apart every 40 s, as the product's log shows",
     .retry = {.enabled = true, .burst = 2, .gap_ns = 20 * MS, .every_ns = 40 * S},
     .pauses_ns = {20 * MS, 40 * S, 20 * MS, 40 * S, 20 * MS, 40 * S}},
    {.name = "single attempts",
     .retry = {.enabled = true, .burst = 1, .gap_ns = 20 * MS, .every_ns = 40 * S},
     .pauses_ns = {40 * S, 40 * S, 40 * S, 40 * S, 40 * S, 40 * S}},
    {.name = "a tunnel's 32, 32, 180 and 76 s, and again",
     .retry = {.enabled = true, .pause_count = 4, .pauses_ns = {32 * S, 32 * S, 180 * S, 76 * S}},
     .pauses_ns = {32 * S, 32 * S, 180 * S, 76 * S, 32 * S, 32 * S}},
    {.name = "immediately",
     .retry = {.enabled = true, .pause_count = 1},
     .pauses_ns = {0, 0, 0, 0, 0, 0}},
    {.name = "back-off, twice as long each time up to the longest",
     .retry = {.enabled = true, .first_ns = S, .factor = 2, .longest_ns = 10 * S},
     .pauses_ns = {S, 2 * S, 4 * S, 8 * S, 10 * S, 10 * S}},
};

Test(worker_retry, pauses_as_the_product_does) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t attempt = 0;
        for (unsigned k = 0; k < 6; k++) {
            cr_assert_eq(worker_retry_next_pause_ns(&cases[i].retry, &attempt, NULL),
                         cases[i].pauses_ns[k], "%s: pause %u", cases[i].name, k);
        }
    }
}

Test(worker_retry, knows_its_first_and_its_longest_pause) {
    cr_assert_eq(worker_retry_first_pause_ns(&cases[0].retry), 20 * MS);
    cr_assert_eq(worker_retry_longest_pause_ns(&cases[0].retry), 40 * S);
    cr_assert_eq(worker_retry_first_pause_ns(&cases[2].retry), 32 * S);
    cr_assert_eq(worker_retry_longest_pause_ns(&cases[2].retry), 180 * S);
}

Test(worker_retry, jitter_spreads_a_back_off_on_both_sides) {
    const struct profile_retry retry = {
        .enabled = true, .first_ns = S, .factor = 1, .longest_ns = S, .jitter = 0.2};
    struct base_random random;
    uint64_t least_ns = UINT64_MAX;
    uint64_t most_ns = 0;
    uint16_t attempt = UINT16_MAX - 10; /* it does not begin again */
    base_random_init(&random, 1);
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t pause_ns = worker_retry_next_pause_ns(&retry, &attempt, &random);
        least_ns = pause_ns < least_ns ? pause_ns : least_ns;
        most_ns = pause_ns > most_ns ? pause_ns : most_ns;
    }
    cr_expect_geq(least_ns, 800 * MS);
    cr_expect_lt(least_ns, 810 * MS);
    cr_expect_leq(most_ns, 1200 * MS);
    cr_expect_gt(most_ns, 1190 * MS);
    cr_expect_eq(attempt, UINT16_MAX);
}
