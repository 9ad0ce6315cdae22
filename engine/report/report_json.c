/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json_part.h"

#include "base_bytes.h"
#include "base_clock.h"
#include "report_text.h"

#include <inttypes.h>
#include <math.h>

static json_t *tool_of(const struct metrics_tool *tool) {
    json_t *object = report_tree_with(json_object(), "version", report_tree_text(tool->version));
    object = report_tree_with(object, "wolfssl", report_tree_text(tool->wolfssl));
    object = report_tree_with(object, "liburing", report_tree_text(tool->liburing));
    object = report_tree_with(object, "kernel", report_tree_text(tool->kernel));
    object = report_tree_with(object, "cpu", report_tree_text(tool->cpu));
    return report_tree_with(object, "threads", report_tree_integer(tool->threads));
}

static json_t *texts_of(const struct profile_texts *texts) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < texts->count; i++) {
        array = report_tree_append(array, report_tree_text(texts->items[i]));
    }
    return array;
}

static json_t *expected_of(const struct profile_expectation *expected) {
    json_t *object = json_object();
    if (expected->state != PROFILE_STATE_ANY) {
        object =
            report_tree_with(object, "state", report_tree_text(profile_state_key(expected->state)));
    }
    if (expected->has_faults) {
        object = report_tree_with(object, "faults", texts_of(&expected->faults));
    }
    if (expected->peer_serial_count > 0) {
        json_t *serials = json_array();
        for (uint32_t i = 0; i < expected->peer_serial_count; i++) {
            char text[REPORT_SERIAL_SIZE];
            base_bytes_to_hex(
                base_bytes(expected->peer_serials[i].octets, expected->peer_serials[i].length),
                text, sizeof text);
            serials = report_tree_append(serials, report_tree_text(text));
        }
        object = report_tree_with(object, "peer_serials", serials);
    }
    return object;
}

static json_t *serials_of(const struct metrics_serials *serials) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < serials->capacity; i++) {
        char text[REPORT_SERIAL_SIZE];
        if (serials->cells[i].length > 0) {
            base_bytes_to_hex(base_bytes(serials->cells[i].octets, serials->cells[i].length), text,
                              sizeof text);
            array = report_tree_append(array, report_tree_text(text));
        }
    }
    return array;
}

static json_t *observed_of(const struct verdict_expectation *row) {
    json_t *object = json_object();
    if (row->expected->zone != PROFILE_NONE) {
        object = report_tree_with(object, "state",
                                  report_tree_text(metrics_state_key(row->observed_state)));
    }
    if (row->expected->peer_serial_count > 0) {
        object = report_tree_with(object, "peer_serials", serials_of(row->observed_serials));
    }
    json_t *faults = json_array();
    if (!row->expected->has_faults) {
        json_decref(faults);
        return object;
    }
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        if (row->observed_faults[fault]) {
            faults =
                report_tree_append(faults, report_tree_text(base_fault_key((enum fault)fault)));
        }
    }
    return report_tree_with(object, "faults", faults);
}

static json_t *expectations_of(const struct verdict *verdict) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < verdict->expectation_count; i++) {
        const struct verdict_expectation *row = &verdict->expectations[i];
        if (!row->applies) {
            continue;
        }
        json_t *object = report_tree_with(json_object(), "subject", report_tree_text(row->subject));
        object = report_tree_with(object, "expected", expected_of(row->expected));
        object = report_tree_with(object, "observed", observed_of(row));
        array = report_tree_append(array, report_tree_with(object, "met", json_boolean(row->met)));
    }
    return array;
}

/* A share may be small: six digits behind the point. */
static json_t *threshold_observed(const struct verdict_threshold *row) {
    if (!row->has_observed) {
        return json_null();
    }
    return row->is_real ? json_real(round(row->observed * 1e6) / 1e6)
                        : json_integer((json_int_t)llround(row->observed));
}

static json_t *thresholds_of(const struct verdict *verdict) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < verdict->threshold_count; i++) {
        const struct verdict_threshold *row = &verdict->thresholds[i];
        if (!row->applies) {
            continue;
        }
        json_t *object =
            report_tree_with(json_object(), "expression", report_tree_text(row->expression));
        object = report_tree_with(object, "observed", threshold_observed(row));
        object =
            report_tree_with(object, "met", row->is_pending ? json_null() : json_boolean(row->met));
        array = report_tree_append(array, object);
    }
    return array;
}

/* Which threshold ended the run, and when; null: none did. */
static json_t *aborted_of(const struct report_facts *facts) {
    const struct metrics_summary *summary = facts->summary;
    if (!summary->aborted) {
        return json_null();
    }
    const char *expression = facts->plan->thresholds[summary->aborted_by].expression;
    json_t *object = report_tree_with(json_object(), "threshold", report_tree_text(expression));
    return report_tree_with(object, "after_s", report_tree_real(summary->aborted_at_s));
}

static json_t *zones_of(const struct report_facts *facts) {
    json_t *object = json_object();
    for (uint32_t i = 0; i < facts->plan->zone_count; i++) {
        if (facts->summary->zones[i].ran) {
            object = report_tree_with(object, facts->plan->zones[i].full_name,
                                      report_json_zone(facts, i));
        }
    }
    return object;
}

static json_t *listeners_of(const struct report_facts *facts) {
    json_t *object = json_object();
    for (uint32_t i = 0; i < facts->plan->listener_count; i++) {
        if (facts->summary->listeners[i].ran) {
            object = report_tree_with(object, facts->plan->listeners[i].full_name,
                                      report_json_listener(facts, i));
        }
    }
    return object;
}

static json_t *resources_of(const struct metrics_summary *summary) {
    json_t *object =
        report_tree_with(json_object(), "cpu_user_s", report_tree_real(summary->cpu_user_s));
    object = report_tree_with(object, "cpu_system_s", report_tree_real(summary->cpu_system_s));
    object = report_tree_with(object, "rss_peak_kib", report_tree_integer(summary->rss_peak_kib));
    object = report_tree_with(object, "cpu_share", report_tree_real(summary->cpu_share));
    object = report_tree_with(object, "longest_stall", report_tree_integer(summary->stall_us_max));
    return report_tree_with(object, "event_lines_lost",
                            report_tree_integer(summary->journal_dropped));
}

static json_t *steered_of(const struct metrics_summary *summary) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < summary->steered_count; i++) {
        const struct metrics_steered *row = &summary->steered[i];
        json_t *object = report_tree_with(json_object(), "at_s", report_tree_real(row->at_s));
        object = report_tree_with(object, "command", report_tree_text(row->command));
        array = report_tree_append(array, object);
    }
    return array;
}

static json_t *result_of(const struct report_facts *facts) {
    const struct metrics_summary *summary = facts->summary;
    const struct verdict *verdict = facts->verdict;
    char started[BASE_CLOCK_ISO_SIZE];
    char seed[24]; /* as text: readers of JSON seldom keep 64 bits */
    snprintf(seed, sizeof seed, "%" PRIu64, summary->seed);
    base_clock_iso8601(summary->started_wall_ns, started, sizeof started);
    json_t *root = report_tree_with(json_object(), "schema", report_tree_text("ekuload/result/1"));
    root = report_tree_with(root, "tool", tool_of(&summary->tool));
    root = report_tree_with(root, "profile", report_tree_text(facts->plan->name));
    if (facts->plan->variant != NULL) {
        root = report_tree_with(root, "variant", report_tree_text(facts->plan->variant));
    }
    root = report_tree_with(root, "proves", report_tree_text(facts->plan->proves));
    root = report_tree_with(root, "started", report_tree_text(started));
    root = report_tree_with(root, "duration_s", report_tree_real(summary->duration_s));
    root = report_tree_with(root, "warm_up_s", report_tree_real(summary->warm_up_s));
    root = report_tree_with(root, "interrupted", json_boolean(summary->interrupted));
    root = report_tree_with(root, "complete", json_boolean(summary->complete));
    root = report_tree_with(root, "aborted", aborted_of(facts));
    root = report_tree_with(root, "seed", report_tree_text(seed));
    if (summary->steered_count > 0) {
        root = report_tree_with(root, "steered", steered_of(summary));
    }
    if (summary->steered_left_out > 0) {
        root = report_tree_with(root, "steered_left_out",
                                report_tree_integer(summary->steered_left_out));
    }
    root = report_tree_with(root, "verdict", report_tree_text(verdict->pass ? "pass" : "fail"));
    root = report_tree_with(root, "reason", report_tree_text(verdict->reason));
    root = report_tree_with(root, "expectations", expectations_of(verdict));
    root = report_tree_with(root, "thresholds", thresholds_of(verdict));
    root = report_tree_with(root, "zones", zones_of(facts));
    root = report_tree_with(root, "listeners", listeners_of(facts));
    root = report_tree_with(root, "resources", resources_of(summary));
    root = report_tree_with(root, "windows", report_json_windows(facts));
    return report_tree_with(root, "drift", report_json_drift(facts));
}

bool report_json_write(const struct report_facts *facts, FILE *out) {
    json_t *root = result_of(facts);
    bool good = report_tree_print(root, out);
    json_decref(root);
    return good;
}
