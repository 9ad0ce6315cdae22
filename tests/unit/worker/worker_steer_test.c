/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "worker_bench.h"

#include <criterion/criterion.h>

static void finish(struct bench *bench) {
    const struct metrics_zone *zone = &bench->shard.zones[0];
    bench_order(bench, WORKER_FREEZE);
    bench_order(bench, WORKER_CLOSE);
    worker_destroy(bench->worker);
    cr_assert_eq(metrics_read(&zone->failed), 0, "steering is no failure of a connection");
    cr_assert_eq(metrics_read(&zone->lost), 0);
    bench_finish(bench);
}

/* The worker has gone on for several turns since. */
static void await_turns(struct bench *bench) {
    for (unsigned i = 0; i < 3; i++) {
        uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
        worker_publish(bench->worker, &bench->copy);
        while (!worker_published(bench->worker)) {
            bench_pause_shortly(end_ns, "nothing is published");
        }
    }
}

Test(worker_steer, connections_grow_shrink_and_return_to_what_the_profile_says) {
    static const int64_t steps[] = {1, 6, 0, 3, BENCH_SLOTS + 5, -1};
    static const uint64_t open[] = {1, 6, 0, 3, BENCH_SLOTS, 4};
    struct bench bench;
    bench_init(&bench, "connections: 4");
    bench_order(&bench, WORKER_START);
    bench_await_open(&bench, 4);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bench.steered.connections = steps[i];
        bench_steer(&bench);
        bench_await_open(&bench, open[i]);
    }
    finish(&bench);
}

Test(worker_steer, a_closed_loop_has_no_more_at_once_than_it_is_told) {
    struct bench bench;
    bench_init(&bench, "concurrency: 2, hold: 1h");
    bench.steered.connections = 5;
    bench_steer(&bench);
    bench_order(&bench, WORKER_START);
    bench_await_open(&bench, 5);
    cr_assert_eq(metrics_read(&bench.shard.zones[0].attempts), 5);
    finish(&bench);
}

Test(worker_steer, a_rate_of_nothing_begins_nothing_until_there_is_one) {
    struct bench bench;
    bench_init(&bench, "rate: 2000/s, hold: 1h");
    const struct metrics_zone *zone = &bench.shard.zones[0];
    bench.steered.rate_per_s = 0;
    bench_steer(&bench);
    await_turns(&bench);
    bench_order(&bench, WORKER_START);
    await_turns(&bench);
    uint64_t before = metrics_read(&zone->attempts);
    await_turns(&bench);
    cr_assert_eq(metrics_read(&zone->attempts), before);
    bench.steered.rate_per_s = 500;
    bench_steer(&bench);
    bench_await(&zone->attempts, BENCH_SLOTS);
    bench_order(&bench, WORKER_FREEZE);
    bench_order(&bench, WORKER_CLOSE);
    worker_destroy(bench.worker);
    bench_finish(&bench);
}

Test(worker_steer, a_pause_begins_nothing_and_is_not_made_up_for) {
    static const char *const loads[] = {"rate: 100/s", "concurrency: 2", "connections: 4"};
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        struct bench bench;
        bench_init(&bench, loads[i]);
        const struct metrics_zone *zone = &bench.shard.zones[0];
        bench.steering.paused = true;
        bench_steer(&bench);
        await_turns(&bench);
        bench_order(&bench, WORKER_START);
        await_turns(&bench);
        cr_assert_eq(metrics_read(&zone->attempts), 0, "%s", loads[i]);
        bench.steering.paused = false;
        bench_steer(&bench);
        bench_await(&zone->established, 4);
        cr_assert_eq(metrics_read(&zone->dropped), 0, "%s", loads[i]);
        finish(&bench);
    }
}
