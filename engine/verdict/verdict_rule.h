/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_RULE_H
#define VERDICT_RULE_H

#include "profile_plan.h"
#include "verdict_metric.h"

enum verdict_comparison {
    VERDICT_LESS,
    VERDICT_AT_MOST,
    VERDICT_MORE,
    VERDICT_AT_LEAST,
    VERDICT_EQUAL,
    VERDICT_NOT_EQUAL,
};

/* A threshold's expression, understood. */
struct verdict_rule {
    struct metrics_place subject;
    struct verdict_metric metric;
    enum verdict_statistic statistic;
    enum verdict_comparison comparison;
    double limit; /* microseconds, or a count */
    bool is_duration;
    const char *unit;   /* of the expression's value; "" for a count */
    double unit_us;     /* that unit in microseconds; 1 for a count */
    size_t left_length; /* the part of the expression that names what is observed */
    size_t right_begin; /* where the operator begins */
};

enum { VERDICT_WHY_SIZE = 512 };

/* False, and in `why` what was expected, when the expression cannot be understood. */
bool verdict_rule_parse(struct verdict_rule *out, const struct profile_plan *plan,
                        const char *expression, char why[VERDICT_WHY_SIZE]);

bool verdict_rule_is_met(const struct verdict_rule *rule, double observed);

#endif
