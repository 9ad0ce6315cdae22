/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http_lab.h"

#include "tls_session.h"

#include <stdlib.h>
#include <string.h>

#define LONG_NS (3600 * BASE_NS_PER_S)

static char cucm[] = "cucm.example.test";
static char loopback[] = "127.0.0.1";
static char provisioning[] = "edge.provisioning";
static char tunnel_listener[] = "edge.tunnel";
static char tunnel_zone[] = "core.tunnel";
static char tftp_zone[] = "core.tftp";

static void plan_nodes(struct chain *chain) {
    chain->routes[CHAIN_EDGE] = (struct profile_route){
        .match = cucm, .zone = PROFILE_NONE, .listener = CHAIN_TUNNEL_LISTENER};
    chain->routes[CHAIN_CORE] =
        (struct profile_route){.match = cucm, .zone = CHAIN_TFTP, .listener = PROFILE_NONE};
    for (unsigned i = 0; i < CHAIN_NODES; i++) {
        chain->nodes[i] = (struct profile_node){
            .address = loopback, .routes = &chain->routes[i], .route_count = 1};
        chain->selves[i].relays = true;
    }
    strcpy(chain->selves[CHAIN_EDGE].name, "edge.example.test");
    strcpy(chain->selves[CHAIN_CORE].name, "core.example.test");
}

static void plan_listeners(struct chain *chain) {
    chain->planned_listeners[CHAIN_PROVISIONING] = (struct profile_listener){
        .full_name = provisioning, .service = PROFILE_SERVICE_PROVISIONING};
    chain->planned_listeners[CHAIN_TUNNEL_LISTENER] =
        (struct profile_listener){.full_name = tunnel_listener, .service = PROFILE_SERVICE_TUNNEL};
    for (unsigned i = 0; i < CHAIN_LISTENERS; i++) {
        chain->listeners[i] = (struct node_listener){
            .context = chain->lab.listener.context,
            .node = CHAIN_EDGE,
            .protocol = i == CHAIN_PROVISIONING ? NODE_PROTOCOL_HTTP : NODE_PROTOCOL_TUNNEL,
            .timeout_ns = LONG_NS};
        chain->addresses[i] = chain->lab.address;
    }
}

static void plan_zones(struct chain *chain) {
    chain->planned_zones[CHAIN_TUNNEL_ZONE].full_name = tunnel_zone;
    chain->planned_zones[CHAIN_TFTP].full_name = tftp_zone;
    for (unsigned i = 0; i < CHAIN_ZONES; i++) {
        chain->zones[i] = chain->lab.zone;
        chain->zones[i].node = CHAIN_CORE;
        chain->zones[i].options_interval_ns = LONG_NS;
        chain->zones[i].timeout_ns = LONG_NS;
    }
    chain->zones[CHAIN_TUNNEL_ZONE].protocol = NODE_PROTOCOL_TUNNEL;
    chain->zones[CHAIN_TUNNEL_ZONE].dialog = NODE_DIALOG_NONE;
    struct node_zone *tftp = &chain->zones[CHAIN_TFTP];
    tftp->protocol = NODE_PROTOCOL_HTTP;
    tftp->dialog = NODE_DIALOG_HTTP;
    strcpy(tftp->target_uri, "/phone.cnf.xml");
    strcpy(tftp->target_authority, "cucm.example.test:6972");
}

/* The lab is made for one zone and one listener. */
static void widen(struct chain *chain) {
    static const uint32_t identities[CHAIN_ZONES] = {1, 1};
    const struct metrics_shape shape = {.zone_count = CHAIN_ZONES,
                                        .listener_count = CHAIN_LISTENERS,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 8};
    struct lab *lab = &chain->lab;
    conn_environment_finish(&lab->environment);
    metrics_shard_finish(&lab->shard);
    lab->instance.plan = &chain->plan;
    lab->instance.selves = chain->selves;
    lab->instance.zones = chain->zones;
    lab->instance.zone_count = CHAIN_ZONES;
    lab->instance.listeners = chain->listeners;
    lab->instance.listener_count = CHAIN_LISTENERS;
    chain->slots = (struct base_pool){.memory = (uint8_t *)lab->conns,
                                      .block_bytes = sizeof lab->conns[0],
                                      .block_count = LAB_SLOTS};
    lab->environment.slots = &chain->slots;
    lab->environment.listener_addresses = chain->addresses;
    cr_assert(metrics_shard_init(&lab->shard, &shape));
    cr_assert(conn_environment_init(&lab->environment, LAB_SLOTS, 7, base_clock_now_ns()));
}

void chain_init(struct chain *chain) {
    *chain = (struct chain){.peer_count = 0};
    lab_init(&chain->lab, TLS_VERSION_1_3);
    plan_nodes(chain);
    plan_listeners(chain);
    plan_zones(chain);
    chain->plan.nodes = chain->nodes;
    chain->plan.node_count = CHAIN_NODES;
    chain->plan.listeners = chain->planned_listeners;
    chain->plan.listener_count = CHAIN_LISTENERS;
    chain->plan.zones = chain->planned_zones;
    chain->plan.zone_count = CHAIN_ZONES;
    widen(chain);
    chain->free_exchanges = chain->lab.environment.exchanges.free_count;
}

void chain_finish(struct chain *chain) {
    for (unsigned i = 0; i < chain->peer_count; i++) {
        lab_peer_finish(&chain->peers[i]);
    }
    lab_finish(&chain->lab);
}

void chain_turn(struct chain *chain) {
    for (unsigned i = 0; i < chain->peer_count; i++) {
        lab_turn(&chain->lab, &chain->peers[i]);
    }
}

static struct lab_peer *next_peer(struct chain *chain) {
    cr_assert_lt(chain->peer_count, CHAIN_PEERS_MAX);
    chain->lab.conn = NULL;
    return &chain->peers[chain->peer_count];
}

struct lab_peer *chain_dial(struct chain *chain, uint32_t listener) {
    struct lab_peer *peer = next_peer(chain);
    chain->lab.accepts_as = listener;
    lab_peer_dials(&chain->lab, peer);
    chain->peer_count++;
    return peer;
}

struct lab_peer *chain_be_dialled(struct chain *chain, uint32_t zone) {
    struct lab_peer *peer = next_peer(chain);
    chain->lab.dials_as = zone;
    lab_peer_is_dialled(&chain->lab, peer);
    chain->peer_count++;
    return peer;
}

struct lab_peer *chain_open_tunnel_of_edge(struct chain *chain) {
    struct lab_peer *peer = chain_dial(chain, CHAIN_TUNNEL_LISTENER);
    CHAIN_UNTIL(chain, tls_session_is_open(peer->session));
    chain_say(peer, "\r\n\r\n");
    CHAIN_UNTIL(chain, chain_heard(peer, "\r\n"));
    lab_peer_forget(peer);
    return peer;
}

struct lab_peer *chain_open_tunnel_of_core(struct chain *chain) {
    struct lab_peer *peer = chain_be_dialled(chain, CHAIN_TUNNEL_ZONE);
    struct conn *conn = chain->lab.conn;
    CHAIN_UNTIL(chain, chain_heard(peer, "\r\n\r\n"));
    chain_say(peer, "\r\n");
    CHAIN_UNTIL(chain, conn->established);
    lab_peer_forget(peer);
    return peer;
}

struct lab_peer *chain_open_server(struct chain *chain) {
    struct lab_peer *peer = chain_be_dialled(chain, CHAIN_TFTP);
    struct conn *conn = chain->lab.conn;
    CHAIN_UNTIL(chain, chain_heard(peer, "GET /phone.cnf.xml HTTP/1.1\r\n"));
    chain_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHAIN_UNTIL(chain, conn->established);
    lab_peer_forget(peer);
    return peer;
}

void chain_say(struct lab_peer *peer, const char *text) {
    lab_peer_write(peer, base_bytes_of_text(text));
}

bool chain_heard(const struct lab_peer *peer, const char *text) {
    return lab_peer_count(peer, text) > 0;
}

unsigned long long chain_channel(const struct lab_peer *peer) {
    static const char name[] = "Tunnel-Channel: ";
    cr_assert_eq(lab_peer_count(peer, name), 1);
    const char *at = memmem(peer->plaintext.data, peer->plaintext.length, name, strlen(name));
    return strtoull(at + strlen(name), NULL, 10);
}
