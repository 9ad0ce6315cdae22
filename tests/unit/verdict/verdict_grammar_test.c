/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

/* Memory grows by 60 KiB an hour, core.uc by a connection a window; establishing gets faster. */
static void fill_windows(struct metrics_windows *windows) {
    cr_assert(metrics_windows_init(windows, &sample.summary.total, 20, 60));
    for (uint32_t i = 0; i < 20; i++) {
        struct metrics_window *window = metrics_windows_add(windows);
        struct metrics_window_zone *zone = metrics_windows_zone(windows, i, ZONE_UC);
        window->begin_s = 60 * i;
        window->end_s = 60 * (i + 1);
        window->usage.rss_kib = 5000 + i;
        window->usage.descriptors = 12;
        zone->open = 100 + i;
        zone->latency[METRICS_ESTABLISH] =
            (struct metrics_window_latency){.count = 10, .p50 = 900, .p99 = 9000 - 10 * i};
    }
    windows->unmet = 2;
}

static void begin(void) {
    sample_begin();
    struct metrics_zone *zone = sample_zone(ZONE_UC);
    struct metrics_listener *listener = sample_listener(LISTENER_UC);
    sample_establish(ZONE_UC, 90);
    sample_fail(ZONE_UC, FAULT_TLS_TIMEOUT, 10);
    metrics_add(&zone->lost, 9);
    metrics_add(&zone->lost_faults[FAULT_SIP_CLOSED], 9);
    sample.summary.zones[ZONE_UC].open_at_end = 81;
    metrics_add(&zone->sip_requests, 200);
    metrics_add(&zone->sip_responses[200], 150);
    metrics_add(&zone->sip_responses[503], 20);
    metrics_add(&zone->sip_responses[500], 5);
    metrics_add(&listener->accepted, 96);
    metrics_add(&listener->admitted, 90);
    metrics_add(&listener->sip_methods[METRICS_METHOD_INVITE], 7);
    metrics_add(&listener->eku_checked, 50);
    metrics_add(&listener->eku_refused, 5);
    for (uint64_t us = 1; us <= 200; us++) {
        metrics_histogram_record(&zone->latency[METRICS_ESTABLISH], us);
        metrics_histogram_record(&listener->eku_ns, 250);
    }
    metrics_add(&zone->identities[0].attempts, 60);
    metrics_add(&zone->identities[0].established, 45);
    metrics_add(&zone->identities[0].failed, 15);
    metrics_add(&zone->targets[0].established, 20);
    metrics_add(&zone->targets[1].attempts, 30);
    metrics_add(&zone->targets[1].failed, 3);
    metrics_add(&listener->alias_refused, 4);
    sample.summary.listeners[LISTENER_UC].in_flight_at_end = 6;
    sample.summary.duration_s = 40;
    sample.summary.cpu_share = 0.25;
    sample.summary.rss_peak_kib = 4096;
    sample.summary.stall_us_max = 1500;
    fill_windows(&sample.summary.windows);
}

static void end(void) {
    metrics_windows_finish(&sample.summary.windows);
    sample_end();
}

TestSuite(verdict_grammar, .init = begin, .fini = end);

static const struct verdict_threshold *judge(const char *expression) {
    struct base_error error = {0};
    verdict_finish(&sample.verdict);
    sample.plan.threshold_count = 0;
    sample_threshold(expression);
    cr_assert(verdict_check_thresholds(&sample.plan, &error), "%s", error.text);
    return &sample_judge()->thresholds[0];
}

Test(verdict_grammar, everything_in_a_result_can_be_named) {
    static const struct {
        const char *expression;
        double observed;
    } cases[] = {
        {"core.uc.failed.count == 10", 10},
        {"core.uc.failed.rate <= 0.25", 0.25},
        {"core.uc.failed.share <= 0.1", 0.1},
        {"core.uc.failed.share <= 10%", 0.1},
        {"core.uc.lost.share == 10%", 0.1},
        {"core.uc.sip_requests.rate >= 5", 5},
        {"core.uc.faults.tls_timeout == 10", 10},
        {"core.uc.faults.tls_timeout.share < 11%", 0.1},
        {"core.uc.faults.tcp_refused == 0", 0},
        {"core.uc.lost_faults.sip_closed == 9", 9},
        {"core.uc.sip_responses.503 == 20", 20},
        {"core.uc.sip_responses.5xx == 25", 25},
        {"core.uc.sip_responses.5xx.share < 0.126", 0.125},
        {"core.uc.in_flight_at_end == 0", 0},
        {"core.uc.identities.0.attempts == 60", 60},
        {"core.uc.identities.0.established.share == 0.75", 0.75},
        {"core.uc.identities.0.failed.share == 0.25", 0.25},
        {"core.uc.targets.1.failed == 3", 3},
        {"core.uc.targets.1.failed.share <= 10%", 0.1},
        {"core.uc.targets.0.established.rate >= 0.5", 0.5},
        {"core.tunnel.targets.0.attempts == 0", 0},
        {"edge.uc-traversal.alias_refused == 4", 4},
        {"edge.uc-traversal.in_flight_at_end == 6", 6},
        {"core.uc.establish.avg <= 101us", 101},
        {"core.uc.establish.med == 100us", 100},
        {"core.uc.establish.p(95) == 190us", 190},
        {"core.uc.establish.p(99.5) == 199us", 199},
        {"core.uc.establish.p(100) == 200us", 200},
        {"core.uc.establish.p(0) == 1us", 1},
        {"edge.uc-traversal.sip_methods.INVITE == 7", 7},
        {"edge.uc-traversal.eku_check.checked == 50", 50},
        {"edge.uc-traversal.eku_check.refused.share <= 10%", 0.1},
        {"edge.uc-traversal.eku_check.ns.max == 250ns", 0.25},
        {"edge.uc-traversal.eku_check.ns.p99 < 1us", 0.25},
        {"resources.cpu_share < 0.5", 0.25},
        {"resources.cpu_share <= 25%", 0.25},
        {"core.uc.failed.rate <= 0.25/s", 0.25},
        {"resources.rss_peak_kib == 4096", 4096},
        {"resources.longest_stall < 2ms", 1500},
        {"windows.count == 20", 20},
        {"windows.unmet <= 2", 2},
        {"drift.rss_kib.slope < 61", 60},
        {"drift.rss_kib.low >= 59.9/h", 60},
        {"drift.descriptors.high <= 0", 0},
        {"drift.core.uc.open.slope > -1", 60},
        {"drift.core.uc.establish.p99.slope < -500us/h", -600},
        {"drift.core.uc.establish.p50.high < 1ms", 0},
        {"core.uc.flow_recovery.count == 0", 0},
        {"core.uc.tls_handshake_full.count == 0", 0},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        const struct verdict_threshold *row = judge(cases[i].expression);
        cr_assert(row->has_observed, "%s", cases[i].expression);
        cr_assert_float_eq(row->observed, cases[i].observed, 1e-6, "%s: %f", row->expression,
                           row->observed);
        cr_assert(row->met, "%s", row->expression);
    }
}

Test(verdict_grammar, what_was_never_counted_has_no_share) {
    cr_assert_not(judge("core.tunnel.failed.share < 1%")->has_observed);
    cr_assert_not(judge("core.tunnel.sip_timeouts.share < 1%")->has_observed);
    cr_assert_not(judge("core.uc.identities.1.attempts == 0")->has_observed);
    cr_assert_not(judge("core.uc.targets.2.failed == 0")->has_observed);
    cr_assert_not(judge("core.tunnel.targets.1.failed == 0")->has_observed);
    cr_assert_not(judge("drift.peer_rss_kib.slope < 1")->has_observed);
    cr_assert_not(judge("drift.core.tunnel.establish.p50.slope < 1ms")->has_observed);
    cr_assert_not(sample.verdict.pass);
}

Test(verdict_grammar, says_a_share_in_the_unit_of_the_expression) {
    judge("core.uc.failed.share < 5%");
    cr_assert_str_eq(sample.verdict.reason, "core.uc.failed.share is 10%, expected < 5%");
    judge("core.uc.failed.rate < 0.1");
    cr_assert_str_eq(sample.verdict.reason, "core.uc.failed.rate is 0.25, expected < 0.1");
}

#define SERIES                                                                                     \
    "expected drift.<series>.slope, .low or .high; a series is one of rss_kib heap_kib "           \
    "descriptors slots peer_rss_kib, <node>.<zone>.open, or <node>.<zone>.<latency>.p50 or .p99"

#define ONE "expected one bound per threshold: give each a line of its own"

#define IDENTITIES                                                                                 \
    "identities takes a position and a counter, attempts, established or failed, as in "           \
    "identities.0.failed"

Test(verdict_grammar, a_mistake_is_told_with_what_was_expected) {
    static const struct {
        const char *expression;
        const char *why;
    } cases[] = {
        {"core.uc.failed.share < 3ms",
         "a share is compared with a part of 1 or with percent, as in 1%"},
        {"core.uc.failed.rate < 3%", "it is compared with a plain number"},
        {"core.uc.failed < 3%", "a count is compared with a plain number"},
        {"core.uc.failed.share.p99 < 3", "expected <node>.<zone or listener>.<metric>, as in "
                                         "core.uc.tls_handshake.p99 or core.uc.failed"},
        {"core.uc.peak_open.rate < 3", "peak_open is a count and has no statistic \"rate\""},
        {"core.uc.faults < 3",
         "faults takes one of the keys in docs/faults.md, as in faults.tls_timeout"},
        {"core.uc.faults.tls_tumeout < 3", "faults takes one of the keys in docs/faults.md, as in "
                                           "faults.tls_timeout, not tls_tumeout; did you mean "
                                           "\"tls_timeout\"?"},
        {"core.uc.bogus > 0", "a zone has no metric \"bogus\"; docs/results.md lists them"},
        {"core.uc.http_requests == 0", "core.uc speaks SIP: sip_requests"},
        {"core.uc.http_responses.2xx > 0", "core.uc speaks SIP: sip_responses"},
        {"core.uc.failed == 0 && core.uc.lost == 0", ONE},
        {"core.uc.establish.p99 < 1s || core.uc.lost == 0", ONE},
        {"core.uc.failed > 1 and core.uc.failed < 9", ONE},
        {"core.uc.sip_responses.700 < 3",
         "sip_responses takes a status such as 503, or 5xx, not 700"},
        {"core.uc.sip_responses.50 < 3",
         "sip_responses takes a status such as 503, or 5xx, not 50"},
        {"edge.uc-traversal.eku_check.allowed < 3",
         "eku_check takes one of checked, refused and ns, not allowed"},
        {"core.uc.establish.p(101) < 3ms",
         "no statistic is named \"p(101)\", expected one of count min mean avg med p50 p95 p99 "
         "p99.9 p(N) max"},
        {"core.uc.establish.p() < 3ms",
         "no statistic is named \"p()\", expected one of count min mean avg med p50 p95 p99 p99.9 "
         "p(N) max"},
        {"core.uc.identities.first.attempts < 3", IDENTITIES},
        {"core.uc.identities.0.lost < 3", IDENTITIES},
        {"core.uc.identities.0 < 3", IDENTITIES},
        {"core.uc.targets.0.lost < 3",
         "targets takes a position and a counter, attempts, established or failed, as in "
         "targets.0.failed"},
        {"resources.memory < 3", "resources has no metric \"memory\""},
        {"resources.cpu_shore < 3",
         "resources has no metric \"cpu_shore\"; did you mean \"cpu_share\"?"},
        {"windows.failed < 3", "windows has no metric \"failed\""},
        {"resources.cpu_share.p99 < 3", "expected resources.<metric>"},
        {"drift.rss < 3", SERIES},
        {"drift.rss_kib < 3", SERIES},
        {"drift.rss_kib.p99 < 3", SERIES},
        {"drift.core.ux.open.slope < 3", SERIES},
        {"drift.core.uc.establish.max.slope < 3ms", SERIES},
        {"drift.core.uc.establish.p99.slope < 3",
         "a latency is compared with a time in us, ms or s, as in 250ms"},
        {"drift.rss_kib.slope < --3", "expected a number behind the operator"},
        {"core.uc.failed < 3/h", "a count is compared with a plain number"},
        {"core.uc.failed < 3/s", "a count is compared with a plain number"},
        {"core.uc.failed.rate < 3/h", "it is compared with a plain number"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {0};
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_assert_not(verdict_check_thresholds(&sample.plan, &error), "%s", cases[i].expression);
        const char *why = strstr(error.text, "\": ");
        cr_assert_str_eq(why == NULL ? error.text : why + 3, cases[i].why, "%s", error.text);
    }
}

Test(verdict_grammar, each_protocol_has_counters_of_its_own) {
    static const struct {
        enum profile_zone_type type;
        const char *expression;
        const char *why; /* NULL: taken */
    } cases[] = {
        {PROFILE_ZONE_TFTP, "core.uc.http_requests > 0", NULL},
        {PROFILE_ZONE_TFTP, "core.uc.http_responses.2xx > 0", NULL},
        {PROFILE_ZONE_TFTP, "core.uc.sip_response.p99 < 1s", NULL},
        {PROFILE_ZONE_TFTP, "core.uc.sip_timeouts == 0", "core.uc speaks HTTP: http_timeouts"},
        {PROFILE_ZONE_TUNNEL, "core.uc.http_timeouts == 0",
         "core.uc is a tunnel and speaks no HTTP"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {.text = ""};
        sample.plan.zones[ZONE_UC].type = cases[i].type;
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_expect_eq(verdict_check_thresholds(&sample.plan, &error), cases[i].why == NULL, "%s: %s",
                     cases[i].expression, error.text);
        cr_expect(cases[i].why == NULL || strstr(error.text, cases[i].why) != NULL, "%s",
                  error.text);
    }
}

#define RESUMPTION " goes with resumption, and core.uc has none"

Test(verdict_grammar, what_no_run_of_the_plan_can_observe_is_refused_before_it) {
    static const struct {
        const char *expression;
        const char *why; /* NULL: taken */
        enum profile_shape shape;
        enum profile_resumption resumption;
        uint64_t duration_s;
        uint64_t window_s;
    } cases[] = {
        {"core.uc.tls_handshake_full.p99 < 1s", "tls_handshake_full" RESUMPTION, .duration_s = 9},
        {"drift.core.uc.tls_handshake_resumed.p50.low < 1s", "tls_handshake_resumed" RESUMPTION,
         .duration_s = 600, .window_s = 60},
        {"core.uc.tls_handshake_full.p99 < 1s", NULL, .resumption = PROFILE_RESUMPTION_TICKETS},
        {"core.uc.flow_recovery.max < 1s", "core.uc keeps none", .shape = PROFILE_SHAPE_RATE},
        {"core.uc.flow_recovery.max < 1s", "core.uc keeps none",
         .shape = PROFILE_SHAPE_CONCURRENCY},
        {"core.uc.flow_recovery.max < 1s", NULL, .shape = PROFILE_SHAPE_HOLD},
        {"windows.unmet == 0", "this one takes 60 s with a load.window of 60 s", .duration_s = 60,
         .window_s = 60},
        {"windows.unmet == 0", NULL, .duration_s = 61, .window_s = 60},
        {"windows.unmet == 0", "this run has no windows", .duration_s = 600},
        {"drift.heap_kib.low < 1", "drift takes 5 windows behind the first", .duration_s = 329,
         .window_s = 60},
        {"drift.heap_kib.low < 1", NULL, .duration_s = 330, .window_s = 60},
        {"drift.heap_kib.low < 1", NULL, .duration_s = 360, .window_s = 60},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {.text = ""};
        sample.plan.zones[ZONE_UC].load =
            (struct profile_zone_load){.shape = cases[i].shape, .resumption = cases[i].resumption};
        sample.plan.duration_ns = cases[i].duration_s * UINT64_C(1000000000);
        sample.plan.window_ns = cases[i].window_s * UINT64_C(1000000000);
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_expect_eq(verdict_check_thresholds(&sample.plan, &error), cases[i].why == NULL,
                     "%zu %s: %s", i, cases[i].expression, error.text);
        cr_expect(cases[i].why == NULL ||
                      (strstr(error.text, "it would never be observed: ") != NULL &&
                       strstr(error.text, cases[i].why) != NULL),
                  "%s", error.text);
    }
}

Test(verdict_grammar, a_node_called_drift_keeps_its_metrics) {
    static struct profile_node nodes[] = {{.name = (char *)"drift"}};
    struct base_error error = {0};
    sample.plan.nodes = nodes;
    sample.plan.node_count = 1;
    sample_threshold("drift.rss_kib.slope < 3");
    cr_assert_not(verdict_check_thresholds(&sample.plan, &error));
    cr_assert_not_null(strstr(error.text, "no zone or listener is named \"drift.rss_kib\""), "%s",
                       error.text);
}

static void abort_by(const char *expression, uint64_t delay_ns) {
    sample.plan.threshold_count = 0;
    sample_threshold("core.uc.failed == 0"); /* missed, and may not end anything */
    sample_threshold(expression);
    sample.plan.thresholds[1].abort_on_fail = true;
    sample.plan.thresholds[1].delay_ns = delay_ns;
}

Test(verdict_grammar, a_run_is_ended_by_what_may_end_it_and_is_missed) {
    static const struct {
        const char *expression;
        uint64_t delay_s;
        bool ends;
    } cases[] = {
        {"core.uc.failed < 10", 0, true},
        {"core.uc.failed < 11", 0, false},
        {"core.uc.failed < 10", 40, true},
        {"core.uc.failed < 10", 41, false},
        {"core.uc.establish.p(95) < 100us", 0, true},
        {"core.uc.sip_response.p99 < 1us", 0, false}, /* no samples yet */
        {"resources.cpu_share < 0.1", 0, true},
    };
    sample_threshold("core.uc.failed == 0");
    cr_assert_not(verdict_can_abort(&sample.plan));
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        abort_by(cases[i].expression, cases[i].delay_s * 1000000000);
        cr_assert(verdict_can_abort(&sample.plan));
        cr_assert_eq(verdict_find_abort(&sample.plan, &sample.summary),
                     cases[i].ends ? 1 : PROFILE_NONE, "case %zu", i);
    }
}

Test(verdict_grammar, a_run_that_was_ended_fails_though_it_recovered) {
    abort_by("core.uc.failed < 100", 0);
    sample.plan.thresholds++;
    sample.plan.threshold_count = 1;
    sample.summary.aborted = true;
    sample.summary.aborted_by = 0;
    sample.summary.aborted_at_s = 12;
    cr_assert_not(sample_judge()->pass);
    cr_assert_str_eq(sample.verdict.reason,
                     "core.uc.failed < 100 was not met after 12.0 s, which ended the run");
}

Test(verdict_grammar, a_window_is_judged_by_what_it_alone_can_miss) {
    static const struct {
        const char *expression;
        bool met;
    } cases[] = {
        {"core.uc.establish.p99 < 1us", false},  {"core.uc.establish.count > 1000", true},
        {"core.uc.attempts >= 1000", true},      {"core.uc.failed == 0", false},
        {"core.uc.failed == 7", true},           {"core.uc.failed < 10", false},
        {"core.uc.failed.share < 1%", false},    {"core.uc.sip_requests.rate > 100", false},
        {"core.uc.open_at_end >= 82", false},    {"core.uc.sip_response.p99 < 1us", true},
        {"drift.rss_kib.slope < 0", true},       {"windows.unmet == 0", true},
        {"core.tunnel.failed.share < 1%", true},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char reason[METRICS_WINDOW_REASON_SIZE];
        sample.plan.threshold_count = 0;
        sample_threshold(cases[i].expression);
        cr_assert_eq(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason),
                     cases[i].met, "%s", cases[i].expression);
        cr_assert_eq(reason[0] == '\0', cases[i].met);
    }
}

Test(verdict_grammar, a_window_has_the_state_and_the_faults_that_are_expected) {
    static const char *const faults[] = {"tls_timeout", NULL};
    static const char *const others[] = {"tcp_refused", NULL};
    char reason[METRICS_WINDOW_REASON_SIZE];
    sample.plan.expectation_count = 0;
    sample.summary.zones[ZONE_UC].state = METRICS_ACTIVE;
    sample_expect_faults(ZONE_UC, PROFILE_STATE_ACTIVE, faults);
    cr_assert(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason));
    sample_expect_faults(ZONE_UC, PROFILE_STATE_ACTIVE, others);
    cr_assert_not(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason));
    sample.plan.expectation_count = 0;
    sample_expect(ZONE_UC, PROFILE_STATE_FAILED);
    cr_assert_not(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason));
    cr_assert_str_eq(reason, "core.uc is active, expected failed");
}

Test(verdict_grammar, a_window_in_which_a_failing_zone_waits_for_its_retry_is_as_expected) {
    static const char *const faults[] = {"tcp_refused", NULL};
    char reason[METRICS_WINDOW_REASON_SIZE];
    sample.summary.zones[ZONE_TUNNEL].state = METRICS_FAILED;
    sample_expect_faults(ZONE_TUNNEL, PROFILE_STATE_FAILED, faults);
    cr_assert(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason));
}

Test(verdict_grammar, a_window_in_which_nothing_was_tried_is_as_expected) {
    char reason[METRICS_WINDOW_REASON_SIZE];
    sample.plan.expectation_count = 0;
    sample.summary.zones[ZONE_UC].state = METRICS_IDLE;
    sample_expect(ZONE_UC, PROFILE_STATE_ACTIVE);
    cr_assert(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason), "%s",
              reason);
    cr_assert_not(sample_judge()->pass, "of the whole run it is asked");
}

Test(verdict_grammar, a_foreign_certificate_spoils_its_window) {
    char reason[METRICS_WINDOW_REASON_SIZE];
    metrics_add(&sample_zone(ZONE_UC)->mismatches, 1);
    cr_assert_not(verdict_judge_window(&sample.plan, &sample.summary, reason, sizeof reason));
}
