/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_CURVE_H
#define WORKER_CURVE_H

#include "profile_plan.h"

/*
 * A load over time: straight lines, then level for good. New connections per second, whose area is
 * how many were due by then; or connections at once. Times in seconds since it began.
 */
struct worker_curve {
    const struct profile_stage *stages; /* borrowed */
    uint32_t stage_count;
    double level; /* behind the stages */
    /* Where worker_curve_time_of() is: it only goes forward. */
    uint32_t stage;
    double begin_s;
    double area_before;
};

/* Without stages it is level from the beginning. */
void worker_curve_init(struct worker_curve *curve, const struct profile_stage *stages,
                       uint32_t stage_count, double level);
double worker_curve_level_at(const struct worker_curve *curve, double at_s);
double worker_curve_area_at(const struct worker_curve *curve, double at_s);

/* When the area exceeds `area`, which never falls from one question to the next; INFINITY: never.
 */
double worker_curve_time_of(struct worker_curve *curve, double area);

#endif
