/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

/* A listener of each service at one node, and a zone to each. */
static const char every_service[] =
    "name: services\n"
    "authorities: { ca: { kind: internal } }\n"
    "nodes:\n"
    "  far:\n"
    "    product: generic\n"
    "    address: 127.0.0.2\n"
    "    trust: [ca]\n"
    "    server_store: { issuer: ca }\n"
    "    listeners: { sip: {}, sip-mtls: {}, traversal: {}, uc-traversal: {}, tunnel: {}, tftp: "
    "{}, provisioning: {}, webrtc: {} }\n"
    "  near:\n"
    "    product: generic\n"
    "    address: 127.0.0.3\n"
    "    trust: [ca]\n"
    "    client_store: { issuer: ca }\n"
    "    zones:\n"
    "      sip: { peer: far.sip }\n"
    "      sip-mtls: { peer: far.sip-mtls }\n"
    "      traversal: { peer: far.traversal }\n"
    "      uc-traversal: { peer: far.uc-traversal }\n"
    "      tunnel: { peer: far.tunnel }\n"
    "      tftp: { peer: far.tftp }\n"
    "      provisioning: { peer: far.provisioning }\n"
    "      webrtc: { peer: far.webrtc }\n"
    "load: { dialog: register, duration: 1s }\n";

Test(profile_zone, follows_from_the_service_of_its_peer) {
    static const struct {
        const char *service;
        uint32_t port;
        const char *type;
        enum profile_protocol protocol;
        enum profile_dialog dialog;
        enum profile_client_certificate certificate;
        enum profile_eku_check eku_check;
        bool authenticates;
    } cases[] = {
        {"sip", 5061, "neighbor", PROFILE_PROTOCOL_SIP, PROFILE_DIALOG_REGISTER,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_NODE, false},
        {"sip-mtls", 5062, "neighbor", PROFILE_PROTOCOL_SIP, PROFILE_DIALOG_REGISTER,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_NODE, false},
        {"traversal", 7002, "traversal", PROFILE_PROTOCOL_SIP, PROFILE_DIALOG_REGISTER,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_NODE, true},
        {"uc-traversal", 7001, "uc-traversal", PROFILE_PROTOCOL_SIP, PROFILE_DIALOG_REGISTER,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_NODE, true},
        {"tunnel", 2222, "tunnel", PROFILE_PROTOCOL_TUNNEL, PROFILE_DIALOG_NONE,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_ALWAYS, false},
        {"tftp", 6972, "tftp", PROFILE_PROTOCOL_HTTP, PROFILE_DIALOG_HTTP,
         PROFILE_CLIENT_CERTIFICATE_REQUIRE, PROFILE_EKU_CHECK_NODE, false},
        {"provisioning", 8443, "provisioning", PROFILE_PROTOCOL_HTTP, PROFILE_DIALOG_HTTP,
         PROFILE_CLIENT_CERTIFICATE_NONE, PROFILE_EKU_CHECK_NODE, false},
        {"webrtc", 443, "webrtc", PROFILE_PROTOCOL_HTTP, PROFILE_DIALOG_HTTP,
         PROFILE_CLIENT_CERTIFICATE_NONE, PROFILE_EKU_CHECK_NODE, false},
    };
    struct profile_plan *plan = sample_must_load(every_service, NULL);
    cr_assert_eq(plan->listener_count, LENGTH_OF(cases));
    cr_assert_eq(plan->zone_count, LENGTH_OF(cases));
    for (uint32_t i = 0; i < LENGTH_OF(cases); i++) {
        const struct profile_listener *listener = &plan->listeners[i];
        const struct profile_zone *zone = &plan->zones[i];
        cr_expect_str_eq(listener->name, cases[i].service);
        cr_expect_eq(listener->port, cases[i].port, "%s", cases[i].service);
        cr_expect_eq(listener->client_certificate, cases[i].certificate, "%s", cases[i].service);
        cr_expect_eq(listener->eku_check, cases[i].eku_check, "%s", cases[i].service);
        cr_expect_eq(listener->credentials.username != NULL, cases[i].authenticates);
        cr_expect_eq(profile_listener_protocol(listener), cases[i].protocol);
        cr_expect_str_eq(profile_zone_type_key(zone->type), cases[i].type);
        cr_expect_eq(profile_zone_protocol(zone), cases[i].protocol);
        cr_expect_eq(zone->load.dialog, cases[i].dialog, "%s", cases[i].service);
        cr_expect_eq(zone->credentials.username != NULL, cases[i].authenticates);
    }
    cr_expect_not(profile_plan_relays(plan));
    profile_plan_destroy(plan);
}

Test(profile_zone, and_its_peer_share_the_usual_credentials_unless_one_says_otherwise) {
    static const struct {
        const char *setting;
        const char *asked; /* user/password of the listener; NULL: none */
        const char *given; /* of the zone */
    } cases[] = {
        {"load.duration=1s", "traversal/traversal", "traversal/traversal"},
        {"nodes.far.listeners.uc-traversal.credentials={username: core, password: 'a b'}",
         "core/a b", "core/a b"},
        {"nodes.far.listeners.uc-traversal.credentials=none", NULL, NULL},
        {"nodes.near.zones.uc-traversal.credentials.password=wrong", "traversal/traversal",
         "traversal/wrong"},
        {"nodes.near.zones.uc-traversal.credentials=none", "traversal/traversal", NULL},
        {"nodes.near.zones.uc-traversal={peer: '192.0.2.1:7001', type: uc-traversal}",
         "traversal/traversal", "traversal/traversal"},
        {"nodes.near.zones.uc-traversal={peer: '192.0.2.1:7001'}", "traversal/traversal", NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(every_service, cases[i].setting);
        const struct profile_credentials *both[] = {&plan->listeners[3].credentials,
                                                    &plan->zones[3].credentials};
        const char *expected[] = {cases[i].asked, cases[i].given};
        for (unsigned j = 0; j < 2; j++) {
            char found[64];
            snprintf(found, sizeof found, "%s/%s", both[j]->username, both[j]->password);
            cr_expect_eq(both[j]->username == NULL, expected[j] == NULL, "%s", cases[i].setting);
            cr_expect_eq(both[j]->password == NULL, expected[j] == NULL, "%s", cases[i].setting);
            cr_expect(expected[j] == NULL || strcmp(found, expected[j]) == 0, "%s: %s",
                      cases[i].setting, found);
        }
        profile_plan_destroy(plan);
    }
}

Test(profile_zone, says_whom_it_asks_and_as_whom) {
    static const struct {
        const char *setting;
        uint32_t zone;
        const char *target;
        const char *user;
        const char *domain;
    } cases[] = {
        {"nodes.near.zones.sip={peer: far.sip, target: cucm.example.test, user: phone-}", 0,
         "cucm.example.test", "phone-", NULL},
        {"nodes.near.zones.sip.target=room@webex.example.test", 0, "room@webex.example.test", NULL,
         NULL},
        {"nodes.near.zones.sip.target='a@[2001:db8::1]'", 0, "a@[2001:db8::1]", NULL, NULL},
        {"nodes.near.zones.sip.target=192.0.2.1", 0, "192.0.2.1", NULL, NULL},
        {"nodes.near.zones.tunnel.domain=555.federation.com", 4, NULL, NULL, "555.federation.com"},
        {"nodes.near.zones.tftp.target=https://cucm.example.test:6972/SEP0011.cnf.xml?a=b%20", 5,
         "https://cucm.example.test:6972/SEP0011.cnf.xml?a=b%20", NULL, NULL},
        {"nodes.near.zones.webrtc.target=https://meet.example.test", 7, "https://meet.example.test",
         NULL, NULL},
        {"nodes.near.zones.webrtc.target='https://[::1]:443/'", 7, "https://[::1]:443/", NULL,
         NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(every_service, cases[i].setting);
        const struct profile_zone *zone = &plan->zones[cases[i].zone];
        const char *found[] = {zone->target, zone->user, zone->domain};
        const char *expected[] = {cases[i].target, cases[i].user, cases[i].domain};
        for (unsigned j = 0; j < 3; j++) {
            cr_expect(expected[j] == NULL ? found[j] == NULL
                                          : found[j] != NULL && strcmp(found[j], expected[j]) == 0,
                      "%s", cases[i].setting);
        }
        profile_plan_destroy(plan);
    }
}

Test(profile_zone, asks_for_nothing_that_its_protocol_does_not_have) {
    static const struct {
        const char *setting;
        const char *error; /* after "--set SETTING: nodes.near.zones." */
    } cases[] = {
        {"sip.target=https://far.example.test/",
         "sip.target: expected HOST or USER@HOST: this is a SIP zone, not "
         "\"https://far.example.test/\""},
        {"sip.target='far.example.test:5061'",
         "sip.target: expected HOST or USER@HOST: this is a SIP zone, not "
         "\"far.example.test:5061\""},
        {"sip.target=a b@far", "sip.target: expected HOST or USER@HOST: this is a SIP zone, not "
                               "\"a b@far\""},
        {"sip.target='@far'", "sip.target: expected HOST or USER@HOST: this is a SIP zone, not "
                              "\"@far\""},
        {"tftp.target=far.example.test",
         "tftp.target: expected https://HOST[:PORT]/PATH: this is an HTTPS zone, not "
         "\"far.example.test\""},
        {"tftp.target=http://far/",
         "tftp.target: expected https://HOST[:PORT]/PATH: this is an HTTPS zone, not "
         "\"http://far/\""},
        {"tftp.target=https:///a",
         "tftp.target: expected https://HOST[:PORT]/PATH: this is an HTTPS zone, not "
         "\"https:///a\""},
        {"tftp.target='https://far/a b'",
         "tftp.target: expected https://HOST[:PORT]/PATH: this is an HTTPS zone, not "
         "\"https://far/a b\""},
        {"tftp.target='https://a@far/'",
         "tftp.target: expected https://HOST[:PORT]/PATH: this is an HTTPS zone, not "
         "\"https://a@far/\""},
        {"tunnel.target=far", "tunnel.target: a tunnel zone makes no requests of its own"},
        {"sip.user=a@b",
         "sip.user: expected at most 63 letters, digits and -_.!~*'()&=+$, such as mra-, not "
         "\"a@b\""},
        {"tftp.user=a", "tftp.user: is for SIP: an HTTPS zone has no users"},
        {"sip.domain=example.test", "sip.domain: is for tunnels: this is a SIP zone"},
        {"tunnel.domain='*.test'",
         "tunnel.domain: expected a domain such as example.test, not \"*.test\""},
        {"tftp.credentials={}", "tftp.credentials: are for SIP: an HTTPS zone has none"},
        {"sip.credentials=on",
         "sip.credentials: expected none, or a mapping of username and password, not \"on\""},
        {"sip.credentials={username: 'a\"b'}", "sip.credentials.username: expected a text without "
                                               "quotes and backslashes, not \"a\"b\""},
        {"sip.dialog=http", "sip.dialog: http is no dialog of a SIP zone: expected none, options, "
                            "register or invite"},
        {"webrtc.dialog=options", "webrtc.dialog: http is the one dialog of an HTTPS zone"},
        {"webrtc.dialog=none", "webrtc.dialog: http is the one dialog of an HTTPS zone"},
        {"tunnel.dialog=options", "tunnel.dialog: none is the one dialog of a tunnel zone"},
        {"sip.type=tunnel", "sip.type: a tunnel zone cannot dial far.sip, which is a SIP listener"},
        {"tftp.type=dns", "tftp.type: a SIP zone cannot dial far.tftp, which is an HTTPS listener"},
        {"sip.source=internal",
         "sip.source: near has one address: give it addresses, internal and external"},
        {"tunnel.retry={pauses: [1s], burst: 2}",
         "tunnel.retry.burst: pauses is given, too: expected it, or burst, gap and every"},
        {"tunnel.retry={pauses: [1s, 0]}",
         "tunnel.retry.pauses.1: expected a duration from 1ms to 24h, not \"0\""},
        {"tunnel.retry={pauses: []}", "tunnel.retry.pauses: expected 1 to 16 durations"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[256];
        char expected[512];
        struct base_error error;
        snprintf(setting, sizeof setting, "nodes.near.zones.%s", cases[i].setting);
        snprintf(expected, sizeof expected, "--set %s: nodes.near.zones.%s", setting,
                 cases[i].error);
        struct profile_plan *plan = sample_load(every_service, setting, &error);
        cr_expect_null(plan, "%s", setting);
        cr_expect_str_eq(error.text, expected);
        profile_plan_destroy(plan);
    }
}

Test(profile_zone, takes_no_dialog_of_https_from_the_profiles_load) {
    struct base_error error;
    struct profile_plan *plan = sample_load(every_service, "load.dialog=http", &error);
    cr_expect_null(plan);
    cr_expect_not_null(strstr(error.text, ":16: nodes.near.zones.sip: http is no dialog of a SIP "
                                          "zone: expected none, options, register or invite"),
                       "%s", error.text);
    profile_plan_destroy(plan);
}

Test(profile_zone, of_a_tunnel_retries_as_the_event_log_shows) {
    static const struct {
        const char *setting;
        uint32_t count;
        uint64_t pauses_ns[4];
    } cases[] = {
        {"load.duration=1s", 4, {32 * NS_PER_S, 32 * NS_PER_S, 180 * NS_PER_S, 76 * NS_PER_S}},
        {"nodes.near.zones.tunnel.retry={}",
         4,
         {32 * NS_PER_S, 32 * NS_PER_S, 180 * NS_PER_S, 76 * NS_PER_S}},
        {"nodes.near.zones.tunnel.retry.pauses=[1s, 2m]", 2, {NS_PER_S, 120 * NS_PER_S}},
        {"nodes.near.zones.tunnel.retry.pauses=5s", 1, {5 * NS_PER_S}},
        {"nodes.near.zones.tunnel.retry.every=5s", 0, {0}},
        {"nodes.near.zones.tunnel.retry=none", 0, {0}},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(every_service, cases[i].setting);
        const struct profile_retry *retry = &plan->zones[4].retry;
        cr_assert_eq(retry->pause_count, cases[i].count, "%s", cases[i].setting);
        for (uint32_t j = 0; j < retry->pause_count; j++) {
            cr_expect_eq(retry->pauses_ns[j], cases[i].pauses_ns[j], "%s", cases[i].setting);
        }
        cr_expect_eq(plan->zones[0].retry.pause_count, 0, "a neighbor dials in bursts");
        cr_expect_eq(plan->zones[0].retry.burst, 2);
        profile_plan_destroy(plan);
    }
}

Test(profile_zone, dials_from_either_network_card) {
    static const char *const settings[] = {
        "nodes.near={product: generic, addresses: {internal: 127.0.0.3, external: 127.0.1.3}, "
        "trust: [ca], server_store: {issuer: ca}, client_store: {issuer: ca}, listeners: {sip: "
        "{address: external}, sip-mtls: {address: internal}, traversal: {}, uc-traversal: "
        "{address: 127.0.2.3}}, zones: {a: {peer: far.sip, source: external}, b: {peer: far.sip, "
        "source: [internal, 127.0.4.0/24]}, c: {peer: far.sip}}}",
    };
    struct profile_plan *plan = sample_must_load(every_service, settings[0]);
    const struct profile_node *near = &plan->nodes[1];
    const struct profile_listener *listeners = &plan->listeners[8];
    cr_expect_str_eq(near->address, "127.0.0.3");
    cr_expect_str_eq(near->external_address, "127.0.1.3");
    cr_expect_str_eq(listeners[0].address, "127.0.1.3");
    cr_expect_str_eq(listeners[1].address, "127.0.0.3");
    cr_expect_null(listeners[2].address);
    cr_expect_str_eq(listeners[3].address, "127.0.2.3");
    cr_expect_str_eq(plan->zones[0].sources.items[0], "127.0.1.3");
    cr_expect_str_eq(plan->zones[1].sources.items[0], "127.0.0.3");
    cr_expect_str_eq(plan->zones[1].sources.items[1], "127.0.4.0/24");
    cr_expect_eq(plan->zones[2].sources.count, 0);
    profile_plan_destroy(plan);
}

Test(profile_zone, needs_two_network_cards_for_two_addresses) {
    static const struct sample_error cases[] = {
        {8, "addresses: { internal: 127.0.0.31, external: 127.0.1.31 }", NULL},
        {8, "address: 127.0.0.31\n    addresses: { internal: 127.0.0.31, external: 127.0.1.31 }",
         ":8: nodes.edge.address: addresses is given, too: expected one of address and addresses"},
        {8, "addresses: { internal: 127.0.0.31 }",
         ":8: nodes.edge.addresses: the key \"external\" is missing"},
        {8, "addresses: 127.0.0.31",
         ":8: nodes.edge.addresses: expected a mapping, not \"127.0.0.31\""},
        {8, "addresses: { internal: 127.0.0.31, external: here }",
         ":8: nodes.edge.addresses.external: expected an IP address such as 127.0.0.31 or ::1, not "
         "\"here\""},
        {13, "sip: { address: external }",
         ":13: nodes.edge.listeners.sip.address: edge has one address: give it addresses, internal "
         "and external"},
        {13, "sip: { address: outside }",
         ":13: nodes.edge.listeners.sip.address: expected internal, external or an IP address such "
         "as 127.0.0.31, not \"outside\""},
        {15, "tunnel: { credentials: {} }",
         ":15: nodes.edge.listeners.tunnel.credentials: are for SIP: a tunnel listener has none"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_zone, comes_after_others_of_its_node_and_of_other_nodes) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "nodes.core.zones.sip={peer: edge.sip, after: [uc, core.tunnel]}");
    const struct profile_zone *sip = &plan->zones[2];
    cr_assert_eq(sip->after_count, 2);
    cr_expect_eq(sip->after[0], 0);
    cr_expect_eq(sip->after[1], 1);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.core.zones.sip.after=tunnel");
    cr_assert_eq(plan->zones[2].after_count, 1);
    cr_expect_eq(plan->zones[2].after[0], 1);
    cr_expect_eq(plan->zones[0].after_count, 0);
    profile_plan_destroy(plan);
}

Test(profile_zone, never_comes_after_itself) {
    static const struct sample_error cases[] = {
        {25, "sip: { peer: edge.sip, after: ux }",
         ":25: nodes.core.zones.sip.after: no zone is named \"ux\"; did you mean \"uc\"?"},
        {25, "sip: { peer: edge.sip, after: [uc, edge.something] }",
         ":25: nodes.core.zones.sip.after.1: no zone is named \"edge.something\"; expected a zone "
         "of this node, or node.zone"},
        {25, "sip: { peer: edge.sip, after: { uc: 1 } }",
         ":25: nodes.core.zones.sip.after: expected the name of a zone, not a mapping"},
        {25, "sip: { peer: edge.sip, after: sip }",
         ":25: nodes.core.zones.sip.after: a zone cannot come after itself"},
        {24,
         "tunnel: { peer: edge.tunnel, after: sip }\n      more: { peer: edge.sip, after: "
         "[uc, tunnel] }\n      last: { peer: edge.sip, after: more }",
         NULL},
        {25,
         "sip: { peer: edge.sip, after: more }\n      more: { peer: edge.sip, after: [uc, "
         "core.sip] }",
         ":25: nodes.core.zones.sip.after: core.sip comes after core.more, which comes after it "
         "again"},
        {25, "sip: { peer: edge.sip, rate: 1/s, after: uc }",
         ":25: nodes.core.zones.sip.after: both zones must keep connections, and core.sip is "
         "driven by rate"},
        {25, "sip: { peer: edge.sip, concurrency: 1 }\n      more: { peer: edge.sip, after: sip }",
         ":26: nodes.core.zones.more.after: both zones must keep connections, and core.sip is "
         "driven by concurrency"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}
