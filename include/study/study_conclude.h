/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_CONCLUDE_H
#define STUDY_CONCLUDE_H

#include "metrics_study.h"

/* The first row of a quantity's three: median, mean, p99. */
enum { STUDY_ROW_ESTABLISH = 0, STUDY_ROW_ADMISSION = 3 };

/*
 * Fills the rows of an overhead from its blocks: neighbours that count are a pair, one On and one
 * Off, and each pair gives a difference. The row that decides is the median of `establish`, or of
 * `admission` where no request is answered.
 */
void study_conclude(struct metrics_overhead *out);

#endif
