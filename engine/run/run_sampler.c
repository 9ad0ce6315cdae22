/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_clock.h"

#include <limits.h>
#include <signal.h>
#include <time.h>

/* Often enough that a worker's event ring never fills and a peak is seen. */
#define TICK_NS (20 * BASE_NS_PER_MS)

/* Whoever called is asked this often whether to go on. */
#define QUESTION_NS (200 * BASE_NS_PER_MS)

/* The ring whose next event is the oldest; UINT_MAX: all are empty. */
static unsigned oldest_ring(const struct run *run) {
    unsigned oldest = UINT_MAX;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        struct journal_event *next = &run->next_events[i];
        if (next->wall_ns == 0 && !journal_ring_pop(run->rings[i], next)) {
            continue;
        }
        if (oldest == UINT_MAX || next->wall_ns < run->next_events[oldest].wall_ns) {
            oldest = i;
        }
    }
    return oldest;
}

void run_sampler_drain_journal(struct run *run) {
    unsigned ring;
    while ((ring = oldest_ring(run)) != UINT_MAX) {
        struct journal_event *event = &run->next_events[ring];
        const struct journal_place *places =
            event->on_listener ? run->places.listener_events : run->places.zone_events;
        journal_log_write(run->log, event, &places[event->subject]);
        run_trace_event(run, event, &places[event->subject]);
        event->wall_ns = 0; /* taken */
    }
    journal_log_flush(run->log);
}

bool run_sampler_is_held(const struct profile_zone_load *load) {
    return load->shape == PROFILE_SHAPE_HOLD && load->dialogs == 0;
}

void run_sampler_look(struct run *run) {
    const struct profile_plan *plan = run->plan;
    unsigned workers = run->capacity.worker_count;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        struct metrics_zone_snapshot *now = &run->zone_snapshots[i];
        metrics_snapshot_zone(run->shard_list, workers, i, now);
        if (now->open > run->peak_open[i]) {
            run->peak_open[i] = now->open;
        }
        run->states[i] = run_sampler_is_held(&plan->zones[i].load)
                             ? metrics_state_of_held(now, run->load.targets[i].connections)
                             : metrics_state_of_churn(now);
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        metrics_snapshot_listener(run->shard_list, workers, i, &run->listener_snapshots[i]);
    }
    run_window_look(run);
}

double run_sampler_elapsed_s(const struct run *run, uint64_t now_ns) {
    double passed_ns = (double)(now_ns - run->started_ns);
    double ahead_ns = run->warms_up ? (double)run->plan->warm_up_ns : 0;
    return (passed_ns - ahead_ns) / (double)BASE_NS_PER_S;
}

struct run_progress run_sampler_progress(const struct run *run, uint64_t now_ns) {
    return (struct run_progress){
        .elapsed_s = run_sampler_elapsed_s(run, now_ns),
        .duration_s = (double)run->plan->duration_ns / (double)BASE_NS_PER_S,
        .plan = run->plan,
        .runs_here = run->runs_here,
        .states = run->states,
        .zones = run->zone_snapshots,
        .listeners = run->listener_snapshots,
        .shards = run->shard_list,
        .shard_count = run->capacity.worker_count,
        .started_wall_ns = run->started_wall_ns,
        .paused = run->load.paused,
        .targets = run->load.targets,
    };
}

void run_sampler_publish(struct run *run, uint64_t now_ns) {
    const struct profile_plan *plan = run->plan;
    const struct run_progress progress = run_sampler_progress(run, now_ns);
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (run->runs_here[plan->zones[i].node]) {
            journal_timeline_zone(run->timeline, progress.elapsed_s, plan->zones[i].full_name,
                                  run->states[i], &run->zone_snapshots[i]);
        }
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (run->runs_here[plan->listeners[i].node]) {
            journal_timeline_listener(run->timeline, progress.elapsed_s,
                                      plan->listeners[i].full_name, &run->listener_snapshots[i]);
        }
    }
    if (run->options->progress != NULL) {
        run->options->progress(run->options->progress_context, &progress);
    }
}

/*
 * Sleeps a tick, at most until `end_ns`. True when a signal asks to stop. A machine that wakes this
 * thread late serves the workers no better: the longest delay is told with the result.
 */
static bool sleep_or_signal(struct run *run, uint64_t end_ns) {
    sigset_t signals;
    uint64_t now_ns = base_clock_now_ns();
    uint64_t rest_ns = now_ns < end_ns ? end_ns - now_ns : 0;
    const struct timespec tick = {
        .tv_nsec = (long)(rest_ns < TICK_NS ? rest_ns : TICK_NS),
    };
    run_stop_signals(&signals);
    bool signalled = sigtimedwait(&signals, NULL, &tick) > 0;
    uint64_t slept_ns = base_clock_now_ns() - now_ns;
    uint64_t late_ns = slept_ns > (uint64_t)tick.tv_nsec ? slept_ns - (uint64_t)tick.tv_nsec : 0;
    run->stall_ns_max = late_ns > run->stall_ns_max ? late_ns : run->stall_ns_max;
    return signalled;
}

static bool is_to_go_on(struct run *run, uint64_t now_ns) {
    const struct run_options *options = run->options;
    const struct run_progress progress = run_sampler_progress(run, now_ns);
    if (options->goes_on == NULL || now_ns < run->next_question_ns) {
        return true;
    }
    run->next_question_ns = now_ns + QUESTION_NS;
    return options->goes_on(options->goes_on_context, &progress);
}

bool run_sampler_watch(struct run *run, uint64_t end_ns) {
    uint64_t next_publish_ns = run->started_ns + BASE_NS_PER_S;
    for (;;) {
        run->interrupted = sleep_or_signal(run, end_ns);
        uint64_t now_ns = base_clock_now_ns();
        run_sampler_drain_journal(run);
        run_trace_drain(run, false);
        run_sampler_look(run);
        if (now_ns >= next_publish_ns) {
            run_sampler_publish(run, now_ns);
            next_publish_ns += BASE_NS_PER_S;
        }
        if (!run->warms_up) {
            run_publish_turn(run, now_ns);
            run_renew_turn(run, now_ns);
            run_eku_turn(run, now_ns);
        }
        run->told_to_end = !is_to_go_on(run, now_ns);
        run_steer_turn(run, now_ns);
        if (run->interrupted || run->told_to_quit || run->told_to_end || run->aborted) {
            return false;
        }
        if (now_ns >= end_ns) {
            return true;
        }
    }
}
