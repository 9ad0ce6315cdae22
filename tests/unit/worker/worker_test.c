/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "node.h"
#include "profile_load.h"
#include "tls_context.h"
#include "worker.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 8000

/* One worker with one zone that dials a listener of the test's. */
struct bench {
    struct profile_plan *profile;
    struct node *node;
    struct worker_route route;
    struct worker_plan plan;
    struct metrics_shard shard;
    struct net_address source; /* the route's only one, unless the test says otherwise */
    int listener;
    bool runs_here;
};

static void load_profile(struct bench *bench, const char *load, unsigned port) {
    char path[] = "/tmp/worker-test-XXXXXX";
    struct base_error error;
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    cr_assert_not_null(file);
    fprintf(file,
            "name: bench\nproves: nothing\nauthorities: { ca: { kind: internal } }\n"
            "nodes:\n  core:\n    product: generic\n    address: 127.0.0.16\n    trust: [ca]\n"
            "    client_store: none\n"
            "    zones: { out: { type: neighbor, peer: \"127.0.0.1:%u\", %s } }\n"
            "load: { duration: 5s, dialog: none }\n",
            port, load);
    fclose(file);
    bool loaded = profile_load(&bench->profile, path, NULL, NULL, 0, (int64_t)time(NULL), &error);
    unlink(path);
    cr_assert(loaded, "%s", error.text);
}

static void bench_init(struct bench *bench, const char *load) {
    static const uint32_t identities[] = {1};
    static const struct node_pem empty = {.text = "", .name = "nothing"};
    const struct node_material material = {.trust = empty, .crls = empty};
    const struct metrics_shape shape = {
        .zone_count = 1, .identities_per_zone = identities, .serials_per_table = 8};
    struct net_address *remote = &bench->route.remote;
    struct base_error error;
    *bench = (struct bench){.runs_here = true};
    cr_assert(net_address_from_literal(&bench->source, "127.0.0.16", 0));
    bench->route.sources = &bench->source;
    bench->route.source_count = 1;
    bench->route.attempts_per_source = 14000;
    cr_assert(tls_library_start(&error), "%s", error.text);
    cr_assert(net_address_from_literal(remote, "127.0.0.1", 0));
    cr_assert(net_ring_listen(remote, &bench->listener, &error), "%s", error.text);
    cr_assert_eq(getsockname(bench->listener, &remote->any, &remote->length), 0);
    load_profile(bench, load, net_address_port(remote));
    cr_assert(node_create(&bench->node, bench->profile, 0, &material, &error), "%s", error.text);
    cr_assert(metrics_shard_init(&bench->shard, &shape));
    bench->plan = (struct worker_plan){
        .count = 1,
        .cpu = -1,
        .plan = bench->profile,
        .nodes = &bench->node,
        .runs_here = &bench->runs_here,
        .routes = &bench->route,
        .limits = {.outgoing_slots =
                       worker_outgoing_slots(bench->profile, &bench->runs_here, 0, 1)},
        .seed = 1,
        .shard = &bench->shard,
        .shards = &bench->shard,
        .journal = journal_ring_create(),
    };
}

static void bench_finish(struct bench *bench) {
    close(bench->listener);
    metrics_shard_finish(&bench->shard);
    journal_ring_destroy(bench->plan.journal);
    node_destroy(bench->node);
    profile_plan_destroy(bench->profile);
    tls_library_stop();
}

static struct worker *start(const struct bench *bench) {
    struct worker *worker;
    struct base_error error;
    cr_assert(worker_create(&worker, &bench->plan, &error), "%s", error.text);
    cr_assert(worker_wait_ready(worker, &error), "%s", error.text);
    return worker;
}

/* Where the next connection comes from; it is closed at once. */
static void await_source(const struct bench *bench, char host[NET_ADDRESS_TEXT_SIZE]) {
    struct pollfd pending = {.fd = bench->listener, .events = POLLIN};
    struct net_address peer = {.length = sizeof peer.v6};
    cr_assert_eq(poll(&pending, 1, PATIENCE_MS), 1, "nobody connects");
    int accepted = accept(bench->listener, &peer.any, &peer.length);
    cr_assert_geq(accepted, 0);
    close(accepted);
    net_address_host_text(&peer, host, NET_ADDRESS_TEXT_SIZE);
}

Test(worker, moves_to_the_next_source_after_as_many_attempts_as_the_route_allows) {
    static const char *const expected[] = {
        "127.0.0.16", "127.0.0.16", "127.0.0.16", "127.0.1.16", "127.0.1.16",
        "127.0.1.16", "127.0.0.16", "127.0.0.16", "127.0.0.16", "127.0.1.16",
    };
    struct net_address sources[2];
    struct bench bench;
    char host[NET_ADDRESS_TEXT_SIZE];
    bench_init(&bench, "concurrency: 1");
    sources[0] = bench.source;
    sources[1] = bench.source;
    cr_assert(net_address_rotate_loopback(&sources[1], 1));
    bench.route.sources = sources;
    bench.route.source_count = 2;
    bench.route.attempts_per_source = 3;
    struct worker *worker = start(&bench);
    worker_give_order(worker, WORKER_START);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        await_source(&bench, host);
        cr_assert_str_eq(host, expected[i], "attempt %zu", i);
    }
    worker_destroy(worker);
    bench_finish(&bench);
}

Test(worker, that_is_told_to_quit_before_it_started_dials_nobody) {
    struct bench bench;
    bench_init(&bench, "connections: 4");
    worker_destroy(start(&bench));
    struct pollfd pending = {.fd = bench.listener, .events = POLLIN};
    cr_assert_eq(poll(&pending, 1, 0), 0, "it dialled");
    cr_assert_eq(metrics_read(&bench.shard.zones[0].attempts), 0);
    bench_finish(&bench);
}

Test(worker, counts_what_it_could_not_start_as_dropped) {
    struct bench bench;
    bench_init(&bench, "rate: 100000/s");
    bench.plan.limits.outgoing_slots = 2; /* nobody accepts, so both are soon in use for good */
    struct worker *worker = start(&bench);
    const struct metrics_zone *zone = &bench.shard.zones[0];
    uint64_t deadline_ns = base_clock_now_ns() + PATIENCE_MS * BASE_NS_PER_MS;
    worker_give_order(worker, WORKER_START);
    while (metrics_read(&zone->attempts) < 2) {
        cr_assert_lt(base_clock_now_ns(), deadline_ns);
    }
    worker_give_order(worker, WORKER_FREEZE);
    while (!worker_is_done(worker)) {
        cr_assert_lt(base_clock_now_ns(), deadline_ns);
    }
    worker_give_order(worker, WORKER_CLOSE);
    while (!worker_is_done(worker)) {
        cr_assert_lt(base_clock_now_ns(), deadline_ns);
    }
    worker_destroy(worker);
    cr_assert_eq(metrics_read(&zone->attempts), 2);
    cr_assert_gt(metrics_read(&zone->dropped), 0);
    cr_assert_eq(metrics_zone_in_flight(zone), 2);
    bench_finish(&bench);
}
