/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>

#define S UINT64_C(1000000000)

/* Zone core.uc of the sample. */
Test(profile_flow, is_kept_alive_where_nothing_else_is_said) {
    static const struct {
        const char *setting;
        uint64_t keep_alive_ns;
    } cases[] = {
        {"nodes.core.zones.uc.dialog=options", 0},
        {"nodes.core.zones.uc.dialog=none", 120 * S},
        {"nodes.core.zones.uc={type: uc-traversal, peer: edge.uc-traversal, dialog: register, "
         "outbound: on}",
         120 * S},
        {"nodes.core.zones.uc={type: uc-traversal, peer: edge.uc-traversal, dialog: none, "
         "keep_alive: none}",
         0},
        {"nodes.core.zones.uc.keep_alive=5s", 5 * S},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(sample_profile, cases[i].setting);
        cr_expect_eq(plan->zones[0].keep_alive_ns, cases[i].keep_alive_ns, "%s", cases[i].setting);
        cr_expect_not(plan->zones[0].alias);
        profile_plan_destroy(plan);
    }
}

Test(profile_flow, goes_both_ways_on_plain_listeners_only_when_offered) {
    static const struct {
        const char *listener;
        enum profile_reuse reuse;
    } cases[] = {
        {"nodes.edge.listeners.sip={port: 5061}", PROFILE_REUSE_ALIAS},
        {"nodes.edge.listeners.sip={port: 5061, client_certificate: request}", PROFILE_REUSE_ANY},
        {"nodes.edge.listeners.sip={port: 5061, reuse: any}", PROFILE_REUSE_ANY},
        {"nodes.edge.listeners.sip={port: 7000, service: traversal}", PROFILE_REUSE_ANY},
        {"nodes.edge.listeners.sip={port: 7000, service: traversal, reuse: alias}",
         PROFILE_REUSE_ALIAS},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(sample_profile, cases[i].listener);
        cr_expect_eq(plan->listeners[0].reuse, cases[i].reuse, "%s", cases[i].listener);
        profile_plan_destroy(plan);
    }
}

Test(profile_flow, may_be_recovered_as_rfc_5626_says) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "nodes.core.zones.uc.retry=rfc5626");
    cr_expect(plan->zones[0].retry.enabled && plan->zones[0].retry.by_flow);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.core.zones.tunnel.retry=rfc5626");
    cr_expect_eq(plan->zones[1].retry.pause_count, 0, "not a tunnel's own pauses");
    profile_plan_destroy(plan);
}
