/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_page.h"
#include "report_terminal_part.h"
#include "report_text.h"

#include <string.h>

enum { COLUMN = 11, TARGETS_SHOWN = 12, PEERS_WIDTH = 40 };

struct zone_view {
    const struct report_terminal *terminal;
    const struct report_facts *facts;
    const struct profile_zone *plan;
    const struct metrics_zone *zone;
    const struct metrics_zone_summary *end;
    FILE *out;
};

static void write_heading(const struct zone_view *view) {
    const struct metrics_zone_summary *end = view->end;
    char peer[REPORT_PEER_SIZE];
    char detail[REPORT_PEER_SIZE + 128];
    report_text_peer(view->facts->plan, view->plan, peer);
    if (end->target_addresses != NULL) {
        bool is_long = strlen(peer) > PEERS_WIDTH;
        snprintf(detail, sizeof detail, "-> %.*s%s (%u targets)", PEERS_WIDTH, peer,
                 is_long ? " ..." : "", view->zone->target_count);
    } else {
        bool says_more = strcmp(peer, end->peer_address) != 0;
        snprintf(detail, sizeof detail, "-> %s%s%s%s", peer, says_more ? " (" : "",
                 says_more ? end->peer_address : "", says_more ? ")" : "");
    }
    report_terminal_heading(view->terminal, view->plan->full_name, detail,
                            metrics_state_key(end->state));
}

/* As the product's web page words it; the profile's own word for what that page does not list. */
static void write_type(const struct zone_view *view) {
    const char *words = report_page_zone_type(view->plan->type);
    report_terminal_label(view->terminal, "type");
    fprintf(view->out, "%s\n", words == NULL ? profile_zone_type_key(view->plan->type) : words);
}

static void write_outcomes(const struct zone_view *view) {
    const struct metrics_zone *zone = view->zone;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    report_terminal_label(view->terminal, "established");
    fprintf(view->out, "%s of %s attempts", report_text_count(metrics_read(&zone->established), a),
            report_text_count(metrics_read(&zone->attempts), b));
    report_terminal_also(view->terminal, metrics_read(&zone->unconfirmed), "unconfirmed");
    report_terminal_also(view->terminal, view->end->in_flight_at_end, "in flight at the end");
    report_terminal_also(view->terminal, metrics_read(&zone->resumed), "resumed");
    fputs("\n", view->out);
}

static void write_open(const struct zone_view *view) {
    char number[REPORT_NUMBER_SIZE];
    report_terminal_label(view->terminal, "open");
    fputs(report_text_count(view->end->open_at_end, number), view->out);
    if (view->end->wanted > 0) {
        fprintf(view->out, " of %s wanted", report_text_count(view->end->wanted, number));
    }
    fputs(" at the end", view->out);
    if (view->end->peak_open != view->end->open_at_end) {
        report_terminal_also(view->terminal, view->end->peak_open, "at most");
    }
    fputs("\n", view->out);
}

static void write_failures(const struct zone_view *view) {
    const struct metrics_zone *zone = view->zone;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    report_terminal_label(view->terminal, "failed");
    fprintf(view->out, "%s, %s lost", report_text_count(metrics_read(&zone->failed), a),
            report_text_count(metrics_read(&zone->lost), b));
    report_terminal_also(view->terminal, metrics_read(&zone->late), "started late");
    report_terminal_also(view->terminal, metrics_read(&zone->dropped), "never started");
    fputs("\n", view->out);
    report_terminal_faults(view->terminal, zone->faults, "");
    report_terminal_faults(view->terminal, zone->lost_faults, "lost: ");
}

/* Where a zone dials several. */
static void write_targets(const struct zone_view *view) {
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    uint32_t count = view->end->target_addresses == NULL ? 0 : view->zone->target_count;
    for (uint32_t i = 0; i < count && i < TARGETS_SHOWN; i++) {
        const struct metrics_target *target = &view->zone->targets[i];
        report_terminal_label(view->terminal, i == 0 ? "targets" : "");
        fprintf(view->out, "%s: %s of %s attempts", view->end->target_addresses[i],
                report_text_count(metrics_read(&target->established), a),
                report_text_count(metrics_read(&target->attempts), b));
        report_terminal_also(view->terminal, metrics_read(&target->failed), "failed");
        fputs("\n", view->out);
    }
    if (count > TARGETS_SHOWN) {
        report_terminal_label(view->terminal, "");
        fprintf(view->out, "and %u more\n", count - TARGETS_SHOWN);
    }
}

static void write_latency(const struct zone_view *view, const char *label,
                          enum metrics_zone_latency latency) {
    const struct metrics_histogram *histogram = &view->zone->latency[latency];
    char p50[REPORT_NUMBER_SIZE];
    char p99[REPORT_NUMBER_SIZE];
    char max[REPORT_NUMBER_SIZE];
    if (histogram->count == 0) {
        return;
    }
    report_text_us(metrics_histogram_quantile(histogram, 0.5), p50);
    report_text_us(metrics_histogram_quantile(histogram, 0.99), p99);
    report_text_us(histogram->max, max);
    fprintf(view->out, "    %-*s%*s%*s%*s\n", REPORT_TERMINAL_LABEL - 2, label, COLUMN, p50, COLUMN,
            p99, COLUMN, max);
}

static void write_latencies(const struct zone_view *view) {
    uint64_t samples = 0;
    for (unsigned i = METRICS_TLS_HANDSHAKE; i < METRICS_ZONE_LATENCIES; i++) {
        samples += view->zone->latency[i].count;
    }
    if (samples == 0) {
        return;
    }
    report_terminal_label(view->terminal, "latency");
    fprintf(view->out, "%*s%*s%*s\n", COLUMN, "p50", COLUMN, "p99", COLUMN, "max");
    write_latency(view, "TLS handshake", METRICS_TLS_HANDSHAKE);
    write_latency(view, "  full", METRICS_TLS_HANDSHAKE_FULL);
    write_latency(view, "  resumed", METRICS_TLS_HANDSHAKE_RESUMED);
    write_latency(view, "admission", METRICS_ADMISSION);
    write_latency(view, "establish", METRICS_ESTABLISH);
    if (view->end->wanted == 0) {
        /* Where a schedule says when to start, a stall shows only here. */
        write_latency(view, "from intended", METRICS_ESTABLISH_FROM_INTENDED);
    }
    bool is_http = profile_zone_protocol(view->plan) == PROFILE_PROTOCOL_HTTP;
    write_latency(view, is_http ? "HTTP response" : "SIP response", METRICS_SIP_RESPONSE);
    write_latency(view, "refusal", METRICS_REFUSAL);
    write_latency(view, "recovery", METRICS_FLOW_RECOVERY);
}

static void write_versions(const struct zone_view *view, FILE *out) {
    uint64_t tls_1_3 = metrics_read(&view->zone->tls_1_3);
    uint64_t tls_1_2 = metrics_read(&view->zone->tls_1_2);
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    if (tls_1_3 > 0 && tls_1_2 > 0) {
        fprintf(out, "1.3 x %s, 1.2 x %s", report_text_count(tls_1_3, a),
                report_text_count(tls_1_2, b));
        return;
    }
    fputs(tls_1_3 > 0 ? "1.3" : "1.2", out);
}

static void write_suites(const struct zone_view *view, FILE *out) {
    uint64_t handshakes = metrics_read(&view->zone->tls_1_3) + metrics_read(&view->zone->tls_1_2);
    for (unsigned i = 0; i < METRICS_SUITES_MAX; i++) {
        const struct metrics_suite *suite = &view->zone->suites[i];
        char name[REPORT_SUITE_SIZE];
        char number[REPORT_NUMBER_SIZE];
        if (suite->number != 0) {
            fprintf(out, ", %s", report_text_suite(view->facts, suite->number, name));
            if (suite->count != handshakes) {
                fprintf(out, " x %s", report_text_count(suite->count, number));
            }
        }
    }
}

static void write_tls(const struct zone_view *view) {
    struct report_paragraph paragraph;
    if (metrics_read(&view->zone->tls_1_3) + metrics_read(&view->zone->tls_1_2) == 0 ||
        !report_paragraph_begin(&paragraph)) {
        return;
    }
    write_versions(view, paragraph.out);
    write_suites(view, paragraph.out);
    report_terminal_label(view->terminal, "TLS");
    report_paragraph_end(&paragraph, view->terminal, REPORT_TERMINAL_LABEL + 2);
}

/* What the zone's node shows of itself: the cause of most failures here. */
static void write_identities(const struct zone_view *view) {
    const struct profile_node *node = &view->facts->plan->nodes[view->plan->node];
    if (node->client_store.kind == PROFILE_STORE_NONE) {
        report_terminal_label(view->terminal, "presents");
        fputs("no certificate\n", view->out);
        return;
    }
    report_terminal_identities(view->terminal, view->zone, view->end);
}

void report_terminal_zone(const struct report_terminal *terminal, const struct report_facts *facts,
                          uint32_t index) {
    const struct zone_view view = {
        .terminal = terminal,
        .facts = facts,
        .plan = &facts->plan->zones[index],
        .zone = &facts->summary->total.zones[index],
        .end = &facts->summary->zones[index],
        .out = terminal->out,
    };
    write_heading(&view);
    write_type(&view);
    if (metrics_read(&view.zone->attempts) + metrics_read(&view.zone->dropped) == 0) {
        fputs("  nothing was attempted\n", terminal->out);
        return;
    }
    write_outcomes(&view);
    write_open(&view);
    write_failures(&view);
    write_targets(&view);
    report_terminal_dialog(terminal, view.plan, view.zone);
    write_latencies(&view);
    write_tls(&view);
    write_identities(&view);
    report_terminal_certificates(terminal, &view.zone->serials,
                                 metrics_read(&view.zone->mismatches));
}
