/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_summary.h"

#include <criterion/criterion.h>

static struct metrics_zone_summary zones[2];
static struct metrics_listener_summary listeners[2];
static struct metrics_summary summary = {.zones = zones, .listeners = listeners};

static void fill_zone(struct metrics_zone *zone) {
    metrics_add(&zone->attempts, 100);
    metrics_add(&zone->established, 60);
    metrics_add(&zone->failed, 20);
    metrics_add(&zone->unconfirmed, 5);
    metrics_add(&zone->faults[FAULT_TCP_REFUSED], 12);
    metrics_add(&zone->faults[FAULT_TUNNEL_TIMEOUT], 8);
    metrics_add(&zone->lost, 7);
    metrics_add(&zone->lost_faults[FAULT_SIP_CLOSED], 7);
    metrics_add(&zone->closed, 13);
}

static void begin(void) {
    static const uint32_t identities[] = {1, 1};
    const struct metrics_shape shape = {
        .zone_count = 2, .listener_count = 2, .identities_per_zone = identities};
    cr_assert(metrics_shard_init(&summary.total, &shape));
    for (unsigned i = 0; i < 2; i++) {
        struct metrics_listener *listener = &summary.total.listeners[i];
        fill_zone(&summary.total.zones[i]);
        zones[i] =
            (struct metrics_zone_summary){.ran = true, .in_flight_at_end = 15, .open_at_end = 40};
        metrics_add(&listener->accepted, 50);
        metrics_add(&listener->admitted, 20);
        metrics_add(&listener->refused, 10);
        metrics_add(&listener->aborted, 5);
        listeners[i] = (struct metrics_listener_summary){.ran = true, .in_flight_at_end = 15};
    }
}

static void end(void) {
    metrics_shard_finish(&summary.total);
}

TestSuite(metrics_summary, .init = begin, .fini = end);

static void expect(const char *sum, bool is_listener, uint32_t index) {
    struct metrics_place where = {.index = 99};
    const char *broken = metrics_summary_broken_sum(&summary, &where);
    cr_assert_not_null(broken);
    cr_assert_str_eq(broken, sum);
    cr_assert_eq(where.is_listener, is_listener);
    cr_assert_eq(where.index, index);
}

Test(metrics_summary, finds_nothing_where_every_sum_holds) {
    struct metrics_place where;
    cr_assert_null(metrics_summary_broken_sum(&summary, &where));
}

Test(metrics_summary, finds_an_attempt_without_outcome) {
    metrics_add(&summary.total.zones[1].attempts, 1);
    expect("attempts = established + failed + unconfirmed + in_flight_at_end", false, 1);
}

Test(metrics_summary, finds_an_outcome_without_attempt) {
    zones[0].in_flight_at_end = 0;
    metrics_add(&summary.total.zones[0].unconfirmed, 16);
    expect("attempts = established + failed + unconfirmed + in_flight_at_end", false, 0);
}

Test(metrics_summary, finds_a_failure_without_fault) {
    metrics_counter *faults = summary.total.zones[0].faults;
    metrics_add(&faults[FAULT_TCP_REFUSED], UINT64_MAX);
    expect("failed = sum of faults", false, 0);
    metrics_add(&faults[FAULT_NONE], 1); /* has no key in the result */
    expect("failed = sum of faults", false, 0);
}

Test(metrics_summary, finds_an_established_connection_that_vanished) {
    zones[1].open_at_end--;
    expect("established = lost + closed + open_at_end", false, 1);
}

Test(metrics_summary, finds_a_loss_without_fault) {
    metrics_add(&summary.total.zones[0].lost_faults[FAULT_SIP_TIMEOUT], 1);
    expect("lost = sum of lost_faults", false, 0);
}

Test(metrics_summary, finds_an_accept_without_outcome) {
    metrics_add(&summary.total.listeners[1].refused, UINT64_MAX);
    expect("accepted = admitted + refused + aborted + in_flight_at_end", true, 1);
}

Test(metrics_summary, leaves_out_what_ran_elsewhere) {
    struct metrics_place where;
    metrics_add(&summary.total.zones[1].attempts, 1);
    metrics_add(&summary.total.listeners[0].accepted, 1);
    zones[1].ran = false;
    listeners[0].ran = false;
    cr_assert_null(metrics_summary_broken_sum(&summary, &where));
}
