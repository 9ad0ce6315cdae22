/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json_part.h"

#include "base_bytes.h"
#include "report_text.h"

#include <stdlib.h>
#include <string.h>

json_t *report_json_counter(const metrics_counter *counter) {
    return report_tree_integer(metrics_read(counter));
}

/* What another histogram of the same layout can be added to exactly; `sum` keeps the mean exact. */
static json_t *histogram_of(const struct metrics_histogram *histogram, const char *unit) {
    json_t *buckets = json_array();
    for (unsigned i = 0; i < METRICS_HISTOGRAM_BUCKETS; i++) {
        if (histogram->buckets[i] > 0) {
            json_t *pair = json_array();
            pair = report_tree_append(pair, report_tree_integer(metrics_histogram_bucket_low(i)));
            pair = report_tree_append(pair, report_tree_integer(histogram->buckets[i]));
            buckets = report_tree_append(buckets, pair);
        }
    }
    json_t *object = report_tree_with(json_object(), "unit", report_tree_text(unit));
    object = report_tree_with(object, "sum", report_tree_integer(histogram->sum));
    return report_tree_with(object, "buckets", buckets);
}

json_t *report_json_latency(const struct metrics_histogram *histogram, const char *unit) {
    static const struct {
        const char *key;
        double fraction;
    } quantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
    uint64_t mean = (uint64_t)(metrics_histogram_mean(histogram) + 0.5);
    json_t *object =
        report_tree_with(json_object(), "count", report_tree_integer(histogram->count));
    object = report_tree_with(object, "min", report_tree_integer(histogram->min));
    object = report_tree_with(object, "mean", report_tree_integer(mean));
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        uint64_t value = metrics_histogram_quantile(histogram, quantiles[i].fraction);
        object = report_tree_with(object, quantiles[i].key, report_tree_integer(value));
    }
    object = report_tree_with(object, "max", report_tree_integer(histogram->max));
    return report_tree_with(object, "histogram", histogram_of(histogram, unit));
}

json_t *report_json_faults(const metrics_counter faults[FAULT_COUNT]) {
    json_t *object = json_object();
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        if (metrics_read(&faults[fault]) > 0) {
            object = report_tree_with(object, base_fault_key((enum fault)fault),
                                      report_json_counter(&faults[fault]));
        }
    }
    return object;
}

static int compare_serials(const void *a, const void *b) {
    const struct metrics_serial *left = *(const struct metrics_serial *const *)a;
    const struct metrics_serial *right = *(const struct metrics_serial *const *)b;
    size_t shorter = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->octets, right->octets, shorter);
    return order != 0 ? order : (int)left->length - (int)right->length;
}

static json_t *object_of_serials(const struct metrics_serial *const *sorted, size_t count) {
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) {
        char key[2 * METRICS_SERIAL_MAX + 1];
        base_bytes_to_hex(base_bytes(sorted[i]->octets, sorted[i]->length), key, sizeof key);
        object = report_tree_with(object, key, report_tree_integer(sorted[i]->count));
    }
    return object;
}

/* In the order of their octets: a hash table's own order would differ from run to run. */
static json_t *serials_of(const struct metrics_serials *serials) {
    const struct metrics_serial **sorted =
        calloc((size_t)serials->capacity + 1, sizeof(const struct metrics_serial *));
    size_t count = 0;
    if (sorted == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < serials->capacity; i++) {
        if (serials->cells[i].length > 0) {
            sorted[count++] = &serials->cells[i];
        }
    }
    qsort((void *)sorted, count, sizeof *sorted, compare_serials);
    json_t *object = object_of_serials(sorted, count);
    free((void *)sorted);
    if (serials->other > 0) {
        object = report_tree_with(object, "other", report_tree_integer(serials->other));
    }
    return object;
}

json_t *report_json_reasons(const struct metrics_reasons *reasons) {
    json_t *object = json_object();
    for (unsigned i = 0; i < METRICS_REASONS_MAX; i++) {
        const struct metrics_reason *cell = &reasons->cells[i];
        char text[REPORT_REASON_SIZE];
        if (cell->text[0] != '\0') {
            object = report_tree_with(object, report_text_reason(cell->text, text),
                                      report_tree_integer(cell->count));
        }
    }
    return reasons->other == 0
               ? object
               : report_tree_with(object, "other", report_tree_integer(reasons->other));
}

json_t *report_json_peer_certificate(const struct metrics_serials *serials, uint64_t mismatches) {
    json_t *object = report_tree_with(json_object(), "serials", serials_of(serials));
    return report_tree_with(object, "mismatches", report_tree_integer(mismatches));
}
