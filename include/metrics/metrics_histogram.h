/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_HISTOGRAM_H
#define METRICS_HISTOGRAM_H

#include <stdint.h>

/*
 * A log-linear histogram of positive integers (microseconds or nanoseconds; the owner knows): exact
 * up to 255, then 128 buckets per power of two, so a value read back is within 1% of the value
 * recorded, from 1 to 2^27 - 1 (134 s in microseconds). Larger values share the last bucket;
 * min, max and sum keep them whole. Two histograms add exactly. One writer; readable by others only
 * after the writer stopped.
 */
#define METRICS_HISTOGRAM_BUCKETS (256 + 19 * 128)

struct metrics_histogram {
    uint64_t count;
    uint64_t sum;
    uint64_t min; /* exact; 0 when count is 0 */
    uint64_t max; /* exact */
    uint32_t buckets[METRICS_HISTOGRAM_BUCKETS];
};

void metrics_histogram_record(struct metrics_histogram *histogram, uint64_t value);
void metrics_histogram_add(struct metrics_histogram *into, const struct metrics_histogram *from);

/*
 * The smallest recorded value that at least `fraction` (0..1) of all values do not exceed, as the
 * midpoint of its bucket, never outside [min, max]. 0 when the histogram is empty.
 */
uint64_t metrics_histogram_quantile(const struct metrics_histogram *histogram, double fraction);
double metrics_histogram_mean(const struct metrics_histogram *histogram);

/* The lowest and highest value of a bucket. */
uint64_t metrics_histogram_bucket_low(unsigned bucket);
uint64_t metrics_histogram_bucket_high(unsigned bucket);

#endif
