/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_table.h"

#include <string.h>

struct widths {
    size_t of[REPORT_TABLE_COLUMNS];
    uint32_t rows;
};

static void widen(struct widths *widths, uint32_t column, const char *text) {
    size_t length = strlen(text);
    if (length > widths->of[column]) {
        widths->of[column] = length;
    }
}

static void measure(const struct report_table *table, struct widths *widths) {
    report_cells cells;
    for (uint32_t i = 0; i < table->column_count; i++) {
        widen(widths, i, table->heads[i]);
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (!table->row(table->context, row, cells)) {
            continue;
        }
        widths->rows++;
        for (uint32_t i = 0; i < table->column_count; i++) {
            widen(widths, i, cells[i]);
        }
    }
}

/* No blanks behind the last text: what is copied from a terminal would carry them along. */
static void write_cell(FILE *out, const char *text, size_t *owed, size_t width) {
    if (text[0] != '\0') {
        fprintf(out, "%*s%s", (int)*owed, "", text);
        *owed = 0;
    }
    *owed += width - strlen(text) + 2;
}

void report_table_write(const struct report_table *table, FILE *out) {
    struct widths widths = {.rows = 0};
    report_cells cells;
    measure(table, &widths);
    if (widths.rows == 0) {
        return;
    }
    size_t owed = 0;
    fprintf(out, "%s\n", table->heading);
    for (uint32_t i = 0; i < table->column_count; i++) {
        write_cell(out, table->heads[i], &owed, widths.of[i]);
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (!table->row(table->context, row, cells)) {
            continue;
        }
        fputs("\n", out);
        owed = 0;
        for (uint32_t i = 0; i < table->column_count; i++) {
            write_cell(out, cells[i], &owed, widths.of[i]);
        }
    }
    fputs("\n", out);
}
