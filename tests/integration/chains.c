/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"
#include "support_tool.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <string.h>

#define PHONES          1000
#define BROWSERS        200
#define ARTICLE_WEBEX   "2f0000004c869c77c8981becde00000000004c"
#define ARTICLE_STORE   "46df76aa000000000029"
#define TUNNEL_MISSING  "no tunnel is open on edge.tunnel: unsupported certificate purpose"
#define ZONE_MISSING    "no connection is open on edge.uc-traversal: "
#define REJECTION_EVENT "Event=\"Request Rejected\""

static void open_apart(void) {
    support_net_isolate();
    support_scene_open();
}

TestSuite(chains, .init = open_apart, .fini = support_scene_close);

static long long number(const struct support_run *run, const char *kind, const char *name,
                        const char *key) {
    return support_result_number(run, support_scene_text("%s/%s/%s", kind, name, key));
}

/* "core" of "core.uc" */
static const char *node_of(const char *place) {
    return support_scene_text("%.*s", (int)strcspn(place, "."), place);
}

/* The serial that openssl reads from a node's store; NULL: it has none. */
static const char *serial_in_store(const struct support_run *run, const char *node,
                                   const char *file) {
    const char *path = support_scene_text("%s/nodes/%s/%s", run->out, node, file);
    return support_file_exists(path) ? support_tool_serial(path) : NULL;
}

static void expect_serial(const struct support_run *run, const char *kind, const char *name,
                          const char *serial, long long count) {
    const char *seen = support_scene_text("%s/%s/peer_certificate", kind, name);
    support_result_expect_only(run, support_scene_text("%s/serials", seen), serial,
                               serial == NULL ? 0 : count);
    cr_assert_eq(support_result_number(run, support_scene_text("%s/mismatches", seen)), 0);
}

/*
 * On each hop the initiator was presented what the acceptor's server store holds, and the acceptor,
 * who is dialled by one zone alone in these profiles, what the initiator's client store holds.
 */
static void expect_stores_on_every_hop(const struct support_run *run) {
    const char *zone;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)support_result_find(run, "zones"), zone, value) {
        const char *listener = json_string_value(json_object_get(value, "peer"));
        const char *server = serial_in_store(run, node_of(listener), "server.pem");
        const char *client = serial_in_store(run, node_of(zone), "client.pem");
        cr_assert_not_null(server, "%s has no server store", listener);
        expect_serial(run, "zones", zone, server, number(run, "zones", zone, "established"));
        expect_serial(run, "listeners", listener, client,
                      number(run, "listeners", listener, "admitted"));
    }
}

static void expect_nothing_failed(const struct support_run *run) {
    static const char *const nothing[] = {"failed", "lost", "unconfirmed", "sip_timeouts",
                                          "in_flight_at_end"};
    const char *zone;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)support_result_find(run, "zones"), zone, value) {
        for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
            cr_assert_eq(number(run, "zones", zone, nothing[i]), 0, "%s: %lld %s", zone,
                         number(run, "zones", zone, nothing[i]), nothing[i]);
        }
    }
}

static void expect_established(const struct support_run *run, const char *zone, long long wanted) {
    static const char *const all[] = {"attempts", "established", "answered"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        cr_assert_eq(
            number(run, "zones", zone, all[i]), wanted, "%s: %lld %s, %lld failed, %lld in flight",
            zone, number(run, "zones", zone, all[i]), all[i], number(run, "zones", zone, "failed"),
            number(run, "zones", zone, "in_flight_at_end"));
    }
}

static void expect_requests(const struct support_run *run, const char *listener, const char *method,
                            long long wanted) {
    long long seen =
        support_result_count(run, support_scene_text("listeners/%s/sip_methods", listener), method);
    cr_assert_eq(seen, wanted, "%s: %lld %s instead of %lld", listener, seen, method, wanted);
}

Test(chains, a_thousand_calls_reach_webex_through_every_hop) {
    static const char *const hops[] = {"cucm.sip", "core.sip", "edge.traversal", "webex.sip"};
    static const char *const methods[] = {"INVITE", "ACK", "BYE"};
    struct support_run run;
    support_run_prepare(&run, "calls", "scenario-1-webex");
    support_run_expect(&run, SUPPORT_PASS);
    expect_nothing_failed(&run);
    expect_established(&run, "jabber.calls", PHONES);
    cr_assert_eq(number(&run, "zones", "jabber.calls", "calls"), PHONES);
    for (size_t i = 0; i < sizeof hops / sizeof hops[0]; i++) {
        for (size_t j = 0; j < sizeof methods / sizeof methods[0]; j++) {
            expect_requests(&run, hops[i], methods[j], PHONES);
        }
    }
    expect_stores_on_every_hop(&run);
    cr_assert_str_eq(serial_in_store(&run, "edge", "client.pem"), ARTICLE_WEBEX);
    cr_assert_str_neq(serial_in_store(&run, "edge", "server.pem"), ARTICLE_WEBEX);
    cr_assert_str_neq(serial_in_store(&run, "core", "client.pem"),
                      serial_in_store(&run, "core", "server.pem"));
    support_result_expect_only(&run, "zones/edge.webex/tls_versions", "1.2",
                               number(&run, "zones", "edge.webex", "established"));
    support_run_finish(&run);
}

/* Every client of the zone was told this, in the answer, in the result and in its node's log. */
static void expect_told(const struct support_run *run, const char *zone, const char *fault,
                        const char *reason) {
    const char *log = support_scene_text("%s/nodes/%s/events.log", run->out, node_of(zone));
    long long failed = number(run, "zones", zone, "failed");
    support_result_expect_refused_zone(run, zone, fault);
    support_result_expect_only(run, support_scene_text("zones/%s/reasons", zone),
                               support_scene_text("503 %s", reason), failed);
    cr_assert_eq(support_file_count_text(log, REJECTION_EVENT), failed, "%s", log);
    cr_assert_eq(
        support_file_count_text(log, support_scene_text(" Status=\"503\" Reason=\"%s\"", reason)),
        failed, "%s", log);
}

static void expect_nobody_provisioned(const struct support_run *run) {
    expect_told(run, "mra.provisioning", "http_rejected", TUNNEL_MISSING);
    expect_told(run, "browser.join", "http_rejected", TUNNEL_MISSING);
    cr_assert_geq(number(run, "zones", "mra.provisioning", "failed"), PHONES);
    cr_assert_geq(number(run, "zones", "browser.join", "failed"), BROWSERS);
    cr_assert_eq(number(run, "zones", "mra.sip", "attempts"), 0);
    cr_assert_str_eq(support_result_text(run, "zones/core.uc/state"), "active");
    support_result_expect_refused_zone(run, "core.tunnel", "tunnel_permission_denied");
}

Test(chains, a_thousand_phones_register_and_none_without_a_tunnel) {
    struct support_run run;
    struct support_run refused = {.name = "refused"};
    support_run_prepare(&run, "phones", "test-case-3-mra-cucm");
    support_run_expect(&run, SUPPORT_PASS);
    expect_nothing_failed(&run);
    expect_established(&run, "mra.provisioning", PHONES);
    expect_established(&run, "mra.sip", PHONES);
    expect_established(&run, "browser.join", BROWSERS);
    expect_requests(&run, "edge.sip", "REGISTER", PHONES);
    expect_requests(&run, "cucm.sip", "REGISTER", PHONES);
    cr_assert_eq(number(&run, "zones", "core.uc", "relayed"), PHONES);
    cr_assert_geq(number(&run, "zones", "core.tunnel", "relayed"), PHONES + BROWSERS);
    expect_stores_on_every_hop(&run);
    cr_assert_str_eq(serial_in_store(&run, "core", "client.pem"), ARTICLE_STORE);

    refused.out = support_scene_text("%s/variants/tunnel-refused", run.out);
    support_run_conclude(&refused, SUPPORT_PASS);
    expect_nobody_provisioned(&refused);
    support_result_expect_no_mismatch(&refused);
    support_run_finish(&refused);
    support_run_finish(&run);
}

struct zone_case {
    char setting[96];
    char fault[32]; /* of the zone */
    char reason[128];
};

static struct zone_case zone_cases[] = {
    {"nodes.edge.listeners.uc-traversal.verify_name=other.example.test",
     "tls_alert_bad_certificate", ZONE_MISSING "Peer's TLS certificate identity was unacceptable"},
    {"nodes.core.zones.uc.credentials.password=other", "sip_auth_failed",
     ZONE_MISSING "Incorrect authentication credential for user"},
};

ParameterizedTestParameters(chains, without_the_zone_a_provisioned_phone_is_told_why) {
    return cr_make_param_array(struct zone_case, zone_cases,
                               sizeof zone_cases / sizeof zone_cases[0]);
}

ParameterizedTest(struct zone_case *variant, chains,
                  without_the_zone_a_provisioned_phone_is_told_why) {
    enum { FEW = 20 };
    struct support_run run;
    support_run_prepare(&run, "phones", "condition-3");
    support_run_add(&run, "--duration 4s");
    support_run_set(&run, "%s", variant->setting);
    support_run_set(&run, "nodes.core.zones.uc.connections=8");
    support_run_set(&run, "nodes.mra.zones.provisioning.connections=%d", FEW);
    support_run_set(&run, "nodes.mra.zones.sip.connections=%d", FEW);
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "core.uc", variant->fault);
    expect_established(&run, "core.tunnel", 4);
    expect_established(&run, "mra.provisioning", FEW);
    cr_assert_geq(number(&run, "zones", "mra.sip", "failed"), FEW);
    expect_told(&run, "mra.sip", "sip_rejected", variant->reason);
    expect_requests(&run, "cucm.sip", "REGISTER", 0);
    support_run_finish(&run);
}

/* What is sent on loopback, seen by somebody who has nothing to do with the program under test. */
struct observer {
    struct support_child child;
    struct support_words words;
    const char *file;
};

static bool observes(const void *context) {
    const struct observer *observer = context;
    return support_file_exists(observer->file) || !support_child_is_running(&observer->child);
}

/* The file is made once the interface is open. */
static void start_observer(struct observer *observer) {
    *observer = (struct observer){.file = support_scene_path("seen.pcap")};
    support_words_split(&observer->words,
                        support_scene_text("tshark -n -i lo -w %s", observer->file));
    support_child_start(&observer->child, support_scene.folder, "tshark", &observer->words, NULL);
    if (!support_wait_until(observes, observer, 10000) || !support_file_exists(observer->file)) {
        support_words_finish(&observer->words);
        support_scene_skip("packets may not be captured here");
    }
}

static void stop_observer(struct observer *observer) {
    support_child_stop(&observer->child, SIGINT, 10000);
    support_words_finish(&observer->words);
}

/* The serial of the leaf that the acceptor presented in each captured handshake. */
static void expect_serial_on_the_wire(const struct observer *observer, const char *serial,
                                      unsigned handshakes) {
    struct support_tool tshark;
    const char *expected = "";
    for (unsigned i = 0; i < handshakes; i++) {
        expected = support_scene_text("%s%s\n", expected, serial);
    }
    support_tool_run(
        &tshark, support_scene_text("tshark -n -r %s -Y tls.handshake.type==11&&tcp.srcport==5061 "
                                    "-T fields -E occurrence=f -e x509af.serialNumber",
                                    observer->file));
    cr_assert_eq(tshark.status, 0, "%s", tshark.err);
    cr_assert_str_eq(tshark.out, expected);
    support_tool_finish(&tshark);
}

Test(chains, the_neighbor_is_presented_the_serial_of_the_article_on_the_wire) {
    enum { FEW = 3 };
    struct observer observer;
    struct support_run run;
    start_observer(&observer);
    support_run_prepare(&run, "neighbor", "scenario-2-neighbor");
    support_run_add(&run, "--duration 1s");
    support_run_set(&run, "nodes.old.zones.neighbor.connections=%d", FEW);
    support_run_expect(&run, SUPPORT_PASS);
    stop_observer(&observer);
    support_result_expect_only(&run, "zones/old.neighbor/tls_versions", "1.2", FEW);
    expect_serial_on_the_wire(&observer, ARTICLE_STORE, FEW);
    cr_assert_str_eq(serial_in_store(&run, "new", "server.pem"), ARTICLE_STORE);
    cr_assert_str_neq(serial_in_store(&run, "new", "client.pem"), ARTICLE_STORE);
    expect_stores_on_every_hop(&run);
    support_run_finish(&run);
}

/* A node with a client store alone is called what its certificate says. */
Test(chains, requests_come_back_over_connections_that_were_offered_for_it) {
    static const char profile[] =
        "name: alias\n"
        "authorities: { ca: { kind: internal, key: ecdsa-p256 } }\n"
        "nodes:\n"
        "  proxy: { product: generic, address: 127.0.0.31, trust: [ca],\n"
        "    server_store: { issuer: ca, key: ecdsa-p256 }, client_store: none,\n"
        "    listeners: { sip: 5061 }, routes: [ { match: pbx.example.test, to: sip } ] }\n"
        "  pbx: { product: generic, address: 127.0.0.16, trust: [ca],\n"
        "    client_store: { issuer: ca, key: ecdsa-p256 },\n"
        "    zones: { up: { peer: proxy.sip, alias: on } } }\n"
        "  phone: { product: generic, address: 127.0.0.17, trust: [ca],\n"
        "    client_store: { issuer: ca, key: ecdsa-p256 },\n"
        "    zones: { call: { peer: proxy.sip, target: pbx.example.test, after: pbx.up } } }\n"
        "load: { duration: 1s, options_interval: 50ms }\n"
        "expect: { phone.call: { state: active } }\n"
        "variants:\n"
        "  unoffered:\n"
        "    set: { nodes.pbx.zones.up.alias: off }\n"
        "    expect: { phone.call: { state: failed } }\n";
    const char *path = support_scene_path("alias.yaml");
    struct support_run run;
    support_file_write(path, profile);
    support_run_prepare(&run, "alias", path);
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_eq(number(&run, "listeners", "proxy.sip", "aliased"), 1);
    cr_assert_eq(number(&run, "listeners", "proxy.sip", "alias_refused"), 0);
    cr_assert_gt(number(&run, "listeners", "proxy.sip", "relayed"), 5);
    support_run_finish(&run);
}
