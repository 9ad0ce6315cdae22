/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "worker_bench.h"

#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

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
    bench_await_open(&bench, 0, 4);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bench.steered[0].connections = steps[i];
        bench_steer(&bench);
        bench_await_open(&bench, 0, open[i]);
    }
    finish(&bench);
}

/* Both ends are in this worker: the slots of its acceptors bound what two zones can have. */
Test(worker_steer, connections_of_a_zone_that_comes_after_another_return_as_well) {
    static const int64_t steps[] = {1, 4, 0, -1};
    static const uint64_t open[] = {1, 4, 0, 3};
    struct bench bench;
    bench_init_with_later(&bench, "connections: 3", "connections: 3");
    bench_order(&bench, WORKER_START);
    bench_await_open(&bench, 1, 3);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bench.steered[1].connections = steps[i];
        bench_steer(&bench);
        bench_await_open(&bench, 1, open[i]);
    }
    finish(&bench);
}

Test(worker_steer, seats_that_are_not_dialled_again_count_no_longer) {
    static const int64_t steps[] = {3, 5, 2};
    struct bench bench;
    bench_init(&bench, "connections: 4, retry: none");
    const struct net_address alive = bench.routes[0].remote;
    cr_assert(
        net_address_from_literal(&bench.routes[0].remote, "127.0.0.99", net_address_port(&alive)));
    bench_order(&bench, WORKER_START);
    bench_await(&bench.shard.zones[0].failed, 4);
    await_turns(&bench);
    bench.routes[0].remote = alive;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bench.steered[0].connections = steps[i];
        bench_steer(&bench);
        bench_await_open(&bench, 0, (uint64_t)steps[i]);
    }
    cr_assert_eq(metrics_read(&bench.shard.zones[0].failed), 4);
    bench_order(&bench, WORKER_FREEZE);
    bench_order(&bench, WORKER_CLOSE);
    worker_destroy(bench.worker);
    bench_finish(&bench);
}

/* It takes connections, and never says a word. */
static int listen_mutely(struct net_address *out) {
    int mute = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(net_address_from_literal(out, "127.0.0.98", 0));
    cr_assert_eq(bind(mute, &out->any, out->length), 0);
    cr_assert_eq(listen(mute, 16), 0);
    cr_assert_eq(getsockname(mute, &out->any, &out->length), 0);
    return mute;
}

Test(worker_steer, who_is_up_stays_while_others_still_open) {
    struct bench bench;
    bench_init(&bench, "connections: 2");
    bench_order(&bench, WORKER_START);
    bench_await_open(&bench, 0, 2);
    int mute = listen_mutely(&bench.routes[0].remote);
    bench.steered[0].connections = 6;
    bench_steer(&bench);
    bench_await(&bench.shard.zones[0].attempts, 6);
    bench.steered[0].connections = 2;
    bench_steer(&bench);
    await_turns(&bench);
    cr_assert_eq(metrics_zone_open(&bench.shard.zones[0]), 2);
    cr_assert_eq(metrics_read(&bench.shard.zones[0].closed), 0);
    finish(&bench);
    close(mute);
}

Test(worker_steer, a_closed_loop_has_no_more_at_once_than_it_is_told) {
    struct bench bench;
    bench_init(&bench, "concurrency: 2, hold: 1h");
    bench.steered[0].connections = 5;
    bench_steer(&bench);
    bench_order(&bench, WORKER_START);
    bench_await_open(&bench, 0, 5);
    cr_assert_eq(metrics_read(&bench.shard.zones[0].attempts), 5);
    finish(&bench);
}

Test(worker_steer, a_rate_of_nothing_begins_nothing_until_there_is_one) {
    struct bench bench;
    bench_init(&bench, "rate: 2000/s, hold: 1h");
    const struct metrics_zone *zone = &bench.shard.zones[0];
    bench.steered[0].rate_per_s = 0;
    bench_steer(&bench);
    await_turns(&bench);
    bench_order(&bench, WORKER_START);
    await_turns(&bench);
    uint64_t before = metrics_read(&zone->attempts);
    await_turns(&bench);
    cr_assert_eq(metrics_read(&zone->attempts), before);
    bench.steered[0].rate_per_s = 500;
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
