/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli_common.h"

#include <stdio.h>

/* What the command line of `ekuload run` says. */
struct cli_run_arguments {
    struct cli_profile profile;
    struct cli_texts only;
    const char *out;
    const char *cpus; /* NULL: all that may be used */
    char duration[64]; /* "load.duration=30s"; "": not given */
    char seed[32];     /* "seed=7"; "": not given */
    bool json;
    bool diagnostics;
    bool told_to_quit; /* by `ekuload ctl quit`: no variant follows */
    struct run_options run;
};

/* Its input is a struct cli_run_arguments. */
extern const struct argp cli_run_argp;

/* A sentence on stderr that changes no exit status. */
void cli_run_note(const char *sentence);

/* One run into one folder, with its report, or its JSON, on `out`: the exit status. */
int cli_run_one(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                const struct cli_result_paths *paths, FILE *out);

/* The profile itself, then its variants. */
int cli_run_all(struct cli_run_arguments *arguments, const struct profile_plan *plan);

#endif
