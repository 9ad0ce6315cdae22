/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_quantile.h"

#include <math.h>

double study_quantile(const struct metrics_histogram *histogram, double fraction) {
    double target = fraction * (double)histogram->count;
    double before = 0;
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        double here = (double)histogram->buckets[i];
        if (here > 0 && before + here >= target) {
            double low = (double)metrics_histogram_bucket_low(i);
            double high = (double)metrics_histogram_bucket_high(i) + 1;
            low = low < (double)histogram->min ? (double)histogram->min : low;
            high = high > (double)histogram->max + 1 ? (double)histogram->max + 1 : high;
            return low + (high - low) * (target - before) / here;
        }
        before += here;
    }
    return NAN;
}

double study_mean(const struct metrics_histogram *histogram) {
    return histogram->count == 0 ? NAN : (double)histogram->sum / (double)histogram->count + 0.5;
}
