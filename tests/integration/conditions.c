/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UC        SUPPORT_ARTICLE_UC
#define TUNNEL    SUPPORT_ARTICLE_TUNNEL
#define REFUSED   "tls_alert_unsupported_certificate"
#define DENIED    "tunnel_permission_denied"
#define UC_PORT   7001
#define LAST_TIME "[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}"

TestSuite(conditions, .init = support_scene_open, .fini = support_scene_close);

struct condition_case {
    char version[4];
    char mode[4];
};

static void set_case(struct support_run *run, const struct condition_case *variant) {
    support_run_set(run, "nodes.core.tls.versions=[%s]", variant->version);
    support_run_set(run, "nodes.edge.eku_checking=%s", variant->mode);
}

/* The one serial that a place saw is that of the certificate in the peer's store. */
static void expect_serial(const struct support_run *run, const char *place, const char *store,
                          long long count) {
    const char *pem = support_scene_text("%s/nodes/%s", run->out, store);
    support_result_expect_only(run, support_scene_text("%s/peer_certificate/serials", place),
                               support_tool_serial(pem), count);
}

static void expect_judged(const struct support_run *run, const char *listener, const char *mode) {
    const char *check = support_scene_text("listeners/%s/eku_check", listener);
    long long checked = support_result_number(run, support_scene_text("%s/checked", check));
    long long refused = support_result_number(run, support_scene_text("%s/refused", check));
    long long admitted =
        support_result_number(run, support_scene_text("listeners/%s/admitted", listener));
    cr_assert_eq(checked, admitted + refused, "%s: %lld checked, %lld admitted, %lld refused",
                 listener, checked, admitted, refused);
    cr_assert_str_eq(support_result_text(run, support_scene_text("%s/mode", check)), mode);
}

static struct condition_case success_cases[] = {
    {"1.2", "on"}, {"1.2", "off"}, {"1.3", "on"}, {"1.3", "off"}};

ParameterizedTestParameters(conditions, success_needs_client_auth_in_the_core_client_store_only) {
    return cr_make_param_array(struct condition_case, success_cases,
                               sizeof success_cases / sizeof *success_cases);
}

ParameterizedTest(struct condition_case *variant, conditions,
                  success_needs_client_auth_in_the_core_client_store_only) {
    struct support_run run;
    support_run_prepare_article(&run, "success", "condition-2.1");
    set_case(&run, variant);
    support_run_set(&run, "thresholds=[core.uc.peak_open >= %d]", UC);
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_str_eq(support_result_text(&run, "verdict"), "pass");
    support_result_expect_whole_zone(&run, "core.uc", UC);
    support_result_expect_whole_zone(&run, "core.tunnel", TUNNEL);
    support_result_expect_no_mismatch(&run);
    support_result_expect_only(&run, "zones/core.uc/tls_versions", variant->version, UC);
    support_result_expect_only(&run, "zones/core.tunnel/tls_versions", variant->version, TUNNEL);
    expect_judged(&run, "edge.uc-traversal", variant->mode);
    expect_judged(&run, "edge.tunnel", "on");
    expect_serial(&run, "zones/core.uc", "edge/server.pem", UC);
    expect_serial(&run, "listeners/edge.uc-traversal", "core/client.pem", UC);
    expect_serial(&run, "listeners/edge.tunnel", "core/client.pem", TUNNEL);
    support_run_finish(&run);
}

/* Counts the refusals of the log, each of which has to be as the article shows it. */
static unsigned count_refusals(const struct support_run *run, unsigned port, long *ports) {
    static const char format[] =
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T" LAST_TIME "[+-][0-9]{2}:[0-9]{2} tvcs: "
        "Event=\"Inbound TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"%s\" "
        "Src-port=\"([0-9]+)\" Dst-ip=\"%s\" Dst-port=\"%u\" "
        "Detail=\"unsupported certificate purpose\" Protocol=\"TLS\" Level=\"1\" "
        "UTCTime=\"[0-9]{4}-[0-9]{2}-[0-9]{2} " LAST_TIME "\"$";
    const char *marker = support_scene_text("Dst-port=\"%u\"", port);
    char *log = support_file_read(support_scene_text("%s/nodes/edge/events.log", run->out));
    char *rest = log;
    char *line;
    unsigned count = 0;
    regex_t pattern;
    regmatch_t match[2];
    cr_assert_eq(regcomp(&pattern,
                         support_scene_text(format, support_scene_address(16),
                                            support_scene_address(31), port),
                         REG_EXTENDED),
                 0);
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (strstr(line, marker) != NULL) {
            cr_assert_eq(regexec(&pattern, line, 2, match, 0), 0, "not as the article: %s", line);
            ports[count++] = strtol(line + match[1].rm_so, NULL, 10);
        }
    }
    regfree(&pattern);
    free(log);
    return count;
}

static int compare_ports(const void *a, const void *b) {
    long left = *(const long *)a;
    long right = *(const long *)b;
    return (left > right) - (left < right);
}

static void expect_logged_refusals(const struct support_run *run) {
    long long refused = support_result_number(run, "listeners/edge.uc-traversal/refused");
    long *ports = calloc((size_t)refused + 10000, sizeof *ports);
    unsigned count = count_refusals(run, UC_PORT, ports);
    cr_assert_eq(count, refused, "%u lines for %lld refusals", count, refused);
    qsort(ports, count, sizeof *ports, compare_ports);
    cr_assert_gt(ports[0], 0);
    for (unsigned i = 1; i < count; i++) {
        cr_assert_neq(ports[i], ports[i - 1], "source port %ld twice", ports[i]);
    }
    free(ports);
}

struct version_case {
    char version[4];
};
static struct version_case versions[] = {{"1.2"}, {"1.3"}};

ParameterizedTestParameters(conditions, test_case_1_refuses_the_usage_and_says_so_everywhere) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, conditions,
                  test_case_1_refuses_the_usage_and_says_so_everywhere) {
    struct support_run run;
    support_run_prepare_article(&run, "refused", "condition-2-test-case-1");
    support_run_set(&run, "nodes.core.tls.versions=[%s]", variant->version);
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_str_eq(support_result_text(&run, "zones/core.uc/state"), "failed");
    cr_assert_str_eq(support_result_text(&run, "zones/core.tunnel/state"), "failed");
    support_result_expect_refused_zone(&run, "core.uc", REFUSED);
    support_result_expect_refused_zone(&run, "core.tunnel", DENIED);
    support_result_expect_no_mismatch(&run);
    long long refused = support_result_number(&run, "listeners/edge.uc-traversal/refused");
    support_result_expect_only(&run, "listeners/edge.uc-traversal/faults", "tls_peer_eku", refused);
    cr_assert_eq(refused,
                 support_result_number(&run, "listeners/edge.uc-traversal/eku_check/refused"));
    cr_assert_eq(refused, support_result_number(&run, "zones/core.uc/failed"));
    expect_judged(&run, "edge.uc-traversal", "on");
    expect_logged_refusals(&run);
    support_run_finish(&run);
}

Test(conditions, test_case_1_is_missed_when_the_edge_does_not_check) {
    struct support_run run;
    support_run_prepare_article(&run, "lax", "condition-2-test-case-1");
    support_run_set(&run, "nodes.edge.eku_checking=off");
    support_run_expect(&run, SUPPORT_FAIL);
    cr_assert_str_eq(support_result_text(&run, "verdict"), "fail");
    cr_assert_str_eq(support_result_text(&run, "zones/core.uc/state"), "active");
    support_run_finish(&run);
}

Test(conditions, test_case_2_has_the_zone_without_the_tunnels) {
    struct support_run run;
    support_run_prepare_article(&run, "off", "condition-2-test-case-2");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "core.uc", UC);
    cr_assert_str_eq(support_result_text(&run, "zones/core.tunnel/state"), "failed");
    support_result_expect_refused_zone(&run, "core.tunnel", DENIED);
    expect_judged(&run, "edge.uc-traversal", "off");
    expect_judged(&run, "edge.tunnel", "on");
    support_run_finish(&run);
}

Test(conditions, test_case_2_is_missed_when_the_edge_checks) {
    struct support_run run;
    support_run_prepare_article(&run, "strict", "condition-2-test-case-2");
    support_run_set(&run, "nodes.edge.eku_checking=on");
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "core.uc", REFUSED);
    support_run_finish(&run);
}
