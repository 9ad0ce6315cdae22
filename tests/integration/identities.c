/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Many certificates in one store, and which of them is presented. */
TestSuite(identities, .init = support_scene_open, .fini = support_scene_close);

#define GOOD 9

static const char *profile_with(const char *name, const char *authorities, const char *store) {
    const char *path = support_scene_path("%s.yaml", name);
    support_file_write(
        path,
        support_scene_text(
            "name: %s\n"
            "authorities: { own: { kind: internal, key: ecdsa-p256 }, %s }\n"
            "load: { duration: 1s, rate: 200/s, dialog: options }\n"
            "nodes:\n"
            "  acceptor: { product: generic, trust: [ca], address: %s, server_store: { issuer: "
            "own, key: ecdsa-p256 }, listeners: { sip: 5061 } }\n"
            "  initiator: { product: generic, trust: [own], address: %s, client_store: %s, zones: "
            "{ load: { peer: acceptor.sip } } }\n",
            name, authorities, support_scene_address(31), support_scene_address(16), store));
    return path;
}

/* Nine that are let in, and one of three times their weight each that is not. */
static void write_table(const char *folder) {
    const char *text = "cert,key,weight\n";
    for (unsigned i = 0; i <= GOOD; i++) {
        const char *number = i == 0 ? "" : support_scene_text("-%u", i);
        text = support_scene_text("%s%s/client%s.pem,%s/clientprivkey%s.pem,%u\n", text, folder,
                                  number, folder, number, i == GOOD ? 3 : 1);
    }
    support_file_write(support_scene_path("table.csv"), text);
}

static long long count_of(const struct support_run *run, unsigned identity, const char *key) {
    return support_result_number(
        run, support_scene_text("zones/initiator.load/identities/%u/%s", identity, key));
}

static void expect_mix(const struct support_run *run) {
    long long attempts = 0;
    long long in_flight = support_result_number(run, "zones/initiator.load/in_flight_at_end");
    long long established = 0;
    for (unsigned i = 0; i <= GOOD; i++) {
        attempts += count_of(run, i, "attempts");
        established += count_of(run, i, "established");
        cr_assert_gt(count_of(run, i, "attempts"), 0, "identity %u", i);
        cr_assert_eq(count_of(run, i, "established") > 0, i < GOOD, "identity %u", i);
        cr_assert_eq(count_of(run, i, "failed") > 0, i == GOOD, "identity %u", i);
    }
    cr_assert_eq(attempts, support_result_number(run, "zones/initiator.load/attempts"));
    cr_assert_eq(established, support_result_number(run, "zones/initiator.load/established"));
    cr_assert_leq(attempts - established - count_of(run, GOOD, "attempts"), in_flight);
}

Test(identities, of_a_table_have_results_of_their_own) {
    struct support_tool certs;
    struct support_run run;
    const char *made = profile_with(
        "made", "ca: { kind: internal, key: ecdsa-p256 }",
        support_scene_text("[{ issuer: ca, key: ecdsa-p256, count: %u }, { issuer: ca, key: "
                           "ecdsa-p256, eku: [serverAuth], unchecked: on }]",
                           GOOD));
    support_tool_run(&certs, support_scene_text("%s certs %s --out %s", support_run_program(), made,
                                                support_scene_path("pki")));
    cr_assert_eq(certs.status, SUPPORT_PASS, "%s", certs.err);
    support_tool_finish(&certs);
    write_table("pki/nodes/initiator");
    support_run_prepare(&run, "read",
                        profile_with("read",
                                     "ca: { kind: internal, cert: pki/authorities/ca/root.pem }",
                                     "{ csv: table.csv, unchecked: on }"));
    support_run_add(&run, "--seed 7");
    support_run_expect(&run, SUPPORT_PASS);
    expect_mix(&run);
    char *page = support_file_read(run.child.out_path);
    cr_assert_not_null(strstr(page, "established, 9 identities\n"), "%s", page);
    cr_assert_not_null(strstr(page, "serverAuth: 0 of "), "%s", page);
    cr_assert_not_null(strstr(page, support_scene_text(" failed: identity %u,", GOOD)), "%s", page);
    const char *file = support_result_text(
        &run, support_scene_text("zones/initiator.load/identities/%u/file", GOOD));
    cr_assert_not_null(strstr(file, support_scene_text("/client-%u.pem", GOOD)), "%s", file);
    free(page);
    support_run_finish(&run);
}

/* The first store has two certificates; who asks for neither of their names gets the first. */
Test(identities, an_acceptor_presents_what_is_asked_for_or_what_its_listener_says) {
    struct support_run run;
    const char *path = support_scene_path("names.yaml");
    support_file_write(
        path,
        support_scene_text(
            "name: names\n"
            "authorities: { ca: { kind: internal, key: ecdsa-p256 } }\n"
            "load: { duration: 500ms, dialog: options }\n"
            "nodes:\n"
            "  acceptor:\n"
            "    product: generic\n"
            "    trust: [ca]\n"
            "    address: %s\n"
            "    server_store:\n"
            "      - { issuer: ca, key: ecdsa-p256, names: [a.example.test], serial: 0a }\n"
            "      - { issuer: ca, key: ecdsa-p256, names: [b.example.test], serial: 0b }\n"
            "    listeners: { sip: 5061, second: { port: 5062, service: sip, identity: 1 } }\n"
            "  initiator:\n"
            "    product: generic\n"
            "    trust: [ca]\n"
            "    address: %s\n"
            "    client_store: { issuer: ca, key: ecdsa-p256 }\n"
            "    zones:\n"
            "      verifies-b: { peer: acceptor.sip, verify_name: b.example.test }\n"
            "      asks-b: { peer: acceptor.sip, sni: b.example.test }\n"
            "      asks-a-wants-b: { peer: acceptor.sip, sni: a.example.test, verify_name: "
            "b.example.test }\n"
            "      asks-nothing: { peer: acceptor.sip, sni: none }\n"
            "      asks-nothing-wants-a: { peer: acceptor.sip, sni: none, verify_name: "
            "a.example.test }\n"
            "      second-asks-a: { peer: acceptor.second, sni: a.example.test }\n"
            "expect:\n"
            "  initiator.verifies-b: { state: active, peer_serials: [0b] }\n"
            "  initiator.asks-b: { state: active, peer_serials: [0b] }\n"
            "  initiator.asks-a-wants-b: { state: failed, faults: [tls_peer_name], peer_serials: "
            "[0a] }\n"
            "  initiator.asks-nothing: { state: active, peer_serials: [0a] }\n"
            "  initiator.asks-nothing-wants-a: { state: active, peer_serials: [0a] }\n"
            "  initiator.second-asks-a: { state: active, peer_serials: [0b] }\n",
            support_scene_address(31), support_scene_address(16)));
    support_run_prepare(&run, "names", path);
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}
