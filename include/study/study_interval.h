/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_INTERVAL_H
#define STUDY_INTERVAL_H

#include "metrics_study.h"

#include <stddef.h>
#include <stdint.h>

/* Fewer values say nothing about their own scatter. */
#define STUDY_INTERVAL_VALUES_MIN 4u
#define STUDY_INTERVAL_VALUES_MAX 4096u

/*
 * The mean of the values, and where the mean of such values lies with 95% confidence: by bootstrap,
 * from the means of samples drawn with replacement (Efron), with the percentiles moved outwards for
 * small samples (Hesterberg 2015, the expanded percentile interval). NAN in the bounds when there
 * are fewer than STUDY_INTERVAL_VALUES_MIN, in all of it when a value is NAN or there is none. One
 * seed gives one interval.
 */
struct metrics_estimate study_interval(const double *values, size_t count, uint64_t seed);

#endif
