/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 8 };

#define NS_PER_S UINT64_C(1000000000)

struct sample sample;

static struct profile_zone zones[ZONES] = {
    {.name = (char *)"uc", .full_name = (char *)"core.uc"},
    {.name = (char *)"tunnel", .full_name = (char *)"core.tunnel"},
};
static struct profile_listener listeners[LISTENERS] = {
    {.name = (char *)"uc-traversal", .full_name = (char *)"edge.uc-traversal"},
    {.name = (char *)"tunnel", .full_name = (char *)"edge.tunnel"},
    {.name = (char *)"uc", .full_name = (char *)"core.uc"},
};
static struct profile_expectation expectations[ROWS_MAX];
static struct profile_threshold thresholds[ROWS_MAX];
static struct metrics_zone_summary zone_ends[ZONES];
static struct metrics_listener_summary listener_ends[LISTENERS];

void sample_begin(void) {
    static const uint32_t identities[ZONES] = {1, 1};
    static const uint32_t targets[ZONES] = {2, 0};
    const struct metrics_shape shape = {.zone_count = ZONES,
                                        .listener_count = LISTENERS,
                                        .identities_per_zone = identities,
                                        .targets_per_zone = targets};
    sample.plan = (struct profile_plan){
        .path = (char *)"profiles/sample.yaml",
        .duration_ns = 20 * 60 * NS_PER_S,
        .window_ns = 60 * NS_PER_S,
        .zones = zones,
        .zone_count = ZONES,
        .listeners = listeners,
        .listener_count = LISTENERS,
        .expectations = expectations,
        .thresholds = thresholds,
    };
    sample.summary =
        (struct metrics_summary){.zones = zone_ends, .listeners = listener_ends, .complete = true};
    zones[ZONE_UC].type = PROFILE_ZONE_UC_TRAVERSAL;
    zones[ZONE_UC].load = (struct profile_zone_load){.shape = PROFILE_SHAPE_HOLD};
    cr_assert(metrics_shard_init(&sample.summary.total, &shape));
    for (unsigned i = 0; i < ZONES; i++) {
        zone_ends[i] = (struct metrics_zone_summary){.ran = true};
    }
    for (unsigned i = 0; i < LISTENERS; i++) {
        listener_ends[i] = (struct metrics_listener_summary){.ran = true};
    }
}

void sample_end(void) {
    verdict_finish(&sample.verdict);
    metrics_shard_finish(&sample.summary.total);
}

struct metrics_zone *sample_zone(unsigned zone) {
    return &sample.summary.total.zones[zone];
}

struct metrics_listener *sample_listener(unsigned listener) {
    return &sample.summary.total.listeners[listener];
}

void sample_establish(unsigned zone, uint64_t count) {
    metrics_add(&sample_zone(zone)->attempts, count);
    metrics_add(&sample_zone(zone)->established, count);
    zone_ends[zone].open_at_end += count;
}

void sample_fail(unsigned zone, enum fault fault, uint64_t count) {
    metrics_add(&sample_zone(zone)->attempts, count);
    metrics_add(&sample_zone(zone)->failed, count);
    metrics_add(&sample_zone(zone)->faults[fault], count);
}

void sample_expect(unsigned zone, enum profile_state state) {
    cr_assert_lt(sample.plan.expectation_count, ROWS_MAX);
    expectations[sample.plan.expectation_count++] =
        (struct profile_expectation){.zone = zone, .state = state};
}

void sample_expect_faults(unsigned zone, enum profile_state state, const char *const *keys) {
    struct profile_texts *faults = &expectations[sample.plan.expectation_count].faults;
    sample_expect(zone, state);
    expectations[sample.plan.expectation_count - 1].has_faults = true;
    faults->items = (char **)(uintptr_t)keys;
    while (keys[faults->count] != NULL) {
        faults->count++;
    }
}

void sample_threshold(const char *expression) {
    cr_assert_lt(sample.plan.threshold_count, ROWS_MAX);
    thresholds[sample.plan.threshold_count] = (struct profile_threshold){
        .expression = (char *)(uintptr_t)expression, .line = 40 + sample.plan.threshold_count};
    sample.plan.threshold_count++;
}

const struct verdict *sample_judge(void) {
    cr_assert(verdict_judge(&sample.verdict, &sample.plan, &sample.summary));
    return &sample.verdict;
}
