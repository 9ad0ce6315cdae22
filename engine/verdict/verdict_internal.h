/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_INTERNAL_H
#define VERDICT_INTERNAL_H

#include "verdict.h"

/* A verdict's sentence; the first one said stays. */
struct verdict_reason {
    char *text;
    size_t size;
};
void verdict_reason_say(struct verdict_reason *reason, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each fills one row of the verdict from the plan's row `index`, and says why it is not met. */
void verdict_expectation_judge(struct verdict_expectation *out, const struct profile_plan *plan,
                               uint32_t index, const struct metrics_summary *summary,
                               struct verdict_reason *reason);
void verdict_threshold_judge(struct verdict_threshold *out, const struct profile_plan *plan,
                             uint32_t index, const struct metrics_summary *summary,
                             struct verdict_reason *reason);
/* Whether a window, told like a run, keeps to the plan's row `index`, as far as a window can. */
bool verdict_threshold_holds_within(const struct profile_plan *plan, uint32_t index,
                                    const struct metrics_summary *window,
                                    struct verdict_reason *reason);
/* Says so when a peer presented a certificate that its store does not hold. */
void verdict_mismatches_judge(const struct profile_plan *plan,
                              const struct metrics_summary *summary, struct verdict_reason *reason);

#endif
