/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TERMINAL_PART_H
#define REPORT_TERMINAL_PART_H

#include "report.h"

enum {
    REPORT_TERMINAL_WIDTH = 96,
    REPORT_TERMINAL_LABEL = 15, /* columns of a line's label, its margin not counted */
};

struct report_terminal {
    FILE *out;
    bool colour;
};

enum report_style { REPORT_PLAIN, REPORT_BOLD, REPORT_DIM, REPORT_GOOD, REPORT_BAD };

/* `text`, in the style's colours where colours are asked for. */
void report_terminal_styled(const struct report_terminal *terminal, enum report_style style,
                            const char *text);

/* A blank line, then "left detail", and `right` at the right edge. */
void report_terminal_heading(const struct report_terminal *terminal, const char *left,
                             const char *detail, const char *right);

/* "  label          ": what follows, and the line's end, is the caller's. */
void report_terminal_label(const struct report_terminal *terminal, const char *label);

/* ", 12 late", or nothing when there is none. */
void report_terminal_also(const struct report_terminal *terminal, uint64_t count, const char *what);

/* Words over as many lines as needed; the first begins at column `at`, the others are indented so.
 */
void report_terminal_wrapped(const struct report_terminal *terminal, const char *text, unsigned at);

/* A paragraph that is put together before it is wrapped. */
struct report_paragraph {
    FILE *out;
    char *text;
    size_t length;
};
/* False without memory; else balance with report_paragraph_end(), which writes it. */
bool report_paragraph_begin(struct report_paragraph *paragraph);
void report_paragraph_end(struct report_paragraph *paragraph,
                          const struct report_terminal *terminal, unsigned at);

/* The most frequent faults, in words, each behind `prefix`. */
void report_terminal_faults(const struct report_terminal *terminal,
                            const metrics_counter faults[FAULT_COUNT], const char *prefix);

/* "1 serial presented, 0 mismatches"; nothing when no certificate was seen. */
void report_terminal_certificates(const struct report_terminal *terminal,
                                  const struct metrics_serials *serials, uint64_t mismatches);

/* What the zone's node presents, and what became of it: few lines, however many identities. */
void report_terminal_identities(const struct report_terminal *terminal,
                                const struct metrics_zone *zone,
                                const struct metrics_zone_summary *end);

/* Requests of its own and what became of them; requests for others. */
void report_terminal_dialog(const struct report_terminal *terminal, const struct profile_zone *plan,
                            const struct metrics_zone *zone);
/* The most frequent ones, in the peer's words. */
void report_terminal_reasons(const struct report_terminal *terminal,
                             const struct metrics_reasons *reasons);
void report_terminal_relayed(const struct report_terminal *terminal, uint64_t relayed,
                             uint64_t unroutable);

void report_terminal_zone(const struct report_terminal *terminal, const struct report_facts *facts,
                          uint32_t index);
/* What the web pages of the Expressways would show at the end. */
void report_terminal_status(const struct report_terminal *terminal,
                            const struct report_facts *facts);
/* How the run went over its windows, and what grew in it. */
void report_terminal_windows(const struct report_terminal *terminal,
                             const struct report_facts *facts);
void report_terminal_listener(const struct report_terminal *terminal,
                              const struct report_facts *facts, uint32_t index);

#endif
