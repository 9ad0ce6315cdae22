/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"
#include "report_text.h"

#include <string.h>

enum { LINES_MAX = 8, FAILING_MAX = 8 };

/* One identity; or, when there are more of them than lines, all that have the same usages. */
struct line {
    const char *usages;
    const struct metrics_identity_summary *only; /* the one it is about; of several the first */
    uint32_t identities;
    uint64_t attempts;
    uint64_t established;
};

struct lines {
    struct line items[LINES_MAX];
    uint32_t count;
    uint32_t left_out; /* identities */
};

static struct line *line_of(struct lines *lines, const struct metrics_identity_summary *identity,
                            bool grouped) {
    const char *usages = identity->usages;
    for (uint32_t i = 0; grouped && i < lines->count; i++) {
        if (strcmp(lines->items[i].usages, usages) == 0) {
            return &lines->items[i];
        }
    }
    if (lines->count == LINES_MAX) {
        lines->left_out++;
        return NULL;
    }
    lines->items[lines->count] = (struct line){.usages = usages, .only = identity};
    return &lines->items[lines->count++];
}

static void gather(struct lines *lines, const struct metrics_zone *zone,
                   const struct metrics_zone_summary *end) {
    for (uint32_t i = 0; end->identities != NULL && i < zone->identity_count; i++) {
        const struct metrics_identity_summary *identity = &end->identities[i];
        struct line *line = identity->usages == NULL
                                ? NULL
                                : line_of(lines, identity, zone->identity_count > LINES_MAX);
        if (line != NULL) {
            line->identities++;
            line->attempts += metrics_read(&zone->identities[i].attempts);
            line->established += metrics_read(&zone->identities[i].established);
        }
    }
}

/* The file says most; a name alone may be everybody's. */
static void write_who(FILE *out, const struct metrics_identity_summary *identity) {
    char number[REPORT_NUMBER_SIZE];
    const char *who = identity->file != NULL ? identity->file : identity->name;
    if (who != NULL) {
        fprintf(out, ", %s", who);
    }
    if (identity->file == NULL && identity->serial != NULL) {
        fprintf(out, ", serial %s", identity->serial);
    }
    if (identity->certificates > 1) {
        fprintf(out, ", %s certificates", report_text_count(identity->certificates, number));
    }
}

static void write_line(const struct report_terminal *terminal, const struct line *line,
                       bool is_first, bool is_only) {
    struct report_paragraph paragraph;
    char a[REPORT_NUMBER_SIZE];
    char b[REPORT_NUMBER_SIZE];
    struct metrics_identity_summary who = *line->only;
    if (is_only) {
        who = (struct metrics_identity_summary){.certificates = who.certificates};
    }
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
    } else if (!is_only || line->only->certificates > 1) {
        write_who(paragraph.out, &who);
    }
    report_terminal_label(terminal, is_first ? "presents" : "");
    report_paragraph_end(&paragraph, terminal, REPORT_TERMINAL_LABEL + 2);
}

struct failing {
    uint32_t items[FAILING_MAX]; /* identities, those that failed most often first */
    uint32_t count;
    uint32_t left_out;
};

static void take_failing(struct failing *failing, const struct metrics_zone *zone, uint32_t index) {
    uint64_t failed = metrics_read(&zone->identities[index].failed);
    uint32_t at = failing->count;
    if (failed == 0) {
        return;
    }
    while (at > 0 && metrics_read(&zone->identities[failing->items[at - 1]].failed) < failed) {
        at--;
    }
    failing->left_out += failing->count == FAILING_MAX;
    if (at == FAILING_MAX) {
        return;
    }
    failing->count += failing->count < FAILING_MAX;
    for (uint32_t i = failing->count - 1; i > at; i--) {
        failing->items[i] = failing->items[i - 1];
    }
    failing->items[at] = index;
}

/* Groups do not say which of theirs failed. */
static void write_failing(const struct report_terminal *terminal, const struct metrics_zone *zone,
                          const struct metrics_zone_summary *end) {
    struct failing failing = {.count = 0};
    char number[REPORT_NUMBER_SIZE];
    for (uint32_t i = 0; end->identities != NULL && i < zone->identity_count; i++) {
        take_failing(&failing, zone, i);
    }
    for (uint32_t i = 0; i < failing.count; i++) {
        struct report_paragraph paragraph;
        if (report_paragraph_begin(&paragraph)) {
            uint32_t index = failing.items[i];
            fprintf(paragraph.out, "%s failed: identity %u",
                    report_text_count(metrics_read(&zone->identities[index].failed), number),
                    index);
            write_who(paragraph.out, &end->identities[index]);
            report_terminal_label(terminal, "");
            report_paragraph_end(&paragraph, terminal, REPORT_TERMINAL_LABEL + 2);
        }
    }
    if (failing.left_out > 0) {
        report_terminal_label(terminal, "");
        fprintf(terminal->out, "and %s more with failures, see result.json\n",
                report_text_count(failing.left_out, number));
    }
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
    if (zone->identity_count > LINES_MAX) {
        write_failing(terminal, zone, end);
    }
}
