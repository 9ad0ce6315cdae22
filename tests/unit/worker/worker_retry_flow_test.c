/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_retry.h"

#include <criterion/criterion.h>

#define S UINT64_C(1000000000)

/* RFC 5626 section 4.5 and its table. */
Test(worker_retry_flow, waits_half_to_all_of_a_bound_that_doubles) {
    static const struct {
        bool others_open;
        uint64_t bounds_s[8]; /* after the first failure, the second ... */
    } cases[] = {
        {false, {60, 120, 240, 480, 960, 1800, 1800, 1800}},
        {true, {180, 360, 720, 1440, 1800, 1800, 1800, 1800}},
    };
    struct base_random random;
    base_random_init(&random, 7);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned round = 0; round < 50; round++) {
            uint16_t failures = 0;
            for (unsigned k = 0; k < 8; k++) {
                uint64_t bound_ns = cases[i].bounds_s[k] * S;
                uint64_t pause_ns =
                    worker_retry_flow_pause_ns(true, cases[i].others_open, &failures, &random);
                cr_assert(pause_ns >= bound_ns / 2 && pause_ns <= bound_ns, "%zu: %u: %llu", i, k,
                          (unsigned long long)pause_ns);
            }
        }
    }
}

Test(worker_retry_flow, replaces_a_flow_that_was_good_at_once) {
    struct base_random random;
    uint16_t failures = 5;
    base_random_init(&random, 7);
    cr_assert_eq(worker_retry_flow_pause_ns(false, false, &failures, &random), 0);
    cr_assert_eq(failures, 0, "the next failure is the first one again");
}

Test(worker_retry_flow, goes_on_for_ever) {
    struct base_random random;
    uint16_t failures = UINT16_MAX - 1;
    base_random_init(&random, 7);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_leq(worker_retry_flow_pause_ns(true, false, &failures, &random), 1800 * S);
        cr_assert_eq(failures, UINT16_MAX);
    }
}
