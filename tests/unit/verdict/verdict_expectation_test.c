/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

TestSuite(verdict_expectation, .init = sample_begin, .fini = sample_end);

Test(verdict_expectation, a_state_is_met_by_itself_alone) {
    static const enum metrics_state observed[] = {METRICS_IDLE, METRICS_FAILED, METRICS_DEGRADED,
                                                  METRICS_ACTIVE};
    static const enum profile_state expected[] = {PROFILE_STATE_IDLE, PROFILE_STATE_FAILED,
                                                  PROFILE_STATE_DEGRADED, PROFILE_STATE_ACTIVE};
    for (size_t i = 0; i < LENGTH_OF(expected); i++) {
        sample_expect(ZONE_UC, expected[i]);
    }
    sample_expect(ZONE_UC, PROFILE_STATE_ANY);
    for (size_t i = 0; i < LENGTH_OF(observed); i++) {
        sample.summary.zones[ZONE_UC].state = observed[i];
        const struct verdict *verdict = sample_judge();
        for (size_t k = 0; k < LENGTH_OF(expected); k++) {
            cr_assert_eq(verdict->expectations[k].met, i == k, "observed %zu, expected %zu", i, k);
            cr_assert_eq(verdict->expectations[k].observed_state, observed[i]);
        }
        cr_assert(verdict->expectations[LENGTH_OF(expected)].met);
        verdict_finish(&sample.verdict);
    }
}

#define KEY_EKU     "tls_alert_unsupported_certificate"
#define KEY_REFUSED "tcp_refused"

static const struct fault_case {
    enum metrics_state observed;
    enum fault fault; /* FAULT_NONE: none met */
    enum profile_state expected;
    const char *keys[3];
    const char *reason; /* NULL: met */
} fault_cases[] = {
    {METRICS_FAILED,
     FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE,
     PROFILE_STATE_FAILED,
     {KEY_EKU},
     NULL},
    {METRICS_FAILED,
     FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE,
     PROFILE_STATE_FAILED,
     {KEY_REFUSED, KEY_EKU},
     NULL},
    {METRICS_FAILED,
     FAULT_TCP_REFUSED,
     PROFILE_STATE_FAILED,
     {KEY_EKU},
     "core.uc met the fault tcp_refused, which is not among those expected"},
    {METRICS_FAILED,
     FAULT_NONE,
     PROFILE_STATE_FAILED,
     {KEY_EKU},
     "core.uc failed without any of the expected faults"},
    {METRICS_FAILED, FAULT_NONE, PROFILE_STATE_FAILED, {NULL}, NULL},
    {METRICS_FAILED,
     FAULT_TCP_REFUSED,
     PROFILE_STATE_FAILED,
     {NULL},
     "core.uc met the fault tcp_refused, which is not among those expected"},
    {METRICS_ACTIVE, FAULT_NONE, PROFILE_STATE_ACTIVE, {KEY_EKU}, NULL},
    {METRICS_ACTIVE, FAULT_NONE, PROFILE_STATE_ANY, {KEY_EKU}, NULL},
    {METRICS_ACTIVE, FAULT_TCP_REFUSED, PROFILE_STATE_ANY, {KEY_REFUSED}, NULL},
    {METRICS_ACTIVE,
     FAULT_TCP_REFUSED,
     PROFILE_STATE_FAILED,
     {KEY_REFUSED},
     "core.uc is active, expected failed"},
    {METRICS_DEGRADED,
     FAULT_TCP_REFUSED,
     PROFILE_STATE_DEGRADED,
     {KEY_EKU},
     "core.uc met the fault tcp_refused, which is not among those expected"},
};

Test(verdict_expectation, every_fault_observed_must_be_listed) {
    for (size_t i = 0; i < LENGTH_OF(fault_cases); i++) {
        const struct fault_case *row = &fault_cases[i];
        sample_end();
        sample_begin();
        sample.summary.zones[ZONE_UC].state = row->observed;
        if (row->fault != FAULT_NONE) {
            sample_fail(ZONE_UC, row->fault, 5);
        }
        sample_expect_faults(ZONE_UC, row->expected, row->keys);
        const struct verdict *verdict = sample_judge();
        cr_assert_eq(verdict->expectations[0].met, row->reason == NULL, "case %zu", i);
        cr_assert_str_eq(verdict->reason, row->reason == NULL ? "1 expectation met" : row->reason,
                         "case %zu: %s", i, verdict->reason);
    }
}

Test(verdict_expectation, lost_connections_are_no_failures) {
    static const char *const keys[] = {KEY_EKU, NULL};
    sample_establish(ZONE_UC, 1);
    sample.summary.zones[ZONE_UC].open_at_end = 0;
    metrics_add(&sample_zone(ZONE_UC)->lost, 1);
    metrics_add(&sample_zone(ZONE_UC)->lost_faults[FAULT_SIP_CLOSED], 1);
    sample_expect_faults(ZONE_UC, PROFILE_STATE_ANY, keys);
    cr_assert(sample_judge()->pass);
    cr_assert_not(sample.verdict.expectations[0].observed_faults[FAULT_SIP_CLOSED]);
}
