/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"

#include "base_bytes.h"
#include "report_text.h"

#include <stdlib.h>
#include <string.h>

enum { FAULTS_SHOWN = 3, SERIALS_SHOWN = 1, INDENT = 4 };

void report_terminal_styled(const struct report_terminal *terminal, enum report_style style,
                            const char *text) {
    static const char *const codes[] = {
        [REPORT_PLAIN] = "",          [REPORT_BOLD] = "\033[1m",   [REPORT_DIM] = "\033[2m",
        [REPORT_GOOD] = "\033[1;32m", [REPORT_BAD] = "\033[1;31m",
    };
    if (!terminal->colour || style == REPORT_PLAIN) {
        fputs(text, terminal->out);
        return;
    }
    fprintf(terminal->out, "%s%s\033[0m", codes[style], text);
}

void report_terminal_heading(const struct report_terminal *terminal, const char *left,
                             const char *detail, const char *right) {
    size_t used = strlen(left) + 1 + strlen(detail) + strlen(right);
    size_t gap = used + 2 < REPORT_TERMINAL_WIDTH ? REPORT_TERMINAL_WIDTH - used : 2;
    fputs("\n", terminal->out);
    report_terminal_styled(terminal, REPORT_BOLD, left);
    fputs(" ", terminal->out);
    report_terminal_styled(terminal, REPORT_DIM, detail);
    if (right[0] != '\0') {
        fprintf(terminal->out, "%*s", (int)gap, "");
        report_terminal_styled(terminal, REPORT_BOLD, right);
    }
    fputs("\n", terminal->out);
}

void report_terminal_label(const struct report_terminal *terminal, const char *label) {
    fprintf(terminal->out, "  %-*s", REPORT_TERMINAL_LABEL, label);
}

void report_terminal_also(const struct report_terminal *terminal, uint64_t count,
                          const char *what) {
    char number[REPORT_NUMBER_SIZE];
    if (count > 0) {
        fprintf(terminal->out, ", %s %s", report_text_count(count, number), what);
    }
}

void report_terminal_wrapped(const struct report_terminal *terminal, const char *text,
                             unsigned at) {
    size_t column = at;
    bool first = true;
    while (*text != '\0') {
        size_t blanks = strspn(text, " \n");
        size_t length = strcspn(text + blanks, " \n");
        text += blanks;
        if (!first && column + 1 + length > REPORT_TERMINAL_WIDTH) {
            fprintf(terminal->out, "\n%*s", (int)at, "");
            column = at;
            first = true;
        }
        fprintf(terminal->out, "%s%.*s", first ? "" : " ", (int)length, text);
        column += length + (first ? 0 : 1);
        first = false;
        text += length;
    }
    fputs("\n", terminal->out);
}

bool report_paragraph_begin(struct report_paragraph *paragraph) {
    *paragraph = (struct report_paragraph){0};
    paragraph->out = open_memstream(&paragraph->text, &paragraph->length);
    return paragraph->out != NULL;
}

void report_paragraph_end(struct report_paragraph *paragraph,
                          const struct report_terminal *terminal, unsigned at) {
    bool whole = fclose(paragraph->out) == 0 && paragraph->text != NULL;
    report_terminal_wrapped(terminal, whole ? paragraph->text : "", at);
    free(paragraph->text);
}

/* The most frequent fault below `limit`, or as frequent and later in the list than `after`. */
static enum fault next_fault(const metrics_counter *faults, uint64_t limit, enum fault after) {
    enum fault best = FAULT_NONE;
    uint64_t most = 0;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        uint64_t count = metrics_read(&faults[fault]);
        bool is_left = count < limit || (count == limit && fault > after);
        if (is_left && count > most) {
            most = count;
            best = (enum fault)fault;
        }
    }
    return best;
}

void report_terminal_faults(const struct report_terminal *terminal,
                            const metrics_counter faults[FAULT_COUNT], const char *prefix) {
    char number[REPORT_NUMBER_SIZE];
    int width = 0;
    uint64_t limit = UINT64_MAX;
    enum fault fault = next_fault(faults, limit, FAULT_NONE);
    for (unsigned shown = 0; fault != FAULT_NONE && shown < FAULTS_SHOWN; shown++) {
        limit = metrics_read(&faults[fault]);
        report_text_count(limit, number);
        width = shown == 0 ? (int)strlen(number) : width;
        fprintf(terminal->out, "%*s%*s  %s%s\n", INDENT, "", width, number, prefix,
                base_fault_text(fault));
        fault = next_fault(faults, limit, fault);
    }
    uint64_t rest = 0;
    for (; fault != FAULT_NONE; fault = next_fault(faults, limit, fault)) {
        limit = metrics_read(&faults[fault]);
        rest += limit;
    }
    if (rest > 0) {
        fprintf(terminal->out, "%*s%*s  %sother faults, see result.json\n", INDENT, "", width,
                report_text_count(rest, number), prefix);
    }
}

/* A few are told by name: they are what the article compares. */
static void write_serials(const struct report_terminal *terminal,
                          const struct metrics_serials *serials) {
    const char *separator = ": ";
    for (uint32_t i = 0; i < serials->capacity && serials->used <= SERIALS_SHOWN; i++) {
        const struct metrics_serial *cell = &serials->cells[i];
        char text[2 * METRICS_SERIAL_MAX + 1];
        if (cell->length > 0) {
            base_bytes_to_hex(base_bytes(cell->octets, cell->length), text, sizeof text);
            fprintf(terminal->out, "%s%s", separator, text);
            separator = " ";
        }
    }
}

void report_terminal_certificates(const struct report_terminal *terminal,
                                  const struct metrics_serials *serials, uint64_t mismatches) {
    char number[REPORT_NUMBER_SIZE];
    if (serials->used == 0 && serials->other == 0 && mismatches == 0) {
        return;
    }
    report_terminal_label(terminal, "certificates");
    fprintf(terminal->out, "%s%s serial%s from the peer", serials->other > 0 ? "more than " : "",
            report_text_count(serials->used, number), serials->used == 1 ? "" : "s");
    write_serials(terminal, serials);
    fprintf(terminal->out, ", %s mismatch%s\n", report_text_count(mismatches, number),
            mismatches == 1 ? "" : "es");
}
