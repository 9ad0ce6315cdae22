/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>

Test(profile_route, leads_over_an_own_zone_or_an_own_listener) {
    static const char *const core = "nodes.core.routes=[{match: '*.example.test', to: sip}, "
                                    "{match: '[2001:db8::1]', to: tunnel}, {match: '*', to: uc}]";
    struct profile_plan *plan = sample_must_load(sample_profile, core);
    const struct profile_node *node = &plan->nodes[1];
    cr_assert_eq(node->route_count, 3);
    cr_expect_str_eq(node->routes[0].match, "*.example.test");
    cr_expect_eq(node->routes[0].zone, 2);
    cr_expect_eq(node->routes[0].listener, PROFILE_NONE);
    cr_expect_eq(node->routes[1].zone, 1);
    cr_expect_eq(node->routes[2].zone, 0);
    cr_expect(profile_plan_relays(plan));
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile,
                            "nodes.edge.routes=[{match: cucm.example.test, to: uc-traversal}]");
    cr_expect_eq(plan->nodes[0].routes[0].listener, 1);
    cr_expect_eq(plan->nodes[0].routes[0].zone, PROFILE_NONE);
    profile_plan_destroy(plan);
}

Test(profile_route, of_real_equipment_is_not_ours) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "nodes.edge={product: expressway-e, external: edge.example.test, "
                        "listeners: {sip: 5061, uc-traversal: {}, tunnel: {}}, routes: [{match: "
                        "'*', to: tunnel}]}");
    cr_expect_eq(plan->nodes[0].route_count, 1);
    cr_expect_not(profile_plan_relays(plan));
    profile_plan_destroy(plan);
}

Test(profile_route, that_leads_nowhere_is_refused) {
    static const struct sample_error cases[] = {
        {21, "client_store: { issuer: inside }\n    routes: [{ match: a.test, to: sipp }]",
         ":22: nodes.core.routes.0.to: core has no zone and no listener \"sipp\"; did you mean "
         "\"sip\"?"},
        {21, "client_store: { issuer: inside }\n    routes: [{ match: a.test, to: uc-traversal }]",
         ":22: nodes.core.routes.0.to: core has no zone and no listener \"uc-traversal\""},
        {21, "client_store: { issuer: inside }\n    routes: [{ match: a.test, to: [uc] }]",
         ":22: nodes.core.routes.0.to: expected a single value, not a list"},
        {21, "client_store: { issuer: inside }\n    routes: [{ to: uc }]",
         ":22: nodes.core.routes.0: the key \"match\" is missing"},
        {21, "client_store: { issuer: inside }\n    routes: [{ match: '*' }]",
         ":22: nodes.core.routes.0: the key \"to\" is missing"},
        {21, "client_store: { issuer: inside }\n    routes: [{ match: 'a*.test', to: uc }]",
         ":22: nodes.core.routes.0.match: expected a host, *.DOMAIN or *, not \"a*.test\""},
        {21, "client_store: { issuer: inside }\n    routes: [{ match: 'a.test:5061', to: uc }]",
         ":22: nodes.core.routes.0.match: expected a host, *.DOMAIN or *, not \"a.test:5061\""},
        {21, "client_store: { issuer: inside }\n    routes: { match: a.test, to: uc }",
         ":22: nodes.core.routes: expected a list, not a mapping"},
        {21,
         "client_store: { issuer: inside }\n    listeners: { sip: 5061 }\n    routes: [{ "
         "match: a.test, to: sip }]",
         ":23: nodes.core.routes.0.to: core has a zone and a listener of this name: rename one of "
         "them"},
        {11,
         "client_store: copy-of-server\n    routes: [{ match: a.test, to: webrtc }]\n    "
         "listeners: { webrtc: 443, sip: {}, uc-traversal: {}, tunnel: {} }\n  other:\n    "
         "product: generic\n    address: 127.0.0.9\n    trust: []\n    server_store: { issuer: "
         "inside }",
         ":12: nodes.edge.routes.0.to: nothing can be sent to who connects to an HTTPS listener"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}
