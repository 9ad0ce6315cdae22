/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_SAMPLE_H
#define VERDICT_SAMPLE_H

#include "verdict.h"

/*
 * Zones core.uc and core.tunnel, listeners edge.uc-traversal, edge.tunnel and core.uc (of the same
 * name as the zone); nothing counted, everything ran, nothing expected.
 */
struct sample {
    struct profile_plan plan;
    struct metrics_summary summary;
    struct verdict verdict;
};
enum { ZONE_UC, ZONE_TUNNEL, ZONES };
enum { LISTENER_UC, LISTENER_TUNNEL, LISTENER_CORE_UC, LISTENERS };

extern struct sample sample;

void sample_begin(void);
void sample_end(void);

struct metrics_zone *sample_zone(unsigned zone);
struct metrics_listener *sample_listener(unsigned listener);

/* `count` attempts that were established and are open, with every sum right. */
void sample_establish(unsigned zone, uint64_t count);
/* `count` attempts that failed with `fault`. */
void sample_fail(unsigned zone, enum fault fault, uint64_t count);

/* At most 8 of each. */
void sample_expect(unsigned zone, enum profile_state state);
/* `keys` ends with NULL. */
void sample_expect_faults(unsigned zone, enum profile_state state, const char *const *keys);
void sample_threshold(const char *expression);

/* Judges; once a test. */
const struct verdict *sample_judge(void);

#endif
