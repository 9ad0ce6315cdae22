/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

#include "verdict_rule.h"

#include <stdio.h>

bool verdict_check_thresholds(const struct profile_plan *plan, struct base_error *error) {
    struct verdict_rule rule;
    char why[VERDICT_WHY_SIZE];
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        const struct profile_threshold *threshold = &plan->thresholds[i];
        if (verdict_rule_parse(&rule, plan, threshold->expression, why) &&
            verdict_rule_is_possible(&rule, plan, why)) {
            continue;
        }
        if (threshold->line == 0) { /* it stands in no file */
            return base_error_set(error, BASE_ERROR_USAGE, "threshold \"%.128s\": %s",
                                  threshold->expression, why);
        }
        return base_error_set(error, BASE_ERROR_USAGE, "%.300s:%u: thresholds: \"%.128s\": %s",
                              plan->path, threshold->line, threshold->expression, why);
    }
    return true;
}

/* In the unit of the expression, so that both sides read alike. */
static void say_unmet(const char *expression, bool has_observed, double observed,
                      const struct verdict_rule *rule, struct verdict_reason *reason) {
    const char *expected = expression + rule->right_begin;
    int length = (int)rule->left_length;
    bool is_whole_number =
        rule->measure == VERDICT_MEASURE_COUNT || rule->measure == VERDICT_MEASURE_DURATION;
    if (!has_observed) {
        verdict_reason_say(reason, "%.*s was never observed, expected %s", length, expression,
                           expected);
        return;
    }
    verdict_reason_say(reason, "%.*s is %.*g%s, expected %s", length, expression,
                       is_whole_number && !rule->is_per_hour ? 15 : 6, observed / rule->unit_size,
                       rule->unit, expected);
}

static bool applies(const struct verdict_rule *rule, const struct metrics_summary *summary) {
    if (rule->is_whole) {
        return !(rule->whole.kind == VERDICT_WHOLE_DRIFT &&
                 rule->whole.series.kind >= METRICS_SERIES_OPEN) ||
               summary->zones[rule->whole.series.zone].ran;
    }
    return rule->subject.is_listener ? summary->listeners[rule->subject.index].ran
                                     : summary->zones[rule->subject.index].ran;
}

void verdict_threshold_judge(struct verdict_threshold *out, const struct profile_plan *plan,
                             uint32_t index, const struct metrics_summary *summary,
                             struct verdict_reason *reason) {
    struct verdict_rule rule;
    char why[VERDICT_WHY_SIZE];
    *out = (struct verdict_threshold){
        .expression = plan->thresholds[index].expression,
        .applies = true,
    };
    if (!verdict_rule_parse(&rule, plan, out->expression, why)) {
        verdict_reason_say(reason, "%s: %s", out->expression, why);
        return;
    }
    out->applies = applies(&rule, summary);
    out->is_duration = rule.measure == VERDICT_MEASURE_DURATION && !rule.is_per_hour;
    out->is_real =
        rule.is_per_hour ||
        (rule.measure != VERDICT_MEASURE_COUNT && rule.measure != VERDICT_MEASURE_DURATION) ||
        (!rule.is_whole && rule.metric.is_ns);
    if (!out->applies) {
        return;
    }
    out->has_observed = verdict_rule_observe(&rule, summary, &out->observed);
    out->met = out->has_observed && verdict_rule_is_met(&rule, out->observed);
    out->is_pending = !out->has_observed && !summary->complete;
    if (!out->met && !out->is_pending) {
        say_unmet(out->expression, out->has_observed, out->observed, &rule, reason);
    }
}

bool verdict_threshold_holds_within(const struct profile_plan *plan, uint32_t index,
                                    const struct metrics_summary *window,
                                    struct verdict_reason *reason) {
    const char *expression = plan->thresholds[index].expression;
    struct verdict_rule rule;
    char why[VERDICT_WHY_SIZE];
    double observed;
    if (!verdict_rule_parse(&rule, plan, expression, why) || !verdict_rule_fits_a_window(&rule) ||
        !applies(&rule, window) || !verdict_rule_observe(&rule, window, &observed) ||
        verdict_rule_is_met(&rule, observed)) {
        return true;
    }
    say_unmet(expression, true, observed, &rule, reason);
    return false;
}

uint32_t verdict_find_abort(const struct profile_plan *plan, const struct metrics_summary *so_far) {
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        const struct profile_threshold *threshold = &plan->thresholds[i];
        struct verdict_rule rule;
        char why[VERDICT_WHY_SIZE];
        double observed;
        if (threshold->abort_on_fail && so_far->duration_s * 1e9 >= (double)threshold->delay_ns &&
            verdict_rule_parse(&rule, plan, threshold->expression, why) && applies(&rule, so_far) &&
            verdict_rule_observe(&rule, so_far, &observed) &&
            !verdict_rule_is_met(&rule, observed)) {
            return i;
        }
    }
    return PROFILE_NONE;
}

bool verdict_can_abort(const struct profile_plan *plan) {
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        if (plan->thresholds[i].abort_on_fail) {
            return true;
        }
    }
    return false;
}
