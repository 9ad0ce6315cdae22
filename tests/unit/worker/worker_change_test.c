/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "certs_authority.h"
#include "node.h"
#include "profile_load.h"
#include "tls_context.h"
#include "worker.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NS (8 * BASE_NS_PER_S)

enum { CORE, EDGE, NODES };
enum { GENERATIONS = 3 };

/* One worker in which a node dials another, again and again. */
struct bench {
    struct profile_plan *profile;
    struct certs_authority *authority;
    char *root;
    struct node *nodes[GENERATIONS][NODES];
    struct worker_route route;
    struct net_address listener;
    struct net_address source;
    struct metrics_shard shard;
    struct journal_ring *journal;
    struct worker *worker;
};

static const bool runs_here[NODES] = {true, true};

static void load_profile(struct bench *bench, unsigned port) {
    char path[] = "/tmp/worker-change-XXXXXX";
    struct base_error error;
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    cr_assert_not_null(file);
    fprintf(
        file,
        "name: bench\nproves: nothing\nauthorities: { ca: { kind: internal } }\n"
        "nodes:\n"
        "  core:\n    product: generic\n    address: 127.0.0.16\n    trust: [ca]\n"
        "    server_store: none\n    client_store: { issuer: ca, eku: [serverAuth, clientAuth] }\n"
        "    zones: { out: { type: neighbor, peer: edge.in, concurrency: 1 } }\n"
        "  edge:\n    product: generic\n    address: 127.0.0.1\n    trust: [ca]\n"
        "    server_store: { issuer: ca, eku: [serverAuth, clientAuth] }\n"
        "    listeners: { in: { port: %u, service: sip } }\n"
        "load: { duration: 5s, dialog: none }\n",
        port);
    fclose(file);
    bool loaded = profile_load(&bench->profile, path, NULL, NULL, 0, (int64_t)time(NULL), &error);
    unlink(path);
    cr_assert(loaded, "%s", error.text);
}

/* A port that is free now, kept by nobody. */
static void choose_port(struct bench *bench) {
    struct base_error error;
    int socket;
    cr_assert(net_address_from_literal(&bench->listener, "127.0.0.1", 0));
    cr_assert(net_ring_listen(&bench->listener, &socket, &error), "%s", error.text);
    cr_assert_eq(getsockname(socket, &bench->listener.any, &bench->listener.length), 0);
    close(socket);
}

static struct certs_identity issue(const struct bench *bench, uint8_t serial) {
    static const char *const names[] = {"node.example.test"};
    static const char *const usages[] = {"serverAuth", "clientAuth"};
    const struct certs_leaf_spec spec = {
        .key = "ecdsa-p256",
        .usages = {.names = usages, .count = 2, .present = true},
        .names = names,
        .name_count = 1,
        .serial = base_bytes(&serial, 1),
        .not_before = 1767225600,
        .not_after = 2082758400,
    };
    struct certs_identity identity;
    struct base_error error;
    cr_assert(certs_authority_issue(bench->authority, &spec, &identity, &error), "%s", error.text);
    return identity;
}

/* Generation 2 has an acceptor without certificate: no listener can be made of it. */
static void make_nodes(struct bench *bench) {
    struct base_error error;
    for (unsigned i = 0; i < GENERATIONS * NODES; i++) {
        unsigned generation = i / NODES;
        unsigned index = i % NODES;
        struct certs_identity identity = issue(bench, (uint8_t)(16 * (generation + 1) + index));
        const struct node_credential credential = {.chain = {identity.chain_pem, "chain"},
                                                   .key = {identity.key_pem, "key"}};
        const struct node_material material = {
            .server = &credential,
            .server_count = index == EDGE && generation < 2 ? 1 : 0,
            .client = &credential,
            .client_count = index == CORE ? 1 : 0,
            .trust = {bench->root, "trust"},
            .crls = {"", "lists"},
        };
        struct node **out = &bench->nodes[generation][index];
        bool made = generation == 0
                        ? node_create(out, bench->profile, index, &material, &error)
                        : node_create_successor(out, bench->nodes[generation - 1][index], &material,
                                                &error);
        cr_assert(made, "%s", error.text);
        certs_identity_finish(&identity);
    }
}

static void bench_init(struct bench *bench) {
    static const uint32_t identities[] = {1};
    const struct certs_authority_spec ca = {.name = "ca", .key = "ecdsa-p256"};
    const struct metrics_shape shape = {.zone_count = 1,
                                        .listener_count = 1,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 16};
    struct base_error error;
    *bench = (struct bench){.journal = journal_ring_create()};
    cr_assert(tls_library_start(&error), "%s", error.text);
    cr_assert(certs_authority_create(&bench->authority, &ca, &error), "%s", error.text);
    bench->root = certs_authority_root_pem(bench->authority);
    choose_port(bench);
    load_profile(bench, net_address_port(&bench->listener));
    make_nodes(bench);
    cr_assert(net_address_from_literal(&bench->source, "127.0.0.16", 0));
    bench->route = (struct worker_route){.remote = bench->listener,
                                         .sources = &bench->source,
                                         .source_count = 1,
                                         .attempts_per_source = 14000};
    cr_assert(metrics_shard_init(&bench->shard, &shape));
    const struct worker_plan plan = {
        .count = 1,
        .cpu = -1,
        .plan = bench->profile,
        .nodes = bench->nodes[0],
        .runs_here = runs_here,
        .routes = &bench->route,
        .listener_addresses = &bench->listener,
        .limits = {.outgoing_slots = 1, .incoming_slots = 8},
        .seed = 1,
        .shard = &bench->shard,
        .journal = bench->journal,
    };
    cr_assert(worker_create(&bench->worker, &plan, &error), "%s", error.text);
    cr_assert(worker_wait_ready(bench->worker, &error), "%s", error.text);
    worker_give_order(bench->worker, WORKER_START);
}

static void bench_finish(struct bench *bench) {
    metrics_shard_finish(&bench->shard);
    journal_ring_destroy(bench->journal);
    for (unsigned generation = GENERATIONS; generation-- > 0;) {
        for (unsigned i = 0; i < NODES; i++) {
            node_destroy(bench->nodes[generation][i]);
        }
    }
    free(bench->root);
    certs_authority_destroy(bench->authority);
    profile_plan_destroy(bench->profile);
    tls_library_stop();
}

static void pause_shortly(uint64_t end_ns, const char *what) {
    const struct timespec pause = {.tv_nsec = (long)BASE_NS_PER_MS};
    cr_assert_lt(base_clock_now_ns(), end_ns, "%s", what);
    nanosleep(&pause, NULL);
}

/* Whole connections that begin from now on. */
static void await_connections(const struct bench *bench) {
    const metrics_counter *established = &bench->shard.zones[0].established;
    uint64_t wanted = metrics_read(established) + 4;
    uint64_t end_ns = base_clock_now_ns() + PATIENCE_NS;
    while (metrics_read(established) < wanted) {
        pause_shortly(end_ns, "nobody connects");
    }
}

static enum worker_answer change(const struct bench *bench, enum worker_change change,
                                 unsigned generation, struct base_error *error) {
    enum worker_answer answer;
    uint64_t end_ns = base_clock_now_ns() + PATIENCE_NS;
    worker_change_nodes(bench->worker, change, bench->nodes[generation]);
    while ((answer = worker_change_answer(bench->worker, error)) == WORKER_UNDECIDED) {
        pause_shortly(end_ns, "no answer");
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
    bench_init(&bench);
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
    bench_init(&bench);
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
    bench_init(&bench);
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
