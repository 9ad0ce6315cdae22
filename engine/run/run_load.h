/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_LOAD_H
#define RUN_LOAD_H

#include "base_error.h"
#include "metrics_summary.h"
#include "run.h"
#include "run_command.h"
#include "worker_steering.h"

#include <stdio.h>

struct run;

/* What is wanted of the zones, as the profile says and whoever steers has changed since. */
struct run_load {
    struct worker_steering *steering; /* what the workers read of it */
    struct run_target *targets;       /* per zone */
    bool paused;
    struct metrics_steered *steered; /* what changed the run, and when */
    uint32_t steered_count;
    uint32_t steered_room;
    uint64_t steered_left_out;
};

bool run_load_init(struct run *run, struct base_error *error);
void run_load_finish(struct run_load *load);

/* A command that changes the load, or tells of it into `answer`. False with a sentence: nothing
 * changed. */
bool run_load_serve(struct run *run, const struct run_command *command, FILE *answer,
                    struct base_error *error);

/* A command that changed the run, as it was given. */
void run_load_note(struct run *run, const char *line, uint64_t now_ns);

/* Copies what was noted into the summary; free it there. */
bool run_load_tell_steered(const struct run *run, struct metrics_summary *summary,
                           struct base_error *error);
void run_load_free_steered(struct metrics_summary *summary);

/* run_load_fit.c */
/* Whether the workers have room for what `targets` wants of all zones; else with a sentence about
 * `zone`. */
bool run_load_fits(const struct run *run, const struct run_target *targets, uint32_t zone,
                   struct base_error *error);

#endif
