/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static json_t *root;

/* Reads back what is written now. */
static void write_result(void) {
    json_error_t error;
    char *text = sample_written(report_json_write);
    json_decref(root);
    root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(root, "line %d: %s", error.line, error.text);
    free(text);
}

static void begin(void) {
    sample_begin();
    write_result();
}

static void end(void) {
    json_decref(root);
    sample_end();
}

TestSuite(report_json, .init = begin, .fini = end);

/* A value by its keys from the root; the last argument is NULL. */
static json_t *at(const char *key, ...) {
    json_t *value = root;
    va_list keys;
    va_start(keys, key);
    for (; key != NULL; key = va_arg(keys, const char *)) {
        json_t *next = json_object_get(value, key);
        cr_assert_not_null(next, "no key %s", key);
        value = next;
    }
    va_end(keys);
    return value;
}
#define AT(...)      at(__VA_ARGS__, NULL)
#define INTEGER(...) json_integer_value(AT(__VA_ARGS__))
#define STRING(...)  json_string_value(AT(__VA_ARGS__))

static void expect_keys(json_t *object, const char *wanted) {
    char keys[1024] = "";
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        strcat(keys, keys[0] == '\0' ? "" : " ");
        strcat(keys, key);
    }
    cr_assert_str_eq(keys, wanted, "%s", keys);
}

static json_int_t sum_of(json_t *object) {
    json_int_t sum = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        cr_assert(json_is_integer(value));
        sum += json_integer_value(value);
    }
    return sum;
}

#define LATENCY_KEYS "count min mean p50 p90 p99 p999 max histogram"

Test(report_json, has_the_keys_of_the_contract_in_its_order) {
    expect_keys(
        root,
        "schema tool profile proves started duration_s warm_up_s "
        "interrupted complete aborted seed verdict reason expectations thresholds zones listeners "
        "resources windows drift");
    expect_keys(AT("tool"), "version wolfssl liburing kernel cpu threads");
    expect_keys(AT("zones"), "core.uc core.tunnel core.webex");
    expect_keys(AT("zones", "core.uc"),
                "state peer peer_address attempts established failed unconfirmed in_flight_at_end "
                "faults lost lost_faults recovered closed open_at_end peak_open wanted late "
                "dropped targets resumed "
                "answered sip_requests sip_responses sip_timeouts reasons keepalives_sent latency "
                "identities peer_certificate tls_versions cipher_suites");
    expect_keys(AT("zones", "core.uc", "latency"),
                "start_delay tcp_connect tls_handshake admission refusal sip_response establish "
                "establish_from_intended flow_recovery");
    expect_keys(AT("zones", "core.uc", "latency", "refusal"), LATENCY_KEYS);
    expect_keys(AT("zones", "core.uc", "identities", "0"),
                "eku certificates name serial file attempts established failed");
    expect_keys(AT("zones", "core.uc", "peer_certificate"), "serials mismatches");
    expect_keys(
        AT("listeners", "edge.uc-traversal"),
        "address accepted admitted refused aborted in_flight_at_end faults reasons closed "
        "resumed sip_requests sip_methods relayed unroutable keepalives_answered eku_check latency "
        "peer_certificate");
    expect_keys(AT("listeners", "edge.uc-traversal", "eku_check"),
                "mode policy checked refused by_policy ns");
    expect_keys(AT("listeners", "edge.uc-traversal", "eku_check", "ns"), LATENCY_KEYS);
    expect_keys(AT("listeners", "edge.uc-traversal", "latency"), "tls_handshake admission refusal");
    expect_keys(AT("resources"),
                "cpu_user_s cpu_system_s rss_peak_kib cpu_share longest_stall event_lines_lost");
}

Test(report_json, tells_what_ran) {
    cr_assert_str_eq(STRING("schema"), "ekuload/result/1");
    cr_assert_str_eq(STRING("tool", "wolfssl"), "5.5.4");
    cr_assert_eq(INTEGER("tool", "threads"), 2);
    cr_assert_str_eq(STRING("profile"), "condition-2.1");
    cr_assert_str_eq(STRING("started"), "2026-01-02T03:04:05.678Z");
    cr_assert_eq(json_real_value(AT("duration_s")), 15.004);
    cr_assert_str_eq(json_string_value(AT("seed")), "18446744073709551615", "every bit of it");
    cr_assert(json_is_false(AT("interrupted")));
    cr_assert_eq(json_real_value(AT("resources", "cpu_user_s")), 12.25);
    cr_assert_eq(INTEGER("resources", "rss_peak_kib"), 353280);
}

Test(report_json, says_when_it_was_interrupted) {
    sample.summary.interrupted = true;
    write_result();
    cr_assert(json_is_true(AT("interrupted")));
    cr_assert_str_eq(STRING("verdict"), "fail"); /* judged all the same */
}

Test(report_json, names_the_variant_of_one) {
    static char variant[] = "mode-off";
    sample.plan.variant = variant;
    write_result();
    cr_assert_str_eq(STRING("variant"), "mode-off");
}

Test(report_json, reals_are_reals_even_when_whole) {
    sample.summary.duration_s = 15;
    sample.summary.cpu_user_s = 0;
    write_result();
    cr_assert(json_is_real(AT("duration_s")));
    cr_assert(json_is_real(AT("resources", "cpu_user_s")));
}

Test(report_json, every_sum_holds_in_what_is_written) {
    const char *name;
    json_t *zone;
    json_object_foreach(AT("zones"), name, zone) {
        json_t *identities = json_object_get(zone, "identities");
        const char *key;
        json_t *identity;
        json_int_t attempts = 0;
        json_object_foreach(identities, key, identity) {
            attempts += json_integer_value(json_object_get(identity, "attempts"));
        }
#define OF(key) json_integer_value(json_object_get(zone, key))
        cr_assert_eq(OF("attempts"),
                     OF("established") + OF("failed") + OF("unconfirmed") + OF("in_flight_at_end"));
        cr_assert_eq(OF("failed"), sum_of(json_object_get(zone, "faults")));
        cr_assert_eq(OF("established"), OF("lost") + OF("closed") + OF("open_at_end"));
        cr_assert_eq(OF("lost"), sum_of(json_object_get(zone, "lost_faults")));
        cr_assert_eq(OF("attempts"), attempts);
#undef OF
    }
    json_t *listener = AT("listeners", "edge.uc-traversal");
#define OF(key) json_integer_value(json_object_get(listener, key))
    cr_assert_eq(OF("accepted"),
                 OF("admitted") + OF("refused") + OF("aborted") + OF("in_flight_at_end"));
#undef OF
}

Test(report_json, maps_hold_only_what_happened) {
    expect_keys(AT("zones", "core.uc", "faults"),
                "tcp_refused tcp_reset tcp_timeout tls_timeout tls_closed");
    expect_keys(AT("zones", "core.uc", "lost_faults"), "sip_closed");
    expect_keys(AT("zones", "core.uc", "sip_responses"), "200 503");
    expect_keys(AT("zones", "core.uc", "tls_versions"), "1.2 1.3");
    expect_keys(AT("zones", "core.uc", "cipher_suites"), "TLS_AES_128_GCM_SHA256 0xc02b");
    static const char *const maps[] = {"faults", "lost_faults", "sip_responses", "tls_versions",
                                       "cipher_suites"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        expect_keys(AT("zones", "core.webex", maps[i]), "");
    }
    expect_keys(AT("listeners", "edge.tunnel", "faults"), "");
    expect_keys(AT("listeners", "edge.tunnel", "peer_certificate", "serials"), "");
    cr_assert_eq(INTEGER("zones", "core.uc", "sip_responses", "503"), 3);
    cr_assert_eq(INTEGER("zones", "core.uc", "tls_versions", "1.3"), 4200);
}

Test(report_json, suites_that_found_no_cell_are_one_entry) {
    for (unsigned number = 1; number < 40; number++) {
        metrics_zone_count_suite(&sample.summary.total.zones[ZONE_WEBEX], number);
    }
    write_result();
    cr_assert_eq(INTEGER("zones", "core.webex", "cipher_suites", "other"), 24);
    cr_assert_eq(sum_of(AT("zones", "core.webex", "cipher_suites")), 39);
}

Test(report_json, peers_are_listeners_or_addresses) {
    cr_assert_str_eq(STRING("zones", "core.uc", "peer"), "edge.uc-traversal");
    cr_assert_str_eq(STRING("zones", "core.uc", "peer_address"), "127.0.0.31:7001");
    cr_assert_str_eq(STRING("zones", "core.webex", "peer"), "[2001:db8::7]:5061");
    sample.plan.zones[ZONE_WEBEX].peer_host = (char *)(uintptr_t) "sip.example.test";
    write_result();
    cr_assert_str_eq(STRING("zones", "core.webex", "peer"), "sip.example.test:5061");
    sample.plan.zones[ZONE_WEBEX].peer_port = 0;
    write_result();
    cr_assert_str_eq(STRING("zones", "core.webex", "peer"), "sip.example.test");
}

Test(report_json, targets_of_a_list_are_told_apart) {
    static struct metrics_target targets[2] = {{.attempts = 4, .established = 3, .failed = 1},
                                               {.attempts = 9, .established = 9}};
    static char addresses[2][METRICS_ADDRESS_SIZE] = {"127.0.0.1:5061", "[::1]:5061"};
    struct profile_peer peers[] = {
        {.listener = LISTENER_UC, .weight = 1},
        {.listener = PROFILE_NONE, .host = (char *)(uintptr_t) "::1", .port = 5061, .weight = 1}};
    struct metrics_zone *zone = &sample.summary.total.zones[ZONE_UC];
    cr_assert_eq(INTEGER("zones", "core.uc", "targets", "127.0.0.31:7001", "attempts"),
                 (json_int_t)metrics_read(&zone->attempts));
    zone->targets = targets;
    zone->target_count = 2;
    sample.summary.zones[ZONE_UC].target_addresses = addresses;
    sample.plan.zones[ZONE_UC].peers = peers;
    sample.plan.zones[ZONE_UC].peer_count = 2;
    write_result();
    cr_expect_str_eq(STRING("zones", "core.uc", "peer"), "edge.uc-traversal, [::1]:5061");
    cr_expect_eq(json_object_size(AT("zones", "core.uc", "targets")), 2);
    cr_expect_eq(INTEGER("zones", "core.uc", "targets", "127.0.0.1:5061", "attempts"), 4);
    cr_expect_eq(INTEGER("zones", "core.uc", "targets", "127.0.0.1:5061", "established"), 3);
    cr_expect_eq(INTEGER("zones", "core.uc", "targets", "127.0.0.1:5061", "failed"), 1);
    cr_expect_eq(INTEGER("zones", "core.uc", "targets", "[::1]:5061", "established"), 9);
}

Test(report_json, latencies_are_whole_microseconds) {
    static const char *const keys[] = {"count", "min", "mean", "p50", "p90", "p99", "p999", "max"};
    const struct metrics_histogram *histogram =
        &sample.summary.total.zones[ZONE_UC].latency[METRICS_TLS_HANDSHAKE];
    json_t *latency = AT("zones", "core.uc", "latency", "tls_handshake");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        cr_assert(json_is_integer(json_object_get(latency, keys[i])), "%s", keys[i]);
    }
#define OF(key) json_integer_value(json_object_get(latency, key))
    cr_assert_eq(OF("count"), 1000);
    cr_assert_eq(OF("min"), 12);
    cr_assert_eq(OF("mean"), 6006);
    cr_assert_eq(OF("max"), 12000);
    cr_assert_eq(OF("p50"), (json_int_t)metrics_histogram_quantile(histogram, 0.5));
    cr_assert_eq(OF("p90"), (json_int_t)metrics_histogram_quantile(histogram, 0.9));
    cr_assert_eq(OF("p99"), (json_int_t)metrics_histogram_quantile(histogram, 0.99));
    cr_assert_eq(OF("p999"), (json_int_t)metrics_histogram_quantile(histogram, 0.999));
#undef OF
}

Test(report_json, a_latency_without_samples_is_there_with_zeros) {
    json_t *latency = AT("zones", "core.webex", "latency", "establish");
    static const char *const keys[] = {"count", "min", "mean", "p50", "p90", "p99", "p999", "max"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(latency, keys[i]);
        cr_assert(json_is_integer(value) && json_integer_value(value) == 0, "%s", keys[i]);
    }
    json_t *buckets = json_object_get(json_object_get(latency, "histogram"), "buckets");
    cr_assert(json_is_array(buckets));
    cr_assert_eq(json_array_size(buckets), 0);
}

/* The histogram that a merge would read. */
static void read_back(json_t *latency, struct metrics_histogram *out) {
    json_t *form = json_object_get(latency, "histogram");
    json_t *pair;
    size_t index;
    *out = (struct metrics_histogram){
        .count = (uint64_t)json_integer_value(json_object_get(latency, "count")),
        .sum = (uint64_t)json_integer_value(json_object_get(form, "sum")),
        .min = (uint64_t)json_integer_value(json_object_get(latency, "min")),
        .max = (uint64_t)json_integer_value(json_object_get(latency, "max")),
    };
    json_array_foreach(json_object_get(form, "buckets"), index, pair) {
        struct metrics_histogram one = {0};
        cr_assert_eq(json_array_size(pair), 2);
        uint64_t low = (uint64_t)json_integer_value(json_array_get(pair, 0));
        metrics_histogram_record(&one, low);
        for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
            if (one.buckets[i] > 0) {
                cr_assert_eq(metrics_histogram_bucket_low(i), low);
                out->buckets[i] = (uint32_t)json_integer_value(json_array_get(pair, 1));
            }
        }
    }
}

Test(report_json, a_histogram_can_be_read_back_exactly) {
    struct metrics_histogram read;
    const struct metrics_shard *total = &sample.summary.total;
    read_back(AT("zones", "core.uc", "latency", "sip_response"), &read);
    cr_assert_eq(memcmp(&read, &total->zones[ZONE_UC].latency[METRICS_SIP_RESPONSE], sizeof read),
                 0);
    cr_assert_str_eq(STRING("zones", "core.uc", "latency", "sip_response", "histogram", "unit"),
                     "us");
    read_back(AT("listeners", "edge.uc-traversal", "eku_check", "ns"), &read);
    cr_assert_eq(memcmp(&read, &total->listeners[LISTENER_UC].eku_ns, sizeof read), 0);
    cr_assert_str_eq(
        STRING("listeners", "edge.uc-traversal", "eku_check", "ns", "histogram", "unit"), "ns");
}

Test(report_json, identities_have_their_usages_as_a_list) {
    json_t *eku = AT("zones", "core.uc", "identities", "1", "eku");
    cr_assert_eq(json_array_size(eku), 2);
    cr_assert_str_eq(json_string_value(json_array_get(eku, 0)), "serverAuth");
    cr_assert_str_eq(json_string_value(json_array_get(eku, 1)), "clientAuth");
    cr_assert_eq(json_array_size(AT("zones", "core.uc", "identities", "2", "eku")), 0);
    cr_assert_eq(INTEGER("zones", "core.uc", "identities", "0", "attempts"), 1410);
    cr_assert_eq(INTEGER("zones", "core.uc", "identities", "0", "established"), 1401);
    cr_assert_eq(INTEGER("zones", "core.uc", "identities", "2", "failed"), 2);
    cr_assert_eq(INTEGER("zones", "core.uc", "identities", "2", "certificates"), 300);
    cr_assert(json_is_null(AT("zones", "core.uc", "identities", "2", "serial")));
    cr_assert_str_eq(STRING("zones", "core.uc", "identities", "0", "serial"), "0a");
    cr_assert_str_eq(STRING("zones", "core.uc", "identities", "0", "name"), "core.example.test");
    cr_assert_str_eq(STRING("zones", "core.uc", "identities", "1", "file"), "/pki/two.pem");
}

Test(report_json, serials_are_lower_case_hexadecimal_in_order) {
    json_t *serials = AT("zones", "core.uc", "peer_certificate", "serials");
    expect_keys(serials, "0a 46df76aa000000000029");
    cr_assert_eq(json_integer_value(json_object_get(serials, "46df76aa000000000029")), 4200);
    sample.summary.total.zones[ZONE_UC].serials.other = 5;
    metrics_serials_record(&sample.summary.total.zones[ZONE_UC].serials,
                           (const uint8_t *)"\x46\xdf", 2);
    write_result();
    serials = AT("zones", "core.uc", "peer_certificate", "serials");
    expect_keys(serials, "0a 46df 46df76aa000000000029 other");
    cr_assert_eq(json_integer_value(json_object_get(serials, "other")), 5);
}

Test(report_json, the_eku_check_has_its_mode_and_policy) {
    cr_assert_str_eq(STRING("listeners", "edge.uc-traversal", "eku_check", "mode"), "on");
    cr_assert_str_eq(STRING("listeners", "edge.uc-traversal", "eku_check", "policy"), "expressway");
    cr_assert_eq(INTEGER("listeners", "edge.uc-traversal", "eku_check", "checked"), 4215);
    cr_assert_eq(INTEGER("listeners", "edge.uc-traversal", "eku_check", "refused"), 12);
    cr_assert_str_eq(STRING("listeners", "edge.tunnel", "eku_check", "mode"), "off");
}

Test(report_json, what_ran_elsewhere_has_no_entry) {
    sample.summary.zones[ZONE_UC].ran = false;
    sample_judge();
    write_result();
    expect_keys(AT("zones"), "core.tunnel core.webex");
    expect_keys(AT("listeners"), "edge.uc-traversal edge.tunnel");
    cr_assert_eq(json_array_size(AT("expectations")), 1);
    cr_assert_eq(json_array_size(AT("thresholds")), 1);
    cr_assert_str_eq(
        json_string_value(json_object_get(json_array_get(AT("expectations"), 0), "subject")),
        "core.tunnel");
}

static void expect_json(json_t *value, const char *wanted) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    cr_assert_str_eq(text, wanted, "%s", text);
    free(text);
}

Test(report_json, expectations_have_both_sides) {
    expect_json(AT("expectations"),
                "[{\"subject\":\"core.uc\",\"expected\":{\"state\":\"active\"},"
                "\"observed\":{\"state\":\"active\"},\"met\":true},"
                "{\"subject\":\"core.tunnel\",\"expected\":{\"state\":\"failed\","
                "\"faults\":[\"tls_alert_unsupported_certificate\",\"tcp_refused\"]},"
                "\"observed\":{\"state\":\"failed\","
                "\"faults\":[\"tls_alert_unsupported_certificate\"]},\"met\":true}]");
}

Test(report_json, an_expectation_of_faults_alone_expects_no_state) {
    sample.plan.expectations[1].state = PROFILE_STATE_ANY;
    sample_judge();
    write_result();
    json_t *row = json_array_get(AT("expectations"), 1);
    expect_keys(json_object_get(row, "expected"), "faults");
    expect_keys(json_object_get(row, "observed"), "state faults");
}

Test(report_json, thresholds_have_what_was_observed_or_null) {
    expect_json(AT("thresholds"),
                "[{\"expression\":\"core.uc.tls_handshake.p99 < 250ms\",\"observed\":11871,"
                "\"met\":true},{\"expression\":\"core.webex.establish.p99 < 1s\","
                "\"observed\":null,\"met\":false},"
                "{\"expression\":\"core.uc.lost <= 3\",\"observed\":3,\"met\":true}]");
    cr_assert_str_eq(STRING("verdict"), "fail");
    cr_assert_str_eq(STRING("reason"),
                     "core.webex.establish.p99 was never observed, expected < 1s");
}

Test(report_json, a_threshold_without_samples_is_open_while_the_run_goes_on) {
    sample.summary.complete = false;
    sample_judge();
    write_result();
    expect_json(
        json_array_get(AT("thresholds"), 1),
        "{\"expression\":\"core.webex.establish.p99 < 1s\",\"observed\":null,\"met\":null}");
    cr_assert_str_eq(STRING("verdict"), "pass");
}

Test(report_json, passes_when_all_is_met) {
    sample.plan.threshold_count = 1;
    sample_judge();
    write_result();
    cr_assert_str_eq(STRING("verdict"), "pass");
}

Test(report_json, does_without_suite_names_and_purpose) {
    sample.facts.suite_name = NULL;
    sample.plan.proves = NULL;
    write_result();
    cr_assert(json_is_null(AT("proves")));
    expect_keys(AT("zones", "core.uc", "cipher_suites"), "0x1301 0xc02b");
}

Test(report_json, an_http_zone_has_its_requests_under_their_own_name) {
    struct profile_zone *plan = &sample.plan.zones[ZONE_UC];
    plan->type = PROFILE_ZONE_TFTP;
    write_result();
    cr_assert_eq(INTEGER("zones", "core.uc", "sip_requests"), 0);
    cr_assert_eq(INTEGER("zones", "core.uc", "sip_timeouts"), 0);
    expect_keys(AT("zones", "core.uc", "sip_responses"), "");
    cr_assert_eq(INTEGER("zones", "core.uc", "http_requests"), 61208);
    cr_assert_eq(INTEGER("zones", "core.uc", "http_timeouts"), 1);
    expect_keys(AT("zones", "core.uc", "http_responses"), "200 503");
    plan->type = PROFILE_ZONE_UC_TRAVERSAL;
}

Test(report_json, calls_are_counted_where_a_zone_calls) {
    struct profile_zone *plan = &sample.plan.zones[ZONE_UC];
    plan->load.dialog = PROFILE_DIALOG_INVITE;
    metrics_add(&sample.summary.total.zones[ZONE_UC].calls, 77);
    write_result();
    cr_assert_eq(INTEGER("zones", "core.uc", "calls"), 77);
    cr_assert_null(json_object_get(AT("zones", "core.webex"), "calls"));
    plan->load.dialog = PROFILE_DIALOG_OPTIONS;
}

Test(report_json, reasons_are_counted_and_are_plain_text) {
    struct metrics_reasons *reasons = &sample.summary.total.zones[ZONE_UC].reasons;
    metrics_reasons_record(reasons, "503 no tunnel is open on edge.tunnel");
    metrics_reasons_record(reasons, "503 no tunnel is open on edge.tunnel");
    metrics_reasons_record(reasons, "500 \xff\"\n");
    reasons->other = 3;
    write_result();
    json_t *object = AT("zones", "core.uc", "reasons");
    cr_assert_eq(json_object_size(object), 3);
    cr_assert_eq(INTEGER("zones", "core.uc", "reasons", "503 no tunnel is open on edge.tunnel"), 2);
    cr_assert_eq(INTEGER("zones", "core.uc", "reasons", "500 \\xff\"\\x0a"), 1);
    cr_assert_eq(INTEGER("zones", "core.uc", "reasons", "other"), 3);
    expect_keys(AT("zones", "core.webex", "reasons"), "");
}

Test(report_json, what_was_carried_for_others_is_counted) {
    struct metrics_listener *listener = &sample.summary.total.listeners[LISTENER_UC];
    cr_assert_null(json_object_get(AT("zones", "core.uc"), "relayed"));
    metrics_add(&sample.summary.total.zones[ZONE_UC].relayed, 5);
    metrics_add(&sample.summary.total.zones[ZONE_UC].unroutable, 1);
    metrics_add(&listener->relayed, 9);
    metrics_add(&listener->unroutable, 2);
    metrics_add(&listener->sip_methods[METRICS_METHOD_REGISTER], 11);
    write_result();
    cr_assert_eq(INTEGER("zones", "core.uc", "relayed"), 5);
    cr_assert_eq(INTEGER("zones", "core.uc", "unroutable"), 1);
    cr_assert_eq(INTEGER("listeners", "edge.uc-traversal", "relayed"), 9);
    cr_assert_eq(INTEGER("listeners", "edge.uc-traversal", "unroutable"), 2);
    expect_keys(AT("listeners", "edge.uc-traversal", "sip_methods"), "REGISTER");
    cr_assert_eq(INTEGER("listeners", "edge.uc-traversal", "sip_methods", "REGISTER"), 11);
}

Test(report_json, checks_are_counted_by_the_policy_that_judged) {
    static const char names[] = "expressway pkix rfc5924 server-or-client any server-if-present";
    struct metrics_listener *listener = &sample.summary.total.listeners[LISTENER_UC];
    expect_keys(AT("listeners", "edge.uc-traversal", "eku_check", "by_policy"), "");
    for (unsigned i = 0; i < METRICS_POLICIES; i++) {
        metrics_add(&listener->eku_checked_by_policy[i], 10 + i);
        metrics_add(&listener->eku_refused_by_policy[i], i);
    }
    write_result();
    expect_keys(AT("listeners", "edge.uc-traversal", "eku_check", "by_policy"), names);
    cr_assert_eq(
        INTEGER("listeners", "edge.uc-traversal", "eku_check", "by_policy", "any", "checked"), 14);
    cr_assert_eq(
        INTEGER("listeners", "edge.uc-traversal", "eku_check", "by_policy", "any", "refused"), 4);
}
