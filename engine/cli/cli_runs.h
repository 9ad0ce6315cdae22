/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RUNS_H
#define CLI_RUNS_H

#include "cli_common.h"

/* What all commands that run a profile, once or often, take from the command line. */
struct cli_runs {
    struct cli_profile profile;
    /* What options stand for: settings, so that the profile in the result is the one that was run.
     * They win over --set. */
    struct cli_profile shortcuts;
    struct cli_texts texts; /* those among the profile's settings that argv does not hold; on the
                               heap */
    struct cli_texts only;
    const char *out;
    bool json;
    struct run_options run;
};

/* A child of their parsers; its input is a struct cli_runs. */
extern const struct argp cli_runs_argp;

/* One more setting of the profile, which the option stands for; takes `setting` over. */
void cli_runs_set(struct cli_runs *runs, const char *option, char *setting);
/* Likewise, for options that do not depend on the profile: "--NAME VALUE". */
void cli_runs_shorten(struct cli_runs *runs, const char *name, const char *value, char *setting);

/* Loads the profile with all that was said of it, and fills `runs->run` but for what a single run
 * is told. A signal ends the process at once, until a run watches for signals itself: before that
 * nothing was started that had to be stopped. Balance with cli_runs_finish() in any case. */
bool cli_runs_begin(struct cli_runs *runs, struct profile_plan **plan, struct base_error *error);
void cli_runs_finish(struct cli_runs *runs);

#endif
