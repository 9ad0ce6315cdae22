/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) ((char *)(uintptr_t)(literal))

struct sample sample;

static char *uc_faults[] = {TEXT("tls_alert_unsupported_certificate"), TEXT("tcp_refused")};
static struct profile_node nodes[] = {
    {.name = TEXT("core"), .client_store = {.kind = PROFILE_STORE_IDENTITIES}},
    {.name = TEXT("edge")},
};
static struct profile_zone zones[ZONES] = {
    {.full_name = TEXT("core.uc"),
     .type = PROFILE_ZONE_UC_TRAVERSAL,
     .peer_listener = LISTENER_UC,
     .load = {.dialog = PROFILE_DIALOG_OPTIONS}},
    {.full_name = TEXT("core.tunnel"),
     .type = PROFILE_ZONE_TUNNEL,
     .peer_listener = LISTENER_TUNNEL},
    {.full_name = TEXT("core.webex"),
     .type = PROFILE_ZONE_WEBEX,
     .peer_listener = PROFILE_NONE,
     .peer_host = TEXT("2001:db8::7"),
     .peer_port = 5061},
};
static struct profile_listener listeners[LISTENERS] = {
    {.full_name = TEXT("edge.uc-traversal"), .node = 1},
    {.full_name = TEXT("edge.tunnel"), .node = 1},
    {.full_name = TEXT("edge.sip"), .node = 1},
};
static struct profile_expectation expectations[] = {
    {.zone = ZONE_UC, .state = PROFILE_STATE_ACTIVE},
    {.zone = ZONE_TUNNEL,
     .state = PROFILE_STATE_FAILED,
     .faults = {.items = uc_faults, .count = 2},
     .has_faults = true},
};
static struct profile_threshold thresholds[] = {
    {.expression = TEXT("core.uc.tls_handshake.p99 < 250ms")},
    {.expression = TEXT("core.webex.establish.p99 < 1s")},
    {.expression = TEXT("edge.sip.refused == 0")},
    {.expression = TEXT("core.uc.lost <= 3")},
};

static const struct metrics_identity_summary uc_identities[] = {
    {.usages = "clientAuth", .name = "core.example.test", .serial = "0a", .certificates = 1},
    {.usages = "serverAuth, clientAuth", .file = "/pki/two.pem", .serial = "0b", .certificates = 1},
    {.usages = "none", .name = "core.example.test", .certificates = 300},
};
static const struct metrics_identity_summary tunnel_identities[] = {
    {.usages = "serverAuth", .name = "core.example.test", .serial = "0c", .certificates = 1}};
static struct metrics_zone_summary zone_ends[ZONES];
static struct metrics_listener_summary listener_ends[LISTENERS];

static const char *suite_name(unsigned number) {
    return number == 0x1301 ? "TLS_AES_128_GCM_SHA256" : NULL;
}

static void time_evenly(struct metrics_histogram *histogram, uint64_t count, uint64_t step) {
    for (uint64_t i = 1; i <= count; i++) {
        metrics_histogram_record(histogram, i * step);
    }
}

static void fill_uc(struct metrics_zone *zone, struct metrics_zone_summary *end) {
    static const uint8_t serial[] = {0x46, 0xdf, 0x76, 0xaa, 0, 0, 0, 0, 0, 0x29};
    metrics_add(&zone->attempts, 4230);
    metrics_add(&zone->established, 4203);
    metrics_add(&zone->failed, 20);
    metrics_add(&zone->unconfirmed, 2);
    metrics_add(&zone->faults[FAULT_TCP_REFUSED], 3);
    metrics_add(&zone->faults[FAULT_TLS_TIMEOUT], 10);
    metrics_add(&zone->faults[FAULT_TLS_CLOSED], 3);
    metrics_add(&zone->faults[FAULT_TCP_RESET], 3);
    metrics_add(&zone->faults[FAULT_TCP_TIMEOUT], 1);
    metrics_add(&zone->lost, 3);
    metrics_add(&zone->lost_faults[FAULT_SIP_CLOSED], 3);
    metrics_add(&zone->answered, 4203);
    metrics_add(&zone->late, 7);
    metrics_add(&zone->sip_requests, 61208);
    metrics_add(&zone->sip_responses[200], 61204);
    metrics_add(&zone->sip_responses[503], 3);
    metrics_add(&zone->sip_timeouts, 1);
    metrics_add(&zone->tls_1_3, 4200);
    metrics_add(&zone->tls_1_2, 3);
    for (unsigned i = 0; i < 4200; i++) {
        metrics_zone_count_suite(zone, 0x1301);
        metrics_serials_record(&zone->serials, serial, sizeof serial);
    }
    metrics_zone_count_suite(zone, 0xc02b);
    metrics_serials_record(&zone->serials, (const uint8_t *)"\x0a", 1);
    for (unsigned i = 0; i < 3; i++) {
        metrics_add(&zone->identities[i].attempts, 1410);
        metrics_add(&zone->identities[i].established, 1401);
        metrics_add(&zone->identities[i].failed, i);
    }
    time_evenly(&zone->latency[METRICS_TCP_CONNECT], 100, 3);
    time_evenly(&zone->latency[METRICS_TLS_HANDSHAKE], 1000, 12);
    time_evenly(&zone->latency[METRICS_ADMISSION], 1000, 15);
    time_evenly(&zone->latency[METRICS_ESTABLISH], 1000, 15);
    time_evenly(&zone->latency[METRICS_SIP_RESPONSE], 10000, 1);
    *end = (struct metrics_zone_summary){
        .ran = true,
        .state = METRICS_ACTIVE,
        .peak_open = 4200,
        .wanted = 4200,
        .open_at_end = 4200,
        .in_flight_at_end = 5,
        .peer_address = "127.0.0.31:7001",
        .identities = uc_identities,
    };
}

static void fill_tunnel(struct metrics_zone *zone, struct metrics_zone_summary *end) {
    metrics_add(&zone->attempts, 40);
    metrics_add(&zone->failed, 40);
    metrics_add(&zone->faults[FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE], 40);
    metrics_add(&zone->identities[0].attempts, 40);
    time_evenly(&zone->latency[METRICS_REFUSAL], 40, 100);
    *end = (struct metrics_zone_summary){
        .ran = true,
        .state = METRICS_FAILED,
        .wanted = 20,
        .peer_address = "127.0.0.31:2222",
        .identities = tunnel_identities,
    };
}

static void fill_listener(struct metrics_listener *listener, struct metrics_listener_summary *end) {
    metrics_add(&listener->accepted, 4225);
    metrics_add(&listener->admitted, 4203);
    metrics_add(&listener->refused, 12);
    metrics_add(&listener->aborted, 6);
    metrics_add(&listener->faults[FAULT_TLS_PEER_EKU], 12);
    metrics_add(&listener->faults[FAULT_TLS_CLOSED], 6);
    metrics_add(&listener->eku_checked, 4215);
    metrics_add(&listener->eku_refused, 12);
    metrics_add(&listener->closed, 3);
    metrics_serials_record(&listener->serials, (const uint8_t *)"\x0b\x0c", 2);
    time_evenly(&listener->eku_ns, 1000, 5);
    time_evenly(&listener->latency[METRICS_LISTENER_ADMISSION], 100, 10);
    *end = (struct metrics_listener_summary){
        .ran = true,
        .checks_eku = true,
        .eku_policy = "expressway",
        .in_flight_at_end = 4,
        .address = "127.0.0.31:7001",
    };
}

void sample_begin(void) {
    static const uint32_t identities[ZONES] = {3, 1, 1};
    const struct metrics_shape shape = {.zone_count = ZONES,
                                        .listener_count = LISTENERS,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 100};
    sample.plan = (struct profile_plan){
        .name = TEXT("condition-2.1"),
        .proves = TEXT("One line.\n"),
        .nodes = nodes,
        .node_count = 2,
        .listeners = listeners,
        .listener_count = LISTENERS,
        .zones = zones,
        .zone_count = ZONES,
        .expectations = expectations,
        .expectation_count = 2,
        .thresholds = thresholds,
        .threshold_count = 4,
    };
    sample.summary = (struct metrics_summary){
        .tool = {.version = "0.1.0", .wolfssl = "5.5.4", .liburing = "2.3", .threads = 2},
        .zones = zone_ends,
        .listeners = listener_ends,
        .started_wall_ns = INT64_C(1767323045678000000),
        .duration_s = 15.0041,
        .complete = true,
        .seed = UINT64_MAX,
        .cpu_user_s = 12.25,
        .cpu_system_s = 4.5,
        .rss_peak_kib = 353280,
    };
    strcpy(sample.summary.tool.kernel, "6.18.0");
    strcpy(sample.summary.tool.cpu, "A CPU");
    struct metrics_shard *total = &sample.summary.total;
    cr_assert(metrics_shard_init(total, &shape));
    fill_uc(&total->zones[ZONE_UC], &zone_ends[ZONE_UC]);
    fill_tunnel(&total->zones[ZONE_TUNNEL], &zone_ends[ZONE_TUNNEL]);
    zone_ends[ZONE_WEBEX] = (struct metrics_zone_summary){
        .ran = true, .identities = tunnel_identities, .peer_address = "[2001:db8::7]:5061"};
    fill_listener(&total->listeners[LISTENER_UC], &listener_ends[LISTENER_UC]);
    listener_ends[LISTENER_TUNNEL] = (struct metrics_listener_summary){
        .ran = true, .eku_policy = "server-or-client", .address = "127.0.0.31:2222"};
    listener_ends[LISTENER_SIP] = (struct metrics_listener_summary){.ran = false};
    sample.facts = (struct report_facts){
        .plan = &sample.plan,
        .summary = &sample.summary,
        .verdict = &sample.verdict,
        .suite_name = suite_name,
        .result_path = "results/sample",
    };
    sample_judge();
}

void sample_judge(void) {
    verdict_finish(&sample.verdict);
    cr_assert(verdict_judge(&sample.verdict, &sample.plan, &sample.summary));
}

void sample_end(void) {
    verdict_finish(&sample.verdict);
    metrics_shard_finish(&sample.summary.total);
}

char *sample_written(bool (*write)(const struct report_facts *facts, FILE *out)) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    cr_assert_not_null(out);
    cr_assert(write(&sample.facts, out));
    cr_assert_eq(fclose(out), 0);
    return text;
}
