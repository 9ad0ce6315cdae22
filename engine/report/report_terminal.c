/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include "base_bytes.h"
#include "report_terminal_part.h"
#include "report_text.h"

#include <math.h>
#include <string.h>

/* From here on figures are about the generator as much as about its peers. */
#define BUSY_SHARE 0.85
#define STALL_US   UINT64_C(250000)

enum {
    MARK_WIDTH = 9,
    ROWS_SHOWN = 12, /* beyond, only what is not met */
    STEERED_SHOWN = 8,
};

static void write_title(const struct report_terminal *terminal, const struct report_facts *facts) {
    const struct metrics_summary *summary = facts->summary;
    char name[160];
    char detail[96];
    char warm_up[48] = "";
    snprintf(name, sizeof name, "%s%s%s", facts->plan->name,
             facts->plan->variant == NULL ? "" : ", variant ",
             facts->plan->variant == NULL ? "" : facts->plan->variant);
    if (summary->warm_up_s > 0) {
        snprintf(warm_up, sizeof warm_up, " after a warm-up of %.1f s", summary->warm_up_s);
    }
    snprintf(detail, sizeof detail, "%s %.1f s%s on %u thread%s",
             summary->interrupted ? "was interrupted after" : "ran", summary->duration_s, warm_up,
             summary->tool.threads, summary->tool.threads == 1 ? "" : "s");
    report_terminal_heading(terminal, name, detail, "");
}

/* "4.0 s  set rate 400/s": what was said, as it can be said again. */
static void write_steered(const struct report_terminal *terminal,
                          const struct metrics_summary *summary) {
    uint32_t shown =
        summary->steered_count < STEERED_SHOWN ? summary->steered_count : STEERED_SHOWN;
    uint64_t more = summary->steered_count - shown + summary->steered_left_out;
    char number[REPORT_NUMBER_SIZE];
    for (uint32_t i = 0; i < shown; i++) {
        const struct metrics_steered *row = &summary->steered[i];
        int at = fprintf(terminal->out, "%s%-*s%.1f s  ", i == 0 ? "\n" : "",
                         REPORT_TERMINAL_LABEL + 2, i == 0 ? "steered" : "", row->at_s);
        report_terminal_wrapped(terminal, row->command, (unsigned)(i == 0 ? at - 1 : at));
    }
    if (more > 0) {
        fprintf(terminal->out, "%-*sand %s more\n", REPORT_TERMINAL_LABEL + 2, "",
                report_text_count(more, number));
    }
}

static void write_resources(const struct report_terminal *terminal,
                            const struct metrics_summary *summary) {
    char number[REPORT_NUMBER_SIZE];
    fprintf(terminal->out, "\n%-*sCPU %.1f s user and %.1f s system, memory %s at most\n",
            REPORT_TERMINAL_LABEL + 2, "resources", summary->cpu_user_s, summary->cpu_system_s,
            report_text_kib(summary->rss_peak_kib, number));
    if (summary->cpu_share > BUSY_SHARE) {
        fprintf(terminal->out,
                "%-*sekuload itself was busy %.0f%% of the time: latencies are partly its own\n",
                REPORT_TERMINAL_LABEL + 2, "", fmin(summary->cpu_share, 1) * 100);
    }
    if (summary->stall_us_max > STALL_US) {
        fprintf(terminal->out,
                "%-*sthis machine let ekuload wait for up to %s: what failed may be its doing\n",
                REPORT_TERMINAL_LABEL + 2, "", report_text_us(summary->stall_us_max, number));
    }
    if (summary->journal_dropped > 0) {
        fprintf(terminal->out, "%-*s%s event lines lost: the disk was too slow\n",
                REPORT_TERMINAL_LABEL + 2, "", report_text_count(summary->journal_dropped, number));
    }
}

static void write_mark(const struct report_terminal *terminal, bool met) {
    fputs("  ", terminal->out);
    report_terminal_styled(terminal, met ? REPORT_GOOD : REPORT_BAD, met ? "met" : "not met");
    fprintf(terminal->out, "%*s", MARK_WIDTH - (int)strlen(met ? "met" : "not met"), "");
}

static void write_observed_faults(const struct verdict_expectation *row, FILE *out) {
    const char *separator = " with ";
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        if (row->observed_faults[fault]) {
            fprintf(out, "%s%s", separator, base_fault_key((enum fault)fault));
            separator = ", ";
        }
    }
}

static void write_observed_serials(const struct metrics_serials *serials, FILE *out) {
    const char *separator = " the serial ";
    char text[REPORT_SERIAL_SIZE];
    for (uint32_t i = 0; i < serials->capacity; i++) {
        const struct metrics_serial *cell = &serials->cells[i];
        if (cell->length > 0) {
            base_bytes_to_hex(base_bytes(cell->octets, cell->length), text, sizeof text);
            fprintf(out, "%s%s", separator, text);
            separator = ", ";
        }
    }
    if (separator[0] == ' ') {
        fputs(" no certificate", out);
    }
}

static void write_expected(const struct profile_expectation *expected, FILE *out) {
    const struct profile_texts *faults = &expected->faults;
    if (expected->zone != PROFILE_NONE) {
        fprintf(out, "; expected %s",
                expected->state == PROFILE_STATE_ANY ? "any state"
                                                     : profile_state_key(expected->state));
    }
    for (uint32_t i = 0; i < faults->count; i++) {
        fprintf(out, "%s%s", i == 0 ? " with " : " or ", faults->items[i]);
    }
    if (expected->has_faults && faults->count == 0) {
        fputs(" without any fault", out);
    }
    for (uint32_t i = 0; i < expected->peer_serial_count; i++) {
        const struct profile_serial *serial = &expected->peer_serials[i];
        char text[REPORT_SERIAL_SIZE];
        base_bytes_to_hex(base_bytes(serial->octets, serial->length), text, sizeof text);
        fprintf(out, "%s%s", i == 0 ? "; expected the serial " : " or ", text);
    }
}

static void write_expectation(const struct report_terminal *terminal,
                              const struct verdict_expectation *row) {
    struct report_paragraph paragraph;
    if (!report_paragraph_begin(&paragraph)) {
        return;
    }
    bool is_zone = row->expected->zone != PROFILE_NONE;
    if (is_zone) {
        fprintf(paragraph.out, "%s is %s", row->subject, metrics_state_key(row->observed_state));
    }
    if (row->expected->has_faults) {
        write_observed_faults(row, paragraph.out);
    }
    if (row->expected->peer_serial_count > 0) {
        fprintf(paragraph.out, "%s was presented", is_zone ? "," : row->subject);
        write_observed_serials(row->observed_serials, paragraph.out);
    }
    if (!row->met) {
        write_expected(row->expected, paragraph.out);
    }
    write_mark(terminal, row->met);
    report_paragraph_end(&paragraph, terminal, MARK_WIDTH + 2);
}

static void write_threshold(const struct report_terminal *terminal,
                            const struct verdict_threshold *row) {
    char number[REPORT_NUMBER_SIZE] = "nothing";
    if (row->has_observed && row->is_real) {
        snprintf(number, sizeof number, "%.4g", row->observed);
    } else if (row->has_observed && row->is_duration) {
        report_text_us((uint64_t)llround(row->observed), number);
    } else if (row->has_observed) {
        report_text_count((uint64_t)llround(row->observed), number);
    }
    write_mark(terminal, row->met);
    fprintf(terminal->out, "%s, observed %s\n", row->expression, number);
}

static void write_rows(const struct report_terminal *terminal, const struct verdict *verdict) {
    bool all = verdict->expectation_count + verdict->threshold_count <= ROWS_SHOWN;
    if (verdict->expectation_count + verdict->threshold_count > 0) {
        fputs("\n", terminal->out);
    }
    for (uint32_t i = 0; i < verdict->expectation_count; i++) {
        const struct verdict_expectation *row = &verdict->expectations[i];
        if (row->applies && (all || !row->met)) {
            write_expectation(terminal, row);
        }
    }
    for (uint32_t i = 0; i < verdict->threshold_count; i++) {
        const struct verdict_threshold *row = &verdict->thresholds[i];
        if (row->applies && (all || !row->met)) {
            write_threshold(terminal, row);
        }
    }
}

/* Last, where the eye is when the prompt comes back. */
static void write_verdict(const struct report_terminal *terminal,
                          const struct report_facts *facts) {
    const struct verdict *verdict = facts->verdict;
    const char *word = verdict->pass ? "PASS" : "FAIL";
    fputs("\n", terminal->out);
    report_terminal_styled(terminal, verdict->pass ? REPORT_GOOD : REPORT_BAD, word);
    fputs("  ", terminal->out);
    report_terminal_wrapped(terminal, verdict->reason, (unsigned)strlen(word) + 2);
    if (facts->result_path != NULL) {
        fprintf(terminal->out, "      %s/result.json\n", facts->result_path);
    }
}

void report_terminal_write(const struct report_facts *facts, FILE *out, bool colour) {
    const struct report_terminal terminal = {.out = out, .colour = colour};
    write_title(&terminal, facts);
    for (uint32_t i = 0; i < facts->plan->zone_count; i++) {
        if (facts->summary->zones[i].ran) {
            report_terminal_zone(&terminal, facts, i);
        }
    }
    for (uint32_t i = 0; i < facts->plan->listener_count; i++) {
        if (facts->summary->listeners[i].ran) {
            report_terminal_listener(&terminal, facts, i);
        }
    }
    report_terminal_status(&terminal, facts);
    report_terminal_windows(&terminal, facts);
    write_steered(&terminal, facts->summary);
    write_resources(&terminal, facts->summary);
    write_rows(&terminal, facts->verdict);
    write_verdict(&terminal, facts);
    fflush(out);
}
