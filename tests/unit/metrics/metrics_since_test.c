/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_window.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint32_t identities[] = {2};
static const struct metrics_shape shape = {.zone_count = 1,
                                           .listener_count = 1,
                                           .identities_per_zone = identities,
                                           .serials_per_table = 4};

static struct metrics_shard earlier;
static struct metrics_shard now;

static void begin(void) {
    cr_assert(metrics_shard_init(&earlier, &shape));
    cr_assert(metrics_shard_init(&now, &shape));
}

static void end(void) {
    metrics_shard_finish(&earlier);
    metrics_shard_finish(&now);
}

TestSuite(metrics_since, .init = begin, .fini = end);

static void time_both(uint64_t value) {
    metrics_histogram_record(&earlier.zones[0].latency[METRICS_ESTABLISH], value);
    metrics_histogram_record(&now.zones[0].latency[METRICS_ESTABLISH], value);
}

static void time_now(uint64_t value) {
    metrics_histogram_record(&now.zones[0].latency[METRICS_ESTABLISH], value);
}

Test(metrics_since, a_difference_and_what_was_before_add_up_to_the_whole) {
    struct metrics_histogram before;
    struct metrics_histogram within;
    for (uint64_t i = 0; i < 1000; i++) {
        time_both(i * 7);
    }
    before = earlier.zones[0].latency[METRICS_ESTABLISH];
    for (uint64_t i = 0; i < 500; i++) {
        time_now(100 + i * 11);
    }
    metrics_shard_since(&earlier, &now);
    within = earlier.zones[0].latency[METRICS_ESTABLISH];
    cr_assert_eq(within.count, 500);
    cr_assert_leq(within.min, 100);
    cr_assert_geq(within.max, 100 + 499 * 11);
    metrics_histogram_add(&before, &within);
    cr_assert_eq(memcmp(before.buckets, now.zones[0].latency[METRICS_ESTABLISH].buckets,
                        sizeof before.buckets),
                 0);
    cr_assert_eq(before.count, 1500);
    cr_assert_eq(before.sum, now.zones[0].latency[METRICS_ESTABLISH].sum);
}

Test(metrics_since, a_quantile_is_that_of_the_time_between) {
    for (unsigned i = 0; i < 10000; i++) {
        time_both(1000000);
    }
    for (unsigned i = 0; i < 10; i++) {
        time_now(200);
    }
    metrics_shard_since(&earlier, &now);
    const struct metrics_histogram *within = &earlier.zones[0].latency[METRICS_ESTABLISH];
    cr_assert_eq(metrics_histogram_quantile(within, 0.99), 200);
    cr_assert_eq(within->max, 200);
}

Test(metrics_since, nothing_between_is_nothing) {
    time_both(5000);
    metrics_shard_since(&earlier, &now);
    const struct metrics_histogram *within = &earlier.zones[0].latency[METRICS_ESTABLISH];
    cr_assert_eq(within->count, 0);
    cr_assert_eq(within->max, 0);
    cr_assert_eq(metrics_histogram_quantile(within, 0.5), 0);
}

Test(metrics_since, beyond_the_last_bucket_the_greatest_value_stays) {
    time_now(UINT64_C(1) << 40);
    metrics_shard_since(&earlier, &now);
    cr_assert_eq(earlier.zones[0].latency[METRICS_ESTABLISH].max, UINT64_C(1) << 40);
}

Test(metrics_since, counters_of_every_kind_are_subtracted) {
    struct metrics_zone *was = &earlier.zones[0];
    struct metrics_zone *is = &now.zones[0];
    metrics_add(&was->attempts, 10);
    metrics_add(&is->attempts, 25);
    metrics_add(&was->lost_faults[FAULT_SIP_CLOSED], 1);
    metrics_add(&is->lost_faults[FAULT_SIP_CLOSED], 4);
    metrics_add(&is->sip_responses[METRICS_SIP_STATUS_MAX - 1], 2);
    metrics_add(&is->identities[1].established, 3);
    metrics_add(&is->identities[1].failed, 4);
    metrics_add(&earlier.listeners[0].accepted, 7);
    metrics_add(&now.listeners[0].accepted, 9);
    metrics_add(&now.listeners[0].eku_refused_by_policy[METRICS_POLICIES - 1], 5);
    metrics_shard_since(&earlier, &now);
    cr_assert_eq(metrics_read(&was->attempts), 15);
    cr_assert_eq(metrics_read(&was->lost_faults[FAULT_SIP_CLOSED]), 3);
    cr_assert_eq(metrics_read(&was->sip_responses[METRICS_SIP_STATUS_MAX - 1]), 2);
    cr_assert_eq(metrics_read(&was->identities[1].established), 3);
    cr_assert_eq(metrics_read(&was->identities[1].failed), 4);
    cr_assert_eq(metrics_read(&earlier.listeners[0].accepted), 2);
    cr_assert_eq(metrics_read(&earlier.listeners[0].eku_refused_by_policy[METRICS_POLICIES - 1]),
                 5);
}

Test(metrics_since, a_gauge_and_the_serials_are_those_of_now) {
    metrics_add(&earlier.zones[0].answering, 40);
    metrics_add(&now.zones[0].answering, 41);
    metrics_serials_record(&now.zones[0].serials, (const uint8_t *)"\x2a", 1);
    metrics_shard_since(&earlier, &now);
    cr_assert_eq(metrics_read(&earlier.zones[0].answering), 41);
    cr_assert_eq(earlier.zones[0].serials.used, 1);
}

Test(metrics_since, what_was_begun_anew_counts_from_there) {
    metrics_add(&earlier.zones[0].attempts, 1000);
    metrics_add(&now.zones[0].attempts, 3);
    metrics_histogram_record(&earlier.zones[0].latency[METRICS_ESTABLISH], 9);
    metrics_histogram_record(&earlier.zones[0].latency[METRICS_ESTABLISH], 9);
    time_now(700);
    metrics_shard_since(&earlier, &now);
    cr_assert_eq(metrics_read(&earlier.zones[0].attempts), 3);
    cr_assert_eq(earlier.zones[0].latency[METRICS_ESTABLISH].count, 1);
    cr_assert_eq(earlier.zones[0].latency[METRICS_ESTABLISH].max, 700);
}
