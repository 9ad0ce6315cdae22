/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"
#include "report_text.h"

#include <string.h>

enum { LINES_MAX = 8 };

/* One identity; or, when there are more of them than lines, all that have the same usages. */
struct line {
    const char *usages;
    uint32_t identities;
    uint64_t attempts;
    uint64_t established;
};

struct lines {
    struct line items[LINES_MAX];
    uint32_t count;
    uint32_t left_out; /* identities */
};

static struct line *line_of(struct lines *lines, const char *usages, bool grouped) {
    for (uint32_t i = 0; grouped && i < lines->count; i++) {
        if (strcmp(lines->items[i].usages, usages) == 0) {
            return &lines->items[i];
        }
    }
    if (lines->count == LINES_MAX) {
        lines->left_out++;
        return NULL;
    }
    lines->items[lines->count] = (struct line){.usages = usages};
    return &lines->items[lines->count++];
}

static void gather(struct lines *lines, const struct metrics_zone *zone,
                   const struct metrics_zone_summary *end) {
    for (uint32_t i = 0; i < zone->identity_count; i++) {
        const char *usages = end->identity_usages == NULL ? NULL : end->identity_usages[i];
        struct line *line =
            usages == NULL ? NULL : line_of(lines, usages, zone->identity_count > LINES_MAX);
        if (line != NULL) {
            line->identities++;
            line->attempts += metrics_read(&zone->identities[i].attempts);
            line->established += metrics_read(&zone->identities[i].established);
        }
    }
}

static void write_line(const struct report_terminal *terminal, const struct line *line,
                       bool is_first, bool is_only) {
    struct report_paragraph paragraph;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    if (!report_paragraph_begin(&paragraph)) {
        return;
    }
    fputs(strcmp(line->usages, "none") == 0 ? "no extended key usage" : line->usages,
          paragraph.out);
    if (!is_only) {
        fprintf(paragraph.out, ": %s of %s established", report_text_count(line->established, a),
                report_text_count(line->attempts, b));
    }
    if (line->identities > 1) {
        fprintf(paragraph.out, ", %s identities", report_text_count(line->identities, a));
    }
    report_terminal_label(terminal, is_first ? "presents" : "");
    report_paragraph_end(&paragraph, terminal, REPORT_TERMINAL_LABEL + 2);
}

void report_terminal_identities(const struct report_terminal *terminal,
                                const struct metrics_zone *zone,
                                const struct metrics_zone_summary *end) {
    struct lines lines = {.count = 0};
    char number[REPORT_NUMBER_SIZE];
    gather(&lines, zone, end);
    for (uint32_t i = 0; i < lines.count; i++) {
        write_line(terminal, &lines.items[i], i == 0, zone->identity_count == 1);
    }
    if (lines.left_out > 0) {
        report_terminal_label(terminal, "");
        fprintf(terminal->out, "and %s more, see result.json\n",
                report_text_count(lines.left_out, number));
    }
}
