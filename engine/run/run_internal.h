/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_INTERNAL_H
#define RUN_INTERNAL_H

#include "base_clock.h"
#include "journal_log.h"
#include "journal_timeline.h"
#include "node.h"
#include "run.h"
#include "run_diagnostics.h"
#include "run_load.h"
#include "run_path.h"
#include "run_pki.h"
#include "run_publish.h"
#include "run_reload.h"
#include "run_renew.h"
#include "run_server.h"
#include "run_targets.h"
#include "run_window.h"
#include "worker.h"

#include <signal.h>

/* Addresses of everything that runs here; arrays as in the plan. */
struct run_places {
    struct net_address *listener_addresses;
    struct worker_route *routes;
    struct net_address **source_lists;   /* back the routes */
    struct worker_target **target_lists; /* likewise */
    uint32_t *target_counts;             /* per zone; 0: one target */
    struct journal_place *zone_events;
    struct journal_place *listener_events;
    char (*zone_hosts)[64]; /* back the events */
};

/* How many workers with which tables. */
struct run_capacity {
    unsigned worker_count;
    uint32_t table_slots; /* of each worker, outgoing and incoming together */
    uint32_t spare_slots; /* of each worker: outgoing ones beyond what the profile asks for */
};

struct run {
    const struct profile_plan *plan;
    const struct run_options *options;
    bool *runs_here;                                                       /* per node */
    void (*tell_name)(void *context, const char *name, const char *trail); /* NULL: nobody asks */
    void *tell_context;
    struct run_pki pki;
    struct node **nodes;
    struct run_places places;
    struct run_capacity capacity;
    struct conn_mail *mail; /* NULL: nothing is relayed */
    struct worker **workers;
    struct metrics_shard *shards; /* per worker */
    const struct metrics_shard **shard_list;
    struct journal_ring **rings;
    struct journal_event *next_events; /* of each ring, to merge them by time; wall_ns 0: none */
    struct journal_log *log;
    struct journal_timeline *timeline;
    struct metrics_zone_snapshot *zone_snapshots;
    struct metrics_listener_snapshot *listener_snapshots;
    uint64_t *peak_open;        /* per zone */
    enum metrics_state *states; /* per zone, as last judged */
    struct run_server *server;  /* NULL: nobody steers it */
    struct run_load load;
    struct run_reload reload;
    struct run_diagnostics diagnostics;
    struct run_renew renew;
    struct run_window window;
    struct run_publish publish;
    bool interrupted;
    bool told_to_quit;
    bool told_to_end; /* by who called it */
    uint64_t next_question_ns;
    bool aborted;        /* by a threshold */
    uint32_t aborted_by; /* its position in the plan */
    double aborted_at_s;
    int64_t started_wall_ns;
    bool warms_up;
    uint64_t warm_up_ns;    /* how long it took; 0: there was none */
    uint64_t started_ns;    /* since when is counted: after a warm-up its end */
    uint64_t eku_turned_ns; /* modes that the profile turns so long after it were turned */
    uint64_t seed;
    uint64_t frozen_ns;
    uint64_t stall_ns_max; /* by which the sampler was woken too late */
    struct base_cpu_time cpu_at_start;
    struct base_cpu_time cpu_at_end;
};

/* run_places.c */
bool run_places_init(struct run_places *places, const struct run *run, struct base_error *error);
bool run_places_probe(const struct run_places *places, const struct profile_plan *plan,
                      const bool *runs_here, struct base_error *error);
void run_places_finish(struct run_places *places, const struct profile_plan *plan);

/* run_capacity.c */
bool run_capacity_plan(struct run_capacity *capacity, const struct profile_plan *plan,
                       const bool *runs_here, unsigned threads_asked, struct base_error *error);
/* Has every zone source ports for the connections that it is to have at once? */
bool run_capacity_check_ports(const struct run *run, struct base_error *error);
/* How many connections of `plan` one worker may have at once. */
uint32_t run_capacity_outgoing(const struct run *run, unsigned worker);

/* run_machine.c */
unsigned run_machine_cores(void);
/* The core a worker should stay on; -1 unless there is one for each: with fewer workers, another
 * process (the peer's, say) would settle on the same cores. */
int run_machine_core_of(unsigned worker, unsigned worker_count);
void run_machine_describe(struct metrics_tool *tool, const char *wolfssl_version, unsigned threads);
uint64_t run_machine_rss_peak_kib(void);

/* run_sampler.c */
/* Watches until `end_ns`. False: somebody wants the run to end, or a signal came. */
bool run_sampler_watch(struct run *run, uint64_t end_ns);
/* Where connections are closed and dialled anew, some always are: that is churn. */
bool run_sampler_is_held(const struct profile_zone_load *load);
/* Of the counted time: a warm-up ends at 0. */
double run_sampler_elapsed_s(const struct run *run, uint64_t now_ns);
/* A row a second, and one at the end: to the timeline, and to whoever shows progress. */
void run_sampler_publish(struct run *run, uint64_t now_ns);
/* As it was seen last. */
struct run_progress run_sampler_progress(const struct run *run, uint64_t now_ns);
/* Reads all counters once more, and judges: the last look. */
void run_sampler_look(struct run *run);
/* Moves the workers' events into the files. */
void run_sampler_drain_journal(struct run *run);

/* run_summary.c */
bool run_summary_make(struct run *run, struct run_result *out, struct base_error *error);
/* The same while it runs; `total` and the windows are borrowed. Balance with run_summary_drop(),
 * also when false. */
bool run_summary_so_far(struct run *run, struct run_result *out, const struct metrics_shard *total,
                        uint64_t now_ns, struct base_error *error);
void run_summary_drop(struct run_result *so_far);
/* The cores that the workers can use. */
unsigned run_summary_cores(const struct run *run);

/* run_identities.c: what each identity of a zone's node is, on the heap; NULL without memory. */
struct metrics_identity_summary *run_identities_tell(const struct run *run, uint32_t zone,
                                                     uint32_t count);
void run_identities_free(struct metrics_identity_summary *rows, uint32_t count);

/* run_node.c: the node's certificates become a node. NULL in `out`, and true, when nothing is known
 * of it. */
bool run_node_create(struct node **out, const struct run *run, uint32_t index,
                     struct base_error *error);

/* The same from material read anew: the generation after the present one, which there is. */
bool run_node_follow(struct node **out, const struct run *run, uint32_t index,
                     const struct run_node_pki *pki, struct base_error *error);

/* run_steer.c: the socket on which it is steered. Without one it goes on, unless it was asked for.
 */
bool run_steer_open(struct run *run, struct base_error *error);
void run_steer_turn(struct run *run, uint64_t now_ns);
/* run_eku_turn.c: the profile's own changes of the EKU checking mode. */
void run_eku_turn(struct run *run, uint64_t now_ns);
/* What was asked and not yet answered is left. */
void run_steer_close(struct run *run);

/* run.c */
/* Those that end a run in order. */
void run_stop_signals(sigset_t *signals);
bool run_out_of_memory(struct base_error *error);

#endif
