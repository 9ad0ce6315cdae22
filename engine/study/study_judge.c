/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_judge.h"

#define DELAY_PART   0.05
#define DELAY_US_MIN 100000.0
#define RATE_PART    0.9

static bool was_offered(const struct metrics_rate_step *step, double planned_s) {
    double delay_max = planned_s * 1e6 * DELAY_PART;
    delay_max = delay_max < DELAY_US_MIN ? DELAY_US_MIN : delay_max;
    return step->dropped == 0 && (double)step->delay_us_max <= delay_max &&
           step->offered >= step->rate * RATE_PART;
}

enum metrics_rate_limit study_judge(const struct metrics_rate_step *step,
                                    const struct study_judge_rule *rule) {
    bool succeeded = rule->by_thresholds ? rule->met : step->failed == 0;
    if (!succeeded && step->attempts > 0) {
        return METRICS_RATE_LIMIT_PEER;
    }
    return succeeded && step->attempts > 0 && was_offered(step, rule->planned_s)
               ? METRICS_RATE_LIMIT_NONE
               : METRICS_RATE_LIMIT_GENERATOR;
}
