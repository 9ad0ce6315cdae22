/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_INTERNAL_H
#define STUDY_INTERNAL_H

#include "study.h"

#define STUDY_PATH_MAX 4096

/* "DIRECTORY/name", or false with a sentence. */
bool study_path(char out[STUDY_PATH_MAX], const struct study_setup *setup, const char *name,
                struct base_error *error);

bool study_out_of_memory(struct base_error *error);

__attribute__((format(printf, 2, 3))) void study_tell(const struct study_setup *setup,
                                                      const char *format, ...);

/* Does the node run in this process? */
bool study_runs_here(const struct study_setup *setup, uint32_t node);

/* The zone that bears this name and runs here; false with a sentence. */
bool study_choose_zone(const struct study_setup *setup, const char *name, uint32_t *zone,
                       struct base_error *error);

/* Nothing is expected of the runs themselves, and all of them counts. */
void study_judge_nothing(struct profile_plan *plan);

/* Another shape of load, evenly and without an end; its amount is the caller's to set. */
void study_reshape(struct profile_zone_load *load, enum profile_shape shape);

/* Issues the plan's certificates into DIRECTORY/name, unless the user gave some; `path` is where
 * they lie. */
bool study_pki(char path[STUDY_PATH_MAX], const struct study_setup *setup, const char *name,
               struct base_error *error);

/* One run of the plan as it stands, into DIRECTORY/name. */
struct study_run {
    const char *name;
    const char *pki;
    bool (*goes_on)(void *context, const struct run_progress *progress);
    void *context;
};
bool study_run(struct run_result *out, const struct study_setup *setup, const struct study_run *run,
               struct base_error *error);

/* Runs the user's command by the shell; false with a sentence that names the option it came with
 * when it fails. Its standard output goes to standard error. */
bool study_switch(const char *option, const char *command, struct base_error *error);

#endif
