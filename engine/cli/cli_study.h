/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include "cli_runs.h"
#include "report_study.h"
#include "study.h"

/* What all commands that run a profile several times have in common. */
struct cli_study {
    struct cli_runs runs;
    /* For the duration of the command: */
    struct profile_plan *plan;
    struct cli_result_paths paths;
    struct base_error trouble; /* of what could not be written beside a run */
};

/* Loads the profile, chooses the folder, and fills `setup` with both. Balance with
 * cli_study_finish() in any case. */
bool cli_study_begin(struct cli_study *study, struct study_setup *setup, struct base_error *error);
void cli_study_finish(struct cli_study *study);

/* The ways of one study's report; `found` is what it found. */
struct cli_study_report {
    const char *file; /* "overhead.json" */
    bool (*json)(const void *found, const struct report_study_facts *facts, FILE *out);
    void (*text)(const void *found, const struct report_study_facts *facts, FILE *out);
    const void *found;
};

/* Writes the file, and prints one or the other. */
bool cli_study_report(struct cli_study *study, const struct cli_study_report *report,
                      struct base_error *error);

#endif
