/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_JUDGE_H
#define STUDY_JUDGE_H

#include "metrics_study.h"

/* By what a step of a search succeeds. */
struct study_judge_rule {
    bool by_thresholds; /* too; no attempt may fail in any case */
    bool met;           /* the thresholds */
    double planned_s;   /* how long its starts were to take */
};

/*
 * Who was the limit. The rate was not offered, which is the generator's fault, when an attempt was
 * never started, when one started later than a twentieth of the step (in a short one: than 100 ms
 * or a quarter of it), when a tenth of the rate is missing, or when most failures are this
 * machine's own. A step that nobody attempted anything in tells nothing of the peer.
 */
enum metrics_rate_limit study_judge(const struct metrics_rate_step *step,
                                    const struct study_judge_rule *rule);

#endif
