/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

/* Of every metric something: counters 11, 12 ...; refusals of 1..1000 ms; nothing else timed. */
static void begin(void) {
    sample_begin();
    sample_establish(ZONE_UC, 90);
    sample_fail(ZONE_UC, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, 10);
    metrics_add(&sample_zone(ZONE_UC)->late, 3);
    metrics_add(&sample_zone(ZONE_UC)->dropped, 4);
    metrics_add(&sample_zone(ZONE_UC)->resumed, 5);
    metrics_add(&sample_zone(ZONE_UC)->answered, 89);
    metrics_add(&sample_zone(ZONE_UC)->sip_requests, 900);
    metrics_add(&sample_zone(ZONE_UC)->sip_timeouts, 6);
    sample.summary.zones[ZONE_UC].peak_open = 91;
    for (uint64_t ms = 1; ms <= 1000; ms++) {
        metrics_histogram_record(&sample_zone(ZONE_UC)->latency[METRICS_REFUSAL], ms * 1000);
    }
    metrics_histogram_record(&sample_listener(LISTENER_UC)->latency[METRICS_LISTENER_ADMISSION],
                             200);
    metrics_add(&sample_listener(LISTENER_UC)->accepted, 60);
    metrics_add(&sample_listener(LISTENER_UC)->admitted, 30);
    metrics_add(&sample_listener(LISTENER_UC)->refused, 20);
    metrics_add(&sample_listener(LISTENER_UC)->aborted, 10);
    metrics_add(&sample_listener(LISTENER_CORE_UC)->accepted, 2);
    metrics_add(&sample_listener(LISTENER_CORE_UC)->admitted, 2);
}

TestSuite(verdict_threshold, .init = begin, .fini = sample_end);

Test(verdict_threshold, compares_what_it_names) {
    static const struct {
        const char *expression;
        double observed;
        bool met;
    } cases[] = {
        {"core.uc.attempts == 100", 100, true},
        {"core.uc.attempts != 100", 100, false},
        {"core.uc.established >= 90", 90, true},
        {"core.uc.established > 90", 90, false},
        {"core.uc.failed <= 10", 10, true},
        {"core.uc.failed < 10", 10, false},
        {"core.uc.failed < 10.5", 10, true},
        {"core.uc.unconfirmed == 0", 0, true},
        {"core.uc.lost == 0", 0, true},
        {"core.uc.late == 3", 3, true},
        {"core.uc.dropped == 4", 4, true},
        {"core.uc.resumed == 5", 5, true},
        {"core.uc.answered == 89", 89, true},
        {"core.uc.peak_open == 91", 91, true},
        {"core.uc.open_at_end == 90", 90, true},
        {"core.uc.sip_requests == 900", 900, true},
        {"core.uc.sip_timeouts == 6", 6, true},
        {"core.uc.mismatches == 0", 0, true},
        {"edge.uc-traversal.accepted == 60", 60, true},
        {"edge.uc-traversal.admitted == 30", 30, true},
        {"edge.uc-traversal.refused == 20", 20, true},
        {"edge.uc-traversal.aborted == 10", 10, true},
        {"edge.uc-traversal.mismatches == 0", 0, true},
        {"edge.uc-traversal.admission.max == 200us", 200, true},
        {"core.uc.accepted == 2", 2, true}, /* a listener's metric, though a zone has the name */
        {"core.uc.refusal.count == 1000", 1000, true},
        {"core.uc.refusal.min == 1ms", 1000, true},
        {"core.uc.refusal.max == 1s", 1000000, true},
        {"core.uc.refusal.max == 1000ms", 1000000, true},
        {"core.uc.refusal.mean == 500.5ms", 500500, true},
        {"core.uc.refusal.max < 0.999s", 1000000, false},
        {"core.uc.sip_response.count == 0", 0, true}, /* no sample is needed to count samples */
        {"core.uc.established>=90", 90, true},
        {"  core.uc.refusal.max\t<=  1000000 us ", 1000000, true},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {0};
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_assert(verdict_check_thresholds(&sample.plan, &error), "%s", error.text);
        const struct verdict_threshold *row = &sample_judge()->thresholds[0];
        cr_assert(row->has_observed, "%s", cases[i].expression);
        cr_assert_eq(row->observed, cases[i].observed, "%s: %f", row->expression, row->observed);
        cr_assert_eq(row->met, cases[i].met, "%s", row->expression);
        cr_assert_eq(sample.verdict.pass, cases[i].met);
        verdict_finish(&sample.verdict);
    }
}

Test(verdict_threshold, reads_quantiles) {
    static const struct {
        const char *name;
        double exact_us;
    } cases[] = {{"p50", 500e3},   {"p90", 900e3},  {"p99", 990e3}, {"p95", 950e3},
                 {"p99.5", 995e3}, {"p999", 999e3}, {"p5", 50e3},   {"p99.9", 999e3}};
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char expression[64];
        snprintf(expression, sizeof expression, "core.uc.refusal.%s > 0us", cases[i].name);
        sample.plan.threshold_count = 0;
        sample_threshold(expression);
        const struct verdict_threshold *row = &sample_judge()->thresholds[0];
        cr_assert(row->is_duration);
        cr_assert_float_eq(row->observed, cases[i].exact_us, cases[i].exact_us / 100);
        verdict_finish(&sample.verdict);
    }
}

Test(verdict_threshold, without_samples_is_not_met) {
    sample_threshold("core.uc.sip_response.p99 < 250ms");
    const struct verdict *verdict = sample_judge();
    cr_assert(verdict->thresholds[0].applies);
    cr_assert_not(verdict->thresholds[0].has_observed);
    cr_assert_not(verdict->thresholds[0].met);
    cr_assert_not(verdict->pass);
    cr_assert_str_eq(verdict->reason,
                     "core.uc.sip_response.p99 was never observed, expected < 250ms");
}

Test(verdict_threshold, says_what_was_observed_in_the_unit_of_the_expression) {
    static const struct {
        const char *expression;
        const char *reason;
    } cases[] = {
        {"core.uc.refusal.mean<250ms", "core.uc.refusal.mean is 500.5ms, expected <250ms"},
        {"core.uc.refusal.max < 1us", "core.uc.refusal.max is 1000000us, expected < 1us"},
        {"core.uc.failed == 0", "core.uc.failed is 10, expected == 0"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_assert_str_eq(sample_judge()->reason, cases[i].reason, "%s", sample.verdict.reason);
        verdict_finish(&sample.verdict);
    }
}

#define FORM                                                                                       \
    "expected <node>.<zone or listener>.<metric>, as in core.uc.tls_handshake.p99 or "             \
    "core.uc.failed"
#define STATISTICS "count min mean avg med p50 p95 p99 p99.9 p(N) max"
#define OPERATOR   "expected an operator, one of < <= > >= == !="
#define TIME       "a latency is compared with a time in us, ms or s, as in 250ms"
#define NUMBER     "expected a number behind the operator"

Test(verdict_threshold, an_error_names_file_line_and_what_was_expected) {
    static const struct {
        const char *expression;
        const char *why;
    } cases[] = {
        {"", FORM},
        {"core", FORM},
        {"core.uc", FORM},
        {"core.uc < 3", FORM},
        {"core.uc.refusal.p99.9.9 < 3ms", FORM},
        {"< 3", FORM},
        {"core.ux.failed < 3",
         "no zone or listener is named \"core.ux\"; did you mean \"core.uc\"?"},
        {"edge.traversal.failed < 3",
         "no zone or listener is named \"edge.traversal\"; did you mean \"edge.uc-traversal\"?"},
        {"quite.different.failed < 3", "no zone or listener is named \"quite.different\""},
        {"core.uc.handshake.p99 < 3ms",
         "a zone has no metric \"handshake\"; did you mean \"tls_handshake\"?"},
        {"core.uc.atempts > 3", "a zone has no metric \"atempts\"; did you mean \"attempts\"?"},
        {"edge.tunnel.refussed > 3",
         "a listener has no metric \"refussed\"; did you mean \"refused\"?"},
        {"edge.tunnel.established > 3",
         "a listener has no metric \"established\"; docs/results.md lists them"},
        {"core.uc. > 3", "a zone has no metric \"\"; docs/results.md lists them"},
        {"core.uc.refusal < 3ms", "refusal is a latency and needs a statistic, one of " STATISTICS},
        {"core.uc.refusal.p995 < 3ms",
         "no statistic is named \"p995\", expected one of " STATISTICS},
        {"core.uc.failed.max < 3", "failed is a count and has no statistic \"max\""},
        {"core.uc.failed", OPERATOR},
        {"core.uc.failed = 3", OPERATOR},
        {"core.uc.failed <> 3", OPERATOR},
        {"core.uc.failed <=> 3", OPERATOR},
        {"core.uc.failed < ", NUMBER},
        {"core.uc.failed < few", NUMBER},
        {"core.uc.failed < -3", NUMBER},
        {"core.uc.failed < nan", NUMBER},
        {"core.uc.failed < 3.", NUMBER},
        {"core.uc.failed < 123456789012345678901234567890123", NUMBER},
        {"core.uc.failed < 3ms", "a count is compared with a plain number"},
        {"core.uc.failed < 0x10", "a count is compared with a plain number"},
        {"core.uc.failed < 1e3", "a count is compared with a plain number"},
        {"core.uc.refusal.count < 3ms", "a count is compared with a plain number"},
        {"core.uc.refusal.p99 < 250", TIME},
        {"core.uc.refusal.p99 < 250m", TIME},
        {"core.uc.refusal.p99 < 250ms or so", TIME},
    };
    sample_threshold("core.uc.failed < 3");
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {0};
        char expected[512];
        sample.plan.threshold_count = 1;
        sample_threshold(cases[i].expression);
        snprintf(expected, sizeof expected, "profiles/sample.yaml:41: thresholds: \"%s\": %s",
                 cases[i].expression, cases[i].why);
        cr_assert_not(verdict_check_thresholds(&sample.plan, &error), "%s", cases[i].expression);
        cr_assert_eq(error.kind, BASE_ERROR_USAGE);
        cr_assert_str_eq(error.text, expected, "%s", error.text);
    }
}

Test(verdict_threshold, an_endless_expression_is_an_error_like_any_other) {
    char expression[5000];
    static const char *const begins[] = {"",      "core.uc.failed < ", "core.uc.failed <",
                                         "core.", "core.uc.",          "core.uc.refusal."};
    for (size_t i = 0; i < LENGTH_OF(begins); i++) {
        for (const char *filling = "x.< 9"; *filling != '\0'; filling++) {
            struct base_error error = {0};
            memset(expression, *filling, sizeof expression);
            memcpy(expression, begins[i], strlen(begins[i]));
            expression[sizeof expression - 1] = '\0';
            sample.plan.threshold_count = 0;
            sample_threshold(expression);
            cr_assert_not(verdict_check_thresholds(&sample.plan, &error), "%s%c...", begins[i],
                          *filling);
            cr_assert_not(sample_judge()->pass);
            verdict_finish(&sample.verdict);
        }
    }
}

Test(verdict_threshold, a_profile_without_thresholds_is_right) {
    struct base_error error = {0};
    cr_assert(verdict_check_thresholds(&sample.plan, &error));
}
