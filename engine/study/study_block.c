/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_block.h"

#include "study_quantile.h"

#include <math.h>

enum source { SOURCE_ZONE, SOURCE_EKU, SOURCE_CPU };
enum statistic { MEDIAN, MEAN, P99 };

static const struct row {
    const char *quantity;
    const char *name;
    enum source source;
    enum metrics_zone_latency latency; /* of SOURCE_ZONE */
    enum statistic statistic;
} rows[] = {
    {"establish", "median", SOURCE_ZONE, METRICS_ESTABLISH, MEDIAN},
    {"establish", "mean", SOURCE_ZONE, METRICS_ESTABLISH, MEAN},
    {"establish", "p99", SOURCE_ZONE, METRICS_ESTABLISH, P99},
    {"admission", "median", SOURCE_ZONE, METRICS_ADMISSION, MEDIAN},
    {"admission", "mean", SOURCE_ZONE, METRICS_ADMISSION, MEAN},
    {"admission", "p99", SOURCE_ZONE, METRICS_ADMISSION, P99},
    {"tls_handshake", "median", SOURCE_ZONE, METRICS_TLS_HANDSHAKE, MEDIAN},
    {"tls_handshake", "mean", SOURCE_ZONE, METRICS_TLS_HANDSHAKE, MEAN},
    {"tls_handshake", "p99", SOURCE_ZONE, METRICS_TLS_HANDSHAKE, P99},
    {"eku_check", "median", SOURCE_EKU, 0, MEDIAN},
    {"eku_check", "mean", SOURCE_EKU, 0, MEAN},
    {"eku_check", "p99", SOURCE_EKU, 0, P99},
    {"cpu", "mean", SOURCE_CPU, 0, MEAN},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])
_Static_assert(ROW_COUNT <= METRICS_OVERHEAD_ROWS, "the door has room for every row");

unsigned study_block_rows(struct metrics_overhead_row out[METRICS_OVERHEAD_ROWS]) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        out[i] =
            (struct metrics_overhead_row){.quantity = rows[i].quantity, .statistic = rows[i].name};
    }
    return ROW_COUNT;
}

static double statistic_of(const struct metrics_histogram *histogram, enum statistic statistic) {
    switch (statistic) {
    case MEDIAN:
        return study_quantile(histogram, 0.5);
    case P99:
        return study_quantile(histogram, 0.99);
    case MEAN:
    default:
        return study_mean(histogram);
    }
}

static void add_zones(struct metrics_histogram *into, const struct metrics_summary *summary,
                      const struct study_places *places, enum metrics_zone_latency latency) {
    for (uint32_t i = 0; i < summary->total.zone_count; i++) {
        if (places->zones[i]) {
            metrics_histogram_add(into, &summary->total.zones[i].latency[latency]);
        }
    }
}

static void add_listeners(struct metrics_histogram *into, const struct metrics_summary *summary,
                          const struct study_places *places) {
    for (uint32_t i = 0; i < summary->total.listener_count; i++) {
        if (places->listeners[i]) {
            metrics_histogram_add(into, &summary->total.listeners[i].eku_ns);
        }
    }
}

static double cpu_us(const struct metrics_summary *summary, uint64_t connections) {
    double seconds = summary->cpu_user_s + summary->cpu_system_s;
    return connections == 0 ? NAN : seconds * 1e6 / (double)connections;
}

static double measure(const struct row *row, const struct metrics_overhead_block *block,
                      const struct metrics_summary *summary, const struct study_places *places) {
    struct metrics_histogram histogram = {0};
    switch (row->source) {
    case SOURCE_CPU:
        return cpu_us(summary, block->established);
    case SOURCE_EKU:
        add_listeners(&histogram, summary, places);
        return statistic_of(&histogram, row->statistic) / 1000;
    case SOURCE_ZONE:
    default:
        add_zones(&histogram, summary, places, row->latency);
        return statistic_of(&histogram, row->statistic);
    }
}

static enum fault most_frequent(const struct metrics_summary *summary,
                                const struct study_places *places) {
    enum fault found = FAULT_NONE;
    uint64_t most = 0;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        uint64_t count = 0;
        for (uint32_t i = 0; i < summary->total.zone_count; i++) {
            count += places->zones[i] ? metrics_read(&summary->total.zones[i].faults[fault]) : 0;
        }
        found = count > most ? (enum fault)fault : found;
        most = count > most ? count : most;
    }
    return found;
}

void study_block_measure(struct metrics_overhead_block *block,
                         const struct metrics_summary *summary, const struct study_places *places) {
    for (uint32_t i = 0; i < summary->total.zone_count; i++) {
        const struct metrics_zone *zone = &summary->total.zones[i];
        if (places->zones[i]) {
            block->attempts += metrics_read(&zone->attempts);
            block->established += metrics_read(&zone->established);
            block->failed += metrics_read(&zone->failed);
        }
    }
    block->fault = most_frequent(summary, places);
    block->cpu_share = summary->cpu_share;
    for (size_t i = 0; i < METRICS_OVERHEAD_ROWS; i++) {
        block->values[i] = i < ROW_COUNT ? measure(&rows[i], block, summary, places) : NAN;
    }
}

void study_block_measure_refusal(struct study_refused *out, const struct metrics_summary *summary,
                                 const struct study_places *places) {
    struct metrics_histogram histogram = {0};
    add_zones(&histogram, summary, places, METRICS_REFUSAL);
    *out = (struct study_refused){.fault = most_frequent(summary, places)};
    out->count = histogram.count;
    out->median = statistic_of(&histogram, MEDIAN);
    out->mean = statistic_of(&histogram, MEAN);
    out->p99 = statistic_of(&histogram, P99);
    out->cpu = cpu_us(summary, histogram.count);
}
