/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "worker_bench.h"

#include <criterion/criterion.h>
#include <string.h>

/* Whole connections that begin from now on. */
static void await_connections(const struct bench *bench) {
    const metrics_counter *established = &bench->shard.zones[0].established;
    bench_await(established, metrics_read(established) + 4);
}

static enum worker_answer change(const struct bench *bench, enum worker_change change,
                                 unsigned generation, struct base_error *error) {
    enum worker_answer answer;
    uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
    worker_change_nodes(bench->worker, change, bench->nodes[generation]);
    while ((answer = worker_change_answer(bench->worker, error)) == WORKER_UNDECIDED) {
        bench_pause_shortly(end_ns, "no answer");
    }
    return answer;
}

static uint64_t count_of(const struct metrics_serials *serials, uint8_t serial) {
    for (uint32_t i = 0; i < serials->capacity; i++) {
        if (serials->cells[i].length == 1 && serials->cells[i].octets[0] == serial) {
            return serials->cells[i].count;
        }
    }
    return 0;
}

static void expect_no_trouble(const struct bench *bench) {
    const struct metrics_zone *zone = &bench->shard.zones[0];
    cr_assert_eq(metrics_read(&zone->mismatches), 0);
    cr_assert_eq(metrics_read(&bench->shard.listeners[0].mismatches), 0);
    cr_assert_eq(metrics_read(&zone->failed), 0);
    cr_assert_eq(metrics_read(&zone->lost), 0);
}

Test(worker_change, that_is_taken_is_presented_from_then_on) {
    struct bench bench;
    struct base_error error;
    bench_init(&bench, "concurrency: 1");
    worker_give_order(bench.worker, WORKER_START);
    await_connections(&bench);
    cr_assert_eq(change(&bench, WORKER_OFFER, 1, &error), WORKER_AGREES);
    await_connections(&bench);
    cr_assert_eq(change(&bench, WORKER_TAKE, 1, &error), WORKER_AGREES);
    await_connections(&bench);
    worker_destroy(bench.worker);
    expect_no_trouble(&bench);
    cr_assert_geq(count_of(&bench.shard.zones[0].serials, 0x11), 8, "the edge's first");
    cr_assert_geq(count_of(&bench.shard.zones[0].serials, 0x21), 3, "the edge's second");
    cr_assert_geq(count_of(&bench.shard.listeners[0].serials, 0x10), 8, "the core's first");
    cr_assert_geq(count_of(&bench.shard.listeners[0].serials, 0x20), 3, "the core's second");
    bench_finish(&bench);
}

Test(worker_change, that_is_left_is_never_presented) {
    struct bench bench;
    struct base_error error;
    bench_init(&bench, "concurrency: 1");
    worker_give_order(bench.worker, WORKER_START);
    cr_assert_eq(change(&bench, WORKER_OFFER, 1, &error), WORKER_AGREES);
    cr_assert_eq(change(&bench, WORKER_LEAVE, 1, &error), WORKER_AGREES);
    await_connections(&bench);
    worker_destroy(bench.worker);
    expect_no_trouble(&bench);
    cr_assert_eq(count_of(&bench.shard.zones[0].serials, 0x21), 0);
    cr_assert_eq(count_of(&bench.shard.listeners[0].serials, 0x20), 0);
    bench_finish(&bench);
}

Test(worker_change, that_cannot_be_is_refused_and_the_next_one_may_come) {
    struct bench bench;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    bench_init(&bench, "concurrency: 1");
    worker_give_order(bench.worker, WORKER_START);
    cr_assert_eq(change(&bench, WORKER_OFFER, 2, &error), WORKER_REFUSES);
    cr_assert_not_null(strstr(error.text, "a listener needs a certificate"), "%s", error.text);
    cr_assert_eq(change(&bench, WORKER_LEAVE, 2, &error), WORKER_AGREES);
    await_connections(&bench);
    cr_assert_eq(change(&bench, WORKER_OFFER, 1, &error), WORKER_AGREES);
    cr_assert_eq(change(&bench, WORKER_TAKE, 1, &error), WORKER_AGREES);
    await_connections(&bench);
    worker_destroy(bench.worker);
    expect_no_trouble(&bench);
    cr_assert_geq(count_of(&bench.shard.zones[0].serials, 0x21), 3);
    bench_finish(&bench);
}
