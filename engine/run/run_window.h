/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_WINDOW_H
#define RUN_WINDOW_H

#include "base_clock.h"
#include "base_error.h"
#include "journal_windows.h"
#include "metrics_window.h"

struct run;

/* The window that is open. */
struct run_window {
    bool wanted;
    struct metrics_windows table;       /* those that have ended */
    struct metrics_shard before;        /* what was counted up to its begin */
    struct metrics_zone_summary *zones; /* for its verdict */
    struct metrics_listener_summary *listeners;
    uint64_t *peak_open; /* per zone */
    uint64_t counting_since_ns;
    uint64_t begin_ns;
    struct base_cpu_time cpu_at_begin;
    struct journal_windows *file;
};

/* Windows are wanted of a run that is longer than one. `shape`: of all shards. */
bool run_window_init(struct run *run, const struct metrics_shape *shape, struct base_error *error);
bool run_window_open_file(struct run *run, struct base_error *error);
void run_window_finish(struct run *run);

/* When the open one ends. UINT64_MAX: there are none. */
uint64_t run_window_due_ns(const struct run *run);
/* Keeps in mind what the sampler saw. */
void run_window_look(struct run *run);
/*
 * Ends the open one, and begins the next. `total` is what all workers counted up to `now_ns`; it is
 * exchanged for other memory of the same shape.
 */
void run_window_end(struct run *run, struct metrics_shard *total, uint64_t slots, uint64_t now_ns);

#endif
