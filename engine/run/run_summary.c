/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void summarize_zone(struct metrics_zone_summary *out, const struct run *run, uint32_t index,
                           const struct metrics_zone *total) {
    const struct profile_zone *zone = &run->plan->zones[index];
    out->ran = run->runs_here[zone->node];
    if (!out->ran) {
        return;
    }
    out->state = run->states[index];
    out->peak_open = run->peak_open[index];
    out->wanted = zone->load.shape == PROFILE_SHAPE_HOLD ? run->load.targets[index].connections : 0;
    out->open_at_end = metrics_zone_open(total);
    out->in_flight_at_end = metrics_zone_in_flight(total);
    net_address_text(&run->places.routes[index].remote, out->peer_address,
                     sizeof out->peer_address);
}

static void summarize_listener(struct metrics_listener_summary *out, const struct run *run,
                               uint32_t index, const struct metrics_listener *total) {
    const struct profile_listener *listener = &run->plan->listeners[index];
    out->ran = run->runs_here[listener->node];
    if (!out->ran) {
        return;
    }
    out->eku_policy = node_listener_policy(run->nodes[listener->node], listener, &out->checks_eku);
    out->in_flight_at_end = metrics_listener_in_flight(total);
    net_address_text(&run->places.listener_addresses[index], out->address, sizeof out->address);
}

static bool merge_shards(struct run *run, struct metrics_shard *total, struct base_error *error) {
    /* The first worker's shard becomes the sum: its memory is large enough to be worth keeping. */
    *total = run->shards[0];
    run->shards[0] = (struct metrics_shard){0};
    for (unsigned i = 1; i < run->capacity.worker_count; i++) {
        metrics_shard_add(total, &run->shards[i]);
    }
    return total->zones != NULL || run->plan->zone_count == 0 || run_out_of_memory(error);
}

unsigned run_summary_cores(const struct run *run) {
    unsigned cores = run_machine_cores();
    return run->capacity.worker_count < cores ? run->capacity.worker_count : cores;
}

static double cpu_share(const struct run *run, const struct metrics_summary *summary) {
    double offered_s = summary->duration_s * run_summary_cores(run);
    return offered_s > 0 ? (summary->cpu_user_s + summary->cpu_system_s) / offered_s : 0;
}

static bool summarize_places(struct run_result *out, const struct run *run,
                             struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    struct metrics_summary *summary = &out->summary;
    summary->zones = calloc(plan->zone_count + 1, sizeof *summary->zones);
    summary->listeners = calloc(plan->listener_count + 1, sizeof *summary->listeners);
    out->identities = calloc(plan->zone_count + 1, sizeof(struct metrics_identity_summary *));
    if (summary->zones == NULL || summary->listeners == NULL || out->identities == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        summarize_zone(&summary->zones[i], run, i, &summary->total.zones[i]);
        if (!run_targets_summarize(&run->places.routes[i], &summary->zones[i])) {
            return run_out_of_memory(error);
        }
        out->identities[i] = run_identities_tell(run, i, summary->total.zones[i].identity_count);
        summary->zones[i].identities = out->identities[i];
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        summarize_listener(&summary->listeners[i], run, i, &summary->total.listeners[i]);
    }
    return true;
}

/* When what is summarized ends. */
struct moment {
    uint64_t now_ns;
    struct base_cpu_time cpu;
};

static void summarize_machine(struct metrics_summary *summary, const struct run *run,
                              const struct moment *end) {
    const struct base_cpu_time *begin = &run->cpu_at_start;
    run_machine_describe(&summary->tool, run->options->wolfssl_version, run->capacity.worker_count);
    summary->cpu_user_s = (double)(end->cpu.user_ns - begin->user_ns) / 1e9;
    summary->cpu_system_s = (double)(end->cpu.system_ns - begin->system_ns) / 1e9;
    summary->rss_peak_kib = run_machine_rss_peak_kib();
    summary->cpu_share = cpu_share(run, summary);
    summary->stall_us_max = run->stall_ns_max / BASE_NS_PER_US;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        summary->journal_dropped += journal_ring_dropped(run->rings[i]);
    }
}

/* All but the counters themselves, and the windows. */
static bool summarize(struct run_result *out, const struct run *run, const struct moment *end,
                      struct base_error *error) {
    struct metrics_summary *summary = &out->summary;
    memcpy(out->diagnostics_stamp, run->diagnostics.stamp, sizeof out->diagnostics_stamp);
    summary->started_wall_ns = run->started_wall_ns;
    summary->duration_s = (double)(end->now_ns - run->started_ns) / (double)BASE_NS_PER_S;
    summary->warm_up_s = (double)run->warm_up_ns / (double)BASE_NS_PER_S;
    summary->seed = run->seed;
    summary->aborted = run->aborted;
    summary->aborted_by = run->aborted_by;
    summary->aborted_at_s = run->aborted_at_s;
    summarize_machine(summary, run, end);
    return summarize_places(out, run, error) && run_load_tell_steered(run, summary, error);
}

static void free_identities(struct run_result *result) {
    const struct metrics_shard *total = &result->summary.total;
    for (uint32_t i = 0; result->identities != NULL && i < total->zone_count; i++) {
        run_identities_free(result->identities[i], total->zones[i].identity_count);
    }
    free((void *)result->identities);
    result->identities = NULL;
}

bool run_summary_make(struct run *run, struct run_result *out, struct base_error *error) {
    const struct moment end = {.now_ns = run->frozen_ns, .cpu = run->cpu_at_end};
    struct metrics_summary *summary = &out->summary;
    if (!merge_shards(run, &summary->total, error) || !summarize(out, run, &end, error)) {
        return false;
    }
    summary->complete = true;
    summary->interrupted = run->interrupted;
    summary->windows = run->window.table;
    run->window.table = (struct metrics_windows){.count = 0};
    return true;
}

bool run_summary_so_far(struct run *run, struct run_result *out, const struct metrics_shard *total,
                        uint64_t now_ns, struct base_error *error) {
    const struct moment end = {.now_ns = now_ns, .cpu = base_clock_cpu_time()};
    out->summary.total = *total;
    out->summary.windows = run->window.table;
    /* Should the process be killed, this is what an interruption left. */
    out->summary.interrupted = true;
    return summarize(out, run, &end, error);
}

void run_summary_drop(struct run_result *so_far) {
    free_identities(so_far);
    /* The counters and the windows are the run's. */
    so_far->summary.windows = (struct metrics_windows){.count = 0};
    so_far->summary.total = (struct metrics_shard){.zones = NULL};
    run_result_finish(so_far);
}

void run_result_finish(struct run_result *result) {
    struct metrics_summary *summary = &result->summary;
    free_identities(result);
    run_load_free_steered(summary);
    for (uint32_t i = 0; summary->zones != NULL && i < summary->total.zone_count; i++) {
        free(summary->zones[i].target_addresses);
    }
    verdict_finish(&result->verdict);
    metrics_shard_finish(&summary->total);
    metrics_windows_finish(&summary->windows);
    free(summary->zones);
    free(summary->listeners);
    *result = (struct run_result){0};
}
