/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_window.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint32_t identities[] = {1, 1};
static const struct metrics_shape shape = {.zone_count = 2,
                                           .listener_count = 1,
                                           .identities_per_zone = identities,
                                           .serials_per_table = 4};
static struct metrics_shard within;
static struct metrics_windows windows;

static void begin(void) {
    cr_assert(metrics_shard_init(&within, &shape));
}

static void end(void) {
    metrics_shard_finish(&within);
    metrics_windows_finish(&windows);
}

TestSuite(metrics_window, .init = begin, .fini = end);

static void fill(uint32_t index) {
    struct metrics_window *window = metrics_windows_add(&windows);
    struct metrics_window_zone *zone = metrics_windows_zone(&windows, windows.count - 1, 1);
    window->begin_s = index;
    window->end_s = index + 1;
    window->usage.cpu_share = index % 2;
    window->usage.rss_kib = 100 + index;
    zone->attempts = 1;
    zone->open = index;
    zone->peak_open = 10 - index % 2;
    zone->state = index == 5 ? METRICS_DEGRADED : index == 3 ? METRICS_IDLE : METRICS_ACTIVE;
    zone->latency[METRICS_ADMISSION] =
        (struct metrics_window_latency){.count = 1 + index % 2 * 2, .p50 = 100, .p99 = index};
    if (index == 5) {
        window->met = false;
        strcpy(window->reason, "the sixth");
    }
}

Test(metrics_window, takes_what_was_counted_and_timed_within) {
    cr_assert(metrics_windows_init(&windows, &within, 4, 60));
    metrics_add(&within.zones[1].attempts, 12);
    metrics_add(&within.zones[1].sip_responses[200], 5);
    metrics_add(&within.zones[1].sip_responses[299], 1);
    metrics_add(&within.zones[1].sip_responses[300], 7);
    metrics_add(&within.listeners[0].refused, 3);
    for (unsigned i = 1; i <= 100; i++) {
        metrics_histogram_record(&within.zones[1].latency[METRICS_ESTABLISH], i);
    }
    metrics_windows_add(&windows);
    metrics_windows_take(&windows, &within);
    const struct metrics_window_zone *zone = metrics_windows_zone(&windows, 0, 1);
    cr_assert_eq(zone->attempts, 12);
    cr_assert_eq(zone->sip_responses_2xx, 6);
    cr_assert_eq(zone->latency[METRICS_ESTABLISH].count, 100);
    cr_assert_eq(zone->latency[METRICS_ESTABLISH].p50, 50);
    cr_assert_eq(zone->latency[METRICS_ESTABLISH].p99, 99);
    cr_assert_eq(metrics_windows_zone(&windows, 0, 0)->attempts, 0);
    cr_assert_eq(metrics_windows_listener(&windows, 0, 0)->refused, 3);
}

Test(metrics_window, a_full_table_merges_neighbours_and_loses_nothing) {
    uint64_t attempts = 0;
    cr_assert(metrics_windows_init(&windows, &within, 8, 1));
    for (uint32_t i = 0; i < 8; i++) {
        fill(i);
    }
    fill(8);
    cr_assert_eq(windows.count, 5);
    cr_assert_eq(windows.length_s, 2);
    for (uint32_t i = 0; i < windows.count; i++) {
        attempts += metrics_windows_zone(&windows, i, 1)->attempts;
    }
    cr_assert_eq(attempts, 9);
    const struct metrics_window *third = &windows.items[2];
    const struct metrics_window_zone *zone = metrics_windows_zone(&windows, 2, 1);
    cr_assert_eq(third->begin_s, 4);
    cr_assert_eq(third->end_s, 6);
    cr_assert_float_eq(third->usage.cpu_share, 0.5, 1e-9);
    cr_assert_eq(third->usage.rss_kib, 105);
    cr_assert_not(third->met);
    cr_assert_str_eq(third->reason, "the sixth");
    cr_assert_eq(zone->state, METRICS_DEGRADED);
    cr_assert_eq(zone->open, 5);
    cr_assert_eq(zone->peak_open, 10);
    cr_assert_eq(zone->latency[METRICS_ADMISSION].count, 4);
    cr_assert_eq(zone->latency[METRICS_ADMISSION].p50, 100);
    cr_assert_eq(zone->latency[METRICS_ADMISSION].p99, 5);
    cr_assert(windows.items[1].met);
    cr_assert_eq(metrics_windows_zone(&windows, 1, 1)->state, METRICS_ACTIVE);
}

Test(metrics_window, a_run_of_weeks_stays_within_its_room) {
    cr_assert(metrics_windows_init(&windows, &within, UINT32_MAX, 60));
    cr_assert_eq(windows.capacity, METRICS_WINDOWS_MAX);
    for (uint32_t i = 0; i < 5 * METRICS_WINDOWS_MAX; i++) {
        fill(i);
    }
    cr_assert_leq(windows.count, METRICS_WINDOWS_MAX);
    cr_assert_eq(windows.items[0].begin_s, 0);
    cr_assert_eq(windows.items[windows.count - 1].end_s, 5 * METRICS_WINDOWS_MAX);
}

Test(metrics_window, thousands_of_zones_have_fewer_windows) {
    struct metrics_shard many = {.zone_count = 4000, .listener_count = 4000};
    cr_assert(metrics_windows_init(&windows, &many, METRICS_WINDOWS_MAX, 60));
    cr_assert(windows.capacity >= 2 && windows.capacity < 200, "%u", windows.capacity);
}
