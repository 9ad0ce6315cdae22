/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

/*
 * A zone that is to fail meets its faults when it dials again, which need not be in each window:
 * that it met one is asked of the whole run. Where nothing was tried or ended (a low rate, a stage
 * of none, a pause), a window says nothing of its zone.
 */
static bool expectation_holds(const struct profile_plan *plan, uint32_t index,
                              const struct metrics_summary *window, struct verdict_reason *reason) {
    const struct profile_expectation *expected = &plan->expectations[index];
    struct verdict_expectation row;
    if (expected->zone == PROFILE_NONE) {
        return true;
    }
    enum metrics_state state = window->zones[expected->zone].state;
    if (state == METRICS_IDLE ||
        (state == METRICS_FAILED && expected->state == PROFILE_STATE_FAILED)) {
        return true;
    }
    verdict_expectation_judge(&row, plan, index, window, reason);
    return !row.applies || row.met;
}

bool verdict_judge_window(const struct profile_plan *plan, const struct metrics_summary *window,
                          char *reason_text, size_t reason_size) {
    struct verdict_reason reason = {.text = reason_text, .size = reason_size};
    bool met = true;
    reason_text[0] = '\0';
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        met = expectation_holds(plan, i, window, &reason) && met;
    }
    for (uint32_t i = 0; i < plan->threshold_count; i++) {
        met = verdict_threshold_holds_within(plan, i, window, &reason) && met;
    }
    verdict_mismatches_judge(plan, window, &reason);
    return met && reason_text[0] == '\0';
}
