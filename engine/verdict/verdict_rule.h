/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_RULE_H
#define VERDICT_RULE_H

#include "profile_plan.h"
#include "verdict_metric.h"
#include "verdict_whole.h"

enum verdict_comparison {
    VERDICT_LESS,
    VERDICT_AT_MOST,
    VERDICT_MORE,
    VERDICT_AT_LEAST,
    VERDICT_EQUAL,
    VERDICT_NOT_EQUAL,
};

/* What the value behind the operator is. */
enum verdict_measure {
    VERDICT_MEASURE_COUNT,    /* a plain number; what is observed is a whole one */
    VERDICT_MEASURE_DURATION, /* microseconds */
    VERDICT_MEASURE_NUMBER,   /* a plain number, per second or a figure of its own */
    VERDICT_MEASURE_SHARE,    /* 0 to 1; 1% is 0.01 */
};

/* A threshold's expression, understood. */
struct verdict_rule {
    bool is_whole; /* of the run; else of `subject` */
    struct verdict_whole whole;
    struct metrics_place subject;
    struct verdict_metric metric;
    struct verdict_statistic statistic;
    enum verdict_comparison comparison;
    enum verdict_measure measure;
    bool is_per_hour;   /* and perhaps below 0: a drift */
    double limit;       /* microseconds, or a number */
    const char *unit;   /* of the expression's value; "" for a number */
    double unit_size;   /* that unit in microseconds, or as a part of 1 */
    size_t left_length; /* the part of the expression that names what is observed */
    size_t right_begin; /* where the operator begins */
};

enum { VERDICT_WHY_SIZE = 512 };

/* False, and in `why` what was expected, when the expression cannot be understood. */
bool verdict_rule_parse(struct verdict_rule *out, const struct profile_plan *plan,
                        const char *expression, char why[VERDICT_WHY_SIZE]);

/* False, and in `why` the reason, when no run of the plan can have a sample of it. */
bool verdict_rule_is_possible(const struct verdict_rule *rule, const struct profile_plan *plan,
                              char why[VERDICT_WHY_SIZE]);

/* The value behind the operator, once the rule says what it measures. */
bool verdict_value_parse(struct verdict_rule *rule, const char *text, char why[VERDICT_WHY_SIZE]);

/* False without samples, or without memory. */
bool verdict_rule_observe(const struct verdict_rule *rule, const struct metrics_summary *summary,
                          double *out);
bool verdict_rule_is_met(const struct verdict_rule *rule, double observed);

/* A window alone can miss it: a bound on a latency, a share, a rate or a gauge, or a counter's
 * upper bound. */
bool verdict_rule_fits_a_window(const struct verdict_rule *rule);

#endif
