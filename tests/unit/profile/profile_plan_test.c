/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CORE_CLIENT(keys) "nodes.core.client_store={issuer: inside, " keys "}"

static const struct profile_identity *core_client(const struct profile_plan *plan) {
    return &plan->nodes[1].client_store.identities[0];
}

Test(profile_plan, keeps_the_order_and_the_places_of_the_file) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    cr_expect_str_eq(plan->name, "sample");
    cr_expect_null(plan->proves);
    cr_expect_eq(plan->seed, 0);
    cr_expect_eq(plan->duration_ns, 15000000000);
    cr_assert_eq(plan->authority_count, 2);
    cr_expect_str_eq(plan->authorities[1].name, "outside");
    cr_assert_eq(plan->node_count, 2);
    cr_expect_eq(plan->nodes[0].line, 6);
    cr_expect_eq(plan->nodes[1].line, 16);
    cr_assert_eq(plan->listener_count, 3);
    cr_expect_str_eq(plan->listeners[1].full_name, "edge.uc-traversal");
    cr_expect_eq(plan->listeners[1].line, 14);
    cr_assert_eq(plan->zone_count, 3);
    cr_expect_str_eq(plan->zones[2].full_name, "core.sip");
    cr_expect_eq(plan->zones[2].node, 1);
    cr_expect_eq(plan->zones[2].peer_listener, 0);
    cr_expect_eq(plan->zones[2].line, 25);
    cr_expect_eq(plan->expectations[0].zone, 0);
    cr_expect_eq(plan->expectations[0].line, 29);
    cr_expect_not(plan->expectations[0].has_faults);
    cr_expect_str_eq(plan->thresholds[0].expression, "core.uc.established > 0");
    cr_expect_eq(plan->thresholds[0].line, 31);
    cr_expect_eq(profile_plan_find_node(plan, "core"), 1);
    cr_expect_eq(profile_plan_find_node(plan, "cor"), PROFILE_NONE);
    cr_expect_eq(profile_plan_find_zone(plan, "core.tunnel"), 1);
    cr_expect_eq(profile_plan_find_zone(plan, "tunnel"), PROFILE_NONE);
    profile_plan_destroy(plan);
}

Test(profile_plan, has_the_defaults_of_authorities_and_nodes) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    const struct profile_authority *authority = &plan->authorities[1];
    const struct profile_node *edge = &plan->nodes[0];
    cr_expect_eq(authority->kind, PROFILE_AUTHORITY_PUBLIC);
    cr_expect_eq(authority->client_auth_until, 0);
    cr_expect_str_eq(authority->key, "rsa-2048");
    cr_expect_eq(authority->intermediates, 1);
    cr_expect_not(authority->root_eku.present);
    cr_expect_not(authority->intermediate_eku.present);
    cr_expect_null(authority->certificate_path);
    cr_expect(edge->eku_checking);
    cr_expect_eq(edge->eku_policy, PROFILE_POLICY_EXPRESSWAY);
    cr_expect_eq(edge->off_policy, PROFILE_OFF_SERVER_OR_CLIENT);
    cr_expect_eq(edge->tls.versions, PROFILE_TLS_1_2 | PROFILE_TLS_1_3);
    cr_expect_eq(edge->tls.suites.count, 0);
    cr_expect_null(edge->external);
    cr_expect_str_eq(edge->release, "x15.5", "the newest");
    cr_expect_null(edge->external_address);
    cr_expect_eq(edge->route_count, 0);
    cr_expect_not(edge->server_eku_upload);
    profile_plan_destroy(plan);
}

Test(profile_plan, has_the_defaults_of_identities_by_store) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    const struct profile_identity *server = plan->nodes[1].server_store.identities;
    const struct profile_identity *client = core_client(plan);
    cr_expect_eq(server->issuer, 1);
    cr_assert_eq(server->eku.usages.count, 1);
    cr_expect_str_eq(server->eku.usages.items[0], "serverAuth");
    cr_expect_eq(client->issuer, 0);
    cr_assert_eq(client->eku.usages.count, 2);
    cr_expect_str_eq(client->eku.usages.items[0], "serverAuth");
    cr_expect_str_eq(client->eku.usages.items[1], "clientAuth");
    cr_assert_eq(client->names.count, 1);
    cr_expect_str_eq(client->names.items[0], "core.example.test");
    cr_expect_str_eq(client->key, "rsa-2048");
    cr_expect_eq(client->not_before, SAMPLE_NOW - DAY);
    cr_expect_eq(client->not_after, SAMPLE_NOW + 199 * DAY);
    cr_expect_eq(client->serial_length, 0);
    cr_expect_eq(client->count, 1);
    cr_expect_eq(client->weight, 1);
    cr_expect(client->send_chain);
    cr_expect_not(client->critical);
    cr_expect_not(client->revoked);
    cr_expect_not(client->unchecked);
    cr_expect_null(client->subject);
    cr_expect_null(client->certificate_path);
    profile_plan_destroy(plan);
}

Test(profile_plan, derives_listeners_from_their_names) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "nodes.edge.listeners.extra={service: tunnel, port: 2223, address: '::1', "
                        "client_certificate: request}");
    static const struct profile_listener expected[] = {
        {.service = PROFILE_SERVICE_SIP, .port = 5061, .eku_check = PROFILE_EKU_CHECK_NODE},
        {.service = PROFILE_SERVICE_UC_TRAVERSAL, .port = 7001},
        {.service = PROFILE_SERVICE_TUNNEL, .port = 2222, .eku_check = PROFILE_EKU_CHECK_ALWAYS},
        {.service = PROFILE_SERVICE_TUNNEL,
         .port = 2223,
         .eku_check = PROFILE_EKU_CHECK_ALWAYS,
         .client_certificate = PROFILE_CLIENT_CERTIFICATE_REQUEST},
    };
    cr_assert_eq(plan->listener_count, LENGTH_OF(expected));
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        const struct profile_listener *listener = &plan->listeners[i];
        cr_expect_eq(listener->service, expected[i].service, "%s", listener->name);
        cr_expect_eq(listener->port, expected[i].port, "%s", listener->name);
        cr_expect_eq(listener->eku_check, expected[i].eku_check, "%s", listener->name);
        cr_expect_eq(listener->client_certificate, expected[i].client_certificate);
    }
    cr_expect_null(plan->listeners[0].address);
    cr_expect_null(plan->listeners[0].verify_name);
    cr_expect_str_eq(plan->listeners[2].verify_name, "core.example.test");
    cr_expect_str_eq(plan->listeners[3].address, "::1");
    profile_plan_destroy(plan);
}

Test(profile_plan, has_the_defaults_of_zones) {
    static const enum profile_zone_type types[] = {PROFILE_ZONE_UC_TRAVERSAL, PROFILE_ZONE_TUNNEL,
                                                   PROFILE_ZONE_NEIGHBOR};
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        cr_expect_eq(zone->type, types[i], "%s", zone->name);
        cr_expect_null(zone->verify_name);
        cr_expect_eq(zone->sources.count, 0);
        cr_expect(zone->retry.enabled);
        cr_expect_eq(zone->retry.burst, 2);
        cr_expect_eq(zone->retry.gap_ns, 20000000);
        cr_expect_eq(zone->retry.every_ns, 40000000000);
        cr_expect_eq(zone->close, PROFILE_CLOSE_GRACEFUL);
        cr_expect_eq(zone->load.shape, PROFILE_SHAPE_HOLD);
        cr_expect_eq(zone->load.connections, i == 0 ? 50 : 1);
        cr_expect_eq(zone->load.opening, 64);
        cr_expect_eq(zone->load.arrival, PROFILE_ARRIVAL_CONSTANT);
        cr_expect_eq(zone->load.hold_ns, 0);
        cr_expect_eq(zone->load.dialog, i == 1 ? PROFILE_DIALOG_NONE : PROFILE_DIALOG_OPTIONS, "%s",
                     zone->name);
        cr_expect_eq(zone->load.options_interval_ns, 1000000000);
        cr_expect_eq(zone->load.timeout_ns, 10000000000);
    }
    profile_plan_destroy(plan);
}

Test(profile_plan, gives_a_zone_the_profiles_load_and_lets_it_differ) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "load={rate: 30/m, dialog: options, hold: 3s, "
                                         "arrival: poisson, timeout: 2s, opening: 5}");
    const struct profile_zone_load *uc = &plan->zones[0].load;
    const struct profile_zone_load *tunnel = &plan->zones[1].load;
    const struct profile_zone_load *sip = &plan->zones[2].load;
    cr_expect_eq(plan->duration_ns, 10000000000, "the default");
    cr_expect_eq(uc->shape, PROFILE_SHAPE_HOLD);
    cr_expect_eq(uc->connections, 50);
    cr_expect_eq(uc->rate_per_s, 0.0);
    cr_expect_eq(uc->opening, 5);
    cr_expect_eq(sip->shape, PROFILE_SHAPE_RATE);
    cr_expect_eq(sip->rate_per_s, 0.5);
    cr_expect_eq(sip->connections, 0);
    cr_expect_eq(sip->concurrency, 0);
    cr_expect_eq(sip->arrival, PROFILE_ARRIVAL_POISSON);
    cr_expect_eq(sip->hold_ns, 3000000000);
    cr_expect_eq(tunnel->timeout_ns, 2000000000);
    cr_expect_eq(tunnel->dialog, PROFILE_DIALOG_NONE, "the profile's dialog is not a tunnel's");
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "load={concurrency: 9}");
    cr_expect_eq(plan->zones[2].load.shape, PROFILE_SHAPE_CONCURRENCY);
    cr_expect_eq(plan->zones[2].load.concurrency, 9);
    profile_plan_destroy(plan);
}

Test(profile_plan, reads_zones_to_the_world_outside) {
    static const struct {
        const char *peer;
        const char *host;
        uint32_t port;
    } cases[] = {
        {"10.0.0.1:5061", "10.0.0.1", 5061},
        {"sbc.example.test:65535", "sbc.example.test", 65535},
        {"\"[2001:db8::1]:1\"", "2001:db8::1", 1},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[128];
        snprintf(setting, sizeof setting, "nodes.core.zones.sip.peer=%s", cases[i].peer);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        const struct profile_zone *zone = &plan->zones[2];
        cr_expect_eq(zone->peer_listener, PROFILE_NONE);
        cr_expect_str_eq(zone->peer_host, cases[i].host);
        cr_expect_eq(zone->peer_port, cases[i].port);
        cr_expect_eq(zone->type, PROFILE_ZONE_NEIGHBOR);
        profile_plan_destroy(plan);
    }
}

Test(profile_plan, lets_real_equipment_take_a_nodes_place) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "nodes.edge={product: expressway-e, external: exp-e.example.test, "
                        "listeners: {sip: 5061, uc-traversal: 7001, tunnel: 2222}}");
    const struct profile_node *edge = &plan->nodes[0];
    cr_expect_str_eq(edge->external, "exp-e.example.test");
    cr_expect_eq(edge->external_port, 0);
    cr_expect_str_eq(edge->address, "exp-e.example.test", "never NULL");
    cr_expect_eq(edge->server_store.kind, PROFILE_STORE_NONE);
    cr_expect_eq(edge->trust_count, 0);
    cr_expect_eq(plan->zones[0].peer_listener, 1);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, "nodes.edge.external=\"[2001:db8::31]:7001\"");
    cr_expect_str_eq(plan->nodes[0].external, "2001:db8::31");
    cr_expect_eq(plan->nodes[0].external_port, 7001);
    cr_expect_str_eq(plan->nodes[0].address, "127.0.0.31");
    profile_plan_destroy(plan);
}

Test(profile_plan, reads_dates_in_both_forms) {
    static const struct {
        const char *text;
        int64_t time;
    } cases[] = {
        {"2026-01-02", SAMPLE_NOW + DAY},
        {"2024-02-29", INT64_C(1709164800)},
        {"2000-12-31", INT64_C(978220800)},
        {"1950-01-01", -INT64_C(631152000)},
        {"-20000d", SAMPLE_NOW - 20000 * DAY},
        {"-90s", SAMPLE_NOW - 90},
        {"-2m", SAMPLE_NOW - 120},
        {"-12h", SAMPLE_NOW - DAY / 2},
        {"+0d", SAMPLE_NOW},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[128];
        snprintf(setting, sizeof setting, CORE_CLIENT("not_before: %s"), cases[i].text);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        cr_expect_eq(core_client(plan)->not_before, cases[i].time, "%s", cases[i].text);
        profile_plan_destroy(plan);
    }
}

Test(profile_plan, reads_serials_in_both_forms) {
    static const uint8_t octets[] = {0x46, 0xdf, 0x76, 0xaa, 0, 0, 0, 0, 0, 0x29};
    static const char *const cases[] = {
        "46df76aa000000000029",
        "46:df:76:aa:00:00:00:00:00:29",
        "\"46:DF:76:AA:00:00:00:00:00:29\"",
        "000046DF76AA000000000029",
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[128];
        snprintf(setting, sizeof setting, CORE_CLIENT("serial: %s"), cases[i]);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        cr_assert_eq(core_client(plan)->serial_length, sizeof octets, "%s", cases[i]);
        cr_expect_eq(memcmp(core_client(plan)->serial, octets, sizeof octets), 0);
        profile_plan_destroy(plan);
    }
}

Test(profile_plan, reads_every_usage) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, CORE_CLIENT("eku: [clientAuth, any, sipDomain, codeSigning, "
                                    "emailProtection, 1.3.6.1.4.1.99999.1, 2.999]"));
    cr_expect_eq(core_client(plan)->eku.usages.count, 7);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, CORE_CLIENT("eku: 1.3.6.1.5.5.7.3.2"));
    cr_expect_eq(core_client(plan)->eku.usages.count, 1);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, CORE_CLIENT("eku: none, unchecked: yes"));
    cr_expect_not(core_client(plan)->eku.present);
    cr_expect(core_client(plan)->unchecked);
    profile_plan_destroy(plan);
}

Test(profile_plan, takes_a_serverauth_certificate_into_a_client_store_by_the_checkbox_only) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    cr_expect_eq(plan->nodes[0].client_store.kind, PROFILE_STORE_COPY_OF_SERVER);
    cr_expect_eq(plan->nodes[0].client_store.identity_count, 0);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile, CORE_CLIENT("eku: [serverAuth], unchecked: true"));
    cr_expect(core_client(plan)->unchecked);
    profile_plan_destroy(plan);
}

Test(profile_plan, lets_a_public_authority_issue_clientauth_before_it_stopped) {
    struct profile_plan *plan = sample_must_load(
        sample_profile,
        "authorities.outside={kind: public, client_auth_until: 2026-05-01, intermediates: 0}");
    cr_expect_eq(plan->authorities[1].client_auth_until, SAMPLE_NOW + 120 * DAY);
    cr_expect_eq(plan->authorities[1].intermediates, 0);
    profile_plan_destroy(plan);
    static const char *const settings[] = {
        "authorities.outside.client_auth_until=2026-05-01",
        "nodes.core.client_store={issuer: outside, not_before: 2026-04-30}",
    };
    struct base_error error;
    cr_expect(
        sample_load_octets(&plan, sample_profile, strlen(sample_profile), settings, 2, &error),
        "%s", error.text);
    profile_plan_destroy(plan);
}

Test(profile_plan, keeps_a_list_of_identities_in_order) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "nodes.core.client_store=[{issuer: inside, weight: 9, count: 3}, {cert: "
                        "/pki/a.pem, key_file: b.pem, unchecked: on, send_chain: off}]");
    const struct profile_store *store = &plan->nodes[1].client_store;
    cr_assert_eq(store->identity_count, 2);
    cr_expect_eq(store->identities[0].weight, 9);
    cr_expect_eq(store->identities[0].count, 3);
    cr_expect_eq(store->identities[1].issuer, PROFILE_NONE);
    cr_expect_str_eq(store->identities[1].certificate_path, "/pki/a.pem");
    cr_expect_eq(store->identities[1].key_path[0], '/', "absolute: %s",
                 store->identities[1].key_path);
    cr_expect(store->identities[1].unchecked);
    cr_expect_not(store->identities[1].send_chain);
    cr_expect_not(store->identities[1].eku.present);
    cr_expect_eq(store->identities[1].names.count, 0);
    profile_plan_destroy(plan);
}

Test(profile_plan, spells_its_enumerations_as_a_profile_does) {
    cr_expect_str_eq(profile_eku_policy_key(PROFILE_POLICY_RFC5924), "rfc5924");
    cr_expect_str_eq(profile_off_policy_key(PROFILE_OFF_SERVER_OR_CLIENT), "server-or-client");
    cr_expect_str_eq(profile_state_key(PROFILE_STATE_DEGRADED), "degraded");
    cr_expect_str_eq(profile_state_key(PROFILE_STATE_ANY), "any");
}

Test(profile_plan, finds_a_store_in_its_folder) {
    static const struct {
        const char *setting;
        uint32_t node;
        bool is_client;
        const char *certificate;
        const char *key;
        bool unchecked;
    } cases[] = {
        {"nodes.core.server_store={folder: /s/core}", 1, false, "/s/core/server.pem",
         "/s/core/privkey.pem", false},
        {"nodes.core.client_store={folder: /s/core, send_chain: off}", 1, true,
         "/s/core/client.pem", "/s/core/clientprivkey.pem", true},
        {"nodes.more={product: expressway-c, release: x15.4, address: 127.0.0.9, trust: [], "
         "server_store: {folder: /s/more}}",
         2, false, "/s/more/server.pem", "/s/more/privkey.pem", true},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(sample_profile, cases[i].setting);
        const struct profile_node *node = &plan->nodes[cases[i].node];
        const struct profile_identity *identity =
            cases[i].is_client ? node->client_store.identities : node->server_store.identities;
        cr_expect_str_eq(identity->certificate_path, cases[i].certificate);
        cr_expect_str_eq(identity->key_path, cases[i].key);
        cr_expect_eq(identity->unchecked, cases[i].unchecked, "%s", cases[i].setting);
        cr_expect_eq(identity->issuer, PROFILE_NONE);
        profile_plan_destroy(plan);
    }
}

Test(profile_plan, expects_serials_of_the_peers_of_zones_and_listeners) {
    struct profile_plan *plan = sample_must_load(
        sample_profile, "expect={core.uc: {state: active, peer_serials: 46:df}, edge.tunnel: "
                        "{peer_serials: ['0046df', 2f]}}");
    const struct profile_expectation *tunnel = &plan->expectations[1];
    cr_assert_eq(plan->expectation_count, 2);
    cr_expect_eq(plan->expectations[0].zone, 0);
    cr_expect_eq(plan->expectations[0].listener, PROFILE_NONE);
    cr_expect_eq(plan->expectations[0].peer_serial_count, 1);
    cr_expect_eq(tunnel->zone, PROFILE_NONE);
    cr_expect_eq(tunnel->listener, 2);
    cr_assert_eq(tunnel->peer_serial_count, 2);
    cr_assert_eq(tunnel->peer_serials[0].length, 2);
    cr_expect_eq(tunnel->peer_serials[0].octets[1], 0xdf);
    cr_expect_eq(tunnel->peer_serials[1].octets[0], 0x2f);
    profile_plan_destroy(plan);
}
