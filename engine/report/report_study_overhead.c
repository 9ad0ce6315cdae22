/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_study.h"

#include "report_study_text.h"
#include "report_tree.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static json_t *names_of(const char *const *names, uint32_t count) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < count; i++) {
        array = report_tree_append(array, report_tree_text(names[i]));
    }
    return array;
}

static json_t *with_estimate(json_t *object, const char *key,
                             const struct metrics_estimate *estimate) {
    json_t *value = report_tree_with(json_object(), "value_us", report_study_real(estimate->value));
    value = report_tree_with(value, "low_us", report_study_real(estimate->low));
    value = report_tree_with(value, "high_us", report_study_real(estimate->high));
    return report_tree_with(object, key, value);
}

static json_t *row_of(const struct metrics_overhead_row *row) {
    json_t *object = report_tree_with(json_object(), "quantity", report_tree_text(row->quantity));
    object = report_tree_with(object, "statistic", report_tree_text(row->statistic));
    object = report_tree_with(object, "on_us", report_study_real(row->on));
    object = report_tree_with(object, "off_us", report_study_real(row->off));
    object = with_estimate(object, "difference", &row->difference);
    return report_tree_with(object, "found", json_boolean(report_study_is_found(&row->difference)));
}

static json_t *block_of(const struct metrics_overhead *overhead,
                        const struct metrics_overhead_block *block) {
    json_t *values = json_object();
    for (unsigned i = 0; i < overhead->row_count; i++) {
        char key[64];
        const struct metrics_overhead_row *row = &overhead->rows[i];
        snprintf(key, sizeof key, "%s.%s", row->quantity, row->statistic);
        values = report_tree_with(values, key, report_study_real(block->values[i]));
    }
    json_t *object =
        report_tree_with(json_object(), "mode", report_tree_text(block->on ? "on" : "off"));
    object = report_tree_with(object, "warm_up", json_boolean(!block->counts));
    object = report_tree_with(object, "attempts", report_tree_integer(block->attempts));
    object = report_tree_with(object, "established", report_tree_integer(block->established));
    object = report_tree_with(object, "failed", report_tree_integer(block->failed));
    object = report_tree_with(object, "fault", report_tree_text(base_fault_key(block->fault)));
    object = report_tree_with(object, "cpu_share", report_study_real(block->cpu_share));
    return report_tree_with(object, "values_us", values);
}

static json_t *refusal_of(const struct metrics_refusal *refusal) {
    if (refusal->why_not[0] != '\0') {
        return report_tree_with(json_object(), "not_measured", report_tree_text(refusal->why_not));
    }
    json_t *object = report_tree_with(json_object(), "count", report_tree_integer(refusal->count));
    object = report_tree_with(object, "fault", report_tree_text(base_fault_key(refusal->fault)));
    object = with_estimate(object, "median", &refusal->median);
    object = with_estimate(object, "mean", &refusal->mean);
    object = with_estimate(object, "p99", &refusal->p99);
    return with_estimate(object, "cpu", &refusal->cpu);
}

static json_t *decision_of(const struct metrics_overhead *overhead) {
    const struct metrics_overhead_row *row = &overhead->rows[overhead->primary];
    json_t *object = row_of(row);
    return report_tree_with(object, "detectable_us",
                            report_study_real(report_study_detectable(&row->difference)));
}

bool report_overhead_json(const struct metrics_overhead *overhead,
                          const struct report_study_facts *facts, FILE *out) {
    json_t *rows = json_array();
    json_t *blocks = json_array();
    char seed[24]; /* as text, as in result.json */
    snprintf(seed, sizeof seed, "%" PRIu64, overhead->seed);
    for (unsigned i = 0; i < overhead->row_count; i++) {
        rows = report_tree_append(rows, row_of(&overhead->rows[i]));
    }
    for (uint32_t i = 0; i < overhead->block_count; i++) {
        blocks = report_tree_append(blocks, block_of(overhead, &overhead->blocks[i]));
    }
    json_t *root =
        report_tree_with(json_object(), "schema", report_tree_text("ekuload/overhead/1"));
    root = report_tree_with(root, "profile", report_tree_text(facts->profile));
    root = report_tree_with(root, "interrupted", json_boolean(overhead->interrupted));
    root = report_tree_with(root, "seed", report_tree_text(seed));
    root = report_tree_with(root, "block_s", report_study_real(overhead->block_s));
    root = report_tree_with(root, "pairs", report_tree_integer(overhead->pairs));
    root = report_tree_with(root, "concurrency", report_tree_integer(overhead->concurrency));
    root = report_tree_with(root, "zones", names_of(overhead->zones, overhead->zone_count));
    root = report_tree_with(root, "nodes", names_of(overhead->nodes, overhead->node_count));
    root = report_tree_with(root, "primary", decision_of(overhead));
    root = report_tree_with(root, "rows", rows);
    root = report_tree_with(root, "refusal", refusal_of(&overhead->refusal));
    root = report_tree_with(root, "blocks", blocks);
    bool good = report_tree_print(root, out);
    json_decref(root);
    return good;
}

static void write_names(const char *title, const char *const *names, uint32_t count,
                        const char *none, FILE *out) {
    fprintf(out, "  %-14s %s", title, count == 0 ? none : "");
    for (uint32_t i = 0; i < count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    fputc('\n', out);
}

static void write_rows(const struct metrics_overhead *overhead, FILE *out) {
    fprintf(out, "\n  %-14s %-7s %9s  %9s  %9s   %s\n", "", "", "On", "Off", "On - Off",
            "95% interval");
    for (unsigned i = 0; i < overhead->row_count; i++) {
        const struct metrics_overhead_row *row = &overhead->rows[i];
        char texts[5][REPORT_NUMBER_SIZE];
        if (isnan(row->on) && isnan(row->off)) {
            continue;
        }
        fprintf(out, "  %-14s %-7s %9s  %9s  %9s   %s to %s%s\n", row->quantity, row->statistic,
                report_study_us(row->on, false, texts[0]),
                report_study_us(row->off, false, texts[1]),
                report_study_us(row->difference.value, true, texts[2]),
                report_study_us(row->difference.low, true, texts[3]),
                report_study_us(row->difference.high, true, texts[4]),
                i == overhead->primary ? "   <- decides" : "");
    }
}

static void write_decision(const struct metrics_overhead *overhead, FILE *out) {
    const struct metrics_overhead_row *row = &overhead->rows[overhead->primary];
    char texts[3][REPORT_NUMBER_SIZE];
    if (isnan(row->difference.low)) {
        fprintf(out, "\n  Nothing can be said: too few pairs of blocks with connections in both "
                     "modes.\n");
        return;
    }
    if (!report_study_is_found(&row->difference)) {
        fprintf(out,
                "\n  No difference found in the %s of %s; one of more than %s would have been "
                "seen.\n",
                row->statistic, row->quantity,
                report_study_us(report_study_detectable(&row->difference), false, texts[0]));
        return;
    }
    fprintf(out, "\n  On costs %s in the %s of %s: from %s to %s.\n",
            report_study_us(row->difference.value, true, texts[0]), row->statistic, row->quantity,
            report_study_us(row->difference.low, true, texts[1]),
            report_study_us(row->difference.high, true, texts[2]));
}

static void write_refusal(const struct metrics_refusal *refusal, FILE *out) {
    char texts[4][REPORT_NUMBER_SIZE];
    if (refusal->why_not[0] != '\0') {
        fprintf(out, "  The cost of a refusal was not measured: %s.\n", refusal->why_not);
        return;
    }
    fprintf(out,
            "  A refusal of serverAuth alone (%" PRIu64
            " of them, %s):\n    median %s, mean %s, p99 %s, "
            "CPU %s each\n",
            refusal->count, base_fault_key(refusal->fault),
            report_study_us(refusal->median.value, false, texts[0]),
            report_study_us(refusal->mean.value, false, texts[1]),
            report_study_us(refusal->p99.value, false, texts[2]),
            report_study_us(refusal->cpu.value, false, texts[3]));
}

/* What came of all blocks of one mode. */
struct mode {
    uint32_t blocks;
    uint64_t established;
    uint64_t failed;
    enum fault fault; /* of the last block in which one failed */
};

static struct mode add_up(const struct metrics_overhead *overhead, bool on) {
    struct mode mode = {.fault = FAULT_NONE};
    for (uint32_t i = 0; i < overhead->block_count; i++) {
        const struct metrics_overhead_block *block = &overhead->blocks[i];
        if (block->counts && block->on == on) {
            mode.blocks++;
            mode.established += block->established;
            mode.failed += block->failed;
            mode.fault = block->fault != FAULT_NONE ? block->fault : mode.fault;
        }
    }
    return mode;
}

static bool is_silent(const struct mode *mode) {
    return mode->blocks > 0 && mode->established == 0;
}

static void write_failed(const struct mode *mode, FILE *out) {
    if (mode->failed > 0) {
        fprintf(out, " (%" PRIu64 " failed: %s)", mode->failed, base_fault_key(mode->fault));
    }
}

/* Rows without numbers would say less. */
static void write_silence(const struct mode *on, const struct mode *off, FILE *out) {
    bool both = is_silent(on) && is_silent(off);
    fprintf(out, "\n  With the check %s nothing was established", is_silent(on) ? "On" : "Off");
    write_failed(is_silent(on) ? on : off, out);
    if (both) {
        fputs(", nor with the check Off", out);
        write_failed(off, out);
    }
    fputs(": there is no difference to tell.\n", out);
}

void report_overhead_text(const struct metrics_overhead *overhead,
                          const struct report_study_facts *facts, FILE *out) {
    struct mode on = add_up(overhead, true);
    struct mode off = add_up(overhead, false);
    fprintf(out, "%s: EKU check On against Off, %u pairs of blocks of %.3g s%s\n\n", facts->profile,
            overhead->pairs, overhead->block_s, overhead->interrupted ? ", interrupted" : "");
    write_names("measured", overhead->zones, overhead->zone_count, "", out);
    write_names("switched", overhead->nodes, overhead->node_count, "by the given commands", out);
    if (overhead->concurrency > 0) {
        fprintf(out, "  %-14s new connections, %u at once, instead of those that stay\n", "load",
                overhead->concurrency);
    }
    fprintf(out,
            "  %-14s On %" PRIu64 ", Off %" PRIu64 "; failed: On %" PRIu64 ", Off %" PRIu64 "\n",
            "established", on.established, off.established, on.failed, off.failed);
    if (is_silent(&on) || is_silent(&off)) {
        write_silence(&on, &off, out);
    } else {
        write_rows(overhead, out);
        write_decision(overhead, out);
        write_refusal(&overhead->refusal, out);
    }
    if (facts->path != NULL) {
        fprintf(out, "  %s/overhead.json\n", facts->path);
    }
}
