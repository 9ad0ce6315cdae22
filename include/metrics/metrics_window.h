/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_WINDOW_H
#define METRICS_WINDOW_H

#include "metrics_shard.h"
#include "metrics_snapshot.h"

/*
 * A run in windows of equal length: what was counted within each, and what was in use at its end.
 * Their counters add up to those of the whole run.
 */

/* Microseconds; 0 without samples. */
struct metrics_window_latency {
    uint64_t count;
    uint64_t p50;
    uint64_t p99;
};

struct metrics_window_zone {
    enum metrics_state state;
    uint64_t attempts, established, failed, unconfirmed, lost, closed, late, dropped;
    uint64_t sip_requests, sip_responses_2xx, sip_timeouts;
    uint64_t open;      /* at its end */
    uint64_t peak_open; /* at any look within */
    struct metrics_window_latency latency[METRICS_ZONE_LATENCIES];
};

struct metrics_window_listener {
    uint64_t accepted, admitted, refused, aborted, closed, sip_requests;
    uint64_t open; /* at its end */
    struct metrics_window_latency latency[METRICS_LISTENER_LATENCIES];
};

/* In use; the memory of a process that cannot be read is 0. */
struct metrics_usage {
    double cpu_share; /* over the window, of the cores that the workers may use, 0 to 1 */
    uint64_t rss_kib;
    uint64_t heap_kib;     /* what of it was asked for and not given back */
    uint64_t descriptors;  /* open files and sockets of the process */
    uint64_t slots;        /* connections that the rings hold */
    uint64_t peer_rss_kib; /* of the processes that were named, together; 0: none was, or one of
                              them is gone */
};

#define METRICS_WINDOW_REASON_SIZE 128

struct metrics_window {
    double begin_s; /* since the counting began */
    double end_s;
    struct metrics_usage usage;
    bool met;                                /* whatever can be judged of a window alone */
    char reason[METRICS_WINDOW_REASON_SIZE]; /* the first thing that is not met */
};

struct metrics_windows {
    struct metrics_window *items;
    struct metrics_window_zone *zones;         /* zone_count for each window */
    struct metrics_window_listener *listeners; /* listener_count for each window */
    uint32_t zone_count;
    uint32_t listener_count;
    uint32_t count;
    uint32_t capacity; /* 0: there are no windows */
    uint32_t unmet;    /* how many were not met, those since merged counted singly */
    double length_s;   /* of every window but the last; doubled each time neighbours are merged */
};

/* No more are kept; a longer run has longer ones. */
#define METRICS_WINDOWS_MAX 2880u

/*
 * Room for `wanted` windows, or for as many as a bounded memory holds, at least two; all of it is
 * touched at once, so that the process does not grow by its own records. False without memory.
 */
bool metrics_windows_init(struct metrics_windows *windows, const struct metrics_shard *shape,
                          uint32_t wanted, double length_s);
void metrics_windows_finish(struct metrics_windows *windows);

/* Opens a window behind the last one, zeroed; when there is no room, neighbours are merged. */
struct metrics_window *metrics_windows_add(struct metrics_windows *windows);

struct metrics_window_zone *metrics_windows_zone(const struct metrics_windows *windows,
                                                 uint32_t window, uint32_t zone);
struct metrics_window_listener *metrics_windows_listener(const struct metrics_windows *windows,
                                                         uint32_t window, uint32_t listener);

/* The last window's counters and latencies, from what was counted within it. Gauges and states are
 * the caller's. */
void metrics_windows_take(struct metrics_windows *windows, const struct metrics_shard *within);

/*
 * `earlier` becomes what was counted between it and `now`, which has the same shape: counters,
 * identities and histograms exactly, least and greatest values of a histogram to the bucket.
 * Gauges, suites, reasons and serials become those of `now`. What is smaller now was begun anew.
 */
void metrics_shard_since(struct metrics_shard *earlier, const struct metrics_shard *now);

#endif
