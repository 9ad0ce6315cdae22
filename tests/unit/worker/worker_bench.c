/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_bench.h"

#include "base_clock.h"
#include "profile_load.h"
#include "tls_context.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const bool runs_here[BENCH_NODES] = {true, true};

/* `later`: NULL: there is one zone. */
static void load_profile(struct bench *bench, const char *load, const char *later, unsigned port) {
    char next[128] = "";
    char path[] = "/tmp/worker-change-XXXXXX";
    struct base_error error;
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    cr_assert_not_null(file);
    if (later != NULL) {
        snprintf(next, sizeof next, ", next: { type: neighbor, peer: edge.in, after: out, %s }",
                 later);
    }
    fprintf(
        file,
        "name: bench\nproves: nothing\nauthorities: { ca: { kind: internal } }\n"
        "nodes:\n"
        "  core:\n    product: generic\n    address: 127.0.0.16\n    trust: [ca]\n"
        "    server_store: none\n    client_store: { issuer: ca, eku: [serverAuth, clientAuth] }\n"
        "    zones: { out: { type: neighbor, peer: edge.in, %s }%s }\n"
        "  edge:\n    product: generic\n    address: 127.0.0.1\n    trust: [ca]\n"
        "    server_store: { issuer: ca, eku: [serverAuth, clientAuth] }\n"
        "    listeners: { in: { port: %u, service: sip } }\n"
        "load: { duration: 5s, dialog: none }\n",
        load, next, port);
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
    for (unsigned i = 0; i < BENCH_GENERATIONS * BENCH_NODES; i++) {
        unsigned generation = i / BENCH_NODES;
        unsigned index = i % BENCH_NODES;
        struct certs_identity identity = issue(bench, (uint8_t)(16 * (generation + 1) + index));
        const struct node_credential credential = {.chain = {identity.chain_pem, "chain"},
                                                   .key = {identity.key_pem, "key"}};
        const struct node_material material = {
            .server = &credential,
            .server_count = index == BENCH_EDGE && generation < 2 ? 1 : 0,
            .client = &credential,
            .client_count = index == BENCH_CORE ? 1 : 0,
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

void bench_init(struct bench *bench, const char *load) {
    bench_init_with_later(bench, load, NULL);
}

void bench_init_with_later(struct bench *bench, const char *load, const char *later) {
    static const uint32_t identities[BENCH_ZONES] = {1, 1};
    const struct certs_authority_spec ca = {.name = "ca", .key = "ecdsa-p256"};
    const struct metrics_shape shape = {.zone_count = later == NULL ? 1 : BENCH_ZONES,
                                        .listener_count = 1,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 16};
    struct base_error error;
    *bench = (struct bench){.journal = journal_ring_create()};
    cr_assert(tls_library_start(&error), "%s", error.text);
    cr_assert(certs_authority_create(&bench->authority, &ca, &error), "%s", error.text);
    bench->root = certs_authority_root_pem(bench->authority);
    choose_port(bench);
    load_profile(bench, load, later, net_address_port(&bench->listener));
    make_nodes(bench);
    cr_assert(net_address_from_literal(&bench->source, "127.0.0.16", 0));
    for (unsigned i = 0; i < BENCH_ZONES; i++) {
        bench->routes[i] = (struct worker_route){.remote = bench->listener,
                                                 .sources = &bench->source,
                                                 .source_count = 1,
                                                 .attempts_per_source = 14000};
        bench->steered[i].rate_per_s = -1;
        bench->steered[i].connections = -1;
    }
    cr_assert(metrics_shard_init(&bench->shard, &shape));
    cr_assert(metrics_shard_init(&bench->copy, &shape));
    bench->steering.zones = bench->steered;
    const struct worker_plan plan = {
        .count = 1,
        .cpu = -1,
        .plan = bench->profile,
        .nodes = bench->nodes[0],
        .runs_here = runs_here,
        .routes = bench->routes,
        .listener_addresses = &bench->listener,
        .limits = {.outgoing_slots = BENCH_SLOTS, .incoming_slots = BENCH_SLOTS},
        .seed = 1,
        .shard = &bench->shard,
        .shards = &bench->shard,
        .journal = bench->journal,
        .steering = &bench->steering,
    };
    cr_assert(worker_create(&bench->worker, &plan, &error), "%s", error.text);
    cr_assert(worker_wait_ready(bench->worker, &error), "%s", error.text);
}

void bench_finish(struct bench *bench) {
    metrics_shard_finish(&bench->copy);
    metrics_shard_finish(&bench->shard);
    journal_ring_destroy(bench->journal);
    for (unsigned generation = BENCH_GENERATIONS; generation-- > 0;) {
        for (unsigned i = 0; i < BENCH_NODES; i++) {
            node_destroy(bench->nodes[generation][i]);
        }
    }
    free(bench->root);
    certs_authority_destroy(bench->authority);
    profile_plan_destroy(bench->profile);
    tls_library_stop();
}

void bench_pause_shortly(uint64_t end_ns, const char *what) {
    const struct timespec pause = {.tv_nsec = (long)BASE_NS_PER_MS};
    cr_assert_lt(base_clock_now_ns(), end_ns, "%s", what);
    nanosleep(&pause, NULL);
}

void bench_order(const struct bench *bench, enum worker_order order) {
    uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
    worker_give_order(bench->worker, order);
    while (!worker_is_done(bench->worker)) {
        bench_pause_shortly(end_ns, "the order is not carried out");
    }
}

void bench_steer(struct bench *bench) {
    bench->steering.version++;
}

void bench_await(const metrics_counter *counter, uint64_t wanted) {
    uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
    while (metrics_read(counter) < wanted) {
        bench_pause_shortly(end_ns, "too few");
    }
}

void bench_await_open(const struct bench *bench, uint32_t zone, uint64_t wanted) {
    const struct metrics_zone *counted = &bench->shard.zones[zone];
    uint64_t end_ns = base_clock_now_ns() + BENCH_PATIENCE_NS;
    while (metrics_zone_open(counted) != wanted || metrics_zone_in_flight(counted) != 0) {
        bench_pause_shortly(end_ns, "another number of connections is open");
    }
}
