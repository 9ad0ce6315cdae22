/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli_common.h"

#include <stdio.h>

/* What the command line of `ekuload run` says. */
struct cli_run_arguments {
    struct cli_profile profile;
    struct cli_texts only;
    bool tickets;
    const char *cacert;    /* NULL: none */
    const char *source_ip; /* "127.0.0.1,127.0.1.0/24"; NULL: the profile's */
    struct cli_texts
        own_settings; /* what these three came to; see cli_run_tls.c; and cli_run_load.c */
    const char *out;
    const char *cpus;     /* NULL: all that may be used */
    char duration[64];    /* "load.duration=30s"; "": not given */
    char seed[32];        /* "seed=7"; "": not given */
    char warm_up[64];     /* "load.warm_up=10s"; "": not given */
    const char *load_key; /* what of the zones is overridden: rate, connections, concurrency or
                             stages; NULL: nothing */
    const char *load_value;
    uint64_t stages_ns; /* how long those stages last */
    bool json;
    bool diagnostics;
    bool no_keys;
    unsigned rate_scale;                  /* what the keys + and - change by; 0: by 1 */
    bool told_to_quit;                    /* by `ekuload ctl quit`: no variant follows */
    const struct profile_plan *plan;      /* of the run that goes on, for its checkpoints */
    const struct cli_result_paths *paths; /* likewise */
    bool checkpoint_failed;               /* the last one; told once */
    long *peer_pids;                      /* run.peer_pids */
    struct run_options run;
};

/* Its input is a struct cli_run_arguments. */
extern const struct argp cli_run_argp;

/*
 * cli_run_tls.c: --tickets, --cacert and --source-ip change the profile that was loaded. On failure
 * `plan` is NULL. Forget in either case.
 */
bool cli_run_apply_tls(struct cli_run_arguments *arguments, struct profile_plan **plan,
                       struct base_error *error);
void cli_run_forget_tls(struct cli_run_arguments *arguments);

/* A child of the above, with the same input: how zones are driven. */
extern const struct argp cli_run_load_argp;

/*
 * cli_run_load.c: --rate, --connections, --concurrency and --stage change every zone that carries
 * load; --duration, --warm-up and --seed the profile. Before it is loaded.
 */
bool cli_run_apply_load(struct cli_run_arguments *arguments, struct base_error *error);
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
