/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_article.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct report_status status;

static void begin(void) {
    setenv("TZ", "IST-5:30", 1); /* the pages show UTC all the same */
    cr_assert(report_status_init(&status, &article));
}

static void end(void) {
    report_status_finish(&status);
}

TestSuite(report_status, .init = begin, .fini = end);

static void write_core_zones(FILE *out) {
    report_status_write_zones(&status, CORE, out);
}

static void write_edge_zones(FILE *out) {
    report_status_write_zones(&status, EDGE, out);
}

static void write_core_tunnels(FILE *out) {
    report_status_write_tunnels(&status, CORE, out);
}

static void write_edge_tunnels(FILE *out) {
    report_status_write_tunnels(&status, EDGE, out);
}

static void expect(void (*write)(FILE *out), const char *wanted) {
    char *text = article_written(write);
    cr_assert_str_eq(text, wanted, "%s", text);
    free(text);
}

static void take_tunnels(enum metrics_state state, enum fault fault) {
    report_status_take_zone(&status, CORE_TOMCAT, state, fault, ARTICLE_TIME);
    report_status_take_zone(&status, CORE_FEDERATION, state, fault, ARTICLE_TIME);
}

Test(report_status, a_zone_that_is_refused_reads_as_on_the_page) {
    report_status_take_zone(&status, CORE_UC, METRICS_FAILED,
                            FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, ARTICLE_TIME);
    expect(write_core_zones,
           "Zones\n"
           "Name        Type                              Calls  Bandwidth used  H323 status  SIP "
           "status  Search rule status\n"
           "uczone.MSA  Unified Communications traversal  -      0 kbps          Off          "
           "Failed      No search rules configured\n");
}

Test(report_status, every_state_has_the_words_of_the_pages) {
    static const struct {
        enum metrics_state state;
        const char *zone;
        const char *tunnel;
    } cases[] = {{METRICS_IDLE, "  Checking  ", "  Pending  "},
                 {METRICS_FAILED, "  Failed      ", "  Failed  "},
                 {METRICS_DEGRADED, "  Warning     ", "  Warning  "},
                 {METRICS_ACTIVE, "  Active      ", "  Active  "}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        report_status_take_zone(&status, CORE_UC, cases[i].state, FAULT_NONE, 0);
        take_tunnels(cases[i].state, FAULT_NONE);
        char *zones = article_written(write_core_zones);
        char *tunnels = article_written(write_core_tunnels);
        cr_assert_not_null(strstr(zones, cases[i].zone), "%s", zones);
        cr_assert_not_null(strstr(tunnels, cases[i].tunnel), "%s", tunnels);
        free(zones);
        free(tunnels);
    }
}

Test(report_status, refused_tunnels_read_as_on_the_page_of_the_core) {
    take_tunnels(METRICS_FAILED, FAULT_TUNNEL_PERMISSION_DENIED);
    expect(write_core_tunnels,
           "Unified Communications SSH tunnels status\n"
           "Target                   Domain              Status  Tunnel Created       Reason       "
           "      Peer\n"
           "smartslave.vikdutta.com  tomcat.com          Failed  29/03/2026 07:21:27  Permission "
           "denied  10.106.80.16\n"
           "smartslave.vikdutta.com  555.federation.com  Failed  29/03/2026 07:21:27  Permission "
           "denied  10.106.80.16\n");
}

Test(report_status, the_edge_names_the_core_as_the_target_of_the_same_tunnels) {
    take_tunnels(METRICS_ACTIVE, FAULT_TUNNEL_TIMEOUT);
    expect(write_edge_tunnels,
           "Unified Communications SSH tunnels status\n"
           "Target  Domain              Status  Tunnel Created       Reason  Peer\n"
           "vcs8c   tomcat.com          Active  29/03/2026 07:21:27          10.106.80.31\n"
           "vcs8c   555.federation.com  Active  29/03/2026 07:21:27          10.106.80.31\n");
}

Test(report_status, a_tunnel_says_why_it_failed_in_the_words_of_ssh) {
    static const struct {
        enum fault fault;
        const char *reason;
    } cases[] = {
        {FAULT_TUNNEL_PERMISSION_DENIED, "Permission denied"},
        {FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, "Permission denied"},
        {FAULT_TLS_PEER_NAME, "Permission denied"},
        {FAULT_TUNNEL_TIMEOUT, "Connection timed out"},
        {FAULT_TCP_TIMEOUT, "Connection timed out"},
        {FAULT_TLS_TIMEOUT, "Connection timed out"},
        {FAULT_TCP_REFUSED, "Connection refused"},
        {FAULT_TCP_RESET, "Connection reset by peer"},
        {FAULT_TLS_CLOSED, "Connection closed by remote host"},
        {FAULT_LOCAL_FD_LIMIT, "this machine's descriptor limit was reached"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        take_tunnels(METRICS_FAILED, cases[i].fault);
        char *text = article_written(write_core_tunnels);
        cr_assert_not_null(strstr(text, cases[i].reason), "%s: %s", cases[i].reason, text);
        free(text);
    }
}

Test(report_status, a_traversal_listener_is_the_zone_of_a_node_that_accepts) {
    const struct metrics_listener_snapshot nobody = {.accepted = 0};
    const struct metrics_listener_snapshot refused = {.accepted = 3, .refused = 3};
    const struct metrics_listener_snapshot open = {.accepted = 3, .admitted = 3, .open = 3};
    static const char *const lines[] = {"  Checking    ", "  Failed      ", "  Active      "};
    const struct metrics_listener_snapshot *const seen[] = {&nobody, &refused, &open};
    for (size_t i = 0; i < 3; i++) {
        report_status_take_listener(&status, EDGE_UC, seen[i], FAULT_TLS_PEER_EKU, 0);
        char *text = article_written(write_edge_zones);
        char *line = strstr(text, "uc-traversal  Unified Communications traversal  - ");
        cr_assert_not_null(line, "%s", text);
        cr_assert_not_null(strstr(line, lines[i]), "%s", text);
        free(text);
    }
}

Test(report_status, a_listener_in_churn_is_judged_over_the_run_as_the_zones_that_dial_it) {
    static const struct {
        struct metrics_listener_snapshot seen;
        enum metrics_state state;
    } rows[] = {
        {{.accepted = 0}, METRICS_IDLE},
        {{.accepted = 3, .refused = 3}, METRICS_FAILED},
        {{.accepted = 3, .admitted = 3}, METRICS_ACTIVE},
        {{.accepted = 3, .admitted = 2, .in_flight = 1}, METRICS_ACTIVE},
        {{.accepted = 3, .admitted = 2, .refused = 1}, METRICS_DEGRADED},
        {{.accepted = 3, .admitted = 2, .aborted = 1}, METRICS_DEGRADED},
        {{.accepted = 3, .admitted = 2, .open = 2, .refused = 1}, METRICS_DEGRADED},
    };
    struct profile_zone zone = article.zones[CORE_UC];
    struct profile_plan plan = article;
    plan.zones = &zone;
    plan.zone_count = 1;
    zone.load.shape = PROFILE_SHAPE_RATE;
    status.plan = &plan;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        report_status_take_listener(&status, EDGE_UC, &rows[i].seen, FAULT_TLS_PEER_EKU, 0);
        cr_expect_eq(status.listeners[EDGE_UC].state, rows[i].state, "row %zu", i);
        report_status_take_listener(&status, EDGE_SIP, &rows[i].seen, FAULT_TLS_PEER_EKU, 0);
        cr_expect_neq(status.listeners[EDGE_SIP].state, METRICS_DEGRADED, "nobody dials it so");
    }
}

Test(report_status, a_zone_that_routes_lead_to_has_search_rules) {
    report_status_take_zone(&status, EDGE_WEBEX, METRICS_ACTIVE, FAULT_NONE, 0);
    char *text = article_written(write_edge_zones);
    cr_assert_not_null(strstr(text, "webex  Webex  - "), "%s", text);
    cr_assert_not_null(strstr(text, "Search rules enabled\n"), "%s", text);
    free(text);
}

Test(report_status, pages_without_a_line_are_not_written) {
    expect(write_core_zones, ""); /* nothing is known yet */
    expect(write_core_tunnels, "");
    report_status_take_zone(&status, CORE_CUCM, METRICS_ACTIVE, FAULT_NONE, 0);
    expect(write_core_zones, ""); /* no zone of the page */
}

Test(report_status, an_edge_alone_tells_its_tunnels_from_its_listener) {
    const struct metrics_listener_snapshot refused = {.accepted = 9, .refused = 9};
    report_status_take_listener(&status, EDGE_TUNNEL, &refused, FAULT_TLS_PEER_EKU, ARTICLE_TIME);
    char *text = article_written(write_edge_tunnels);
    cr_assert_not_null(strstr(text, "vcs8c   tomcat.com          Failed  29/03/2026 07:21:27  "
                                    "Permission denied  10.106.80.31\n"),
                       "%s", text);
    free(text);
}

Test(report_status, a_summary_fills_every_row_of_what_ran) {
    static const uint32_t identities[ARTICLE_ZONES] = {1, 1, 1, 1, 1};
    const struct metrics_shape shape = {.zone_count = ARTICLE_ZONES,
                                        .listener_count = ARTICLE_LISTENERS,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 4};
    struct metrics_zone_summary zones[ARTICLE_ZONES] = {
        [CORE_UC] = {.ran = true, .state = METRICS_FAILED},
        [CORE_TOMCAT] = {.ran = true, .state = METRICS_DEGRADED}};
    struct metrics_listener_summary listeners[ARTICLE_LISTENERS] = {[EDGE_UC] = {.ran = true}};
    struct metrics_summary summary = {
        .zones = zones, .listeners = listeners, .started_wall_ns = ARTICLE_TIME};
    cr_assert(metrics_shard_init(&summary.total, &shape));
    struct metrics_zone *uc = &summary.total.zones[CORE_UC];
    metrics_add(&uc->faults[FAULT_TCP_REFUSED], 3);
    metrics_add(&uc->faults[FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE], 4);
    metrics_add(&summary.total.zones[CORE_TOMCAT].lost_faults[FAULT_TCP_RESET], 1);
    metrics_add(&summary.total.listeners[EDGE_UC].accepted, 7);
    metrics_add(&summary.total.listeners[EDGE_UC].admitted, 5);
    metrics_add(&summary.total.listeners[EDGE_UC].closed, 4);
    report_status_take_summary(&status, &summary);
    cr_assert_eq(status.zones[CORE_UC].state, METRICS_FAILED);
    cr_assert_eq(status.zones[CORE_UC].fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
    cr_assert_eq(status.zones[CORE_TOMCAT].fault, FAULT_TCP_RESET);
    cr_assert_eq(status.zones[CORE_TOMCAT].since_wall_ns, ARTICLE_TIME);
    cr_assert_not(status.zones[EDGE_WEBEX].known);
    cr_assert_eq(status.listeners[EDGE_UC].state, METRICS_ACTIVE);
    cr_assert_not(status.listeners[EDGE_SIP].known);
    metrics_shard_finish(&summary.total);
}
