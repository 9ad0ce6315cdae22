/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_BLOCK_H
#define STUDY_BLOCK_H

#include "metrics_study.h"
#include "metrics_summary.h"

/* Which zones and listeners are looked at. Arrays as in the plan. */
struct study_places {
    const bool *zones;
    const bool *listeners;
};

/* The rows of an overhead: their names into `out`; how many there are. */
unsigned study_block_rows(struct metrics_overhead_row out[METRICS_OVERHEAD_ROWS]);

/* What one run says in every row. */
void study_block_measure(struct metrics_overhead_block *block,
                         const struct metrics_summary *summary, const struct study_places *places);

/* What a refusal took in one run. */
struct study_refused {
    uint64_t count;
    enum fault fault;
    double median;
    double mean;
    double p99;
    double cpu;
};
void study_block_measure_refusal(struct study_refused *out, const struct metrics_summary *summary,
                                 const struct study_places *places);

#endif
