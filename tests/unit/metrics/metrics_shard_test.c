/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_shard.h"
#include "metrics_window.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static const uint32_t identities_per_zone[] = {1, 0, 300};
static const struct metrics_shape shape = {.zone_count = 3,
                                           .listener_count = 2,
                                           .identities_per_zone = identities_per_zone,
                                           .serials_per_table = 10};

/* Every counter gets a value of its own, times `factor`. */
static void fill(metrics_counter *first, size_t count, uint64_t factor) {
    for (size_t i = 0; i < count; i++) {
        metrics_add(&first[i], (i + 1) * factor);
    }
}

static void fill_zone(struct metrics_zone *zone, uint64_t factor) {
    fill((metrics_counter *)(void *)zone,
         offsetof(struct metrics_zone, suites) / sizeof(metrics_counter), factor);
    for (uint32_t i = 0; i < zone->identity_count; i++) {
        metrics_add(&zone->identities[i].attempts, (i + 2) * factor);
        metrics_add(&zone->identities[i].established, (i + 1) * factor);
        metrics_add(&zone->identities[i].failed, factor);
    }
    for (uint64_t i = 0; i < factor; i++) {
        metrics_serials_record(&zone->serials, (const uint8_t *)"\x46\xdf", 2);
        for (unsigned k = 0; k < METRICS_ZONE_LATENCIES; k++) {
            metrics_histogram_record(&zone->latency[k], 1000 * k + factor);
        }
    }
}

static void fill_listener(struct metrics_listener *listener, uint64_t factor) {
    fill((metrics_counter *)(void *)listener,
         offsetof(struct metrics_listener, reasons) / sizeof(metrics_counter), factor);
    for (uint64_t i = 0; i < factor; i++) {
        metrics_reasons_record(&listener->reasons, "wanted a, presented b");
        metrics_serials_record(&listener->serials, (const uint8_t *)"\x01", 1);
        metrics_histogram_record(&listener->eku_ns, factor);
        for (unsigned k = 0; k < METRICS_LISTENER_LATENCIES; k++) {
            metrics_histogram_record(&listener->latency[k], 1000 * k + factor);
        }
    }
}

static void check_counters(const void *first, size_t octets, uint64_t factor) {
    const metrics_counter *counters = first;
    for (size_t i = 0; i < octets / sizeof *counters; i++) {
        cr_assert_eq(metrics_read(&counters[i]), (i + 1) * factor, "counter %zu", i);
    }
}

Test(metrics_shard, begins_with_zeros_and_the_shape_asked_for) {
    struct metrics_shard shard;
    cr_assert(metrics_shard_init(&shard, &shape));
    cr_assert_eq(shard.zone_count, 3);
    cr_assert_eq(shard.listener_count, 2);
    for (uint32_t i = 0; i < 3; i++) {
        check_counters(&shard.zones[i], offsetof(struct metrics_zone, suites), 0);
        cr_assert_eq(shard.zones[i].identity_count, identities_per_zone[i]);
        cr_assert_geq(shard.zones[i].serials.capacity, shape.serials_per_table);
    }
    cr_assert_eq(metrics_read(&shard.zones[2].identities[299].attempts), 0);
    metrics_shard_finish(&shard);
    cr_assert_eq(shard.zone_count, 0);
}

Test(metrics_shard, may_have_no_zone_and_no_listener) {
    const struct metrics_shape nothing = {0};
    struct metrics_shard shard;
    cr_assert(metrics_shard_init(&shard, &nothing));
    metrics_shard_finish(&shard);
}

Test(metrics_shard, refuses_a_shape_no_memory_holds) {
    const uint32_t identities[] = {UINT32_MAX};
    const struct metrics_shape huge = {.zone_count = 1,
                                       .listener_count = UINT32_MAX,
                                       .identities_per_zone = identities,
                                       .serials_per_table = UINT32_MAX};
    struct metrics_shard shard;
    cr_assert_not(metrics_shard_init(&shard, &huge));
    metrics_shard_finish(&shard);
}

Test(metrics_shard, zones_do_not_share_their_parts) {
    struct metrics_shard shard;
    cr_assert(metrics_shard_init(&shard, &shape));
    fill_zone(&shard.zones[0], 1);
    fill_listener(&shard.listeners[1], 2);
    check_counters(&shard.zones[0], offsetof(struct metrics_zone, suites), 1);
    check_counters(&shard.zones[1], offsetof(struct metrics_zone, suites), 0);
    check_counters(&shard.listeners[0], offsetof(struct metrics_listener, reasons), 0);
    cr_assert_eq(shard.zones[2].serials.used, 0);
    cr_assert_eq(metrics_read(&shard.zones[2].identities[0].attempts), 0);
    metrics_shard_finish(&shard);
}

Test(metrics_shard, adding_misses_no_counter_and_no_table) {
    struct metrics_shard sum;
    struct metrics_shard part;
    cr_assert(metrics_shard_init(&sum, &shape) && metrics_shard_init(&part, &shape));
    fill_zone(&sum.zones[2], 3);
    fill_zone(&part.zones[2], 4);
    fill_listener(&sum.listeners[1], 5);
    fill_listener(&part.listeners[1], 6);
    metrics_shard_add(&sum, &part);

    const struct metrics_zone *zone = &sum.zones[2];
    check_counters(zone, offsetof(struct metrics_zone, suites), 7);
    cr_assert_eq(metrics_read(&zone->identities[299].attempts), 301 * 7);
    cr_assert_eq(metrics_read(&zone->identities[299].established), 300 * 7);
    cr_assert_eq(metrics_read(&zone->identities[299].failed), 7);
    cr_assert_eq(zone->serials.used, 1);
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        cr_assert_eq(zone->latency[i].count, 7, "latency %u", i);
    }
    const struct metrics_listener *listener = &sum.listeners[1];
    check_counters(listener, offsetof(struct metrics_listener, reasons), 11);
    cr_assert_eq(listener->reasons.cells[0].count, 11);
    cr_assert_eq(listener->eku_ns.count, 11);
    cr_assert_eq(listener->eku_ns.sum, 25 + 36);
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        cr_assert_eq(listener->latency[i].count, 11, "latency %u", i);
    }
    check_counters(&sum.zones[0], offsetof(struct metrics_zone, suites), 0);
    metrics_shard_finish(&sum);
    metrics_shard_finish(&part);
}

Test(metrics_shard, targets_are_counted_where_a_zone_has_several) {
    static const uint32_t identities[] = {1, 1};
    static const uint32_t targets[] = {0, 3};
    const struct metrics_shape several = {
        .zone_count = 2, .identities_per_zone = identities, .targets_per_zone = targets};
    struct metrics_shard sum;
    struct metrics_shard part;
    cr_assert(metrics_shard_init(&sum, &several) && metrics_shard_init(&part, &several));
    cr_assert_eq(part.zones[0].target_count, 0);
    cr_assert_eq(part.zones[1].target_count, 3);
    metrics_add(&part.zones[1].targets[2].attempts, 5);
    metrics_add(&part.zones[1].targets[2].established, 3);
    metrics_add(&part.zones[1].targets[2].failed, 2);
    metrics_shard_add(&sum, &part);
    metrics_shard_add(&sum, &part);
    cr_expect_eq(metrics_read(&sum.zones[1].targets[2].attempts), 10);
    cr_expect_eq(metrics_read(&sum.zones[1].targets[2].established), 6);
    cr_expect_eq(metrics_read(&sum.zones[1].targets[2].failed), 4);
    cr_expect_eq(metrics_read(&sum.zones[1].targets[0].attempts), 0);
    metrics_shard_add(&sum, &part);
    metrics_shard_since(&part, &sum);
    cr_expect_eq(metrics_read(&part.zones[1].targets[2].attempts), 10);
    cr_expect_eq(metrics_read(&part.zones[1].targets[2].failed), 4);
    metrics_shard_restart(&sum);
    cr_expect_eq(metrics_read(&sum.zones[1].targets[2].attempts), 0);
    metrics_shard_finish(&sum);
    metrics_shard_finish(&part);
}

Test(metrics_shard, serials_that_did_not_fit_are_added_too) {
    struct metrics_shard sum;
    struct metrics_shard part;
    const uint8_t too_long[METRICS_SERIAL_MAX + 1] = {1};
    cr_assert(metrics_shard_init(&sum, &shape) && metrics_shard_init(&part, &shape));
    metrics_serials_record(&part.zones[0].serials, too_long, sizeof too_long);
    metrics_shard_add(&sum, &part);
    metrics_shard_add(&sum, &part);
    cr_assert_eq(sum.zones[0].serials.other, 2);
    metrics_shard_finish(&sum);
    metrics_shard_finish(&part);
}

static uint64_t suite_count(const struct metrics_zone *zone, unsigned number) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < METRICS_SUITES_MAX; i++) {
        sum += zone->suites[i].number == number ? zone->suites[i].count : 0;
    }
    return sum;
}

Test(metrics_shard, counts_suites_and_those_beyond_the_table_as_other) {
    struct metrics_shard sum;
    struct metrics_shard part;
    cr_assert(metrics_shard_init(&sum, &shape) && metrics_shard_init(&part, &shape));
    for (unsigned number = 0x1301; number < 0x1301 + 20; number++) {
        metrics_zone_count_suite(&part.zones[0], number);
        metrics_zone_count_suite(&part.zones[0], number);
    }
    metrics_zone_count_suite(&part.zones[0], 0);
    metrics_zone_count_suite(&sum.zones[0], 0xc02b);
    metrics_shard_add(&sum, &part);
    cr_assert_eq(suite_count(&part.zones[0], 0x1301), 2);
    cr_assert_eq(suite_count(&part.zones[0], METRICS_SUITE_OTHER), 2 * (20 - 15));
    cr_assert_eq(suite_count(&sum.zones[0], 0xc02b), 1);
    cr_assert_eq(suite_count(&sum.zones[0], 0x1301), 2);
    cr_assert_eq(suite_count(&sum.zones[0], METRICS_SUITE_OTHER), 2 * (20 - 14));
    metrics_shard_finish(&sum);
    metrics_shard_finish(&part);
}

Test(metrics_shard, derives_what_is_in_flight_and_open) {
    struct metrics_shard shard;
    cr_assert(metrics_shard_init(&shard, &shape));
    struct metrics_zone *zone = &shard.zones[0];
    struct metrics_listener *listener = &shard.listeners[0];
    metrics_add(&zone->attempts, 100);
    metrics_add(&zone->established, 60);
    metrics_add(&zone->failed, 20);
    metrics_add(&zone->unconfirmed, 5);
    metrics_add(&zone->lost, 7);
    metrics_add(&zone->closed, 13);
    cr_assert_eq(metrics_zone_in_flight(zone), 15);
    cr_assert_eq(metrics_zone_open(zone), 40);
    metrics_add(&zone->failed, 50); /* seen before the attempts they belong to */
    cr_assert_eq(metrics_zone_in_flight(zone), 0);

    metrics_add(&listener->accepted, 50);
    metrics_add(&listener->admitted, 20);
    metrics_add(&listener->refused, 10);
    metrics_add(&listener->aborted, 5);
    cr_assert_eq(metrics_listener_in_flight(listener), 15);
    metrics_shard_finish(&shard);
}

Test(metrics_shard, latency_keys_are_those_of_the_result) {
    static const char *const zone_keys[] = {"start_delay",
                                            "tcp_connect",
                                            "tls_handshake",
                                            "tls_handshake_full",
                                            "tls_handshake_resumed",
                                            "admission",
                                            "refusal",
                                            "sip_response",
                                            "establish",
                                            "establish_from_intended",
                                            "flow_recovery"};
    _Static_assert(sizeof zone_keys / sizeof zone_keys[0] == METRICS_ZONE_LATENCIES, "all of them");
    static const char *const listener_keys[] = {"tls_handshake", "admission", "refusal"};
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        cr_assert_str_eq(metrics_zone_latency_key(i), zone_keys[i]);
    }
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        cr_assert_str_eq(metrics_listener_latency_key(i), listener_keys[i]);
    }
}

static uint64_t sum_of(const metrics_counter *first, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += metrics_read(&first[i]);
    }
    return sum;
}

static uint64_t counters_of_zone(const struct metrics_zone *zone) {
    return sum_of((const metrics_counter *)(const void *)zone,
                  offsetof(struct metrics_zone, suites) / sizeof(metrics_counter));
}

static uint64_t counters_of_listener(const struct metrics_listener *listener) {
    return sum_of((const metrics_counter *)(const void *)listener,
                  offsetof(struct metrics_listener, reasons) / sizeof(metrics_counter));
}

struct forget_case {
    void (*forget)(struct metrics_shard *shard);
    bool all; /* what peers presented as well */
};

Test(metrics_shard, forgets_all_or_all_but_what_peers_presented) {
    static const struct forget_case cases[] = {{metrics_shard_clear, true},
                                               {metrics_shard_restart, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct metrics_shard shard;
        cr_assert(metrics_shard_init(&shard, &shape));
        struct metrics_zone *zone = &shard.zones[2];
        struct metrics_listener *listener = &shard.listeners[1];
        fill_zone(zone, 3);
        fill_listener(listener, 3);
        metrics_zone_count_suite(zone, 0x1301);
        uint64_t kept = cases[i].all ? 0
                                     : metrics_read(&zone->mismatches) +
                                           metrics_read(&zone->answered_before) +
                                           metrics_read(&zone->settled_before);
        uint64_t kept_of_listener = cases[i].all ? 0 : metrics_read(&listener->mismatches);
        cases[i].forget(&shard);
        cr_expect_eq(counters_of_zone(zone), kept, "case %zu", i);
        cr_expect_eq(counters_of_listener(listener), kept_of_listener, "case %zu", i);
        cr_expect_eq(zone->serials.used, cases[i].all ? 0 : 1, "case %zu", i);
        cr_expect_eq(listener->serials.used, cases[i].all ? 0 : 1, "case %zu", i);
        cr_expect_eq(zone->suites[0].count, 0);
        cr_expect_eq(zone->identity_count, 300);
        cr_expect_eq(metrics_read(&zone->identities[299].attempts), 0);
        cr_expect_eq(metrics_read(&zone->identities[299].established), 0);
        for (unsigned k = 0; k < METRICS_ZONE_LATENCIES; k++) {
            cr_expect_eq(zone->latency[k].count, 0);
        }
        metrics_shard_finish(&shard);
    }
}
