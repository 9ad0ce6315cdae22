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
    bool is_duration;  /* what is observed is a time, not a count */
    double observed;   /* microseconds, or a count; a whole number */
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
 * Checks every threshold's grammar before a run: `<zone|listener>.<metric>[.<statistic>] <op>
 * <value>`, where metric is a latency of the contract (statistics count min mean p50 p90 p99 p999
 * max; value with a unit us ms s, but for count) or a counter of result.json (of a zone: attempts
 * established failed unconfirmed lost late dropped resumed answered calls relayed unroutable
 * peak_open open_at_end sip_requests sip_timeouts mismatches; of a listener: accepted admitted
 * refused aborted relayed unroutable mismatches), and op one of < <= > >= == !=.
 */
bool verdict_check_thresholds(const struct profile_plan *plan, struct base_error *error);

/*
 * Pass when every expectation and threshold that applies is met, no connection was presented
 * another certificate than the peer's store holds, and every sum of the summary holds; without any
 * expectation and threshold: when something was established. The texts of `plan` are borrowed.
 * False when there is no memory.
 */
bool verdict_judge(struct verdict *out, const struct profile_plan *plan,
                   const struct metrics_summary *summary);
void verdict_finish(struct verdict *verdict);

#endif
