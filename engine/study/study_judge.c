/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_judge.h"

#define DELAY_PART       0.05
#define DELAY_US_SHORT   100000.0
#define DELAY_PART_SHORT 0.25
#define RATE_PART        0.9

/* A machine shared with others stumbles for some 10 ms now and then, which a short step forgives as
 * long as it keeps its shape. */
static double delay_us_allowed(double planned_s) {
    double of_short = planned_s * 1e6 * DELAY_PART_SHORT;
    double forgiven = of_short < DELAY_US_SHORT ? of_short : DELAY_US_SHORT;
    double allowed = planned_s * 1e6 * DELAY_PART;
    return allowed < forgiven ? forgiven : allowed;
}

static bool was_offered(const struct metrics_rate_step *step, double planned_s) {
    return step->dropped == 0 && (double)step->delay_us_max <= delay_us_allowed(planned_s) &&
           step->offered >= step->rate * RATE_PART;
}

static bool is_own(enum fault fault) {
    return fault == FAULT_LOCAL_FD_LIMIT || fault == FAULT_LOCAL_PORT_EXHAUSTED ||
           fault == FAULT_LOCAL_ERROR;
}

enum metrics_rate_limit study_judge(const struct metrics_rate_step *step,
                                    const struct study_judge_rule *rule) {
    bool succeeded = step->failed == 0 && (!rule->by_thresholds || rule->met);
    if (step->failed > 0 && is_own(step->fault)) {
        return METRICS_RATE_LIMIT_GENERATOR;
    }
    if (!succeeded && step->attempts > 0) {
        return METRICS_RATE_LIMIT_PEER;
    }
    return succeeded && step->attempts > 0 && was_offered(step, rule->planned_s)
               ? METRICS_RATE_LIMIT_NONE
               : METRICS_RATE_LIMIT_GENERATOR;
}
