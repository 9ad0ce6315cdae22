/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_curve.h"

#include <math.h>

static double seconds_of(const struct profile_stage *stage) {
    return (double)stage->duration_ns / 1e9;
}

static double area_of(const struct profile_stage *stage) {
    return (stage->from + stage->target) / 2 * seconds_of(stage);
}

/* After `at_s` of a stage, which lasts longer than that. */
static double level_within(const struct profile_stage *stage, double at_s) {
    return stage->from + (stage->target - stage->from) * at_s / seconds_of(stage);
}

/* When a stage has covered `area`, which is less than its own. Written so that nothing cancels out
 * when the line is almost level. */
static double time_within(const struct profile_stage *stage, double area) {
    double slope = (stage->target - stage->from) / seconds_of(stage);
    double square = stage->from * stage->from + 2 * slope * area;
    return area > 0 ? 2 * area / (stage->from + sqrt(square > 0 ? square : 0)) : 0;
}

void worker_curve_init(struct worker_curve *curve, const struct profile_stage *stages,
                       uint32_t stage_count, double level) {
    *curve = (struct worker_curve){
        .stages = stages,
        .stage_count = stage_count,
        .level = stage_count > 0 ? stages[stage_count - 1].target : level,
    };
}

double worker_curve_level_at(const struct worker_curve *curve, double at_s) {
    for (uint32_t i = 0; i < curve->stage_count; i++) {
        const struct profile_stage *stage = &curve->stages[i];
        if (at_s < seconds_of(stage)) {
            return level_within(stage, at_s);
        }
        at_s -= seconds_of(stage);
    }
    return curve->level;
}

double worker_curve_area_at(const struct worker_curve *curve, double at_s) {
    double area = 0;
    for (uint32_t i = 0; i < curve->stage_count; i++) {
        const struct profile_stage *stage = &curve->stages[i];
        if (at_s < seconds_of(stage)) {
            return area + (stage->from + level_within(stage, at_s)) / 2 * at_s;
        }
        area += area_of(stage);
        at_s -= seconds_of(stage);
    }
    return area + curve->level * at_s;
}

double worker_curve_time_of(struct worker_curve *curve, double area) {
    for (; curve->stage < curve->stage_count; curve->stage++) {
        const struct profile_stage *stage = &curve->stages[curve->stage];
        double rest = area - curve->area_before;
        if (rest < area_of(stage)) {
            return curve->begin_s + time_within(stage, rest);
        }
        curve->area_before += area_of(stage);
        curve->begin_s += seconds_of(stage);
    }
    return curve->level > 0 ? curve->begin_s + (area - curve->area_before) / curve->level
                            : (double)INFINITY;
}
