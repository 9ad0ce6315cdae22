/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <string.h>

/*
 * One run has every way to resume: an initiator of each TLS version with a zone per way, to an
 * acceptor per way. Only where both ends do it alike is anything resumed.
 */
TestSuite(resumption, .init = support_scene_open, .fini = support_scene_close);

static const char *const ways[] = {"off", "tickets", "session-id"};
static const char *const versions[] = {"1.2", "1.3"};
enum { WAYS = 3, VERSIONS = 2 };

/* TLS 1.3 has no session IDs: a profile that asks for both is refused. */
static bool exists(unsigned initiator, unsigned version) {
    return strcmp(ways[initiator], "session-id") != 0 || version == 0;
}

static const char *write_profile(void) {
    const char *path = support_scene_path("resumption.yaml");
    const char *text = "name: resumption\n"
                       "authorities: { ca: { kind: internal, key: ecdsa-p256 } }\n"
                       "load: { duration: 700ms, concurrency: 2, dialog: options, hold: 10ms }\n"
                       "nodes:\n";
    for (unsigned i = 0; i < WAYS; i++) {
        text = support_scene_text(
            "%s  acceptor-%s: { product: generic, trust: [ca], address: %s, resumption: %s, "
            "server_store: { issuer: ca, key: ecdsa-p256 }, listeners: { sip: %u } }\n",
            text, ways[i], support_scene_address(31), ways[i], 5061 + i);
    }
    for (unsigned version = 0; version < VERSIONS; version++) {
        text = support_scene_text(
            "%s  initiator-%u:\n    product: generic\n    trust: [ca]\n    address: %s\n"
            "    tls: { versions: [%s] }\n    client_store: { issuer: ca, key: ecdsa-p256 }\n"
            "    zones:\n",
            text, version, support_scene_address(16), versions[version]);
        for (unsigned i = 0; i < WAYS * WAYS && exists(i / WAYS, version); i++) {
            text = support_scene_text(
                "%s      %s-to-%s: { peer: acceptor-%s.sip, resumption: %s }\n", text,
                ways[i / WAYS], ways[i % WAYS], ways[i % WAYS], ways[i / WAYS]);
        }
    }
    support_file_write(path, text);
    return path;
}

static long long latency_count(const struct support_run *run, const char *zone, const char *key) {
    return support_result_number(run, support_scene_text("zones/%s/latency/%s/count", zone, key));
}

static void expect_zone(const struct support_run *run, const char *zone, bool resumes,
                        bool is_off) {
    long long resumed = support_result_number(run, support_scene_text("zones/%s/resumed", zone));
    long long established =
        support_result_number(run, support_scene_text("zones/%s/established", zone));
    support_result_expect_only(run, support_scene_text("zones/%s/faults", zone), NULL, 0);
    /* Two connections at once in each worker: the first of them have nothing to offer. */
    cr_assert_gt(established, 8, "%s: %lld", zone, established);
    cr_assert_eq(resumed > 0, resumes, "%s: %lld of %lld resumed", zone, resumed, established);
    if (!is_off) {
        cr_assert_eq(latency_count(run, zone, "tls_handshake_resumed"), resumed);
        cr_assert_eq(latency_count(run, zone, "tls_handshake_full") + resumed,
                     latency_count(run, zone, "tls_handshake"));
    } else {
        const json_t *latency =
            support_result_find(run, support_scene_text("zones/%s/latency", zone));
        cr_assert_null(json_object_get(latency, "tls_handshake_full"), "%s", zone);
    }
}

/* Whoever is let in was checked, or resumed. */
static void expect_listener(const struct support_run *run, const char *way) {
    const char *at = support_scene_text("listeners/acceptor-%s.sip", way);
    long long checked = support_result_number(run, support_scene_text("%s/eku_check/checked", at));
    long long resumed = support_result_number(run, support_scene_text("%s/resumed", at));
    long long admitted = support_result_number(run, support_scene_text("%s/admitted", at));
    long long rest = support_result_number(run, support_scene_text("%s/in_flight_at_end", at));
    cr_assert_geq(checked + resumed, admitted, "%s", way);
    cr_assert_leq(checked + resumed, admitted + rest, "%s", way);
}

Test(resumption, is_where_both_ends_do_it_alike) {
    struct support_run run;
    support_run_prepare(&run, "resumption", write_profile());
    support_run_expect(&run, SUPPORT_PASS);
    for (unsigned version = 0; version < VERSIONS; version++) {
        for (unsigned i = 0; i < WAYS * WAYS && exists(i / WAYS, version); i++) {
            expect_zone(&run,
                        support_scene_text("initiator-%u.%s-to-%s", version, ways[i / WAYS],
                                           ways[i % WAYS]),
                        i / WAYS == i % WAYS && i / WAYS > 0, i / WAYS == 0);
        }
    }
    for (unsigned i = 0; i < WAYS; i++) {
        expect_listener(&run, ways[i]);
    }
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

Test(resumption, tickets_for_all_are_one_option) {
    struct support_run run;
    support_run_prepare(&run, "null", "null");
    support_run_add(&run, "--tickets --duration 500ms");
    support_run_set(&run, "load.concurrency=2");
    support_run_set(&run, "load.hold=10ms");
    support_run_set(&run, "nodes.client.address=%s", support_scene_address(16));
    support_run_set(&run, "nodes.server.address=%s", support_scene_address(31));
    support_run_set(&run, "nodes.client.zones.load.resumption=off");
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_gt(support_result_number(&run, "zones/client.load/resumed"), 0);
    support_run_finish(&run);
}
