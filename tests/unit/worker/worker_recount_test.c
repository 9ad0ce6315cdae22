/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "worker_bench.h"

#include <criterion/criterion.h>

static void publish(struct bench *bench) {
    uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
    worker_publish(bench->worker, &bench->copy);
    while (!worker_published(bench->worker)) {
        bench_pause_shortly(end_ns, "nothing is published");
    }
}

Test(worker_recount, forgets_what_was_counted_but_not_what_lives) {
    struct bench bench;
    bench_init(&bench, "connections: 4, dialog: options, options_interval: 1h");
    const struct metrics_zone *zone = &bench.shard.zones[0];
    const struct metrics_listener *listener = &bench.shard.listeners[0];
    bench_order(&bench, WORKER_START);
    bench_await(&zone->answered, 4);
    bench_order(&bench, WORKER_RECOUNT);
    bench_order(&bench, WORKER_FREEZE);
    bench_order(&bench, WORKER_CLOSE);
    worker_destroy(bench.worker);
    cr_expect_eq(metrics_read(&zone->attempts), 4);
    cr_expect_eq(metrics_read(&zone->established), 4);
    cr_expect_eq(metrics_zone_open(zone), 4);
    cr_expect_eq(metrics_read(&zone->answered), 4);
    cr_expect_eq(metrics_read(&zone->answering), 4);
    cr_expect_eq(metrics_read(&zone->answered_before), 0, "they would count twice");
    cr_expect_eq(metrics_read(&zone->identities[0].attempts), 4);
    cr_expect_eq(metrics_read(&zone->identities[0].established), 4);
    cr_expect_eq(metrics_read(&zone->tls_1_3), 4);
    cr_expect_eq(zone->suites[0].count, 4);
    cr_expect_eq(metrics_read(&zone->sip_requests), 0);
    cr_expect_eq(metrics_read(&zone->sip_responses[200]), 0);
    cr_expect_eq(zone->serials.cells == NULL ? 0 : zone->serials.used, 1,
                 "what was presented stays");
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        cr_expect_eq(zone->latency[i].count, 0, "%s", metrics_zone_latency_key(i));
    }
    cr_expect_eq(metrics_read(&listener->accepted), 4);
    cr_expect_eq(metrics_read(&listener->admitted), 4);
    cr_expect_eq(metrics_read(&listener->sip_requests), 0);
    bench_finish(&bench);
}

Test(worker_recount, in_churn_leaves_whole_sums) {
    struct bench bench;
    bench_init(&bench, "concurrency: 4");
    const struct metrics_zone *zone = &bench.shard.zones[0];
    bench_order(&bench, WORKER_START);
    bench_await(&zone->closed, 8);
    bench_order(&bench, WORKER_RECOUNT);
    bench_await(&zone->closed, 8);
    publish(&bench);
    const struct metrics_zone *copy = &bench.copy.zones[0];
    uint64_t open = metrics_zone_open(copy);
    uint64_t in_flight = metrics_zone_in_flight(copy);
    cr_expect_leq(open + in_flight, 4);
    cr_expect_eq(metrics_read(&copy->attempts), metrics_read(&copy->established) + in_flight);
    cr_expect_eq(metrics_read(&copy->established), metrics_read(&copy->closed) + open);
    worker_destroy(bench.worker);
    bench_finish(&bench);
}

Test(worker_publish, copies_everything_as_it_is_between_two_events) {
    struct bench bench;
    bench_init(&bench, "concurrency: 4");
    const struct metrics_zone *copy = &bench.copy.zones[0];
    bench_order(&bench, WORKER_START);
    for (unsigned i = 0; i < 5; i++) {
        bench_await(&bench.shard.zones[0].closed, 4 * (i + 1));
        publish(&bench);
        cr_expect_geq(metrics_read(&copy->closed), 4 * (i + 1));
        cr_expect_eq(copy->latency[METRICS_ADMISSION].count, metrics_read(&copy->established),
                     "a copy that is added to an earlier one, or torn");
        cr_expect_eq(metrics_read(&copy->tls_1_3), copy->latency[METRICS_TLS_HANDSHAKE].count);
    }
    worker_destroy(bench.worker);
    bench_finish(&bench);
}
