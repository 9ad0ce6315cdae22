/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "report_status.h"

#include <inttypes.h>
#include <stdio.h>

static enum fault fault_of_zone(const struct run_progress *run, uint32_t zone) {
    metrics_counter failed[FAULT_COUNT] = {0};
    metrics_counter lost[FAULT_COUNT] = {0};
    for (unsigned i = 0; i < run->shard_count; i++) {
        const struct metrics_zone *counted = &run->shards[i]->zones[zone];
        for (unsigned fault = 0; fault < FAULT_COUNT; fault++) {
            metrics_add(&failed[fault], metrics_read(&counted->faults[fault]));
            metrics_add(&lost[fault], metrics_read(&counted->lost_faults[fault]));
        }
    }
    enum fault fault = report_status_main_fault(failed);
    return fault != FAULT_NONE ? fault : report_status_main_fault(lost);
}

static enum fault fault_of_listener(const struct run_progress *run, uint32_t listener) {
    metrics_counter faults[FAULT_COUNT] = {0};
    for (unsigned i = 0; i < run->shard_count; i++) {
        const struct metrics_listener *counted = &run->shards[i]->listeners[listener];
        for (unsigned fault = 0; fault < FAULT_COUNT; fault++) {
            metrics_add(&faults[fault], metrics_read(&counted->faults[fault]));
        }
    }
    return report_status_main_fault(faults);
}

static void fill(struct report_status *status, const struct run_progress *run) {
    const struct profile_plan *plan = run->plan;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (run->runs_here[plan->zones[i].node]) {
            report_status_take_zone(status, i, run->states[i], fault_of_zone(run, i),
                                    run->started_wall_ns);
        }
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (run->runs_here[plan->listeners[i].node]) {
            report_status_take_listener(status, i, &run->listeners[i], fault_of_listener(run, i),
                                        run->started_wall_ns);
        }
    }
}

void cli_target_print(const struct run_target *target, char *out, size_t out_size) {
    if (!target->steered) {
        snprintf(out, out_size, "%s", "");
    } else if (target->rate_per_s > 0) {
        snprintf(out, out_size, " at %.6g/s", target->rate_per_s);
    } else {
        snprintf(out, out_size, " of %" PRIu32, target->connections);
    }
}

static void write_zone_counts(const struct run_progress *run, FILE *out) {
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        const struct metrics_zone_snapshot *zone = &run->zones[i];
        char wanted[48];
        cli_target_print(&run->targets[i], wanted, sizeof wanted);
        if (run->runs_here[run->plan->zones[i].node]) {
            fprintf(out,
                    "%s: %s, %" PRIu64 " established, %" PRIu64 " open, %" PRIu64
                    " failed, %" PRIu64 " lost%s%s\n",
                    run->plan->zones[i].full_name, metrics_state_key(run->states[i]),
                    zone->established, zone->open, zone->failed, zone->lost,
                    wanted[0] == '\0' ? "" : ", steered:", wanted);
        }
    }
}

void cli_status_show(const struct run_progress *run, FILE *out) {
    struct report_status status;
    fprintf(out, "%s: %.1f s of %.1f s%s\n", run->plan->name, run->elapsed_s, run->duration_s,
            run->paused ? ", paused" : "");
    write_zone_counts(run, out);
    if (!report_status_init(&status, run->plan)) {
        return;
    }
    fill(&status, run);
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        const struct profile_node *node = &run->plan->nodes[i];
        if (run->runs_here[i]) {
            fprintf(out, "\n%s (%s%s%s)\n", node->name, node->product->product,
                    node->release == NULL ? "" : " ", node->release == NULL ? "" : node->release);
            report_status_write_zones(&status, i, out);
            report_status_write_tunnels(&status, i, out);
        }
    }
    report_status_finish(&status);
}
