/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"

#include <criterion/criterion.h>

Test(node_zone, presents_identities_by_their_weight) {
    struct node_presented presented[3] = {{.identity = 0, .cumulative_share = 0.2},
                                          {.identity = 1, .cumulative_share = 0.2},
                                          {.identity = 2, .cumulative_share = 1}};
    const struct node_zone zone = {.presented = presented, .presented_count = 3};
    struct base_random random;
    unsigned chosen[3] = {0};
    base_random_init(&random, 7);
    for (unsigned i = 0; i < 100000; i++) {
        chosen[node_zone_choose(&zone, &random)->identity]++;
    }
    /* Four standard deviations of a binomial with n = 100,000 and p = 0.2 are 506. */
    cr_assert_lt(chosen[0], 20506);
    cr_assert_gt(chosen[0], 19494);
    cr_assert_eq(chosen[1], 0, "an identity without weight is never presented");
    cr_assert_eq(chosen[0] + chosen[2], 100000);
}

Test(node_zone, presents_its_only_identity) {
    struct node_presented presented[1] = {{.identity = 0, .cumulative_share = 1}};
    const struct node_zone zone = {.presented = presented, .presented_count = 1};
    struct base_random random;
    base_random_init(&random, 7);
    cr_assert_eq(node_zone_choose(&zone, &random), &presented[0]);
}
