/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_plan.h"
#include "tls_judge.h"

#include <criterion/criterion.h>

/* Checks are counted by the judge's number; reports name them by the profile's keys, in this order.
 */
Test(node_policy, numbers_of_the_judge_are_the_profiles_keys_in_order) {
    static const struct {
        enum tls_eku_policy judge;
        unsigned profile;
    } rows[] = {
        {TLS_EKU_EXPRESSWAY, PROFILE_POLICY_EXPRESSWAY},
        {TLS_EKU_PKIX, PROFILE_POLICY_PKIX},
        {TLS_EKU_RFC5924, PROFILE_POLICY_RFC5924},
        {TLS_EKU_SERVER_OR_CLIENT, PROFILE_POLICY_RFC5924 + 1 + PROFILE_OFF_SERVER_OR_CLIENT},
        {TLS_EKU_ANY, PROFILE_POLICY_RFC5924 + 1 + PROFILE_OFF_ANY},
        {TLS_EKU_SERVER_IF_PRESENT, PROFILE_POLICY_RFC5924 + 1 + PROFILE_OFF_SERVER_IF_PRESENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq((unsigned)rows[i].judge, rows[i].profile, "row %zu", i);
    }
}
