/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"
#include "report_text.h"

static void write_outcomes(const struct report_terminal *terminal,
                           const struct metrics_listener *listener,
                           const struct metrics_listener_summary *end) {
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    char c[REPORT_NUMBER_SIZE];
    report_terminal_label(terminal, "accepted");
    fprintf(terminal->out, "%s: %s admitted, %s refused",
            report_text_count(metrics_read(&listener->accepted), a),
            report_text_count(metrics_read(&listener->admitted), b),
            report_text_count(metrics_read(&listener->refused), c));
    report_terminal_also(terminal, metrics_read(&listener->aborted), "aborted");
    report_terminal_also(terminal, metrics_read(&listener->resumed), "resumed");
    report_terminal_also(terminal, end->in_flight_at_end, "in flight at the end");
    fputs("\n", terminal->out);
    report_terminal_faults(terminal, listener->faults, "");
    report_terminal_reasons(terminal, &listener->reasons);
}

static void write_eku_check(const struct report_terminal *terminal,
                            const struct metrics_listener *listener) {
    const struct metrics_histogram *ns = &listener->eku_ns;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    report_terminal_label(terminal, "EKU check");
    fprintf(terminal->out, "%s checked, %s refused",
            report_text_count(metrics_read(&listener->eku_checked), a),
            report_text_count(metrics_read(&listener->eku_refused), b));
    if (ns->count > 0) {
        fprintf(terminal->out, ", p50 %s, p99 %s",
                report_text_ns(metrics_histogram_quantile(ns, 0.5), a),
                report_text_ns(metrics_histogram_quantile(ns, 0.99), b));
    }
    fputs("\n", terminal->out);
}

/* More than one policy has judged: the mode changed while load ran. */
static bool was_turned(const struct metrics_listener *listener) {
    unsigned judging = 0;
    for (unsigned i = 0; i < METRICS_POLICIES; i++) {
        judging += metrics_read(&listener->eku_checked_by_policy[i]) > 0;
    }
    return judging > 1;
}

static void write_policies(const struct report_terminal *terminal,
                           const struct metrics_listener *listener) {
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    for (unsigned i = 0; was_turned(listener) && report_text_policy(i) != NULL; i++) {
        uint64_t checked = metrics_read(&listener->eku_checked_by_policy[i]);
        if (checked > 0) {
            report_terminal_label(terminal, "");
            fprintf(terminal->out, "%s: %s checked, %s refused\n", report_text_policy(i),
                    report_text_count(checked, a),
                    report_text_count(metrics_read(&listener->eku_refused_by_policy[i]), b));
        }
    }
}

/* HTTP is counted as one method: that it is none of SIP's says nothing. */
static void write_http_requests(const struct report_terminal *terminal,
                                const struct metrics_listener *listener) {
    char number[REPORT_NUMBER_SIZE];
    uint64_t count = metrics_read(&listener->sip_requests);
    if (count > 0) {
        report_terminal_label(terminal, "requests");
        fprintf(terminal->out, "%s HTTP\n", report_text_count(count, number));
    }
}

static void write_sip_requests(const struct report_terminal *terminal,
                               const struct metrics_listener *listener) {
    const char *separator = "";
    char number[REPORT_NUMBER_SIZE];
    for (unsigned i = 0; i < METRICS_METHODS; i++) {
        uint64_t count = metrics_read(&listener->sip_methods[i]);
        if (count > 0 && separator[0] == '\0') {
            report_terminal_label(terminal, "requests");
        }
        if (count > 0) {
            fprintf(terminal->out, "%s%s %s", separator, report_text_count(count, number),
                    metrics_method_name((enum metrics_method)i));
            separator = ", ";
        }
    }
    fputs(separator[0] == '\0' ? "" : "\n", terminal->out);
}

void report_terminal_listener(const struct report_terminal *terminal,
                              const struct report_facts *facts, uint32_t index) {
    const struct metrics_listener *listener = &facts->summary->total.listeners[index];
    const struct metrics_listener_summary *end = &facts->summary->listeners[index];
    char detail[sizeof end->address + 16];
    char mode[96] = "no client certificate asked for";
    const struct profile_listener *row = &facts->plan->listeners[index];
    bool asks = row->client_certificate != PROFILE_CLIENT_CERTIFICATE_NONE;
    snprintf(detail, sizeof detail, "listens on %s", end->address);
    if (asks) {
        snprintf(mode, sizeof mode, "EKU check %s%s: %s", end->checks_eku ? "on" : "off",
                 was_turned(listener) ? " at the end" : "",
                 end->eku_policy == NULL ? "none" : end->eku_policy);
    }
    report_terminal_heading(terminal, row->full_name, detail, mode);
    if (metrics_read(&listener->accepted) == 0) {
        fputs("  nobody connected\n", terminal->out);
        return;
    }
    write_outcomes(terminal, listener, end);
    if (asks) {
        write_eku_check(terminal, listener);
        write_policies(terminal, listener);
    }
    if (profile_listener_protocol(row) == PROFILE_PROTOCOL_SIP) {
        write_sip_requests(terminal, listener);
    } else {
        write_http_requests(terminal, listener);
    }
    report_terminal_relayed(terminal, metrics_read(&listener->relayed),
                            metrics_read(&listener->unroutable));
    report_terminal_certificates(terminal, &listener->serials, metrics_read(&listener->mismatches));
}
