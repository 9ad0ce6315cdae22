/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH_MAX = 100 };

TestSuite(report_terminal, .init = sample_begin, .fini = sample_end);

static bool write_plain(const struct report_facts *facts, FILE *out) {
    report_terminal_write(facts, out, false);
    return true;
}

static bool write_coloured(const struct report_facts *facts, FILE *out) {
    report_terminal_write(facts, out, true);
    return true;
}

static void expect(const char *wanted) {
    char *text = sample_written(write_plain);
    cr_assert_not_null(strstr(text, wanted), "no \"%s\" in:\n%s", wanted, text);
    free(text);
}

static void expect_none(const char *unwanted) {
    char *text = sample_written(write_plain);
    cr_assert_null(strstr(text, unwanted), "\"%s\" in:\n%s", unwanted, text);
    free(text);
}

/* clang-format off */
/* A line that is wrong here is wrong on the screen. */
static const char page[] =
    "\n"
    "condition-2.1 ran 15.0 s on 2 threads\n"
    "\n"
    "core.uc -> edge.uc-traversal (127.0.0.31:7001)                                            active\n"
    "  type           Unified Communications traversal\n"
    "  established    4,203 of 4,230 attempts, 2 unconfirmed, 5 in flight at the end\n"
    "  open           4,200 of 4,200 wanted at the end\n"
    "  failed         20, 3 lost, 7 started late\n"
    "    10  the TLS handshake did not end in time\n"
    "     3  connection refused\n"
    "     3  connection reset by the peer\n"
    "     4  other faults, see result.json\n"
    "    3  lost: the peer closed the connection\n"
    "  OPTIONS        61,208 sent, 61,204 answered, 1 timed out, 3 with 503\n"
    "                 4,203 of 4,203 established connections answered\n"
    "  latency                p50        p99        max\n"
    "    TLS handshake    6.00 ms    11.9 ms    12.0 ms\n"
    "    admission        7.50 ms    14.9 ms    15.0 ms\n"
    "    establish        7.50 ms    14.9 ms    15.0 ms\n"
    "    SIP response     5.01 ms    9.89 ms    10.0 ms\n"
    "  TLS            1.3 x 4,200, 1.2 x 3, TLS_AES_128_GCM_SHA256 x 4,200, 0xc02b x 1\n"
    "  presents       clientAuth: 1,401 of 1,410 established, core.example.test, serial 0a\n"
    "                 serverAuth, clientAuth: 1,401 of 1,410 established, /pki/two.pem\n"
    "                 no extended key usage: 1,401 of 1,410 established, core.example.test, 300\n"
    "                 certificates\n"
    "  certificates   2 serials from the peer, 0 mismatches\n"
    "\n"
    "core.tunnel -> edge.tunnel (127.0.0.31:2222)                                              failed\n"
    "  type           tunnel\n"
    "  established    0 of 40 attempts\n"
    "  open           0 of 20 wanted at the end\n"
    "  failed         40, 0 lost\n"
    "    40  alert 43: the peer refuses our certificate's purpose (extended key usage)\n"
    "  latency                p50        p99        max\n"
    "    refusal          2.00 ms    4.00 ms    4.00 ms\n"
    "  presents       serverAuth\n"
    "\n"
    "core.webex -> [2001:db8::7]:5061                                                            idle\n"
    "  type           Webex\n"
    "  nothing was attempted\n"
    "\n"
    "edge.uc-traversal listens on 127.0.0.31:7001                            EKU check on: expressway\n"
    "  accepted       4,225: 4,203 admitted, 12 refused, 6 aborted, 4 in flight at the end\n"
    "    12  unsupported certificate purpose\n"
    "     6  the peer closed during the TLS handshake without an alert\n"
    "  EKU check      4,215 checked, 12 refused, p50 2.50 us, p99 4.94 us\n"
    "  certificates   1 serial from the peer: 0b0c, 0 mismatches\n"
    "\n"
    "edge.tunnel listens on 127.0.0.31:2222                           EKU check off: server-or-client\n"
    "  nobody connected\n"
    "\n"
    "resources        CPU 12.2 s user and 4.5 s system, memory 345 MiB at most\n"
    "\n"
    "  met      core.uc is active\n"
    "  met      core.tunnel is failed with tls_alert_unsupported_certificate\n"
    "  met      core.uc.tls_handshake.p99 < 250ms, observed 11.9 ms\n"
    "  not met  core.webex.establish.p99 < 1s, observed nothing\n"
    "  met      core.uc.lost <= 3, observed 3\n"
    "\n"
    "FAIL  core.webex.establish.p99 was never observed, expected < 1s\n"
    "      results/sample/result.json\n";
/* clang-format on */

Test(report_terminal, reads_as_one_calm_page) {
    char *text = sample_written(write_plain);
    cr_assert_str_eq(text, page, "%s", text);
    free(text);
}

Test(report_terminal, colours_change_no_word) {
    char *plain = sample_written(write_plain);
    char *coloured = sample_written(write_coloured);
    char *to = coloured;
    cr_assert_null(strchr(plain, '\033'));
    cr_assert_not_null(strchr(coloured, '\033'));
    for (const char *from = coloured; *from != '\0'; from++) {
        if (*from == '\033') {
            from = strchr(from, 'm');
            continue;
        }
        *to++ = *from;
    }
    *to = '\0';
    cr_assert_str_eq(coloured, plain);
    free(plain);
    free(coloured);
}

Test(report_terminal, is_never_wider_than_a_screen) {
    memset(sample.verdict.reason, 'x', sizeof sample.verdict.reason - 1);
    for (size_t i = 50; i < sizeof sample.verdict.reason - 1; i += 50) {
        sample.verdict.reason[i] = ' ';
    }
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        sample.verdict.expectations[1].observed_faults[fault] = true;
        metrics_add(&sample.summary.total.zones[ZONE_TUNNEL].faults[fault], 12345);
    }
    sample.verdict.expectations[1].met = false;
    for (unsigned suite = 0xc020; suite < 0xc040; suite++) {
        metrics_zone_count_suite(&sample.summary.total.zones[ZONE_UC], suite);
    }
    char *text = sample_written(write_plain);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        cr_assert_leq(strcspn(line, "\n"), WIDTH_MAX, "%.*s", (int)strcspn(line, "\n"), line);
    }
    free(text);
}

Test(report_terminal, hides_what_is_zero_but_for_what_matters) {
    static const char *const silent[] = {"unconfirmed", "in flight", "started late", "timed out",
                                         "resumed",     "aborted",   "keep-alives",  "lines lost"};
    struct metrics_zone *zone = &sample.summary.total.zones[ZONE_UC];
    metrics_add(&zone->unconfirmed, -metrics_read(&zone->unconfirmed));
    metrics_add(&zone->late, -metrics_read(&zone->late));
    metrics_add(&zone->sip_timeouts, -metrics_read(&zone->sip_timeouts));
    metrics_add(&zone->lost, -metrics_read(&zone->lost));
    metrics_add(&zone->failed, -metrics_read(&zone->failed));
    metrics_add(&sample.summary.total.listeners[LISTENER_UC].aborted, (uint64_t)-6);
    sample.summary.zones[ZONE_UC].in_flight_at_end = 0;
    sample.summary.listeners[LISTENER_UC].in_flight_at_end = 0;
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        expect_none(silent[i]);
    }
    expect("  failed         0, 0 lost\n");
    expect(", 0 mismatches\n");
}

Test(report_terminal, shows_what_went_wrong_with_the_tool_and_the_schedule) {
    sample.summary.journal_dropped = 1234;
    metrics_add(&sample.summary.total.zones[ZONE_UC].dropped, 9);
    expect("1,234 event lines lost: the disk was too slow\n");
    expect("7 started late, 9 never started\n");
}

Test(report_terminal, shows_latency_from_the_intended_start_where_there_is_a_schedule) {
    struct metrics_zone *zone = &sample.summary.total.zones[ZONE_UC];
    metrics_histogram_record(&zone->latency[METRICS_ESTABLISH_FROM_INTENDED], 5000000);
    expect_none("from intended");
    sample.summary.zones[ZONE_UC].wanted = 0;
    expect("    from intended     5.00 s     5.00 s     5.00 s\n");
}

Test(report_terminal, says_that_keepalives_took_the_place_of_a_dialog) {
    metrics_add(&sample.summary.total.zones[ZONE_TUNNEL].keepalives_sent, 20);
    expect("  keep-alives    20 sent\n");
}

Test(report_terminal, says_when_a_run_was_cut_short) {
    sample.summary.interrupted = true;
    sample.summary.duration_s = 7.25;
    sample.summary.tool.threads = 1;
    expect("condition-2.1 was interrupted after 7.2 s on 1 thread\n");
}

Test(report_terminal, warns_when_the_generator_was_the_bottleneck) {
    expect_none("ekuload itself was busy");
    expect_none("this machine let ekuload wait");
    sample.summary.cpu_share = 0.97;
    sample.summary.stall_us_max = 1600000;
    expect("ekuload itself was busy 97% of the time: latencies are partly its "
           "own\n");
    expect("this machine let ekuload wait for up to 1.60 s: what failed may be its "
           "doing\n");
}

Test(report_terminal, shows_the_targets_of_a_zone_that_has_several) {
    static struct metrics_target targets[14] = {{.attempts = 1200, .established = 1199},
                                                {.attempts = 4, .failed = 4}};
    static char addresses[14][METRICS_ADDRESS_SIZE] = {"127.0.0.1:5061", "[::1]:5061"};
    struct metrics_zone *zone = &sample.summary.total.zones[ZONE_UC];
    zone->targets = targets;
    zone->target_count = 2;
    sample.summary.zones[ZONE_UC].target_addresses = addresses;
    char *text = sample_written(write_plain);
    cr_expect_not_null(strstr(text, "core.uc -> edge.uc-traversal (2 targets) "), "%s", text);
    cr_expect_not_null(strstr(text, "  targets        127.0.0.1:5061: 1,199 of 1,200 attempts\n"
                                    "                 [::1]:5061: 0 of 4 attempts, 4 failed\n"),
                       "%s", text);
    free(text);
    zone->target_count = 14;
    text = sample_written(write_plain);
    cr_expect_not_null(strstr(text, "                 and 2 more\n"), "%s", text);
    free(text);
}

Test(report_terminal, tells_what_was_steered_and_when) {
    static char set_rate[] = "set rate +10/s";
    static char mode[] = "--node edge xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking "
                         "Mode: On";
    struct metrics_steered steered[10];
    for (size_t i = 0; i < 10; i++) {
        steered[i] = (struct metrics_steered){.at_s = 4.04 + (double)i, .command = set_rate};
    }
    steered[1].command = mode;
    expect_none("steered");
    sample.summary.steered = steered;
    sample.summary.steered_count = 2;
    expect("\nsteered          4.0 s  set rate +10/s\n"
           "                 5.0 s  --node edge xConfiguration SIP TLS Certificate "
           "ExtendedKeyUsage Checking\n"
           "                        Mode: On\n"
           "\nresources ");
    sample.summary.steered_count = 10;
    sample.summary.steered_left_out = 3;
    expect("                 11.0 s  set rate +10/s\n                 and 5 more\n\nresources ");
}

Test(report_terminal, says_that_a_mode_that_changed_is_that_of_the_end) {
    struct metrics_listener *listener = &sample.summary.total.listeners[LISTENER_UC];
    expect("     EKU check on: expressway\n");
    metrics_add(&listener->eku_checked_by_policy[0], 1);
    metrics_add(&listener->eku_checked_by_policy[1], 1);
    expect("     EKU check on at the end: expressway\n");
}

Test(report_terminal, names_the_variant) {
    static char variant[] = "mode-off";
    sample.plan.variant = variant;
    expect("\ncondition-2.1, variant mode-off ran 15.0 s");
}

/* 0x46df and none other. */
static struct profile_serial wanted[] = {{.octets = {0x46, 0xdf}, .length = 2}};

Test(report_terminal, says_which_serials_a_listener_was_to_be_presented) {
    static struct profile_expectation row = {
        .zone = PROFILE_NONE, .listener = 0, .peer_serials = wanted, .peer_serial_count = 1};
    struct metrics_serials *serials = &sample.summary.total.listeners[0].serials;
    for (uint32_t i = 0; i < serials->capacity; i++) {
        serials->cells[i].length = 0;
    }
    metrics_serials_record(serials, (const uint8_t *)"\x46\xdf", 2);
    sample.plan.expectations = &row;
    sample.plan.expectation_count = 1;
    sample_judge();
    expect(" was presented the serial 46df\n");
    metrics_serials_record(serials, (const uint8_t *)"\x01", 1);
    sample_judge();
    expect("; expected the serial 46df\n");
}

Test(report_terminal, ends_with_the_verdict) {
    sample.plan.threshold_count = 1;
    sample_judge();
    expect("\nPASS  2 expectations and 1 threshold met\n      results/sample/result.json\n");
    sample.facts.result_path = NULL;
    expect_none("result.json\n\n");
}

Test(report_terminal, says_what_was_expected_of_an_unmet_zone) {
    sample.summary.zones[ZONE_TUNNEL].state = METRICS_ACTIVE;
    sample_judge();
    expect("  not met  core.tunnel is active with tls_alert_unsupported_certificate; expected "
           "failed with\n           tls_alert_unsupported_certificate or tcp_refused\n");
}

Test(report_terminal, of_many_expectations_shows_only_those_unmet) {
    static struct profile_expectation many[20];
    for (size_t i = 0; i < 20; i++) {
        many[i].zone = ZONE_UC;
        many[i].state = i == 13 ? PROFILE_STATE_IDLE : PROFILE_STATE_ACTIVE;
    }
    sample.plan.expectations = many;
    sample.plan.expectation_count = 20;
    sample_judge();
    expect_none("  met  ");
    expect("  not met  core.uc is active; expected idle\n");
}

Test(report_terminal, says_that_a_node_without_client_store_presents_nothing) {
    sample.plan.nodes[0].client_store.kind = PROFILE_STORE_NONE;
    expect("  presents       no certificate\n");
}

/* Too many for a line each: grouped, and those that failed are named, the most frequent first. */
Test(report_terminal, of_many_identities_names_those_that_failed) {
    static struct metrics_identity_summary rows[12];
    static struct metrics_identity counts[12];
    static const unsigned failed[12] = {[2] = 1, [5] = 30, [6] = 2, [11] = 2};
    struct metrics_zone *zone = &sample.summary.total.zones[ZONE_UC];
    for (size_t i = 0; i < 12; i++) {
        rows[i] = (struct metrics_identity_summary){.usages = "clientAuth", .certificates = 1};
        metrics_add(&counts[i].attempts, 100);
        metrics_add(&counts[i].failed, failed[i]);
    }
    rows[2].file = "/pki/2.pem";
    rows[5].file = "/pki/5.pem";
    rows[6].name = "six";
    rows[6].serial = "06";
    rows[11].name = "eleven";
    rows[11].certificates = 3000;
    sample.summary.zones[ZONE_UC].identities = rows;
    zone->identities = counts;
    zone->identity_count = 12;
    expect("  presents       clientAuth: 0 of 1,200 established, 12 identities\n"
           "                 30 failed: identity 5, /pki/5.pem\n"
           "                 2 failed: identity 6, six, serial 06\n"
           "                 2 failed: identity 11, eleven, 3,000 certificates\n"
           "                 1 failed: identity 2, /pki/2.pem\n"
           "  certificates   ");
    for (size_t i = 0; i < 12; i++) {
        metrics_add(&counts[i].failed, 1);
    }
    expect("                 31 failed: identity 5, /pki/5.pem\n");
    expect("                 and 4 more with failures, see result.json\n");
    zone->identity_count = 1;
    rows[0].certificates = 3000;
    expect("  presents       clientAuth, 3,000 certificates\n");
    expect_none("with failures");
}

Test(report_terminal, a_table_of_serials_that_overflowed_says_so) {
    sample.summary.total.zones[ZONE_UC].serials.other = 5;
    expect("  certificates   more than 2 serials from the peer, 0 mismatches\n");
}

Test(report_terminal, an_http_zone_has_http_responses) {
    sample.plan.zones[ZONE_UC].type = PROFILE_ZONE_WEBRTC;
    expect("    HTTP response    5.01 ms    9.89 ms    10.0 ms\n");
    expect_none("SIP response");
    sample.plan.zones[ZONE_UC].type = PROFILE_ZONE_UC_TRAVERSAL;
}

Test(report_terminal, names_the_requests_as_the_zone_speaks) {
    static const struct {
        enum profile_dialog dialog;
        const char *line;
    } rows[] = {
        {PROFILE_DIALOG_OPTIONS, "  OPTIONS        61,208 sent, 61,204 answered"},
        {PROFILE_DIALOG_REGISTER, "  REGISTER       61,208 sent, 61,204 answered"},
        {PROFILE_DIALOG_INVITE, "  INVITE, BYE    61,208 sent, 61,204 answered"},
        {PROFILE_DIALOG_HTTP, "  GET            61,208 sent, 61,204 answered"},
        {PROFILE_DIALOG_SCRIPT, "  requests       61,208 sent, 61,204 answered"},
    };
    struct profile_zone *plan = &sample.plan.zones[ZONE_UC];
    metrics_add(&sample.summary.total.zones[ZONE_UC].calls, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plan->load.dialog = rows[i].dialog;
        expect(rows[i].line);
        if (rows[i].dialog == PROFILE_DIALOG_INVITE) {
            expect("  calls          1,000 answered and ended in order\n");
        } else {
            expect_none("ended in order");
        }
    }
    plan->load.dialog = PROFILE_DIALOG_OPTIONS;
}

static void give_reason(const char *text, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        metrics_reasons_record(&sample.summary.total.zones[ZONE_UC].reasons, text);
    }
}

Test(report_terminal, says_why_requests_were_rejected_the_most_frequent_first) {
    give_reason("404 nobody is registered as 1001", 2);
    give_reason("503 no tunnel is open on edge.tunnel: unsupported certificate purpose", 1200);
    give_reason("480 gone", 2);
    expect("    1,200  503 no tunnel is open on edge.tunnel: unsupported certificate purpose\n"
           "    2  404 nobody is registered as 1001\n"
           "    2  480 gone\n");
    expect_none("other reasons");
    give_reason("486 busy", 1);
    sample.summary.total.zones[ZONE_UC].reasons.other = 6;
    expect("    2  480 gone\n    7  for other reasons, see result.json\n");
}

Test(report_terminal, a_reason_cannot_steer_the_terminal) {
    give_reason("500 \x1b[2J\r\n\xc3\xa4\\", 1);
    expect("    1  500 \\x1b[2J\\x0d\\x0a\\xc3\\xa4\\x5c\n");
}

Test(report_terminal, shows_what_was_carried_for_others) {
    struct metrics_listener *listener = &sample.summary.total.listeners[LISTENER_UC];
    metrics_add(&sample.summary.total.zones[ZONE_UC].relayed, 12);
    expect("  for others     12 requests sent on\n");
    metrics_add(&listener->sip_methods[METRICS_METHOD_INVITE], 1000);
    metrics_add(&listener->sip_methods[METRICS_METHOD_BYE], 990);
    metrics_add(&listener->relayed, 1980);
    metrics_add(&listener->unroutable, 10);
    expect("  requests       1,000 INVITE, 990 BYE\n"
           "  for others     1,980 requests sent on, 10 had no way on\n");
}

Test(report_terminal, policies_show_when_the_mode_changed) {
    struct metrics_listener *listener = &sample.summary.total.listeners[LISTENER_UC];
    metrics_add(&listener->eku_checked_by_policy[0], 4000);
    metrics_add(&listener->eku_refused_by_policy[0], 12);
    expect_none("expressway: ");
    metrics_add(&listener->eku_checked_by_policy[3], 215);
    expect("                 expressway: 4,000 checked, 12 refused\n"
           "                 server-or-client: 215 checked, 0 refused\n");
}
