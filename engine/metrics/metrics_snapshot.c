/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_snapshot.h"

#include <assert.h>

/* Outcomes are read before what they are subtracted from; should one be ahead still, the rest is
 * none. */
static uint64_t rest(uint64_t whole, uint64_t part) {
    return whole > part ? whole - part : 0;
}

static uint64_t responses_2xx(const struct metrics_zone *zone) {
    uint64_t sum = 0;
    for (unsigned status = 200; status < 300; status++) {
        sum += metrics_read(&zone->sip_responses[status]);
    }
    return sum;
}

static void add_zone(struct metrics_zone_snapshot *sum, const struct metrics_zone *zone) {
    sum->lost += metrics_read(&zone->lost);
    sum->closed += metrics_read(&zone->closed);
    sum->failed += metrics_read(&zone->failed);
    sum->unconfirmed += metrics_read(&zone->unconfirmed);
    sum->answering += metrics_read(&zone->answering);
    sum->answered += metrics_read(&zone->answered);
    sum->established += metrics_read(&zone->established);
    sum->attempts += metrics_read(&zone->attempts);
    sum->sip_responses_2xx += responses_2xx(zone);
    sum->sip_timeouts += metrics_read(&zone->sip_timeouts);
    sum->sip_requests += metrics_read(&zone->sip_requests);
    sum->late += metrics_read(&zone->late);
    sum->dropped += metrics_read(&zone->dropped);
}

void metrics_snapshot_zone(const struct metrics_shard *const *shards, uint32_t shard_count,
                           uint32_t zone, struct metrics_zone_snapshot *out) {
    *out = (struct metrics_zone_snapshot){0};
    for (uint32_t i = 0; i < shard_count; i++) {
        assert(zone < shards[i]->zone_count);
        add_zone(out, &shards[i]->zones[zone]);
    }
    out->open = rest(out->established, out->lost + out->closed);
    out->in_flight = rest(out->attempts, out->established + out->failed + out->unconfirmed);
}

static void add_listener(struct metrics_listener_snapshot *sum,
                         const struct metrics_listener *listener, uint64_t *closed) {
    *closed += metrics_read(&listener->closed);
    sum->refused += metrics_read(&listener->refused);
    sum->aborted += metrics_read(&listener->aborted);
    sum->admitted += metrics_read(&listener->admitted);
    sum->accepted += metrics_read(&listener->accepted);
    sum->eku_refused += metrics_read(&listener->eku_refused);
    sum->eku_checked += metrics_read(&listener->eku_checked);
}

void metrics_snapshot_listener(const struct metrics_shard *const *shards, uint32_t shard_count,
                               uint32_t listener, struct metrics_listener_snapshot *out) {
    uint64_t closed = 0;
    *out = (struct metrics_listener_snapshot){0};
    for (uint32_t i = 0; i < shard_count; i++) {
        assert(listener < shards[i]->listener_count);
        add_listener(out, &shards[i]->listeners[listener], &closed);
    }
    out->open = rest(out->admitted, closed);
    out->in_flight = rest(out->accepted, out->admitted + out->refused + out->aborted);
}

const char *metrics_state_key(enum metrics_state state) {
    static const char *const keys[] = {
        [METRICS_IDLE] = "idle",
        [METRICS_FAILED] = "failed",
        [METRICS_DEGRADED] = "degraded",
        [METRICS_ACTIVE] = "active",
    };
    assert(state <= METRICS_ACTIVE);
    return keys[state];
}

static enum metrics_state state_of(uint64_t good, uint64_t wanted) {
    if (good == 0) {
        return METRICS_FAILED;
    }
    return good < wanted ? METRICS_DEGRADED : METRICS_ACTIVE;
}

enum metrics_state metrics_state_of_held(const struct metrics_zone_snapshot *now, uint64_t wanted) {
    return now->attempts == 0 ? METRICS_IDLE : state_of(now->answering, wanted);
}

enum metrics_state metrics_state_of_churn(const struct metrics_zone_snapshot *whole) {
    if (whole->attempts + whole->dropped == 0) {
        return METRICS_IDLE;
    }
    return state_of(whole->answered, whole->attempts - whole->in_flight + whole->dropped);
}
