/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_H
#define RUN_H

#include "base_error.h"
#include "metrics_summary.h"
#include "profile_plan.h"
#include "verdict.h"

#include <stddef.h>
#include <stdint.h>

/* What happens while it runs, once a second: for a live line. */
struct run_progress {
    double elapsed_s;
    double duration_s;
    const struct profile_plan *plan;
    const struct metrics_zone_snapshot *zones;         /* as in the plan */
    const struct metrics_listener_snapshot *listeners; /* as in the plan */
};

struct run_options {
    const char *const *only; /* nodes that run here; none: all */
    size_t only_count;
    const char *pki_directory;    /* NULL: issue certificates */
    const char *result_directory; /* created; must not hold a result yet */
    unsigned threads;             /* 0: one per core, more when descriptor tables ask for it */
    uint64_t duration_ns;         /* 0: the profile's */
    uint64_t seed;                /* 0: from the clock */
    const char *wolfssl_version;
    void (*progress)(void *context, const struct run_progress *progress); /* may be NULL */
    void *progress_context;
};

/* A finished run. */
struct run_result {
    struct metrics_summary summary;
    struct verdict verdict;
    const char ***identity_usages; /* backs the summary's texts */
};

/*
 * Issues or loads certificates, starts the nodes, loads them, stops, judges. SIGINT and SIGTERM end
 * it early with what was counted so far (summary.interrupted). Writes nodes/, events.log and
 * timeline.csv into the result directory. Main thread. Finish the result with run_result_finish()
 * when true.
 */
bool run_execute(struct run_result *out, const struct profile_plan *plan,
                 const struct run_options *options, struct base_error *error);
void run_result_finish(struct run_result *result);

/* Checks that need no traffic: products, addresses, ports, capacity. For `doctor PROFILE`. */
bool run_check(const struct profile_plan *plan, struct base_error *error);

#endif
