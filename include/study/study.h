/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_H
#define STUDY_H

#include "metrics_study.h"
#include "run.h"

/*
 * Questions that take several runs of one profile to answer. Each run is a run_execute() with a
 * folder of its own below the study's. Main thread.
 */
struct study_setup {
    struct profile_plan *plan;     /* its load and its modes are changed; its judgements dropped */
    const struct run_options *run; /* but for its folder, goes_on and checkpoint; with no
                                      pki_directory certificates are issued once, for all runs */
    const char *directory;         /* of the study */
    void (*ran)(void *context, const char *folder, const struct run_result *result); /* or NULL */
    void (*tell)(void *context, const char *sentence); /* how far it is; or NULL */
    void *context;
};

struct study_overhead_options {
    unsigned blocks; /* that count; rounded up to whole fours */
    uint64_t block_ns;
    const char *zone;      /* measured; NULL: each that dials a node which is switched */
    const char *node;      /* switched; NULL: each that is dialled */
    const char *switch_on; /* shell commands that switch a peer elsewhere; both or none */
    const char *switch_off;
    uint32_t concurrency; /* at once, in measured zones that would keep connections */
};

#define STUDY_BLOCKS_MIN   8u
#define STUDY_BLOCKS_MAX   4000u
#define STUDY_BLOCK_NS_MIN UINT64_C(100000000)

/*
 * What the EKU check costs a new connection: blocks On, Off, Off, On, over and over, after one of
 * each that does not count; each pair of neighbours gives a difference. Then, with mode On, what a
 * refusal of serverAuth alone costs. Finish with study_overhead_finish() in any case.
 */
bool study_overhead(struct metrics_overhead *out, const struct study_setup *setup,
                    const struct study_overhead_options *options, struct base_error *error);
void study_overhead_finish(struct metrics_overhead *overhead);

/* The highest that a zone's `rate` can be, per second. */
#define STUDY_RATE_MAX 1e6

struct study_rate_options {
    enum metrics_rate_kind kind;
    uint64_t attempts; /* of each step: N */
    const char *zone;  /* that is driven; NULL: the first that runs here */
    double from;
    double to;                     /* at most STUDY_RATE_MAX */
    const char *const *thresholds; /* must be met, too; then the search is by bisection */
    uint32_t threshold_count;
    uint64_t limit_ns;    /* no step is begun after that */
    uint32_t connections; /* that refresh; 0: as many as the zone keeps, or 100 */
};

/* The highest rate that a peer holds. Finish with study_rate_finish() in any case. */
bool study_find_rate(struct metrics_rate_search *out, const struct study_setup *setup,
                     const struct study_rate_options *options, struct base_error *error);
void study_rate_finish(struct metrics_rate_search *search);

#endif
