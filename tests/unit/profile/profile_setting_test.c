/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct profile_zone *zone_of(const struct profile_plan *plan, const char *name) {
    uint32_t index = profile_plan_find_zone(plan, name);
    cr_assert_neq(index, PROFILE_NONE);
    return &plan->zones[index];
}

Test(profile_setting, replaces_what_the_file_says) {
    struct profile_plan *plan = sample_must_load(sample_profile, "load.duration=250ms");
    cr_expect_eq(plan->duration_ns, 250000000);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.core.tls.versions=[1.2]");
    cr_expect_eq(plan->nodes[1].tls.versions, PROFILE_TLS_1_2);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.edge.trust.0=outside");
    cr_expect_eq(plan->nodes[0].trust[0], 1);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "expect.core.uc.state=failed");
    cr_expect_eq(plan->expectations[0].state, PROFILE_STATE_FAILED);
    profile_plan_destroy(plan);
}

Test(profile_setting, makes_what_the_file_lacks) {
    struct profile_plan *plan = sample_must_load(sample_profile, "expect.core.sip.faults=[]");
    cr_assert_eq(plan->expectation_count, 2);
    cr_expect(plan->expectations[1].has_faults);
    cr_expect_eq(plan->expectations[1].faults.count, 0);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.core.zones.uc.retry.burst=5");
    cr_expect_eq(zone_of(plan, "core.uc")->retry.burst, 5);
    cr_expect_eq(zone_of(plan, "core.uc")->retry.gap_ns, 20000000);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "thresholds.1=core.uc.failed == 0");
    cr_assert_eq(plan->threshold_count, 2);
    cr_expect_str_eq(plan->thresholds[1].expression, "core.uc.failed == 0");
    profile_plan_destroy(plan);
}

Test(profile_setting, reaches_into_a_listener_in_short_form) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "nodes.edge.listeners.sip.eku_check=never");
    cr_expect_eq(plan->listeners[0].port, 5061);
    cr_expect_eq(plan->listeners[0].eku_check, PROFILE_EKU_CHECK_NEVER);
    profile_plan_destroy(plan);
}

Test(profile_setting, of_a_load_displaces_the_one_in_the_file) {
    struct profile_plan *plan = sample_must_load(sample_profile, "nodes.core.zones.uc.rate=400/s");
    cr_expect_eq(zone_of(plan, "core.uc")->load.shape, PROFILE_SHAPE_RATE);
    cr_expect_eq(zone_of(plan, "core.uc")->load.rate_per_s, 400.0);
    cr_expect_eq(zone_of(plan, "core.uc")->load.connections, 0);
    cr_expect_null(strstr(plan->text, "connections"));
    profile_plan_destroy(plan);
}

Test(profile_setting, later_ones_see_what_earlier_ones_made) {
    static const char *const settings[] = {
        "nodes.core.zones.more={peer: edge.sip}",
        "nodes.core.zones.more.connections=7",
        "nodes.core.zones.more.connections=8",
    };
    struct profile_plan *plan;
    struct base_error error;
    cr_assert(sample_load_octets(&plan, sample_profile, strlen(sample_profile), settings,
                                 LENGTH_OF(settings), &error),
              "%s", error.text);
    cr_expect_eq(zone_of(plan, "core.more")->load.connections, 8);
    profile_plan_destroy(plan);
}

Test(profile_setting, names_itself_in_errors) {
    static const struct {
        const char *setting;
        const char *error;
    } cases[] = {
        {"nonsense", "--set nonsense: expected PATH=VALUE, such as nodes.edge.eku_checking=off"},
        {"=1", "--set =1: expected PATH=VALUE, such as nodes.edge.eku_checking=off"},
        {"a..b=1", "--set a..b=1: expected PATH=VALUE, such as nodes.edge.eku_checking=off"},
        {"name=", "--set name=: expected a value after ="},
        {"seed=[1", "--set seed=[1: column 1: while parsing a flow sequence: did not find expected "
                    "',' or ']'"},
        {"seed=1\n---\n2", "--set seed=1?---?2: column 1: expected one YAML document only"},
        {"nodes.edge.eku_checking=maybe", "--set nodes.edge.eku_checking=maybe: "
                                          "nodes.edge.eku_checking: expected on or off, not "
                                          "\"maybe\""},
        {"nodes.edge.listners.sip=1",
         "--set nodes.edge.listners.sip=1: nodes.edge.listners: unknown key; did you mean "
         "\"listeners\"?"},
        {"nodes.edge.listeners.sip={prt: 5061}",
         "--set nodes.edge.listeners.sip={prt: 5061}: nodes.edge.listeners.sip.prt: unknown key; "
         "did you mean \"port\"?"},
        {"nodes.edge.client_store.eku=any",
         "--set nodes.edge.client_store.eku=any: the path leads through \"copy-of-server\", which "
         "has no keys"},
        {"nodes.edge.trust.x=inside",
         "--set nodes.edge.trust.x=inside: expected a list index from 0 to 2 in the path"},
        {"nodes.edge.trust.3=inside",
         "--set nodes.edge.trust.3=inside: expected a list index from 0 to 2 in the path"},
        {"expect.core.uv.state=failed", "--set expect.core.uv.state=failed: expect.core.uv: no "
                                        "such zone or listener; did you mean "
                                        "\"core.uc\"?"},
        {"nodes.core.zones.uc={peer: edge.sip, rate: 1/s, connections: 1}",
         "--set nodes.core.zones.uc={peer: edge.sip, rate: 1/s, connections: 1}: "
         "nodes.core.zones.uc.rate: connections is given, too: expected one of "
         "connections, rate, concurrency and stages"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error;
        struct profile_plan *plan = sample_load(sample_profile, cases[i].setting, &error);
        cr_expect_null(plan, "%s", cases[i].setting);
        cr_expect_str_eq(error.text, cases[i].error);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE);
        profile_plan_destroy(plan);
    }
}

Test(profile_setting, of_any_length_is_cut_in_errors) {
    static char setting[20000];
    struct base_error error;
    memset(setting, 'x', sizeof setting - 1);
    memcpy(setting + 10000, "=", 1);
    cr_expect_null(sample_load(sample_profile, setting, &error));
    cr_expect_lt(strlen(error.text), sizeof error.text - 1);
    cr_expect_not_null(strstr(error.text, "unknown key"), "%s", error.text);
    memset(setting, '.', sizeof setting - 1);
    for (size_t i = 0; i + 1 < sizeof setting; i += 2) {
        setting[i] = 'a';
    }
    setting[sizeof setting - 3] = '=';
    cr_expect_null(sample_load(sample_profile, setting, &error));
    cr_expect_not_null(strstr(error.text, "the path is longer"), "%s", error.text);
}
