/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_status.h"
#include "report_terminal_part.h"

#include <stdlib.h>

typedef void write_page(const struct report_status *status, uint32_t node, FILE *out);

/* A page that has no line is not worth its heading. */
static bool write(const struct report_terminal *terminal, const struct report_status *status,
                  uint32_t node, write_page *page, bool with_heading) {
    const struct profile_node *row = &status->plan->nodes[node];
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        return false;
    }
    page(status, node, out);
    bool written = fclose(out) == 0 && length > 0;
    if (written && with_heading) {
        report_terminal_heading(terminal, row->name, row->product->title, "");
    }
    if (written) {
        fputs(text, terminal->out);
    }
    free(text);
    return written;
}

/* What an Expressway that ran elsewhere would show is not known here. */
static bool ran_here(const struct report_facts *facts, uint32_t node) {
    bool ran = false;
    for (uint32_t i = 0; i < facts->plan->zone_count; i++) {
        ran |= facts->plan->zones[i].node == node && facts->summary->zones[i].ran;
    }
    for (uint32_t i = 0; i < facts->plan->listener_count; i++) {
        ran |= facts->plan->listeners[i].node == node && facts->summary->listeners[i].ran;
    }
    return ran;
}

void report_terminal_status(const struct report_terminal *terminal,
                            const struct report_facts *facts) {
    struct report_status status;
    if (!report_status_init(&status, facts->plan)) {
        return;
    }
    report_status_take_summary(&status, facts->summary);
    for (uint32_t i = 0; i < facts->plan->node_count; i++) {
        const struct profile_product *product = facts->plan->nodes[i].product;
        if (product != NULL && product->is_expressway && ran_here(facts, i)) {
            bool headed = write(terminal, &status, i, report_status_write_zones, true);
            write(terminal, &status, i, report_status_write_tunnels, !headed);
        }
    }
    report_status_finish(&status);
}
