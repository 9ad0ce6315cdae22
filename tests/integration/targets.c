/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_dns.h"
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define ZONE    "zones/initiator.load"
#define LOAD    "nodes.initiator.zones.load"
#define ANOTHER "nodes.acceptor.listeners.other={port: 5062, service: sip}"

TestSuite(targets, .init = support_scene_open, .fini = support_scene_close);

static void prepare(struct support_run *run, const char *peer) {
    support_run_prepare(run, "run", support_lab_profile());
    support_run_set(run, LOAD ".peer=%s", peer);
    support_run_set(run, LOAD ".verify_name=none");
    support_run_add(run, "--duration 500ms");
}

static void expect_target(const struct support_run *run, const char *host, unsigned port,
                          long long established, long long failed) {
    const json_t *target =
        support_result_find(run, support_scene_text(ZONE "/targets/%s:%u", host, port));
    cr_expect_eq(json_integer_value(json_object_get(target, "established")), established, "%s:%u",
                 host, port);
    cr_expect_eq(json_integer_value(json_object_get(target, "failed")), failed, "%s:%u", host,
                 port);
    cr_expect_eq(json_integer_value(json_object_get(target, "attempts")), established + failed,
                 "%s:%u", host, port);
}

/* Exit status 2, and one line with the text, which begins with the profile's file and line. */
static void expect_usage_error(struct support_run *run, const char *text) {
    support_run_expect(run, SUPPORT_USAGE);
    char *said = support_file_read(run->child.err_path);
    char *newline = strchr(said, '\n');
    cr_expect(newline != NULL && newline[1] == '\0', "not one line: %s", said);
    cr_expect_not_null(strstr(said, "lab.yaml:"), "no file and line: %s", said);
    cr_expect_not_null(strstr(said, text), "\"%s\" is not in: %s", text, said);
    free(said);
    support_run_finish(run);
}

Test(targets, connections_are_spread_by_the_weights_of_a_list) {
    struct support_run run;
    prepare(&run, "[{to: acceptor.sip, weight: 3}, acceptor.other]");
    support_run_set(&run, ANOTHER);
    support_run_set(&run, LOAD ".connections=8");
    support_run_add(&run, "--threads 1");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", 8);
    support_result_expect_no_mismatch(&run);
    expect_target(&run, support_scene_address(31), 5061, 6, 0);
    expect_target(&run, support_scene_address(31), 5062, 2, 0);
    cr_assert_eq(support_result_number(&run, "listeners/acceptor.other/admitted"), 2);
    support_run_finish(&run);
}

Test(targets, the_next_priority_takes_over_when_one_refuses) {
    const char *good = support_scene_address(31);
    const struct support_dns_record records[] = {
        {"_sips._tcp.acceptor.example.test", "SRV", "1 0 5069 a.example.test"},
        {"_sips._tcp.acceptor.example.test", "SRV", "2 0 5061 a.example.test"},
        {"a.example.test", "CNAME", "b.example.test"},
        {"b.example.test", "A", good},
    };
    struct support_dns dns;
    struct support_run run;
    support_dns_start(&dns, support_scene_address(1), records, sizeof records / sizeof *records);
    prepare(&run, "sips:acceptor.example.test");
    support_run_set(&run, "dns=%s", dns.server);
    support_run_set(&run, LOAD ".connections=4");
    support_run_set(&run, LOAD ".opening=1");
    support_run_set(&run, LOAD ".retry={gap: 5ms, every: 10ms}");
    support_run_set(&run, "expect.initiator.load.faults=[tcp_refused]");
    support_run_add(&run, "--threads 1");
    support_run_expect(&run, SUPPORT_PASS);
    support_dns_stop(&dns);
    cr_expect_eq(support_result_number(&run, ZONE "/open_at_end"), 4);
    cr_expect_gt(support_result_number(&run, ZONE "/failed"), 0);
    expect_target(&run, good, 5069, 0, support_result_number(&run, ZONE "/failed"));
    expect_target(&run, good, 5061, 4, 0);
    support_run_finish(&run);
}

Test(targets, the_certificate_is_to_name_the_domain_that_was_asked_for) {
    const struct support_dns_record records[] = {
        {"_sips._tcp.elsewhere.test", "SRV", "1 0 5061 acceptor.example.test"},
        {"acceptor.example.test", "A", support_scene_address(31)},
    };
    struct support_dns dns;
    struct support_run run;
    support_dns_start(&dns, support_scene_address(1), records, sizeof records / sizeof *records);
    support_run_prepare(&run, "run", support_lab_profile());
    support_run_set(
        &run, "nodes.initiator.zones={load: {peer: elsewhere.test, connections: 2, retry: none}}");
    support_run_set(&run, "dns=%s", dns.server);
    support_run_add(&run, "--duration 300ms");
    support_run_expect(&run, SUPPORT_FAIL);
    support_dns_stop(&dns);
    support_result_expect_refused_zone(&run, "initiator.load", "tls_peer_name");
    support_run_finish(&run);
}

Test(targets, name_that_leads_nowhere_is_an_error_of_the_profile) {
    const struct support_dns_record records[] = {
        {"six.test", "AAAA", "fd00::1"},
        {"public.test", "A", "198.51.100.1"},
    };
    static const struct {
        const char *setting;
        const char *sentence;
    } cases[] = {
        {LOAD ".peer=nowhere.test",
         "nodes.initiator.zones.load.peer: \"nowhere.test\" cannot be resolved (NAPTR "
         "nowhere.test: no such name; SRV _sips._tcp.nowhere.test: no such name; addresses of "
         "nowhere.test: no such name)"},
        {LOAD ".peer=six.test:5061",
         "nodes.initiator.zones.load.peer: \"six.test\" has only IPv6 addresses, and those it is "
         "dialled from are IPv4"},
        {LOAD ".peer=public.test:5061",
         "198.51.100.1 (public.test) is a public address, and load is sent there only when its "
         "owner agreed: then write `authorized: true` at the top of the profile"},
        {"nodes.acceptor.external=public.test", "198.51.100.1 (public.test) is a public address"},
        {"nodes.acceptor.external=203.0.113.1:5061", "203.0.113.1 is a public address"},
        {LOAD ".peer='[::1]:5061'",
         "the addresses that the zone dials from and to are not of one family (IPv4 or IPv6)"},
        {LOAD ".source=[127.0.0.1,'::1']",
         "nodes.initiator.zones.load.source: its addresses are not of one family"},
    };
    struct support_dns dns;
    support_dns_start(&dns, support_scene_address(1), records, sizeof records / sizeof *records);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct support_run run;
        support_run_prepare(&run, support_scene_text("wrong-%zu", i), support_lab_profile());
        support_run_set(&run, "dns=%s", dns.server);
        support_run_set(&run, "%s", cases[i].setting);
        expect_usage_error(&run, cases[i].sentence);
    }
    support_dns_stop(&dns);
}

Test(targets, doctor_tells_what_names_lead_to) {
    const struct support_dns_record records[] = {
        {"sip.test", "NAPTR", "1 1 s SIPS+D2T _sips._tcp.sip.test"},
        {"_sips._tcp.sip.test", "SRV", "1 0 5061 a.test"},
        {"a.test", "A", "10.1.2.3"},
    };
    struct support_dns dns;
    struct support_tool tool;
    support_dns_start(&dns, support_scene_address(1), records, sizeof records / sizeof *records);
    support_tool_run(&tool,
                     support_scene_text("%s doctor %s --set dns=%s --set " LOAD ".peer=sip.test",
                                        support_run_program(), support_lab_profile(), dns.server));
    support_dns_stop(&dns);
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    cr_assert_not_null(strstr(tool.out, "sip.test (NAPTR sip.test: _sips._tcp.sip.test; SRV "
                                        "_sips._tcp.sip.test: a.test:5061 (1/0); addresses of "
                                        "a.test: 10.1.2.3)"),
                       "%s", tool.out);
    support_tool_finish(&tool);
}

Test(targets, both_ends_may_be_of_ipv6) {
    struct support_run run;
    support_run_prepare(&run, "run", support_lab_profile());
    support_run_set_all(&run, "nodes.acceptor.address='::1' nodes.initiator.address='::1'");
    support_run_add(&run, "--duration 500ms");
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_str_eq(support_result_text(&run, ZONE "/peer_address"), "[::1]:5061");
    cr_assert_eq(support_result_number(&run, ZONE "/failed"), 0);
    cr_assert_gt(support_result_number(&run, ZONE "/established"), 0);
    support_run_finish(&run);
}

Test(targets, source_addresses_of_the_command_line_replace_the_profiles) {
    struct support_run run;
    support_run_prepare(&run, "run", support_lab_profile());
    support_run_add(&run, support_scene_text("--duration 300ms --source-ip %s,%s/31",
                                             support_scene_address(77), support_scene_address(78)));
    support_run_expect(&run, SUPPORT_PASS);
    char *profile = support_file_read(support_scene_path("run/profile.yaml"));
    cr_assert_not_null(strstr(profile, support_scene_address(77)), "%s", profile);
    free(profile);
    support_run_finish(&run);
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_add(&run, "--source-ip localhost");
    support_run_expect(&run, SUPPORT_USAGE);
    support_run_finish(&run);
}
