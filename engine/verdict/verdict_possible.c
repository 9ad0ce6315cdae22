/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_rule.h"

#include "metrics_drift.h"

#include <stdarg.h>
#include <stdio.h>

/* What a run of a plan cannot observe, however it goes: better told before it than hours later. */

static bool refuse(char why[VERDICT_WHY_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(char why[VERDICT_WHY_SIZE], const char *format, ...) {
    static const char head[] = "it would never be observed: ";
    va_list arguments;
    snprintf(why, VERDICT_WHY_SIZE, "%s", head);
    va_start(arguments, format);
    vsnprintf(why + sizeof head - 1, VERDICT_WHY_SIZE - (sizeof head - 1), format, arguments);
    va_end(arguments);
    return false;
}

static bool latency_is_possible(const struct profile_zone *zone, enum metrics_zone_latency latency,
                                char why[VERDICT_WHY_SIZE]) {
    const char *key = metrics_zone_latency_key(latency);
    switch (latency) {
    case METRICS_TLS_HANDSHAKE_FULL:
    case METRICS_TLS_HANDSHAKE_RESUMED:
        return zone->load.resumption != PROFILE_RESUMPTION_OFF ||
               refuse(why, "%s goes with resumption, and %.128s has none", key, zone->full_name);
    case METRICS_FLOW_RECOVERY:
        return zone->load.shape == PROFILE_SHAPE_HOLD ||
               refuse(why, "%s goes with connections to keep open, and %.128s keeps none", key,
                      zone->full_name);
    default:
        return true;
    }
}

/* As long as half a window counts as one; the first one does not, see metrics_drift_of_windows().
 */
static bool has_points_of_drift(const struct profile_plan *plan) {
    uint64_t whole = plan->duration_ns / plan->window_ns;
    uint64_t rest = plan->duration_ns % plan->window_ns;
    return whole + (rest >= plan->window_ns - rest ? 1 : 0) > METRICS_DRIFT_POINTS_MIN;
}

static bool windows_are_possible(const struct profile_plan *plan, bool for_drift,
                                 char why[VERDICT_WHY_SIZE]) {
    if (plan->window_ns == 0) {
        return refuse(why, "this run has no windows");
    }
    double window_s = (double)plan->window_ns / 1e9;
    double duration_s = (double)plan->duration_ns / 1e9;
    if (plan->duration_ns <= plan->window_ns) {
        return refuse(why,
                      "a run has windows when it is longer than one, and this one takes %g s with "
                      "a load.window of %g s",
                      duration_s, window_s);
    }
    return !for_drift || has_points_of_drift(plan) ||
           refuse(why,
                  "drift takes %u windows behind the first, and this run takes %g s with a "
                  "load.window of %g s",
                  METRICS_DRIFT_POINTS_MIN, duration_s, window_s);
}

static bool whole_is_possible(const struct verdict_whole *whole, const struct profile_plan *plan,
                              char why[VERDICT_WHY_SIZE]) {
    const struct metrics_series *series = &whole->series;
    if (whole->kind == VERDICT_WHOLE_UNMET) {
        return windows_are_possible(plan, false, why);
    }
    if (whole->kind != VERDICT_WHOLE_DRIFT) {
        return true;
    }
    return windows_are_possible(plan, true, why) &&
           (series->kind < METRICS_SERIES_P50 ||
            latency_is_possible(&plan->zones[series->zone], series->latency, why));
}

bool verdict_rule_is_possible(const struct verdict_rule *rule, const struct profile_plan *plan,
                              char why[VERDICT_WHY_SIZE]) {
    const struct verdict_metric *metric = &rule->metric;
    if (rule->is_whole) {
        return whole_is_possible(&rule->whole, plan, why);
    }
    if (metric->kind != VERDICT_METRIC_LATENCY || rule->subject.is_listener ||
        rule->statistic.kind == VERDICT_COUNT) {
        return true;
    }
    size_t index = (metric->position - offsetof(struct metrics_zone, latency)) /
                   sizeof(struct metrics_histogram);
    return latency_is_possible(&plan->zones[rule->subject.index], (enum metrics_zone_latency)index,
                               why);
}
