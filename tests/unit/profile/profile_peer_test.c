/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct base_error must_fail(const char *setting) {
    struct base_error error;
    cr_assert_null(sample_load(sample_profile, setting, &error), "%s", setting);
    return error;
}

/* "edge.sip x1, sip.example.test:0 x3" */
static void describe(const struct profile_plan *plan, const struct profile_zone *zone,
                     char out[512]) {
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        const struct profile_peer peer = profile_zone_peer(zone, i);
        bool is_ours = peer.listener != PROFILE_NONE;
        length += (size_t)snprintf(out + length, 512 - length, "%s%s:%u x%u", i == 0 ? "" : ", ",
                                   is_ours ? plan->listeners[peer.listener].full_name : peer.host,
                                   peer.port, peer.weight);
    }
}

Test(profile_peer, is_one_or_a_list_with_weights) {
    static const struct {
        const char *zone;
        const char *peers;
        const char *verify_name; /* NULL: any */
    } cases[] = {
        {"{peer: edge.sip}", "edge.sip:0 x1", NULL},
        {"{peer: [edge.sip]}", "edge.sip:0 x1", NULL},
        {"{peer: {to: edge.sip, weight: 7}}", "edge.sip:0 x7", NULL},
        {"{peer: [{to: edge.sip, weight: 3}, 'a.test:5062']}", "edge.sip:0 x3, a.test:5062 x1",
         NULL},
        {"{peer: 127.0.0.9}", "127.0.0.9:5061 x1", NULL},
        {"{peer: '[::1]'}", "::1:5061 x1", NULL},
        {"{peer: sip.partner.test}", "sip.partner.test:0 x1", "sip.partner.test"},
        {"{peer: 'sips:edge.test'}", "edge.test:0 x1", "edge.test"},
        {"{peer: sip.partner.test, verify_name: none}", "sip.partner.test:0 x1", NULL},
        {"{peer: sip.partner.test, verify_name: b.test}", "sip.partner.test:0 x1", "b.test"},
        {"{peer: [sip.partner.test, sip.other-partner.test]}",
         "sip.partner.test:0 x1, sip.other-partner.test:0 x1", NULL},
        {"{peer: sip.partner.test, type: webex}", "sip.partner.test:0 x1", "sip.partner.test"},
        {"{peer: sip.partner.test, type: dns}", "sip.partner.test:0 x1", "sip.partner.test"},
        /* A product's ports are found without DNS. */
        {"{peer: cucm.partner.test, type: tftp}", "cucm.partner.test:6972 x1", NULL},
        {"{peer: cucm.partner.test, type: provisioning}", "cucm.partner.test:8443 x1", NULL},
        {"{peer: meet.partner.test, type: webrtc}", "meet.partner.test:443 x1", NULL},
        {"{peer: exp.partner.test, type: tunnel}", "exp.partner.test:2222 x1", NULL},
        {"{peer: exp.partner.test, type: traversal}", "exp.partner.test:7002 x1", NULL},
        {"{peer: 10.0.0.1, type: uc-traversal}", "10.0.0.1:7001 x1", NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[256];
        char peers[512];
        snprintf(setting, sizeof setting, "nodes.core.zones.sip=%s", cases[i].zone);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        const struct profile_zone *zone = &plan->zones[profile_plan_find_zone(plan, "core.sip")];
        const struct profile_peer first = profile_zone_peer(zone, 0);
        describe(plan, zone, peers);
        cr_expect_str_eq(peers, cases[i].peers, "%s: %s", cases[i].zone, peers);
        cr_expect_eq(zone->peer_listener, first.listener);
        cr_expect_eq(zone->peer_port, first.port);
        cr_expect_eq(zone->verify_name == NULL, cases[i].verify_name == NULL, "%s", cases[i].zone);
        if (zone->verify_name != NULL && cases[i].verify_name != NULL) {
            cr_expect_str_eq(zone->verify_name, cases[i].verify_name);
        }
        profile_plan_destroy(plan);
    }
}

Test(profile_peer, zone_dials_all_of_its_list) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "nodes.core.zones.sip={peer: ['a.test:1', edge.sip]}");
    const struct profile_zone *zone = &plan->zones[profile_plan_find_zone(plan, "core.sip")];
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        bool is_it = strcmp(plan->listeners[i].full_name, "edge.sip") == 0;
        cr_expect_eq(profile_zone_dials(zone, i), is_it, "%s", plan->listeners[i].full_name);
    }
    cr_expect_eq(zone->type, PROFILE_ZONE_NEIGHBOR);
    profile_plan_destroy(plan);
}

Test(profile_peer, what_is_none_is_refused) {
    static const struct {
        const char *zone;
        const char *sentence;
    } cases[] = {
        {"{peer: edge.sib}", "no listener is named \"edge.sib\"; did you mean \"edge.sip\"?"},
        {"{peer: edge.partner.test}", "no listener is named \"edge.partner.test\""},
        {"{peer: localhost}",
         "no listener is named \"localhost\"; expected node.listener, HOST:PORT or a domain"},
        {"{peer: []}", "expected 1 to 32 peers"},
        {"{peer: [edge.sip, edge.sib]}", "no listener is named \"edge.sib\""},
        {"{peer: [{weight: 2}]}", "the key \"to\" is missing"},
        {"{peer: [{to: edge.sip, weight: 0}]}", "expected a number from 1 to 1000, not \"0\""},
        {"{peer: [{to: edge.sip, wieght: 1}]}", "unknown key; did you mean \"weight\"?"},
        {"{peer: [[edge.sip]]}", "expected node.listener or HOST:PORT"},
        {"{peer: [edge.sip, edge.tunnel]}", "a SIP zone cannot dial edge.tunnel"},
        {"{peer: 'a.test:99999'}", "expected node.listener or HOST:PORT"},
        {"{peer: 'sips:'}", "expected node.listener or HOST:PORT"},
        {"{peer: 'sips:a b'}", "no listener is named \"sips:a b\""},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[256];
        snprintf(setting, sizeof setting, "nodes.core.zones.sip=%s", cases[i].zone);
        struct base_error error = must_fail(setting);
        cr_expect_not_null(strstr(error.text, cases[i].sentence), "%s: %s", cases[i].zone,
                           error.text);
    }
}

Test(profile_peer, dns_servers_are_addresses) {
    static const struct {
        const char *setting;
        const char *servers; /* NULL: refused */
    } cases[] = {
        {"dns=127.0.0.1:5353", "127.0.0.1:5353"},
        {"dns=[127.0.0.1, '::1', '[fd00::1]:53']", "127.0.0.1,[::1],[fd00::1]:53"},
        {"dns=[]", NULL},
        {"dns=dns.test", NULL},
        {"dns={a: b}", NULL},
        {"dns=127.0.0.1:x", NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        if (cases[i].servers == NULL) {
            struct base_error error = must_fail(cases[i].setting);
            cr_expect_not_null(strstr(error.text, "DNS server"), "%s", error.text);
            continue;
        }
        struct profile_plan *plan = sample_must_load(sample_profile, cases[i].setting);
        cr_expect_str_eq(plan->dns, cases[i].servers);
        profile_plan_destroy(plan);
    }
}

Test(profile_peer, nobody_is_authorized_who_does_not_say_so) {
    struct profile_plan *plan = sample_must_load(sample_profile, "seed=1");
    cr_expect_not(plan->authorized);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "authorized=true");
    cr_expect(plan->authorized);
    profile_plan_destroy(plan);
}
