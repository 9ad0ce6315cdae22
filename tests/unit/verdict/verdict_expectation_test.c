/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>
#include <string.h>

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

static struct profile_serial wanted[] = {{.octets = {0x46, 0xdf}, .length = 2},
                                         {.octets = {0x29}, .length = 1}};

static const struct serial_case {
    const char *presented[3]; /* NULL ends them */
    const char *reason;       /* NULL: met */
} serial_cases[] = {
    {{"\x46\xdf"}, NULL},
    {{"\x46\xdf", "\x29"}, NULL},
    {{NULL}, " was presented no certificate"},
    {{"\x46\xdf", "\x2a"}, " was presented the certificate with the serial 2a, which is not among"},
    {{"\x46"}, " was presented the certificate with the serial 46, which is not among"},
};

static void expect_serials(struct profile_expectation *row, struct metrics_serials *serials) {
    for (size_t i = 0; i < LENGTH_OF(serial_cases); i++) {
        for (uint32_t k = 0; k < serials->capacity; k++) {
            serials->cells[k] = (struct metrics_serial){0};
        }
        serials->used = 0;
        for (unsigned k = 0; k < 3 && serial_cases[i].presented[k] != NULL; k++) {
            const char *octets = serial_cases[i].presented[k];
            metrics_serials_record(serials, (const uint8_t *)octets, strlen(octets));
        }
        sample.plan.expectations = row;
        sample.plan.expectation_count = 1;
        const struct verdict *verdict = sample_judge();
        cr_assert_eq(verdict->expectations[0].met, serial_cases[i].reason == NULL, "case %zu", i);
        cr_assert_eq(verdict->pass, serial_cases[i].reason == NULL, "case %zu", i);
        if (serial_cases[i].reason != NULL) {
            cr_assert_not_null(strstr(verdict->reason, serial_cases[i].reason), "%s",
                               verdict->reason);
        }
        verdict_finish(&sample.verdict);
    }
}

Test(verdict_expectation, a_listener_is_presented_the_serials_expected_and_no_other) {
    struct profile_expectation row = {.zone = PROFILE_NONE,
                                      .listener = LISTENER_UC,
                                      .peer_serials = wanted,
                                      .peer_serial_count = 2};
    expect_serials(&row, &sample_listener(LISTENER_UC)->serials);
}

Test(verdict_expectation, says_why_serials_beyond_the_table_are_not_met) {
    struct profile_expectation row = {.zone = PROFILE_NONE,
                                      .listener = LISTENER_UC,
                                      .peer_serials = wanted,
                                      .peer_serial_count = 2};
    struct metrics_serials *serials = &sample_listener(LISTENER_UC)->serials;
    metrics_serials_record(serials, (const uint8_t *)"\x29", 1);
    serials->other = 1;
    sample.plan.expectations = &row;
    sample.plan.expectation_count = 1;
    cr_assert_not(sample_judge()->pass);
    cr_assert_not_null(strstr(sample.verdict.reason, "more certificates than those expected"), "%s",
                       sample.verdict.reason);
}

Test(verdict_expectation, so_is_a_zone) {
    struct profile_expectation row = {
        .zone = ZONE_UC, .listener = PROFILE_NONE, .peer_serials = wanted, .peer_serial_count = 2};
    expect_serials(&row, &sample_zone(ZONE_UC)->serials);
}
