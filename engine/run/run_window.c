/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_window.h"

#include "run_internal.h"
#include "run_usage.h"

#include <stdlib.h>

static uint64_t windows_of(const struct profile_plan *plan) {
    return plan->duration_ns / plan->window_ns + 2; /* the last one may be shorter */
}

bool run_window_init(struct run *run, const struct metrics_shape *shape, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    struct run_window *window = &run->window;
    if (plan->window_ns == 0 || plan->duration_ns <= plan->window_ns) {
        return true;
    }
    uint64_t wanted = windows_of(plan);
    window->wanted = true;
    window->zones = calloc(plan->zone_count + 1, sizeof *window->zones);
    window->listeners = calloc(plan->listener_count + 1, sizeof *window->listeners);
    window->peak_open = calloc(plan->zone_count + 1, sizeof *window->peak_open);
    bool good = window->zones != NULL && window->listeners != NULL && window->peak_open != NULL &&
                metrics_shard_init(&window->before, shape) &&
                metrics_windows_init(&window->table, &window->before,
                                     wanted > UINT32_MAX ? UINT32_MAX : (uint32_t)wanted,
                                     (double)plan->window_ns / (double)BASE_NS_PER_S);
    return good || run_out_of_memory(error);
}

bool run_window_open_file(struct run *run, struct base_error *error) {
    char path[RUN_PATH_MAX];
    return !run->window.wanted ||
           (run_path(path, error, "%s/windows.csv", run->options->result_directory) &&
            journal_windows_open(&run->window.file, path, error));
}

void run_window_finish(struct run *run) {
    struct run_window *window = &run->window;
    metrics_shard_finish(&window->before);
    metrics_windows_finish(&window->table);
    free(window->zones);
    free(window->listeners);
    free(window->peak_open);
}

/* At the begin of the counting: a warm-up belongs to no window. */
static void begin_counting(struct run *run) {
    struct run_window *window = &run->window;
    window->counting_since_ns = run->started_ns;
    window->begin_ns = run->started_ns;
    window->cpu_at_begin = run->cpu_at_start;
    window->table.count = 0;
    window->table.unmet = 0;
    metrics_shard_clear(&window->before);
}

/* On a grid: one that ended late does not make the next ones late. */
uint64_t run_window_due_ns(const struct run *run) {
    const struct run_window *window = &run->window;
    if (!window->wanted) {
        return UINT64_MAX;
    }
    bool begun = window->counting_since_ns == run->started_ns;
    uint64_t length_ns = (uint64_t)(window->table.length_s * (double)BASE_NS_PER_S);
    uint64_t passed_ns = begun ? window->begin_ns - run->started_ns : 0;
    return run->started_ns + (passed_ns / length_ns + 1) * length_ns;
}

void run_window_look(struct run *run) {
    struct run_window *window = &run->window;
    if (!window->wanted || run->warms_up) {
        return;
    }
    if (window->counting_since_ns != run->started_ns) {
        begin_counting(run);
    }
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        uint64_t open = run->zone_snapshots[i].open;
        window->peak_open[i] = open > window->peak_open[i] ? open : window->peak_open[i];
    }
}

/* In churn a connection is admitted in one window and answered in the next: its end tells. */
static enum metrics_state churn_state(const struct metrics_zone *within) {
    uint64_t bad = metrics_read(&within->failed) + metrics_read(&within->unconfirmed) +
                   metrics_read(&within->lost) + metrics_read(&within->dropped);
    uint64_t good = metrics_read(&within->established) + metrics_read(&within->closed);
    if (bad == 0) {
        return good > 0 ? METRICS_ACTIVE : METRICS_IDLE;
    }
    return good > 0 ? METRICS_DEGRADED : METRICS_FAILED;
}

static void summarize_zone(struct run *run, uint32_t index, const struct metrics_zone *within,
                           const struct metrics_zone *total) {
    struct run_window *window = &run->window;
    const struct profile_zone *zone = &run->plan->zones[index];
    struct metrics_zone_summary *end = &window->zones[index];
    struct metrics_window_zone *row =
        metrics_windows_zone(&window->table, window->table.count - 1, index);
    bool holds = zone->load.shape == PROFILE_SHAPE_HOLD;
    uint64_t open = metrics_zone_open(total);
    *end = (struct metrics_zone_summary){
        .ran = run->runs_here[zone->node],
        .state = run_sampler_is_held(&zone->load) ? run->states[index] : churn_state(within),
        .peak_open = open > window->peak_open[index] ? open : window->peak_open[index],
        .open_at_end = open,
        .in_flight_at_end = metrics_zone_in_flight(total),
        .wanted = holds ? run->load.targets[index].connections : 0,
    };
    row->state = end->state;
    row->open = end->open_at_end;
    row->peak_open = end->peak_open;
    window->peak_open[index] = open;
}

static void summarize_listener(struct run *run, uint32_t index,
                               const struct metrics_listener *total) {
    struct run_window *window = &run->window;
    uint64_t admitted = metrics_read(&total->admitted);
    uint64_t closed = metrics_read(&total->closed);
    window->listeners[index] = (struct metrics_listener_summary){
        .ran = run->runs_here[run->plan->listeners[index].node],
        .in_flight_at_end = metrics_listener_in_flight(total),
    };
    metrics_windows_listener(&window->table, window->table.count - 1, index)->open =
        admitted > closed ? admitted - closed : 0;
}

static double cpu_share(const struct run *run, double seconds, struct base_cpu_time now) {
    const struct base_cpu_time *then = &run->window.cpu_at_begin;
    uint64_t used_ns = now.user_ns - then->user_ns + now.system_ns - then->system_ns;
    double offered_s = seconds * run_summary_cores(run);
    return offered_s > 0 ? (double)used_ns / 1e9 / offered_s : 0;
}

static void write_rows(const struct run *run, const struct metrics_window *row) {
    const struct run_window *window = &run->window;
    uint32_t last = window->table.count - 1;
    journal_windows_run(window->file, row);
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        if (window->zones[i].ran) {
            journal_windows_zone(window->file, row, run->plan->zones[i].full_name,
                                 metrics_windows_zone(&window->table, last, i));
        }
    }
    for (uint32_t i = 0; i < run->plan->listener_count; i++) {
        if (window->listeners[i].ran) {
            journal_windows_listener(window->file, row, run->plan->listeners[i].full_name,
                                     metrics_windows_listener(&window->table, last, i));
        }
    }
}

/* As if it had been a run of its own. */
static void judge(struct run *run, struct metrics_window *row, const struct metrics_shard *within) {
    struct run_window *window = &run->window;
    const struct metrics_summary summary = {
        .total = *within,
        .zones = window->zones,
        .listeners = window->listeners,
        .duration_s = row->end_s - row->begin_s,
    };
    row->met = verdict_judge_window(run->plan, &summary, row->reason, sizeof row->reason);
    window->table.unmet += row->met ? 0 : 1;
}

void run_window_end(struct run *run, struct metrics_shard *total, uint64_t slots, uint64_t now_ns) {
    struct run_window *window = &run->window;
    struct metrics_shard *within = &window->before;
    struct base_cpu_time cpu = base_clock_cpu_time();
    struct metrics_window *row = metrics_windows_add(&window->table);
    row->begin_s = (double)(window->begin_ns - run->started_ns) / (double)BASE_NS_PER_S;
    row->end_s = (double)(now_ns - run->started_ns) / (double)BASE_NS_PER_S;
    run_usage_read(&row->usage, run->options);
    row->usage.slots = slots;
    row->usage.cpu_share = cpu_share(run, row->end_s - row->begin_s, cpu);
    metrics_shard_since(within, total);
    metrics_windows_take(&window->table, within);
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        summarize_zone(run, i, &within->zones[i], &total->zones[i]);
    }
    for (uint32_t i = 0; i < run->plan->listener_count; i++) {
        summarize_listener(run, i, &total->listeners[i]);
    }
    judge(run, row, within);
    write_rows(run, row);
    struct metrics_shard other = window->before;
    window->before = *total;
    *total = other;
    window->begin_ns = now_ns;
    window->cpu_at_begin = cpu;
}
