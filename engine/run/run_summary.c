/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One text on the heap per identity that the zone's node presents. */
static const char **identity_usages(const struct node *node, uint32_t count) {
    char text[512];
    const char **texts = calloc(count + 1, sizeof(const char *));
    for (uint32_t i = 0; texts != NULL && node != NULL && i < count; i++) {
        node_client_usages(node, i, text, sizeof text);
        texts[i] = strdup(text);
    }
    return texts;
}

static void summarize_zone(struct metrics_zone_summary *out, const struct run *run, uint32_t index,
                           const struct metrics_zone *total) {
    const struct profile_zone *zone = &run->plan->zones[index];
    out->ran = run->runs_here[zone->node];
    if (!out->ran) {
        return;
    }
    out->state = run->states[index];
    out->peak_open = run->peak_open[index];
    out->wanted = zone->load.shape == PROFILE_SHAPE_HOLD ? zone->load.connections : 0;
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

static double cpu_share(const struct run *run, const struct metrics_summary *summary) {
    unsigned cores = run_machine_cores();
    unsigned usable = run->capacity.worker_count < cores ? run->capacity.worker_count : cores;
    double offered_s = summary->duration_s * usable;
    return offered_s > 0 ? (summary->cpu_user_s + summary->cpu_system_s) / offered_s : 0;
}

bool run_summary_make(struct run *run, struct run_result *out, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    struct metrics_summary *summary = &out->summary;
    run_machine_describe(&summary->tool, run->options->wolfssl_version, run->capacity.worker_count);
    if (!merge_shards(run, &summary->total, error)) {
        return false;
    }
    summary->zones = calloc(plan->zone_count + 1, sizeof *summary->zones);
    summary->listeners = calloc(plan->listener_count + 1, sizeof *summary->listeners);
    out->identity_usages = calloc(plan->zone_count + 1, sizeof(const char **));
    if (summary->zones == NULL || summary->listeners == NULL || out->identity_usages == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        summarize_zone(&summary->zones[i], run, i, &summary->total.zones[i]);
        out->identity_usages[i] = identity_usages(run->nodes[plan->zones[i].node],
                                                  summary->total.zones[i].identity_count);
        summary->zones[i].identity_usages = out->identity_usages[i];
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        summarize_listener(&summary->listeners[i], run, i, &summary->total.listeners[i]);
    }
    memcpy(out->diagnostics_stamp, run->diagnostics.stamp, sizeof out->diagnostics_stamp);
    summary->started_wall_ns = run->started_wall_ns;
    summary->duration_s = (double)(run->frozen_ns - run->started_ns) / (double)BASE_NS_PER_S;
    summary->interrupted = run->interrupted;
    summary->seed = run->seed;
    summary->cpu_user_s = (double)(run->cpu_at_end.user_ns - run->cpu_at_start.user_ns) / 1e9;
    summary->cpu_system_s = (double)(run->cpu_at_end.system_ns - run->cpu_at_start.system_ns) / 1e9;
    summary->rss_peak_kib = run_machine_rss_peak_kib();
    summary->cpu_share = cpu_share(run, summary);
    summary->stall_us_max = run->stall_ns_max / BASE_NS_PER_US;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        summary->journal_dropped += journal_ring_dropped(run->rings[i]);
    }
    return true;
}

void run_result_finish(struct run_result *result) {
    struct metrics_summary *summary = &result->summary;
    for (uint32_t i = 0; result->identity_usages != NULL && i < summary->total.zone_count; i++) {
        for (uint32_t j = 0;
             result->identity_usages[i] != NULL && j < summary->total.zones[i].identity_count;
             j++) {
            free((void *)(uintptr_t)result->identity_usages[i][j]);
        }
        free((void *)result->identity_usages[i]);
    }
    free((void *)result->identity_usages);
    verdict_finish(&result->verdict);
    metrics_shard_finish(&summary->total);
    free(summary->zones);
    free(summary->listeners);
    *result = (struct run_result){0};
}
