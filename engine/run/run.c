/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_clock.h"
#include "run_pki_internal.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a peer gets to answer our close_notify, before everything is closed at once. */
#define CLOSE_GRACE_NS (400 * BASE_NS_PER_MS)
/* And to answer the BYE of a call, or that a registration is taken back. */
#define PART_GRACE_NS (500 * BASE_NS_PER_MS)

bool run_out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static bool choose_nodes(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    const struct run_options *options = run->options;
    run->runs_here = calloc(plan->node_count + 1, sizeof *run->runs_here);
    if (run->runs_here == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        run->runs_here[i] = options->only_count == 0 && plan->nodes[i].external == NULL;
    }
    for (size_t i = 0; i < options->only_count; i++) {
        uint32_t index = profile_plan_find_node(plan, options->only[i]);
        if (index == PROFILE_NONE || plan->nodes[index].external != NULL) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "--only %s: the profile %s has no such node to run here",
                                  options->only[i], plan->name);
        }
        run->runs_here[index] = true;
    }
    return true;
}

static bool create_nodes(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    run->nodes = calloc(plan->node_count + 1, sizeof(struct node *));
    if (run->nodes == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (!run_node_create(&run->nodes[i], run, i, error)) {
            return false;
        }
    }
    return true;
}

static bool create_metrics(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    unsigned workers = run->capacity.worker_count;
    uint32_t *identities = calloc(plan->zone_count + 1, sizeof *identities);
    run->shards = calloc(workers, sizeof *run->shards);
    run->shard_list = calloc(workers, sizeof(const struct metrics_shard *));
    run->rings = calloc(workers, sizeof(struct journal_ring *));
    run->next_events = calloc(workers, sizeof *run->next_events);
    run->workers = calloc(workers, sizeof(struct worker *));
    run->zone_snapshots = calloc(plan->zone_count + 1, sizeof *run->zone_snapshots);
    run->listener_snapshots = calloc(plan->listener_count + 1, sizeof *run->listener_snapshots);
    run->peak_open = calloc(plan->zone_count + 1, sizeof *run->peak_open);
    run->states = calloc(plan->zone_count + 1, sizeof *run->states);
    bool good = identities != NULL && run->shards != NULL && run->shard_list != NULL &&
                run->rings != NULL && run->next_events != NULL && run->workers != NULL &&
                run->zone_snapshots != NULL && run->listener_snapshots != NULL &&
                run->peak_open != NULL && run->states != NULL;
    uint32_t certificates = 64;
    for (uint32_t i = 0; good && i < plan->zone_count; i++) {
        const struct run_node_pki *pki = &run->pki.nodes[plan->zones[i].node];
        identities[i] = pki->client.count == 0
                            ? 1
                            : pki->client.credentials[pki->client.count - 1].identity + 1;
    }
    for (uint32_t i = 0; good && i < plan->node_count; i++) {
        certificates += run->pki.nodes[i].server.count + run->pki.nodes[i].client.count;
    }
    const struct metrics_shape shape = {.zone_count = plan->zone_count,
                                        .listener_count = plan->listener_count,
                                        .identities_per_zone = identities,
                                        .targets_per_zone = run->places.target_counts,
                                        .serials_per_table = run_renew_serials(run, certificates)};
    for (unsigned i = 0; good && i < workers; i++) {
        run->rings[i] = journal_ring_create();
        good = run->rings[i] != NULL && metrics_shard_init(&run->shards[i], &shape);
        run->shard_list[i] = &run->shards[i];
    }
    good = good && run_window_init(run, &shape, error) && run_publish_init(run, &shape, error);
    free(identities);
    return good || run_out_of_memory(error);
}

/* A result is never written over another one. */
static bool prepare_folder(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    const char *folder = run->options->result_directory;
    char path[RUN_PATH_MAX];
    char(*paths)[RUN_PATH_MAX] = calloc(plan->node_count + 1, sizeof *paths);
    const char **logs = calloc(plan->node_count + 1, sizeof(const char *));
    bool good = (paths != NULL && logs != NULL) || run_out_of_memory(error);
    good = good && run_path_make_folder(folder, error) &&
           run_pki_write(&run->pki, plan, folder, false, error) &&
           run_path(path, error, "%s/timeline.csv", folder) &&
           journal_timeline_open(&run->timeline, path, error) && run_window_open_file(run, error);
    for (uint32_t i = 0; good && i < plan->node_count; i++) {
        if (run->runs_here[i]) {
            good = run_path(paths[i], error, "%s/nodes/%s/events.log", folder, plan->nodes[i].name);
            logs[i] = paths[i];
        }
    }
    good = good && journal_log_open(&run->log, logs, plan->node_count, error);
    free(paths);
    free((void *)logs);
    return good;
}

static bool start_workers(struct run *run, struct base_error *error) {
    unsigned count = run->capacity.worker_count;
    run->seed = run->plan->seed != 0 ? run->plan->seed : (uint64_t)base_clock_wall_ns();
    if (!worker_mail_create(&run->mail, run->plan, count, error)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        uint32_t outgoing = run_capacity_outgoing(run, i);
        const struct worker_plan plan = {
            .index = i,
            .count = count,
            .cpu = run_machine_core_of(i, count),
            .plan = run->plan,
            .nodes = run->nodes,
            .runs_here = run->runs_here,
            .routes = run->places.routes,
            .listener_addresses = run->places.listener_addresses,
            .limits = {.outgoing_slots = outgoing,
                       .incoming_slots = run->capacity.table_slots - outgoing},
            .seed = run->seed + i,
            .shard = &run->shards[i],
            .shards = run->shards,
            .journal = run->rings[i],
            .mail = run->mail,
            .trace = run_trace_of(run, i),
            .steering = run->load.steering,
        };
        if (!worker_create(&run->workers[i], &plan, error)) {
            return false;
        }
    }
    for (unsigned i = 0; i < count; i++) {
        if (!worker_wait_ready(run->workers[i], error)) {
            return false;
        }
    }
    return true;
}

static void order_all(struct run *run, enum worker_order order) {
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        worker_give_order(run->workers[i], order);
    }
}

/* Waits until all carried it out, `patience_ns` at the longest. */
static void await_all(struct run *run, uint64_t patience_ns) {
    const struct timespec pause = {.tv_nsec = (long)BASE_NS_PER_MS};
    uint64_t deadline_ns = base_clock_now_ns() + patience_ns;
    unsigned done = 0;
    while (done < run->capacity.worker_count && base_clock_now_ns() < deadline_ns) {
        for (done = 0; done < run->capacity.worker_count; done++) {
            if (!worker_is_done(run->workers[done])) {
                nanosleep(&pause, NULL);
                break;
            }
        }
    }
}

static void stop_workers(struct run *run) {
    for (unsigned i = 0; run->workers != NULL && i < run->capacity.worker_count; i++) {
        worker_destroy(run->workers[i]);
        run->workers[i] = NULL;
    }
}

/*
 * Counting begins anew with what lives. False when the run came to its end before that: it is then
 * told as if there had been no warm-up to come.
 */
static bool warm_up(struct run *run) {
    uint64_t warm_up_ns = run->plan->warm_up_ns;
    if (warm_up_ns == 0) {
        return true;
    }
    run->warms_up = true;
    bool goes_on = run_sampler_watch(run, run->started_ns + warm_up_ns);
    run->warms_up = false;
    if (!goes_on) {
        return false;
    }
    order_all(run, WORKER_RECOUNT);
    await_all(run, UINT64_MAX / 2);
    run->warm_up_ns = base_clock_now_ns() - run->started_ns;
    run->started_ns += run->warm_up_ns;
    run->cpu_at_start = base_clock_cpu_time();
    run->stall_ns_max = 0;
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        run->peak_open[i] = 0;
    }
    return true;
}

static void load(struct run *run) {
    run->cpu_at_start = base_clock_cpu_time();
    run->started_wall_ns = base_clock_wall_ns();
    run->started_ns = base_clock_now_ns();
    order_all(run, WORKER_START);
    if (warm_up(run)) {
        run_sampler_watch(run, run->started_ns + run->plan->duration_ns);
    }
    run_steer_close(run);
    order_all(run, WORKER_FREEZE);
    await_all(run, UINT64_MAX / 2);
    run->frozen_ns = base_clock_now_ns();
    run->cpu_at_end = base_clock_cpu_time();
    run_sampler_look(run);
    run_sampler_publish(run, run->frozen_ns);
    run_publish_end(run);
    order_all(run, WORKER_PART);
    await_all(run, PART_GRACE_NS);
    order_all(run, WORKER_CLOSE);
    await_all(run, CLOSE_GRACE_NS);
    stop_workers(run);
    run_sampler_drain_journal(run);
    run_diagnostics_conclude(run);
}

void run_stop_signals(sigset_t *signals) {
    struct sigaction hang_up;
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    /* Under nohup it stays ignored: blocking it would bring it back. */
    if (sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) {
        sigaddset(signals, SIGHUP);
    }
}

/* From here on a signal ends the run in order; what there was before left nothing behind. */
static void block_signals(void) {
    sigset_t signals;
    run_stop_signals(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static bool prepare(struct run *run, struct base_error *error) {
    const struct run_options *options = run->options;
    return verdict_check_thresholds(run->plan, error) && run_renew_check(run, error) &&
           choose_nodes(run, error) &&
           run_capacity_plan(&run->capacity, run->plan, run->runs_here, options->threads, error) &&
           run_places_init(&run->places, run, error) && run_capacity_check_ports(run, error) &&
           run_places_probe(&run->places, run->plan, run->runs_here, error) &&
           net_ring_probe(error);
}

static void finish(struct run *run) {
    stop_workers(run);
    worker_mail_destroy(run->mail);
    run_steer_close(run);
    run_reload_finish(run);
    run_diagnostics_finish(run);
    for (uint32_t i = 0; run->nodes != NULL && i < run->plan->node_count; i++) {
        node_destroy(run->nodes[i]);
    }
    for (unsigned i = 0; run->shards != NULL && i < run->capacity.worker_count; i++) {
        metrics_shard_finish(&run->shards[i]);
    }
    for (unsigned i = 0; run->rings != NULL && i < run->capacity.worker_count; i++) {
        journal_ring_destroy(run->rings[i]);
    }
    run_load_finish(&run->load);
    run_window_finish(run);
    run_publish_finish(run);
    run_places_finish(&run->places, run->plan);
    run_renew_finish(run);
    run_pki_finish(&run->pki);
    free(run->runs_here);
    free(run->nodes);
    free(run->shards);
    free((void *)run->shard_list);
    free(run->rings);
    free(run->next_events);
    free(run->workers);
    free(run->zone_snapshots);
    free(run->listener_snapshots);
    free(run->peak_open);
    free(run->states);
}

bool run_execute(struct run_result *out, const struct profile_plan *plan,
                 const struct run_options *options, struct base_error *error) {
    struct run run = {
        .plan = plan,
        .options = options,
    };
    *out = (struct run_result){0};
    bool good = prepare(&run, error) &&
                (options->pki_directory != NULL
                     ? run_pki_load(&run.pki, plan, options->pki_directory, error)
                     : run_pki_issue(&run.pki, plan, error)) &&
                create_nodes(&run, error) && create_metrics(&run, error) &&
                run_load_init(&run, error);
    if (good) {
        block_signals();
        /* Again: another process may have begun to listen while keys were made, and listening
         * beside it would share its connections. */
        good = run_places_probe(&run.places, plan, run.runs_here, error) &&
               run_steer_open(&run, error) && prepare_folder(&run, error) &&
               run_diagnostics_open(&run, error) && start_workers(&run, error);
    }
    if (good) {
        load(&run);
        good = run_summary_make(&run, out, error) &&
               (verdict_judge(&out->verdict, plan, &out->summary) || run_out_of_memory(error));
    }
    (void)journal_timeline_close(run.timeline, &out->incomplete);
    (void)journal_windows_close(run.window.file, &out->incomplete);
    (void)journal_log_close(run.log, &out->incomplete);
    out->told_to_quit = run.told_to_quit;
    finish(&run);
    if (!good) {
        run_result_finish(out);
    }
    return good;
}

bool run_check_telling(const struct profile_plan *plan,
                       void (*tell)(void *context, const char *name, const char *trail),
                       void *context, struct base_error *error) {
    const struct run_options options = {.result_directory = ""};
    struct run run = {
        .plan = plan, .options = &options, .tell_name = tell, .tell_context = context};
    bool good = prepare(&run, error) && run_pki_check_files(plan, error);
    finish(&run);
    return good;
}

bool run_check(const struct profile_plan *plan, struct base_error *error) {
    return run_check_telling(plan, NULL, NULL, error);
}
