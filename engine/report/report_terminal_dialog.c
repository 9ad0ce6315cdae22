/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"
#include "report_text.h"

enum { REASONS_SHOWN = 3, REASON_COLUMN = 4 };

/* What its requests are called. */
static const char *label_of(enum profile_dialog dialog) {
    static const char *const labels[] = {
        [PROFILE_DIALOG_NONE] = "requests",     [PROFILE_DIALOG_OPTIONS] = "OPTIONS",
        [PROFILE_DIALOG_REGISTER] = "REGISTER", [PROFILE_DIALOG_INVITE] = "INVITE, BYE",
        [PROFILE_DIALOG_HTTP] = "GET",          [PROFILE_DIALOG_SCRIPT] = "requests",
    };
    return labels[dialog];
}

static void write_requests(const struct report_terminal *terminal, const struct profile_zone *plan,
                           const struct metrics_zone *zone) {
    uint64_t good = 0;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    for (unsigned status = 200; status < 300; status++) {
        good += metrics_read(&zone->sip_responses[status]);
    }
    report_terminal_label(terminal, label_of(plan->load.dialog));
    fprintf(terminal->out, "%s sent, %s answered",
            report_text_count(metrics_read(&zone->sip_requests), a), report_text_count(good, b));
    report_terminal_also(terminal, metrics_read(&zone->sip_timeouts), "timed out");
    for (unsigned status = 0; status < METRICS_SIP_STATUS_MAX; status++) {
        uint64_t count = metrics_read(&zone->sip_responses[status]);
        if (count > 0 && (status < 200 || status >= 300)) {
            fprintf(terminal->out, ", %s with %u", report_text_count(count, a), status);
        }
    }
    fputs("\n", terminal->out);
    report_terminal_label(terminal, "");
    fprintf(terminal->out, "%s of %s established connections answered\n",
            report_text_count(metrics_read(&zone->answered), a),
            report_text_count(metrics_read(&zone->established), b));
}

/* The most frequent one after `after`; equals in the order of the table. */
static const struct metrics_reason *next_reason(const struct metrics_reasons *reasons,
                                                const struct metrics_reason *after) {
    const struct metrics_reason *best = NULL;
    for (unsigned i = 0; i < METRICS_REASONS_MAX; i++) {
        const struct metrics_reason *cell = &reasons->cells[i];
        bool is_left = after == NULL || cell->count < after->count ||
                       (cell->count == after->count && cell > after);
        if (cell->text[0] != '\0' && is_left && (best == NULL || cell->count > best->count)) {
            best = cell;
        }
    }
    return best;
}

static void write_reason(const struct report_terminal *terminal, uint64_t count,
                         const char *reason) {
    struct report_paragraph paragraph;
    char number[REPORT_NUMBER_SIZE];
    int width =
        fprintf(terminal->out, "%*s%s  ", REASON_COLUMN, "", report_text_count(count, number));
    if (width > 0 && report_paragraph_begin(&paragraph)) {
        fputs(reason, paragraph.out);
        report_paragraph_end(&paragraph, terminal, (unsigned)width);
    }
}

void report_terminal_reasons(const struct report_terminal *terminal,
                             const struct metrics_reasons *reasons) {
    const struct metrics_reason *reason = next_reason(reasons, NULL);
    uint64_t rest = reasons->other;
    for (unsigned shown = 0; reason != NULL; shown++) {
        char text[REPORT_REASON_SIZE];
        if (shown < REASONS_SHOWN) {
            write_reason(terminal, reason->count, report_text_reason(reason->text, text));
        } else {
            rest += reason->count;
        }
        reason = next_reason(reasons, reason);
    }
    if (rest > 0) {
        write_reason(terminal, rest, "for other reasons, see result.json");
    }
}

static void write_count(const struct report_terminal *terminal, const char *label, uint64_t count,
                        const char *what) {
    char number[REPORT_NUMBER_SIZE];
    report_terminal_label(terminal, label);
    fprintf(terminal->out, "%s %s", report_text_count(count, number), what);
}

void report_terminal_relayed(const struct report_terminal *terminal, uint64_t relayed,
                             uint64_t unroutable) {
    if (relayed + unroutable > 0) {
        write_count(terminal, "for others", relayed, "requests sent on");
        report_terminal_also(terminal, unroutable, "had no way on");
        fputs("\n", terminal->out);
    }
}

void report_terminal_dialog(const struct report_terminal *terminal, const struct profile_zone *plan,
                            const struct metrics_zone *zone) {
    uint64_t keepalives = metrics_read(&zone->keepalives_sent);
    if (metrics_read(&zone->sip_requests) > 0) {
        write_requests(terminal, plan, zone);
    }
    report_terminal_reasons(terminal, &zone->reasons);
    if (plan->load.dialog == PROFILE_DIALOG_INVITE) {
        write_count(terminal, "calls", metrics_read(&zone->calls), "answered and ended in order\n");
    }
    if (plan->load.dialog == PROFILE_DIALOG_SCRIPT) {
        write_count(terminal, "dialogs", metrics_read(&zone->calls), "played to the end\n");
    }
    report_terminal_relayed(terminal, metrics_read(&zone->relayed),
                            metrics_read(&zone->unroutable));
    if (keepalives > 0) {
        write_count(terminal, "keep-alives", keepalives, "sent\n");
    }
}
