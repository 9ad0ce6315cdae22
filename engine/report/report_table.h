/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { REPORT_TABLE_COLUMNS = 8, REPORT_CELL_SIZE = 256 };

typedef char report_cells[REPORT_TABLE_COLUMNS][REPORT_CELL_SIZE];

/* Columns as wide as their widest text, two blanks apart. */
struct report_table {
    const char *heading;
    const char *heads[REPORT_TABLE_COLUMNS];
    uint32_t column_count;
    uint32_t row_count;
    /* The cells of a row; false: there is no such row. Asked twice for each. */
    bool (*row)(const void *context, uint32_t index, report_cells cells);
    const void *context;
};

/* Nothing when there is no row at all. */
void report_table_write(const struct report_table *table, FILE *out);

#endif
