/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_H
#define RUN_H

#include "base_error.h"
#include "metrics_summary.h"
#include "profile_plan.h"
#include "verdict.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What is wanted of a zone at present. */
struct run_target {
    double rate_per_s;    /* with `rate`; else 0 */
    uint32_t connections; /* to keep open, or with `concurrency` at once; else 0 */
    bool steered;         /* it is no longer what the profile says */
};

/* A run as it stands: for a live line once a second, and for whoever asks. */
struct run_progress {
    double elapsed_s; /* of what is counted: negative while it warms up */
    double duration_s;
    const struct profile_plan *plan;
    const bool *runs_here;                             /* per node */
    const enum metrics_state *states;                  /* per zone */
    const struct metrics_zone_snapshot *zones;         /* as in the plan */
    const struct metrics_listener_snapshot *listeners; /* as in the plan */
    const struct metrics_shard *const *shards;         /* counters alone may be read */
    unsigned shard_count;
    int64_t started_wall_ns;
    bool paused;
    const struct run_target *targets; /* per zone */
};

struct run_result;

struct run_options {
    const char *const *only; /* nodes that run here; none: all */
    size_t only_count;
    const char *pki_directory;    /* NULL: issue certificates */
    const char *result_directory; /* created; must not hold a result yet */
    unsigned threads; /* 0: one per core, more when descriptor tables ask for it; at most four per
                         core unless they do */
    const char *wolfssl_version;
    void (*progress)(void *context, const struct run_progress *progress); /* may be NULL */
    void *progress_context;
    /* Asked a few times a second: false ends the run, and what ran is judged. May be NULL. */
    bool (*goes_on)(void *context, const struct run_progress *progress);
    void *goes_on_context;
    /* The result as it stands, once a minute, histograms included; what it points to is gone after
     * the call. May be NULL. */
    void (*checkpoint)(void *context, const struct run_result *so_far);
    void *checkpoint_context;
    const long *peer_pids; /* processes of a peer on this machine whose memory is watched */
    size_t peer_pid_count;
    /* Where it is steered from: a socket's path; NULL: <pid>.sock in the user's own folder
     * (run_control.h). A run that cannot make the socket ends when a path was given, else it tells
     * why and goes on. */
    const char *control_path;
    void (*note)(const char *sentence); /* may be NULL */
    /* Where each node's diagnostic bundle goes, in a folder <directory>/<node>; NULL: none. */
    const char *diagnostics_directory;
    /* With it: from now on the secrets of all sessions are appended to this file; NULL: no longer.
     */
    bool (*log_keys)(const char *path, struct base_error *error);
    /* Asked fifty times a second for a command, as `ekuload ctl` gives them; NULL: none. The answer
     * follows, as ctl prints it, but to `reload`. May be NULL. */
    const char *(*command)(void *context, const struct run_progress *progress);
    void (*answer)(void *context, const char *command, const char *answer);
    void *command_context;
    /* Answers `status`; may be NULL. */
    void (*status)(const struct run_progress *progress, FILE *out);
};

/* When a run began, as it stands in the names of its diagnostic files: 2026-03-25_03_20_11. */
#define RUN_STAMP_SIZE 24

/* A finished run. */
struct run_result {
    char diagnostics_stamp[RUN_STAMP_SIZE];
    bool told_to_quit;            /* by the command `quit` */
    struct base_error incomplete; /* what of nodes/, events.log and timeline.csv could not be
                                     written; BASE_ERROR_NONE: nothing */
    struct metrics_summary summary;
    struct verdict verdict;
    struct metrics_identity_summary **identities; /* of each zone: backs the summary */
};

/*
 * Issues or loads certificates, starts the nodes, loads them, stops, judges. SIGINT and SIGTERM end
 * it early with what was counted so far (summary.interrupted); so does the command `quit`, but that
 * is no interruption: what ran is judged as if it had been asked for in the first place. Writes
 * nodes/, events.log and timeline.csv into the result directory. Main thread. Finish the result
 * with run_result_finish() when true: also a run whose files could not all be written has one.
 */
bool run_execute(struct run_result *out, const struct profile_plan *plan,
                 const struct run_options *options, struct base_error *error);
void run_result_finish(struct run_result *result);

/* Checks that need no traffic: products, addresses, ports, capacity, the files of certificates that
 * the profile names. For `doctor PROFILE`. */
bool run_check(const struct profile_plan *plan, struct base_error *error);
/* The same; `tell` is told of each name that DNS was asked for, and what came of it. */
bool run_check_telling(const struct profile_plan *plan,
                       void (*tell)(void *context, const char *name, const char *trail),
                       void *context, struct base_error *error);

#endif
