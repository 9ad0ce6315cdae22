/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

#include "verdict_rule.h"

bool verdict_check_thresholds(const struct profile_plan *plan, struct base_error *error) {
    struct verdict_rule rule;
    char why[VERDICT_WHY_SIZE];
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        const struct profile_threshold *threshold = &plan->thresholds[i];
        if (!verdict_rule_parse(&rule, plan, threshold->expression, why)) {
            return base_error_set(error, BASE_ERROR_USAGE, "%.300s:%u: thresholds: \"%.128s\": %s",
                                  plan->path, threshold->line, threshold->expression, why);
        }
    }
    return true;
}

/* In the unit of the expression, so that both sides read alike. */
static void say_unmet(const struct verdict_threshold *row, const struct verdict_rule *rule,
                      struct verdict_reason *reason) {
    const char *expected = row->expression + rule->right_begin;
    int length = (int)rule->left_length;
    if (!row->has_observed) {
        verdict_reason_say(reason, "%.*s was never observed, expected %s", length, row->expression,
                           expected);
        return;
    }
    verdict_reason_say(reason, "%.*s is %.15g%s, expected %s", length, row->expression,
                       row->observed / rule->unit_us, rule->unit, expected);
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
    out->applies = rule.subject.is_listener ? summary->listeners[rule.subject.index].ran
                                            : summary->zones[rule.subject.index].ran;
    out->is_duration = rule.is_duration;
    if (!out->applies) {
        return;
    }
    out->has_observed =
        verdict_metric_observe(&rule.metric, rule.statistic, summary, rule.subject, &out->observed);
    out->met = out->has_observed && verdict_rule_is_met(&rule, out->observed);
    if (!out->met) {
        say_unmet(out, &rule, reason);
    }
}
