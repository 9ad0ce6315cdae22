/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_H
#define VERDICT_H

#include "base_error.h"
#include "metrics_summary.h"
#include "profile_plan.h"

struct verdict_expectation {
    const struct profile_expectation *expected;
    const char *subject;               /* "core.uc" */
    bool applies;                      /* false: the node ran elsewhere */
    enum metrics_state observed_state; /* of a zone */
    bool observed_faults[FAULT_COUNT];
    const struct metrics_serials
        *observed_serials; /* of the summary; NULL when it does not apply */
    bool met;
};

struct verdict_threshold {
    const char *expression;
    bool applies;
    bool has_observed; /* false: no samples, not met */
    bool is_pending;   /* no samples yet, and the run goes on: neither met nor missed */
    bool is_duration;  /* what is observed is a time, not a count */
    bool is_real;      /* it is a share, a rate or a slope; else a whole number */
    double observed;   /* microseconds, or a count */
    bool met;
};

struct verdict {
    bool pass;
    struct verdict_expectation *expectations;
    uint32_t expectation_count;
    struct verdict_threshold *thresholds;
    uint32_t threshold_count;
    char reason[256]; /* one sentence: why it failed, or what passed */
};

/*
 * Checks every threshold's grammar before a run: `<left> <op> <value>`, where op is one of < <= >
 * >= == != and left one of
 *   <zone|listener>.<latency>.<statistic>           value with a unit: us ms s; count: a number
 *   <zone|listener>.<counter>[.count|.rate|.share]  rate: per second, perhaps with /s; share: of
 *                                                   attempts, of requests ..., a part of 1 or
 *                                                   percent
 *   resources.<key>, windows.<count|unmet>          as in result.json
 *   drift.<series>.<slope|low|high>                 per hour
 * docs/results.md lists them. Statistics of a latency: count min mean avg med p50 p90 p99 p999 pN
 * p(N) max. A threshold that no run of the plan can have a sample for is an error, too.
 */
bool verdict_check_thresholds(const struct profile_plan *plan, struct base_error *error);

/*
 * Pass when no threshold ended the run, every expectation and threshold that applies is met, no
 * connection was presented another certificate than the peer's store holds, and every sum of the
 * summary holds; without any expectation and threshold: when something was established. What has no
 * samples yet is left out while the run goes on. The texts of `plan` are borrowed. False when there
 * is no memory.
 */
bool verdict_judge(struct verdict *out, const struct profile_plan *plan,
                   const struct metrics_summary *summary);
void verdict_finish(struct verdict *verdict);

/*
 * Whether one window of a run keeps to the plan, with a sentence when it does not: each zone's
 * state and faults as expected, and every threshold that a window alone can miss. `window` is a
 * summary of what was counted within it; its windows are not looked at.
 */
bool verdict_judge_window(const struct profile_plan *plan, const struct metrics_summary *window,
                          char *reason_text, size_t reason_size);

/* Whether some threshold may end a run, and the first one that should, as it stands: its position
 * in the plan, or PROFILE_NONE. What has no samples yet ends nothing. */
bool verdict_can_abort(const struct profile_plan *plan);
uint32_t verdict_find_abort(const struct profile_plan *plan, const struct metrics_summary *so_far);

#endif
