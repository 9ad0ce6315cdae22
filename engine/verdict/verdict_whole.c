/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_whole.h"

#include <stdio.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

static const char resources[] = "resources";
static const char windows[] = "windows";
static const char drift[] = "drift";

struct row {
    const char *name;
    struct verdict_whole whole;
};

#define IN_SUMMARY(kind, member) kind, offsetof(struct metrics_summary, member)

static const struct row resource_rows[] = {
    {"cpu_share", {.kind = IN_SUMMARY(VERDICT_WHOLE_REAL, cpu_share), .is_share = true}},
    {"cpu_user_s", {.kind = IN_SUMMARY(VERDICT_WHOLE_REAL, cpu_user_s)}},
    {"cpu_system_s", {.kind = IN_SUMMARY(VERDICT_WHOLE_REAL, cpu_system_s)}},
    {"rss_peak_kib", {.kind = IN_SUMMARY(VERDICT_WHOLE_INTEGER, rss_peak_kib)}},
    {"longest_stall",
     {.kind = IN_SUMMARY(VERDICT_WHOLE_INTEGER, stall_us_max), .is_duration = true}},
    {"event_lines_lost", {.kind = IN_SUMMARY(VERDICT_WHOLE_INTEGER, journal_dropped)}},
};

static const struct row window_rows[] = {
    {"count", {.kind = VERDICT_WHOLE_WINDOWS}},
    {"unmet", {.kind = VERDICT_WHOLE_UNMET}},
};

bool verdict_whole_is_meant(const struct profile_plan *plan, const char *first_part) {
    bool is_known = strcmp(first_part, resources) == 0 || strcmp(first_part, windows) == 0 ||
                    strcmp(first_part, drift) == 0;
    return is_known && profile_plan_find_node(plan, first_part) == PROFILE_NONE;
}

static bool find_row(struct verdict_whole *out, const struct row *rows, size_t count,
                     const char *of, const char *name, char why[VERDICT_WHOLE_WHY_SIZE]) {
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    for (size_t i = 0; i < count; i++) {
        base_nearest_offer(&nearest, rows[i].name);
        if (strcmp(rows[i].name, name) == 0) {
            *out = rows[i].whole;
            return true;
        }
    }
    snprintf(why, VERDICT_WHOLE_WHY_SIZE, "%s has no metric \"%.64s\"%s", of, name,
             base_nearest_hint(&nearest, hint));
    return false;
}

static bool find_end(enum verdict_whole_end *out, const char *name) {
    static const char *const names[] = {[VERDICT_WHOLE_SLOPE] = "slope",
                                        [VERDICT_WHOLE_LOW] = "low",
                                        [VERDICT_WHOLE_HIGH] = "high"};
    for (unsigned i = 0; i < LENGTH_OF(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum verdict_whole_end)i;
            return true;
        }
    }
    return false;
}

static bool find_kind(enum metrics_series_kind *out, enum metrics_series_kind first,
                      enum metrics_series_kind end, const char *name) {
    for (unsigned i = first; i < (unsigned)end; i++) {
        if (strcmp(metrics_series_key((enum metrics_series_kind)i), name) == 0) {
            *out = (enum metrics_series_kind)i;
            return true;
        }
    }
    return false;
}

static bool find_latency(enum metrics_zone_latency *out, const char *name) {
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        if (strcmp(metrics_zone_latency_key((enum metrics_zone_latency)i), name) == 0) {
            *out = (enum metrics_zone_latency)i;
            return true;
        }
    }
    return false;
}

static bool find_zone(uint32_t *out, const struct profile_plan *plan, const char *node,
                      const char *zone) {
    char name[160];
    bool fits = (size_t)snprintf(name, sizeof name, "%s.%s", node, zone) < sizeof name;
    *out = fits ? profile_plan_find_zone(plan, name) : PROFILE_NONE;
    return *out != PROFILE_NONE;
}

/* <series>, <node>.<zone>.open, <node>.<zone>.<latency>.p50 */
static bool find_series(struct metrics_series *out, const struct profile_plan *plan,
                        char *const *parts, unsigned count) {
    if (count == 1) {
        return find_kind(&out->kind, METRICS_SERIES_RSS, METRICS_SERIES_OPEN, parts[0]);
    }
    if (count < 3 || !find_zone(&out->zone, plan, parts[0], parts[1])) {
        return false;
    }
    if (count == 3) {
        return find_kind(&out->kind, METRICS_SERIES_OPEN, METRICS_SERIES_P50, parts[2]);
    }
    return count == 4 && find_latency(&out->latency, parts[2]) &&
           find_kind(&out->kind, METRICS_SERIES_P50, METRICS_SERIES_KINDS, parts[3]);
}

static bool find_drift(struct verdict_whole *out, const struct profile_plan *plan,
                       char *const *parts, unsigned count, char why[VERDICT_WHOLE_WHY_SIZE]) {
    *out = (struct verdict_whole){.kind = VERDICT_WHOLE_DRIFT};
    if (count >= 3 && find_end(&out->end, parts[count - 1]) &&
        find_series(&out->series, plan, parts + 1, count - 2)) {
        out->is_duration = out->series.kind >= METRICS_SERIES_P50;
        return true;
    }
    snprintf(why, VERDICT_WHOLE_WHY_SIZE,
             "expected drift.<series>.slope, .low or .high; a series is one of rss_kib heap_kib "
             "descriptors slots peer_rss_kib, <node>.<zone>.open, or "
             "<node>.<zone>.<latency>.p50 or .p99");
    return false;
}

bool verdict_whole_find(struct verdict_whole *out, const struct profile_plan *plan,
                        char *const *parts, unsigned count, char why[VERDICT_WHOLE_WHY_SIZE]) {
    if (strcmp(parts[0], drift) == 0) {
        return find_drift(out, plan, parts, count, why);
    }
    if (count != 2) {
        snprintf(why, VERDICT_WHOLE_WHY_SIZE, "expected %s.<metric>", parts[0]);
        return false;
    }
    if (strcmp(parts[0], windows) == 0) {
        return find_row(out, window_rows, LENGTH_OF(window_rows), windows, parts[1], why);
    }
    return find_row(out, resource_rows, LENGTH_OF(resource_rows), resources, parts[1], why);
}

static bool observe_drift(const struct verdict_whole *whole, const struct metrics_windows *of,
                          double *out) {
    struct metrics_drift found;
    if (!metrics_drift_of_windows(&found, of, whole->series)) {
        return false;
    }
    *out = whole->end == VERDICT_WHOLE_SLOPE ? found.slope
           : whole->end == VERDICT_WHOLE_LOW ? found.low
                                             : found.high;
    return true;
}

bool verdict_whole_observe(const struct verdict_whole *whole, const struct metrics_summary *summary,
                           double *out) {
    const void *member = (const char *)summary + whole->position;
    switch (whole->kind) {
    case VERDICT_WHOLE_INTEGER:
        *out = (double)*(const uint64_t *)member;
        return true;
    case VERDICT_WHOLE_REAL:
        *out = *(const double *)member;
        return true;
    case VERDICT_WHOLE_WINDOWS:
        *out = summary->windows.count;
        return true;
    case VERDICT_WHOLE_UNMET:
        *out = summary->windows.unmet;
        return summary->windows.count > 0;
    case VERDICT_WHOLE_DRIFT:
    default:
        return observe_drift(whole, &summary->windows, out);
    }
}
