/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>

TestSuite(verdict, .init = sample_begin, .fini = sample_end);

static void expect(bool pass, const char *reason) {
    const struct verdict *verdict = sample_judge();
    cr_assert_eq(verdict->pass, pass, "%s", verdict->reason);
    cr_assert_str_eq(verdict->reason, reason);
}

Test(verdict, fails_when_nothing_was_expected_and_nothing_established) {
    sample_fail(ZONE_UC, FAULT_TCP_REFUSED, 10);
    expect(false, "nothing was established");
}

Test(verdict, passes_when_nothing_was_expected_and_something_established) {
    sample_fail(ZONE_UC, FAULT_TCP_REFUSED, 10);
    sample_establish(ZONE_TUNNEL, 1);
    expect(true,
           "1 connection was established; nothing was expected, and 10 of 11 attempts failed");
}

Test(verdict, who_expects_nothing_is_told_what_went_wrong) {
    sample_fail(ZONE_UC, FAULT_TCP_REFUSED, 20);
    sample_establish(ZONE_UC, 21);
    metrics_add(&sample_zone(ZONE_UC)->lost, 1);
    sample.summary.zones[ZONE_UC].open_at_end = 20;
    metrics_add(&sample_zone(ZONE_UC)->lost_faults[FAULT_SIP_CLOSED], 1);
    expect(true, "21 connections were established; nothing was expected, and 20 of 41 attempts "
                 "failed, 1 was lost");
}

Test(verdict, a_listener_alone_tells_whom_it_did_not_admit) {
    sample.summary.zones[ZONE_UC].ran = false;
    sample.summary.zones[ZONE_TUNNEL].ran = false;
    metrics_add(&sample_listener(LISTENER_UC)->accepted, 12);
    metrics_add(&sample_listener(LISTENER_UC)->admitted, 7);
    metrics_add(&sample_listener(LISTENER_UC)->refused, 3);
    metrics_add(&sample_listener(LISTENER_UC)->aborted, 2);
    expect(true, "7 connections were established; nothing was expected, and 5 of 12 accepted were "
                 "refused or aborted");
}

Test(verdict, what_has_no_samples_yet_is_neither_met_nor_missed_while_the_run_goes_on) {
    sample_establish(ZONE_UC, 10);
    sample.summary.complete = false;
    sample_threshold("drift.heap_kib.low < 1024/h");
    expect(true, "no threshold has samples yet");
    cr_assert(sample.verdict.thresholds[0].is_pending);
    cr_assert_not(sample.verdict.thresholds[0].met);
    verdict_finish(&sample.verdict);
    sample_threshold("core.uc.failed == 0");
    expect(true, "1 threshold met");
    verdict_finish(&sample.verdict);
    sample_threshold("core.uc.established > 10");
    expect(false, "core.uc.established is 10, expected > 10");
    verdict_finish(&sample.verdict);
    sample.plan.threshold_count = 1;
    sample.summary.complete = true;
    expect(false, "drift.heap_kib.low was never observed, expected < 1024/h");
    cr_assert_not(sample.verdict.thresholds[0].is_pending);
}

Test(verdict, counts_what_was_admitted_where_only_listeners_run) {
    sample.summary.zones[ZONE_UC].ran = false;
    sample.summary.zones[ZONE_TUNNEL].ran = false;
    metrics_add(&sample_listener(LISTENER_UC)->accepted, 7);
    metrics_add(&sample_listener(LISTENER_UC)->admitted, 7);
    expect(true, "7 connections were established");
}

Test(verdict, does_not_take_admissions_for_established_zones) {
    metrics_add(&sample_listener(LISTENER_UC)->accepted, 7);
    metrics_add(&sample_listener(LISTENER_UC)->admitted, 7);
    expect(false, "nothing was established");
}

Test(verdict, an_expected_failure_passes_though_nothing_was_established) {
    sample_fail(ZONE_UC, FAULT_TCP_REFUSED, 10);
    sample.summary.zones[ZONE_UC].state = METRICS_FAILED;
    sample_expect(ZONE_UC, PROFILE_STATE_FAILED);
    expect(true, "1 expectation met");
}

Test(verdict, names_the_first_unmet_expectation) {
    sample_establish(ZONE_UC, 10);
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample.summary.zones[ZONE_TUNNEL].state = METRICS_DEGRADED;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    sample_expect(ZONE_UC, PROFILE_STATE_FAILED);
    sample_expect(ZONE_TUNNEL, PROFILE_STATE_ACTIVE);
    expect(false, "core.uc is active, expected failed");
    cr_assert(sample.verdict.expectations[0].met);
    cr_assert_not(sample.verdict.expectations[1].met);
    cr_assert_not(sample.verdict.expectations[2].met);
}

Test(verdict, says_what_was_met) {
    sample_establish(ZONE_UC, 10);
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    sample_threshold("core.uc.established >= 10");
    sample_threshold("core.uc.failed == 0");
    expect(true, "1 expectation and 2 thresholds met");
}

Test(verdict, leaves_out_what_ran_elsewhere) {
    sample.summary.zones[ZONE_UC].ran = false;
    sample_establish(ZONE_TUNNEL, 3);
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    sample_threshold("core.uc.established > 0");
    expect(true, "3 connections were established");
    cr_assert_not(sample.verdict.expectations[0].applies);
    cr_assert_not(sample.verdict.thresholds[0].applies);
}

Test(verdict, fails_when_a_server_presents_a_foreign_certificate) {
    sample_establish(ZONE_UC, 4200);
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    metrics_add(&sample_zone(ZONE_UC)->mismatches, 4200);
    expect(false, "core.uc: 4200 connections presented a certificate that is not in the peer's "
                  "server store");
}

Test(verdict, fails_when_a_client_presents_a_foreign_certificate) {
    sample_establish(ZONE_UC, 1);
    metrics_add(&sample_listener(LISTENER_UC)->mismatches, 1);
    expect(false, "edge.uc-traversal: 1 connection presented a certificate that is not in the "
                  "peer's client store");
}

Test(verdict, never_passes_on_counters_that_disagree) {
    sample_establish(ZONE_UC, 10);
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    sample_expect(ZONE_UC, PROFILE_STATE_IDLE);
    metrics_add(&sample_zone(ZONE_TUNNEL)->attempts, 1);
    expect(false, "ekuload itself miscounted core.tunnel: it is not true that attempts = "
                  "established + failed + unconfirmed + in_flight_at_end");
}

Test(verdict, names_the_listener_that_was_miscounted) {
    sample_establish(ZONE_UC, 10);
    metrics_add(&sample_listener(LISTENER_TUNNEL)->accepted, 1);
    expect(false, "ekuload itself miscounted edge.tunnel: it is not true that accepted = admitted "
                  "+ refused + aborted + in_flight_at_end");
}

Test(verdict, an_interrupted_run_is_judged_all_the_same) {
    sample_establish(ZONE_UC, 10);
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample.summary.interrupted = true;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    expect(true, "1 expectation met");
}
