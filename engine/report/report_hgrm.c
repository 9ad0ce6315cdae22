/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <inttypes.h>
#include <math.h>

/* Rows per halving of the distance to 100%, as HdrHistogram's own tools write. */
#define TICKS_PER_HALF_DISTANCE 5

#define ROUNDING 1e-12

/* How HdrHistogram would call this layout: buckets of twice as many values each, 256 steps. */
#define HDR_BUCKETS     20
#define HDR_SUB_BUCKETS 256

/* Walks the buckets once; the table's percentiles only rise. */
struct walk {
    const struct metrics_histogram *histogram;
    unsigned bucket;
    uint64_t seen; /* values up to and with `bucket` */
};

static void walk_to(struct walk *walk, double fraction) {
    /* Ten steps of 0.1 are not quite 1 in binary: a hair above a rank must not ask for the next. */
    double rank = fraction * (double)walk->histogram->count * (1 - ROUNDING);
    while (((double)walk->seen < rank || walk->seen == 0) &&
           walk->bucket + 1 < METRICS_HISTOGRAM_BUCKETS) {
        walk->bucket++;
        walk->seen += walk->histogram->buckets[walk->bucket];
    }
}

static uint64_t middle_of(unsigned bucket) {
    uint64_t low = metrics_histogram_bucket_low(bucket);
    return low + (metrics_histogram_bucket_high(bucket) - low) / 2;
}

static double next_fraction(double fraction) {
    double half_distances = exp2(floor(log2(1 / (1 - fraction))) + 1);
    return fraction + 1 / (half_distances * TICKS_PER_HALF_DISTANCE);
}

static void write_table(const struct metrics_histogram *histogram, FILE *out) {
    struct walk walk = {.histogram = histogram, .seen = histogram->buckets[0]};
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
            "1/(1-Percentile)");
    for (double fraction = 0; fraction < 1; fraction = next_fraction(fraction)) {
        walk_to(&walk, fraction);
        if (walk.seen >= histogram->count) {
            break;
        }
        uint64_t value = middle_of(walk.bucket);
        fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
                (double)(value < histogram->min ? histogram->min : value), fraction, walk.seen,
                1 / (1 - fraction));
    }
    fprintf(out, "%12.3f %2.12f %10" PRIu64 "\n", (double)histogram->max, 1.0, histogram->count);
}

static double deviation_of(const struct metrics_histogram *histogram) {
    double mean = metrics_histogram_mean(histogram);
    double squares = 0;
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        if (histogram->buckets[i] > 0) {
            double distance = (double)middle_of(i) - mean;
            squares += distance * distance * (double)histogram->buckets[i];
        }
    }
    return sqrt(squares / (double)histogram->count);
}

static void write_section(const char *subject, const char *metric,
                          const struct metrics_histogram *histogram, FILE *out) {
    if (histogram->count == 0) {
        return;
    }
    fprintf(out, "# %s %s\n", subject, metric);
    write_table(histogram, out);
    fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n",
            metrics_histogram_mean(histogram), deviation_of(histogram));
    fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n", (double)histogram->max,
            histogram->count);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n\n", HDR_BUCKETS, HDR_SUB_BUCKETS);
}

static void write_zone(const struct report_facts *facts, uint32_t index, FILE *out) {
    const struct metrics_zone *zone = &facts->summary->total.zones[index];
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        write_section(facts->plan->zones[index].full_name,
                      metrics_zone_latency_key((enum metrics_zone_latency)i), &zone->latency[i],
                      out);
    }
}

static void write_listener(const struct report_facts *facts, uint32_t index, FILE *out) {
    const struct metrics_listener *listener = &facts->summary->total.listeners[index];
    const char *name = facts->plan->listeners[index].full_name;
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        write_section(name, metrics_listener_latency_key((enum metrics_listener_latency)i),
                      &listener->latency[i], out);
    }
    write_section(name, "eku_check_ns", &listener->eku_ns, out);
}

bool report_hgrm_write(const struct report_facts *facts, FILE *out) {
    fputs("# Microseconds; eku_check_ns: nanoseconds. A section per metric that has samples.\n\n",
          out);
    for (uint32_t i = 0; i < facts->plan->zone_count; i++) {
        if (facts->summary->zones[i].ran) {
            write_zone(facts, i, out);
        }
    }
    for (uint32_t i = 0; i < facts->plan->listener_count; i++) {
        if (facts->summary->listeners[i].ran) {
            write_listener(facts, i, out);
        }
    }
    return fflush(out) == 0 && ferror(out) == 0;
}
