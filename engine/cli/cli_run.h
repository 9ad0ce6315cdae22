/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli_runs.h"

#include <stdio.h>

/* What the command line of `ekuload run` says. */
struct cli_run_arguments {
    struct cli_runs runs;
    bool tickets;
    const char *cacert;    /* NULL: none */
    const char *source_ip; /* "127.0.0.1,127.0.1.0/24"; NULL: the profile's */
    const char *cpus;      /* NULL: all that may be used */
    const char *load_key;  /* what of the zones is overridden: rate, connections, concurrency or
                              stages; NULL: nothing */
    const char *load_value;
    const char *load_option; /* all of it as it was typed */
    struct cli_texts stages; /* load_value and load_option while they grew; on the heap */
    uint64_t stages_ns;      /* how long they last */
    uint64_t warm_up_ns;
    bool has_warm_up; /* or the profile's */
    bool has_duration;
    bool diagnostics;
    bool no_keys;
    unsigned rate_scale;                  /* what the keys + and - change by */
    bool told_to_quit;                    /* by `ekuload ctl quit`: no variant follows */
    const struct profile_plan *plan;      /* of the run that goes on, for its checkpoints */
    const struct cli_result_paths *paths; /* likewise */
    bool checkpoint_failed;               /* the last one; told once */
    long *peer_pids;                      /* run.peer_pids */
};

/* Its input is a struct cli_run_arguments. */
extern const struct argp cli_run_argp;
/* A child of it, with the same input: how zones are driven. */
extern const struct argp cli_run_load_argp;

/*
 * Options that stand for settings of many zones or nodes: which, the profile without them tells.
 * cli_run_load.c: --rate, --connections, --concurrency and --stage change every zone that carries
 * load; with --stage the run's duration, too. cli_run_connections.c: --tickets, --cacert and
 * --source-ip.
 */
bool cli_run_set_load(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                      struct base_error *error);
void cli_run_set_connections(struct cli_run_arguments *arguments, const struct profile_plan *plan);

/* Remembers the option --NAME VALUE for what may be wrong with it. */
void cli_run_note_load(struct cli_run_arguments *arguments, const char *name, const char *value);

/* One more stage, as TIME:TARGET. False: it is no such thing. */
bool cli_run_add_stage(struct cli_run_arguments *arguments, const char *text);

/* A sentence on stderr that changes no exit status. */
void cli_run_note(const char *sentence);

/* One run into one folder, with its report, or its JSON, on `out`: the exit status. */
int cli_run_one(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                const struct cli_result_paths *paths, FILE *out);

/* The profile itself, then its variants. */
int cli_run_all(struct cli_run_arguments *arguments, const struct profile_plan *plan);

#endif
