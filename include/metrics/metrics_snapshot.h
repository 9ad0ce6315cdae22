/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_SNAPSHOT_H
#define METRICS_SNAPSHOT_H

#include "metrics_shard.h"

/* The counters that live views need, summed over running workers. Any thread. */
struct metrics_zone_snapshot {
    uint64_t attempts, established, failed, unconfirmed, lost, closed, answered, answering;
    uint64_t open, in_flight, sip_requests, sip_responses_2xx, sip_timeouts, late, dropped;
};
struct metrics_listener_snapshot {
    uint64_t accepted, admitted, refused, aborted, open, in_flight, eku_checked, eku_refused;
};

void metrics_snapshot_zone(const struct metrics_shard *const *shards, uint32_t shard_count,
                           uint32_t zone, struct metrics_zone_snapshot *out);
void metrics_snapshot_listener(const struct metrics_shard *const *shards, uint32_t shard_count,
                               uint32_t listener, struct metrics_listener_snapshot *out);

/* Zone states of the contract. Values are ordered from worst to best but for IDLE. */
enum metrics_state { METRICS_IDLE, METRICS_FAILED, METRICS_DEGRADED, METRICS_ACTIVE };
const char *metrics_state_key(enum metrics_state state);

/* For a zone that keeps `wanted` connections open: judged at this moment. */
enum metrics_state metrics_state_of_held(const struct metrics_zone_snapshot *now, uint64_t wanted);

/*
 * For a zone in churn (rate, concurrency): judged over the whole run, `dropped` and unanswered
 * attempts counted against it.
 */
enum metrics_state metrics_state_of_churn(const struct metrics_zone_snapshot *whole);

#endif
