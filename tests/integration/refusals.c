/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

/*
 * One run has them all: a good acceptor with a listener per defect, dialled by an initiator with
 * that defect; and a good initiator with a zone per defect, which dials an acceptor with it.
 */
#define CONNECTIONS 3
#define FIRST_PORT  5061

TestSuite(refusals, .init = support_scene_open, .fini = support_scene_close);

static const struct defect {
    const char *name;
    const char *store;       /* of whoever presents it */
    const char *verify_name; /* of whoever judges it */
    const char *judged;      /* NULL: nothing is wrong with it */
    const char *told;        /* the alert that the presenter gets */
} defects[] = {
    {"nothing", "issuer: ca", "right.example.test", NULL, NULL},
    {"revoked", "issuer: ca, revoked: true", NULL, "tls_peer_revoked",
     "tls_alert_certificate_revoked"},
    {"expired", "issuer: ca, not_before: -3d, not_after: -1d", NULL, "tls_peer_expired",
     "tls_alert_certificate_expired"},
    {"not-yet-valid", "issuer: ca, not_before: +1d", NULL, "tls_peer_not_yet_valid",
     "tls_alert_certificate_expired"},
    {"untrusted", "issuer: other", NULL, "tls_peer_untrusted", "tls_alert_unknown_ca"},
    {"incomplete", "issuer: ca, send_chain: off", NULL, "tls_peer_chain_incomplete",
     "tls_alert_unknown_ca"},
    {"wrong-name", "issuer: ca", "another.example.test", "tls_peer_name",
     "tls_alert_bad_certificate"},
    /* RFC 5922 section 7.2: no wildcards. */
    {"wildcard", "issuer: ca, names: [\"*.example.test\"]", "right.example.test", "tls_peer_name",
     "tls_alert_bad_certificate"},
    /* An acceptor always has one. */
    {"absent", NULL, NULL, "tls_peer_no_certificate", "tls_alert_certificate_required"},
};
#define DEFECT_COUNT (sizeof defects / sizeof defects[0])

static const char *store_of(const struct defect *defect) {
    if (defect->store == NULL) {
        return "none";
    }
    const char *names =
        strstr(defect->store, "names:") == NULL ? ", names: [right.example.test]" : "";
    return support_scene_text("{ %s%s, key: ecdsa-p256, eku: [serverAuth, clientAuth] }",
                              defect->store, names);
}

static const char *verify_of(const struct defect *defect) {
    return defect->verify_name == NULL
               ? ""
               : support_scene_text(", verify_name: %s", defect->verify_name);
}

static const char *write_profile(const char *mode, const char *version) {
    const char *path = support_scene_path("defects.yaml");
    const char *text = support_scene_text(
        "name: defects\n"
        "authorities:\n"
        "  ca: { kind: internal, key: ecdsa-p256 }\n"
        "  other: { kind: internal, key: ecdsa-p256 }\n"
        "load: { duration: 500ms, connections: %d, dialog: options, options_interval: 100ms }\n"
        "nodes:\n",
        CONNECTIONS);
    const char *good = "{ issuer: ca, key: ecdsa-p256, eku: [serverAuth, clientAuth] }";
    const char *common = support_scene_text("product: generic, trust: [ca], eku_checking: %s, "
                                            "tls: { versions: [%s] }, address",
                                            mode, version);
    const char *listeners = "";
    const char *zones = "";
    for (unsigned i = 0; i < DEFECT_COUNT; i++) {
        const struct defect *defect = &defects[i];
        text = support_scene_text(
            "%s  bad-client-%s: { %s: %s, client_store: %s, zones: { load: { peer: acceptor.%s, "
            "retry: none } } }\n",
            text, defect->name, common, support_scene_address(16), store_of(defect), defect->name);
        listeners = support_scene_text("%s\n      %s: { port: %u, service: sip%s },", listeners,
                                       defect->name, FIRST_PORT + i, verify_of(defect));
        if (defect->store == NULL) {
            continue;
        }
        text = support_scene_text(
            "%s  bad-server-%s: { %s: %s, server_store: %s, listeners: { sip: %u } }\n", text,
            defect->name, common, support_scene_address(32), store_of(defect), FIRST_PORT + i);
        zones = support_scene_text("%s\n      %s: { peer: bad-server-%s.sip, retry: none%s },",
                                   zones, defect->name, defect->name, verify_of(defect));
    }
    text = support_scene_text("%s  acceptor:\n    { %s: %s, server_store: %s, listeners: {%s } }\n"
                              "  initiator:\n    { %s: %s, client_store: %s, zones: {%s } }\n",
                              text, common, support_scene_address(31), good, listeners, common,
                              support_scene_address(17), good, zones);
    support_file_write(path, text);
    return path;
}

/* The zone got `zone_fault` and the listener counted `listener_fault`. */
static void expect_outcome(const struct support_run *run, const char *zone, const char *zone_fault,
                           const char *listener, const char *listener_fault) {
    if (zone_fault == NULL) {
        support_result_expect_whole_zone(run, zone, CONNECTIONS);
        return;
    }
    support_result_expect_refused_zone(run, zone, zone_fault);
    cr_assert_eq(support_result_number(run, support_scene_text("zones/%s/failed", zone)),
                 CONNECTIONS);
    support_result_expect_only(run, support_scene_text("listeners/%s/faults", listener),
                               listener_fault, CONNECTIONS);
    cr_assert_eq(support_result_number(run, support_scene_text("listeners/%s/admitted", listener)),
                 0, "%s admitted somebody", listener);
}

/* Whoever refused says which name it wanted and which it was shown: in the result, and in its log,
 * where the wildcard's lines stand, too. */
static void expect_names(const struct support_run *run, const char *reasons, const char *node) {
    static const char told[] = "wanted another.example.test, presented right.example.test";
    const char *log = support_scene_text("%s/nodes/%s/events.log", run->out, node);
    support_result_expect_only(run, reasons, told, CONNECTIONS);
    cr_assert_eq(support_file_count_text(log, support_scene_text("Reason=\"%s\"", told)),
                 CONNECTIONS, "%s", log);
}

/* TLS 1.2 has no alert of its own for no certificate (RFC 5246 section 7.4.6). */
static const char *told_of(const struct defect *defect, const char *version) {
    return defect->store == NULL && strcmp(version, "1.2") == 0 ? "tls_alert_handshake_failure"
                                                                : defect->told;
}

struct variant {
    char mode[4];
    char version[4];
};
static struct variant variants[] = {{"on", "1.2"}, {"on", "1.3"}, {"off", "1.2"}, {"off", "1.3"}};

ParameterizedTestParameters(refusals, every_defect_is_named_on_both_sides_in_both_modes) {
    return cr_make_param_array(struct variant, variants, sizeof variants / sizeof *variants);
}

ParameterizedTest(struct variant *variant, refusals,
                  every_defect_is_named_on_both_sides_in_both_modes) {
    struct support_run run;
    support_run_prepare(&run, "defects", write_profile(variant->mode, variant->version));
    support_run_expect(&run, SUPPORT_PASS);
    for (unsigned i = 0; i < DEFECT_COUNT; i++) {
        const struct defect *defect = &defects[i];
        expect_outcome(&run, support_scene_text("bad-client-%s.load", defect->name),
                       told_of(defect, variant->version),
                       support_scene_text("acceptor.%s", defect->name), defect->judged);
        if (strcmp(defect->name, "wrong-name") == 0) {
            expect_names(&run, "zones/initiator.wrong-name/reasons", "initiator");
            expect_names(&run, "listeners/acceptor.wrong-name/reasons", "acceptor");
        }
        if (defect->store == NULL) {
            continue;
        }
        expect_outcome(&run, support_scene_text("initiator.%s", defect->name), defect->judged,
                       support_scene_text("bad-server-%s.sip", defect->name), defect->told);
    }
    support_run_finish(&run);
}
