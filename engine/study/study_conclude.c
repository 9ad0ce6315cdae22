/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_conclude.h"

#include "study_block.h"
#include "study_interval.h"

#include <math.h>
#include <stddef.h>

/* The blocks that count, in their order: On, Off, Off, On. Neighbours are a pair. */
static size_t pair_up(const struct metrics_overhead *out, unsigned row, double *differences,
                      struct metrics_overhead_row *sums) {
    size_t pairs = 0;
    for (uint32_t i = 0; i + 1 < out->block_count && pairs < STUDY_INTERVAL_VALUES_MAX; i += 2) {
        const struct metrics_overhead_block *first = &out->blocks[i];
        const struct metrics_overhead_block *second = &out->blocks[i + 1];
        if (!first->counts || !second->counts) {
            continue;
        }
        double on = first->on ? first->values[row] : second->values[row];
        double off = first->on ? second->values[row] : first->values[row];
        sums->on += on;
        sums->off += off;
        differences[pairs++] = on - off;
    }
    return pairs;
}

static bool has_samples(const struct metrics_overhead *out, unsigned row) {
    return !isnan(out->rows[row].difference.value);
}

void study_conclude(struct metrics_overhead *out) {
    double differences[STUDY_INTERVAL_VALUES_MAX];
    out->row_count = study_block_rows(out->rows);
    for (unsigned i = 0; i < out->row_count; i++) {
        struct metrics_overhead_row *row = &out->rows[i];
        size_t pairs = pair_up(out, i, differences, row);
        out->pairs = (uint32_t)pairs;
        row->on = pairs == 0 ? NAN : row->on / (double)pairs;
        row->off = pairs == 0 ? NAN : row->off / (double)pairs;
        row->difference = study_interval(differences, pairs, out->seed);
    }
    out->primary = STUDY_ROW_ESTABLISH;
    if (!has_samples(out, STUDY_ROW_ESTABLISH) && has_samples(out, STUDY_ROW_ADMISSION)) {
        out->primary = STUDY_ROW_ADMISSION; /* a dialog without requests */
    }
}
