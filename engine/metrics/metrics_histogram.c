/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_histogram.h"

#include <assert.h>
#include <float.h>
#include <math.h>

enum {
    EXACT_BITS = 8,  /* values below 2^8 have a bucket each */
    RANGE_BITS = 27, /* values from 2^27 share the last bucket */
    STEP_BITS = 7,   /* 2^7 buckets per power of two */
    EXACT = 1 << EXACT_BITS,
    STEPS = 1 << STEP_BITS,
};

static_assert(METRICS_HISTOGRAM_BUCKETS == EXACT + (RANGE_BITS - EXACT_BITS) * STEPS,
              "the door's bucket count is that of this layout");

static unsigned bucket_of(uint64_t value) {
    if (value < EXACT) {
        return (unsigned)value;
    }
    if (value >> RANGE_BITS != 0) {
        return METRICS_HISTOGRAM_BUCKETS - 1;
    }
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - STEP_BITS;
    /* The shifted value lies in [STEPS, 2 * STEPS): its top bit says no more than `shift` does. */
    return EXACT + (shift - 1) * STEPS + ((unsigned)(value >> shift) - STEPS);
}

void metrics_histogram_record(struct metrics_histogram *histogram, uint64_t value) {
    if (histogram->count == 0 || value < histogram->min) {
        histogram->min = value;
    }
    if (value > histogram->max) {
        histogram->max = value;
    }
    histogram->count++;
    histogram->sum += value;
    histogram->buckets[bucket_of(value)]++;
}

void metrics_histogram_add(struct metrics_histogram *into, const struct metrics_histogram *from) {
    if (from->count == 0) {
        return;
    }
    if (into->count == 0 || from->min < into->min) {
        into->min = from->min;
    }
    if (from->max > into->max) {
        into->max = from->max;
    }
    into->count += from->count;
    into->sum += from->sum;
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        into->buckets[i] += from->buckets[i];
    }
}

uint64_t metrics_histogram_bucket_low(unsigned bucket) {
    assert(bucket < METRICS_HISTOGRAM_BUCKETS);
    if (bucket < EXACT) {
        return bucket;
    }
    unsigned shift = (bucket - EXACT) / STEPS + 1;
    return (uint64_t)(STEPS + (bucket - EXACT) % STEPS) << shift;
}

uint64_t metrics_histogram_bucket_high(unsigned bucket) {
    assert(bucket < METRICS_HISTOGRAM_BUCKETS);
    if (bucket < EXACT) {
        return bucket;
    }
    unsigned shift = (bucket - EXACT) / STEPS + 1;
    return metrics_histogram_bucket_low(bucket) + (UINT64_C(1) << shift) - 1;
}

static uint64_t rank_of(double fraction, uint64_t count) {
    /* 0.07 * 100 is a little more than 7 in binary: without the slack it would ask for the 8th. */
    double rank = ceil(fraction * (double)count * (1 - 4 * DBL_EPSILON));
    if (!(rank >= 1)) {
        return 1;
    }
    return rank >= (double)count ? count : (uint64_t)rank;
}

static uint64_t within(const struct metrics_histogram *histogram, uint64_t value) {
    if (value < histogram->min) {
        return histogram->min;
    }
    return value > histogram->max ? histogram->max : value;
}

uint64_t metrics_histogram_quantile(const struct metrics_histogram *histogram, double fraction) {
    if (histogram->count == 0) {
        return 0;
    }
    uint64_t rank = rank_of(fraction, histogram->count);
    uint64_t seen = 0;
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank) {
            uint64_t low = metrics_histogram_bucket_low(i);
            return within(histogram, low + (metrics_histogram_bucket_high(i) - low) / 2);
        }
    }
    return histogram->max;
}

double metrics_histogram_mean(const struct metrics_histogram *histogram) {
    return histogram->count == 0 ? 0 : (double)histogram->sum / (double)histogram->count;
}
