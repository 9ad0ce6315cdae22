/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_snapshot.h"

#include <criterion/criterion.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

static void add_sample(struct metrics_zone *zone, struct metrics_listener *listener,
                       uint64_t factor) {
    metrics_add(&zone->attempts, 100 * factor);
    metrics_add(&zone->established, 60 * factor);
    metrics_add(&zone->failed, 20 * factor);
    metrics_add(&zone->unconfirmed, 5 * factor);
    metrics_add(&zone->lost, 7 * factor);
    metrics_add(&zone->closed, 13 * factor);
    metrics_add(&zone->answered, 59 * factor);
    metrics_add(&zone->answering, 39 * factor);
    metrics_add(&zone->sip_responses[199], factor);
    metrics_add(&zone->sip_responses[200], 2 * factor);
    metrics_add(&zone->sip_responses[299], 3 * factor);
    metrics_add(&zone->sip_responses[300], factor);
    metrics_add(&zone->dropped, factor);
    metrics_add(&listener->accepted, 50 * factor);
    metrics_add(&listener->admitted, 20 * factor);
    metrics_add(&listener->refused, 10 * factor);
    metrics_add(&listener->aborted, 5 * factor);
    metrics_add(&listener->closed, 4 * factor);
    metrics_add(&listener->eku_checked, 30 * factor);
    metrics_add(&listener->eku_refused, 9 * factor);
}

Test(metrics_snapshot, sums_over_workers) {
    const uint32_t identities[] = {1};
    const struct metrics_shape shape = {
        .zone_count = 1, .listener_count = 1, .identities_per_zone = identities};
    struct metrics_shard shards[2];
    const struct metrics_shard *const both[] = {&shards[0], &shards[1]};
    struct metrics_zone_snapshot zone;
    struct metrics_listener_snapshot listener;
    for (unsigned i = 0; i < 2; i++) {
        cr_assert(metrics_shard_init(&shards[i], &shape));
        add_sample(&shards[i].zones[0], &shards[i].listeners[0], i + 1);
    }
    metrics_snapshot_zone(both, 2, 0, &zone);
    metrics_snapshot_listener(both, 2, 0, &listener);
    cr_assert_eq(zone.attempts, 300);
    cr_assert_eq(zone.in_flight, 45);
    cr_assert_eq(zone.open, 120);
    cr_assert_eq(zone.answered, 177);
    cr_assert_eq(zone.answering, 117);
    cr_assert_eq(zone.sip_responses_2xx, 15);
    cr_assert_eq(zone.dropped, 3);
    cr_assert_eq(listener.accepted, 150);
    cr_assert_eq(listener.in_flight, 45);
    cr_assert_eq(listener.open, 48);
    cr_assert_eq(listener.eku_checked, 90);
    cr_assert_eq(listener.eku_refused, 27);
    metrics_shard_finish(&shards[0]);
    metrics_shard_finish(&shards[1]);
}

Test(metrics_snapshot, a_gauge_that_moved_between_workers_stays_right) {
    const uint32_t identities[] = {1};
    const struct metrics_shape shape = {.zone_count = 1, .identities_per_zone = identities};
    struct metrics_shard shard;
    const struct metrics_shard *const one[] = {&shard};
    struct metrics_zone_snapshot zone;
    cr_assert(metrics_shard_init(&shard, &shape));
    metrics_add(&shard.zones[0].answering, 3);
    metrics_add(&shard.zones[0].answering, UINT64_MAX); /* one less */
    metrics_snapshot_zone(one, 1, 0, &zone);
    cr_assert_eq(zone.answering, 2);
    metrics_shard_finish(&shard);
}

Test(metrics_state, of_a_held_zone_is_that_of_this_moment) {
    static const struct {
        struct metrics_zone_snapshot now;
        uint64_t wanted;
        enum metrics_state state;
    } cases[] = {
        {{.attempts = 0}, 10, METRICS_IDLE},
        {{.attempts = 10, .in_flight = 10}, 10, METRICS_FAILED},
        {{.attempts = 10, .failed = 10}, 10, METRICS_FAILED},
        {{.attempts = 10, .established = 10, .open = 10}, 10, METRICS_FAILED},
        {{.attempts = 10, .established = 10, .open = 10, .answering = 1}, 10, METRICS_DEGRADED},
        {{.attempts = 10, .established = 10, .open = 10, .answering = 9}, 10, METRICS_DEGRADED},
        {{.attempts = 10, .established = 10, .open = 10, .answering = 10}, 10, METRICS_ACTIVE},
        /* Lost and opened again: what counts is now. */
        {{.attempts = 12, .established = 12, .lost = 2, .answering = 10}, 10, METRICS_ACTIVE},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        cr_assert_eq(metrics_state_of_held(&cases[i].now, cases[i].wanted), cases[i].state,
                     "case %zu", i);
    }
}

Test(metrics_state, of_a_zone_in_churn_is_that_of_the_whole_run) {
    static const struct {
        struct metrics_zone_snapshot whole;
        enum metrics_state state;
    } cases[] = {
        {{.attempts = 0}, METRICS_IDLE},
        {{.dropped = 5}, METRICS_FAILED},
        {{.attempts = 10, .failed = 10}, METRICS_FAILED},
        {{.attempts = 10, .in_flight = 10}, METRICS_FAILED},
        {{.attempts = 10, .unconfirmed = 10}, METRICS_FAILED},
        {{.attempts = 10, .established = 10}, METRICS_FAILED},
        {{.attempts = 10, .established = 10, .answered = 10, .closed = 10}, METRICS_ACTIVE},
        {{.attempts = 13, .established = 10, .answered = 10, .in_flight = 3}, METRICS_ACTIVE},
        {{.attempts = 10, .established = 10, .answered = 9}, METRICS_DEGRADED},
        {{.attempts = 10, .established = 9, .answered = 9, .failed = 1}, METRICS_DEGRADED},
        {{.attempts = 10, .established = 9, .answered = 9, .unconfirmed = 1}, METRICS_DEGRADED},
        {{.attempts = 10, .established = 10, .answered = 10, .dropped = 1}, METRICS_DEGRADED},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        cr_assert_eq(metrics_state_of_churn(&cases[i].whole), cases[i].state, "case %zu", i);
    }
}

Test(metrics_state, keys_are_those_of_the_contract) {
    cr_assert_str_eq(metrics_state_key(METRICS_IDLE), "idle");
    cr_assert_str_eq(metrics_state_key(METRICS_FAILED), "failed");
    cr_assert_str_eq(metrics_state_key(METRICS_DEGRADED), "degraded");
    cr_assert_str_eq(metrics_state_key(METRICS_ACTIVE), "active");
}
