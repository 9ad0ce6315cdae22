/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_reasons.h"

#include <string.h>

static void count(struct metrics_reasons *reasons, const char *text, uint64_t amount) {
    for (unsigned i = 0; i < METRICS_REASONS_MAX; i++) {
        struct metrics_reason *cell = &reasons->cells[i];
        if (cell->text[0] == '\0') {
            size_t length = strnlen(text, sizeof cell->text - 1);
            memcpy(cell->text, text, length);
            cell->text[length] = '\0';
        }
        if (strncmp(cell->text, text, sizeof cell->text - 1) == 0) {
            cell->count += amount;
            return;
        }
    }
    reasons->other += amount;
}

void metrics_reasons_record(struct metrics_reasons *reasons, const char *text) {
    if (text[0] != '\0') {
        count(reasons, text, 1);
    }
}

void metrics_reasons_add(struct metrics_reasons *into, const struct metrics_reasons *from) {
    for (unsigned i = 0; i < METRICS_REASONS_MAX && from->cells[i].text[0] != '\0'; i++) {
        count(into, from->cells[i].text, from->cells[i].count);
    }
    into->other += from->other;
}
