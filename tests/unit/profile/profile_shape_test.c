/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define S UINT64_C(1000000000)

static const struct profile_zone_load *load_of_uc(const struct profile_plan *plan) {
    return &plan->zones[profile_plan_find_zone(plan, "core.uc")].load;
}

static struct profile_plan *load_uc(const char *keys) {
    char setting[512];
    snprintf(setting, sizeof setting, "nodes.core.zones.uc={ peer: edge.uc-traversal, %s }", keys);
    return sample_must_load(sample_profile, setting);
}

Test(profile_shape, stages_of_rates_are_an_open_loop_from_nothing) {
    struct profile_plan *plan =
        load_uc("stages: [{ duration: 5s, target: 500/s }, { duration: 0, "
                "target: 30/m }, { duration: 1s, target: 8/s, from: 2/s }]");
    const struct profile_zone_load *load = load_of_uc(plan);
    const struct profile_stage expected[] = {{5 * S, 0, 500}, {0, 500, 0.5}, {S, 2, 8}};
    cr_assert_eq(load->shape, PROFILE_SHAPE_RATE);
    cr_assert_eq(load->stage_count, LENGTH_OF(expected));
    for (size_t i = 0; i < LENGTH_OF(expected); i++) {
        cr_expect_eq(load->stages[i].duration_ns, expected[i].duration_ns, "stage %zu", i);
        cr_expect_eq(load->stages[i].from, expected[i].from, "stage %zu", i);
        cr_expect_eq(load->stages[i].target, expected[i].target, "stage %zu", i);
    }
    cr_expect_eq(load->rate_per_s, 500.0, "the peak");
    cr_expect_eq(load->connections, 0);
    cr_expect_eq(load->concurrency, 0);
    profile_plan_destroy(plan);
}

Test(profile_shape, stages_of_numbers_are_a_closed_loop) {
    struct profile_plan *plan =
        load_uc("stages: [{ duration: 5s, target: 50, from: 80 }, { duration: 1s, target: 0 }]");
    const struct profile_zone_load *load = load_of_uc(plan);
    cr_expect_eq(load->shape, PROFILE_SHAPE_CONCURRENCY);
    cr_expect_eq(load->concurrency, 80, "the peak");
    cr_expect_eq(load->rate_per_s, 0.0);
    profile_plan_destroy(plan);
}

Test(profile_shape, of_a_zone_replaces_that_of_the_profile) {
    static const char *const settings[] = {
        "load={ stages: [{ duration: 9s, target: 5/s }] }",
        "load={ stages: [{ duration: 9s, target: 5/s }], duration: 9s, warm_up: 1s }",
    };
    for (size_t i = 0; i < LENGTH_OF(settings); i++) {
        struct profile_plan *plan = sample_must_load(sample_profile, settings[i]);
        uint32_t sip = profile_plan_find_zone(plan, "core.sip");
        cr_expect_eq(load_of_uc(plan)->shape, PROFILE_SHAPE_HOLD);
        cr_expect_eq(load_of_uc(plan)->stage_count, 0);
        cr_expect_eq(load_of_uc(plan)->rate_per_s, 0.0);
        cr_expect_eq(plan->zones[sip].load.stage_count, 1);
        cr_expect_eq(plan->zones[sip].load.rate_per_s, 5.0);
        cr_expect_eq(plan->duration_ns, 9 * S);
        profile_plan_destroy(plan);
    }
}

struct duration_case {
    const char *load;
    uint64_t warm_up_ns;
    uint64_t duration_ns;
};

Test(profile_shape, stages_say_how_long_the_run_lasts) {
    static const struct duration_case cases[] = {
        {"{ stages: [{ duration: 20s, target: 5/s }, { duration: 10s, target: 0/s }] }", 0, 30 * S},
        {"{ stages: [{ duration: 20s, target: 5 }], warm_up: 5s }", 5 * S, 15 * S},
        {"{ stages: [{ duration: 20s, target: 5 }], warm_up: 5s, duration: 60s }", 5 * S, 60 * S},
        {"{ rate: 5/s, warm_up: 5s }", 5 * S, 10 * S},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[256];
        snprintf(setting, sizeof setting, "load=%s", cases[i].load);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        cr_expect_eq(plan->warm_up_ns, cases[i].warm_up_ns, "%s", setting);
        cr_expect_eq(plan->duration_ns, cases[i].duration_ns, "%s", setting);
        profile_plan_destroy(plan);
    }
}

Test(profile_shape, a_setting_displaces_stages) {
    static const char stages[] = "name: s\nauthorities: { a: { kind: internal } }\n"
                                 "nodes:\n  n:\n    product: generic\n    address: 127.0.0.1\n"
                                 "    trust: [a]\n    client_store: none\n"
                                 "    zones: { z: { peer: \"127.0.0.2:5061\", type: neighbor, "
                                 "stages: [{ duration: 1s, target: 5 }] } }\n";
    struct profile_plan *plan = sample_must_load(stages, "nodes.n.zones.z.connections=7");
    cr_expect_eq(plan->zones[0].load.shape, PROFILE_SHAPE_HOLD);
    cr_expect_eq(plan->zones[0].load.connections, 7);
    cr_expect_eq(plan->zones[0].load.stage_count, 0);
    profile_plan_destroy(plan);
}

Test(profile_shape, impossible_stages_are_told_in_a_sentence) {
    static const struct sample_error cases[] = {
        {23, "uc: { peer: edge.sip, stages: 500/s }",
         ":23: nodes.core.zones.uc.stages: expected a list of stages, such as [ { duration: 30s, "
         "target: 500/s } ], not \"500/s\""},
        {23, "uc: { peer: edge.sip, stages: [] }",
         ":23: nodes.core.zones.uc.stages: expected 1 to 1000 stages"},
        {23, "uc: { peer: edge.sip, stages: [{ target: 5 }] }",
         ":23: nodes.core.zones.uc.stages.0: the key \"duration\" is missing"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s }] }",
         ":23: nodes.core.zones.uc.stages.0: the key \"target\" is missing"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s, target: many }] }",
         ":23: nodes.core.zones.uc.stages.0.target: expected a rate up to 1000000/s, such as "
         "500/s, or up to 1000000 connections, not \"many\""},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s, target: 1000001 }] }",
         ":23: nodes.core.zones.uc.stages.0.target: expected a rate up to 1000000/s, such as "
         "500/s, or up to 1000000 connections, not \"1000001\""},
        {23,
         "uc: { peer: edge.sip, stages: [{ duration: 5s, target: 5/s }, { duration: 1s, "
         "target: 5 }] }",
         ":23: nodes.core.zones.uc.stages.1: expected a rate, such as 500/s, as in the first "
         "stage: all targets of a zone are of one kind"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s, target: 5, from: 2/s }] }",
         ":23: nodes.core.zones.uc.stages.0: expected a number of connections, as in the first "
         "stage: all targets of a zone are of one kind"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s, target: 5/s, from: 0 }] }", NULL},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 0, target: 5 }] }",
         ":23: nodes.core.zones.uc.stages: the stages last no time at all: expected a duration "
         "above 0 in one of them"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 5s, target: 0/s }] }",
         ":23: nodes.core.zones.uc.stages: the stages begin nothing: expected a target above 0 in "
         "one of them"},
        {23,
         "uc: { peer: edge.sip, stages: [{ duration: 8000h, target: 5 }, { duration: 8000h, "
         "target: 5 }] }",
         ":23: nodes.core.zones.uc.stages.1: the stages last longer than 8760h"},
        {23,
         "uc: { peer: edge.sip, stages: [{ duration: 10s, target: 5 }, { duration: 6s, target: "
         "5 }] }",
         ":23: nodes.core.zones.uc.stages: the stages last 16 s, longer than the run of 15 s"},
        {27, "duration: 1s\n  stages: [{ duration: 2s, target: 5 }]",
         ":28: load.stages: the stages last 2 s, longer than the run of 1 s"},
        {23, "uc: { peer: edge.sip, rate: 5/s, stages: [{ duration: 1s, target: 5 }] }",
         ":23: nodes.core.zones.uc.stages: rate is given, too: expected one of connections, rate, "
         "concurrency and stages"},
        {23, "uc: { peer: edge.sip, stages: [{ duration: 1s, target: 5, hold: 3s }] }",
         ":23: nodes.core.zones.uc.stages.0.hold: unknown key; expected one of duration, target, "
         "from"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

struct time_case {
    const char *keys;
    uint64_t hold_ns;
    struct profile_spread hold;
    uint64_t interval_ns;
    struct profile_spread interval;
};

Test(profile_shape, times_may_scatter) {
    static const struct time_case cases[] = {
        {"rate: 1/s", 0, {0}, S, {0}},
        {"rate: 1/s, hold: 5s, options_interval: 0", 5 * S, {0}, 0, {0}},
        {"rate: 1/s, hold: { exponential: 5s }", 5 * S, {PROFILE_SPREAD_EXPONENTIAL, 0}, S, {0}},
        {"rate: 1/s, options_interval: { uniform: [2s, 8s] }",
         0,
         {0},
         2 * S,
         {PROFILE_SPREAD_UNIFORM, 8 * S}},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = load_uc(cases[i].keys);
        const struct profile_zone_load *load = load_of_uc(plan);
        cr_expect_eq(load->hold_ns, cases[i].hold_ns, "%s", cases[i].keys);
        cr_expect_eq(load->hold_spread.kind, cases[i].hold.kind, "%s", cases[i].keys);
        cr_expect_eq(load->options_interval_ns, cases[i].interval_ns, "%s", cases[i].keys);
        cr_expect_eq(load->options_interval_spread.kind, cases[i].interval.kind, "%s",
                     cases[i].keys);
        cr_expect_eq(load->options_interval_spread.longest_ns, cases[i].interval.longest_ns, "%s",
                     cases[i].keys);
        profile_plan_destroy(plan);
    }
}

Test(profile_shape, a_plain_time_of_a_zone_replaces_one_that_scatters) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "load={ hold: { exponential: 5s }, rate: 1/s }");
    cr_expect_eq(load_of_uc(plan)->hold_spread.kind, PROFILE_SPREAD_EXPONENTIAL);
    profile_plan_destroy(plan);
    plan = load_uc("rate: 1/s, hold: 1s");
    cr_expect_eq(load_of_uc(plan)->hold_spread.kind, PROFILE_SPREAD_NONE);
    profile_plan_destroy(plan);
}

Test(profile_shape, times_and_pauses_that_make_no_sense_are_told) {
    static const struct sample_error cases[] = {
        {23, "uc: { peer: edge.sip, hold: soon }",
         ":23: nodes.core.zones.uc.hold: expected a duration such as 100us, 20ms, 5s, 3m or 24h, "
         "up to 8760h, not \"soon\""},
        {23, "uc: { peer: edge.sip, hold: { normal: 5s } }",
         ":23: nodes.core.zones.uc.hold: expected a duration, { exponential: 5s } or { uniform: "
         "[2s, 8s] }"},
        {23, "uc: { peer: edge.sip, hold: { uniform: 5s } }",
         ":23: nodes.core.zones.uc.hold.uniform: expected two durations, such as [2s, 8s], not "
         "\"5s\""},
        {23, "uc: { peer: edge.sip, hold: { uniform: [8s, 2s] } }",
         ":23: nodes.core.zones.uc.hold.uniform: expected the shorter of the two durations first"},
        {23, "uc: { peer: edge.sip, options_interval: { exponential: 25h } }",
         ":23: nodes.core.zones.uc.options_interval.exponential: expected a duration such as "
         "100us, 20ms, 5s or 3m, up to 24h, not \"25h\""},
        {23, "uc: { peer: edge.sip, retry: { first: 2s, longest: 1s } }",
         ":23: nodes.core.zones.uc.retry: expected the first pause not to be longer than the "
         "longest"},
        {23, "uc: { peer: edge.sip, retry: { factor: 3 } }",
         ":23: nodes.core.zones.uc.retry.factor: expected first, too: the first pause of the "
         "back-off"},
        {23, "uc: { peer: edge.sip, retry: { first: 1s, burst: 3 } }",
         ":23: nodes.core.zones.uc.retry.burst: first is given, too: expected a back-off (first, "
         "factor, longest, jitter), or burst, gap and every, or pauses"},
        {23, "uc: { peer: edge.sip, retry: { first: 1s, jitter: 2 } }",
         ":23: nodes.core.zones.uc.retry.jitter: expected a number from 0 to 1, not \"2\""},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_shape, retries_may_be_immediate_or_back_off) {
    struct profile_plan *plan = load_uc("retry: immediate");
    const struct profile_retry *retry = &plan->zones[profile_plan_find_zone(plan, "core.uc")].retry;
    cr_expect(retry->enabled);
    cr_expect_eq(retry->pause_count, 1);
    cr_expect_eq(retry->pauses_ns[0], 0);
    profile_plan_destroy(plan);
    plan = load_uc("retry: { first: 1s, factor: 1.5, jitter: 0.2 }");
    retry = &plan->zones[profile_plan_find_zone(plan, "core.uc")].retry;
    cr_expect_eq(retry->first_ns, S);
    cr_expect_eq(retry->factor, 1.5);
    cr_expect_eq(retry->longest_ns, 60 * S);
    cr_expect_eq(retry->jitter, 0.2);
    profile_plan_destroy(plan);
}
