/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>

Test(profile_threshold, is_a_text_or_says_that_it_ends_the_run) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "thresholds=[core.uc.lost == 0, { threshold: core.uc.failed "
                        "< 3, abort_on_fail: on, delay: 10s }]");
    cr_assert_eq(plan->threshold_count, 2);
    cr_expect_str_eq(plan->thresholds[0].expression, "core.uc.lost == 0");
    cr_expect_not(plan->thresholds[0].abort_on_fail);
    cr_expect_str_eq(plan->thresholds[1].expression, "core.uc.failed < 3");
    cr_expect(plan->thresholds[1].abort_on_fail);
    cr_expect_eq(plan->thresholds[1].delay_ns, 10000000000);
    profile_plan_destroy(plan);
}

Test(profile_threshold, one_alone_needs_no_list) {
    struct profile_plan *plan = sample_must_load(sample_profile, "thresholds=core.uc.lost == 0");
    cr_assert_eq(plan->threshold_count, 1);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "thresholds=[]");
    cr_assert_eq(plan->threshold_count, 0);
    profile_plan_destroy(plan);
}

Test(profile_threshold, a_run_has_windows_and_checkpoints_of_a_minute_and_no_renewals) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    cr_expect_eq(plan->window_ns, 60000000000);
    cr_expect_eq(plan->checkpoint_ns, 60000000000);
    cr_expect_eq(plan->renew_ns, 0);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile,
                            "load={duration: 1h, window: 5m, checkpoint: 1s, renew: 10m}");
    cr_expect_eq(plan->window_ns, 300000000000);
    cr_expect_eq(plan->checkpoint_ns, 1000000000);
    cr_expect_eq(plan->renew_ns, 600000000000);
    profile_plan_destroy(plan);
}

Test(profile_threshold, a_mistake_is_told_with_its_line) {
    static const struct sample_error cases[] = {
        {31, "- { threshold: core.uc.lost == 0 }", NULL},
        {31, "- { abort_on_fail: on }", ":31: thresholds.0: the key \"threshold\" is missing"},
        {31, "- { threshold: core.uc.lost == 0, delay: 3s }",
         ":31: thresholds.0.delay: goes with abort_on_fail: on"},
        {31, "- { threshold: core.uc.lost == 0, abort: on }",
         ":31: thresholds.0.abort: unknown key; did you mean \"abort_on_fail\"?"},
        {31, "- { threshold: core.uc.lost == 0, abort_on_fail: maybe }",
         ":31: thresholds.0.abort_on_fail: expected on or off, not \"maybe\""},
        {27, "window: 10ms", ":27: load.window: expected a duration from 1s to 24h, not \"10ms\""},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}
