/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_QUANTILE_H
#define STUDY_QUANTILE_H

#include "metrics_histogram.h"

/*
 * The value that `fraction` of all lie below, interpolated within its bucket, so that a shift much
 * smaller than a bucket is seen. A value recorded as 7 lay anywhere from 7 to 8. NAN for an empty
 * histogram.
 */
double study_quantile(const struct metrics_histogram *histogram, double fraction);

/* From the exact sum; NAN likewise. */
double study_mean(const struct metrics_histogram *histogram);

#endif
