/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_house.h"

#include "tls_session.h"

#include <string.h>

static char cucm[] = "cucm.example.test";
static char webex[] = "*.webex.example.test";
static char loopback[] = "127.0.0.1";
static char edge_sip[] = "edge.sip";
static char edge_uc[] = "edge.uc-traversal";
static char core_uc[] = "core.uc";
static char core_cucm[] = "core.cucm";
static char edge_webex[] = "edge.webex";

static void plan_nodes(struct house *house) {
    house->routes[HOUSE_EDGE][0] =
        (struct profile_route){.match = cucm, .zone = PROFILE_NONE, .listener = HOUSE_UC};
    house->routes[HOUSE_EDGE][1] =
        (struct profile_route){.match = webex, .zone = HOUSE_WEBEX, .listener = PROFILE_NONE};
    house->routes[HOUSE_CORE][0] =
        (struct profile_route){.match = cucm, .zone = HOUSE_CUCM, .listener = PROFILE_NONE};
    house->routes[HOUSE_CORE][1] =
        (struct profile_route){.match = webex, .zone = HOUSE_CORE_UC, .listener = PROFILE_NONE};
    for (unsigned i = 0; i < HOUSE_NODES; i++) {
        house->nodes[i] = (struct profile_node){
            .address = loopback, .routes = house->routes[i], .route_count = HOUSE_ROUTES};
        house->selves[i].relays = true;
    }
    strcpy(house->selves[HOUSE_EDGE].name, "edge.example.test");
    strcpy(house->selves[HOUSE_CORE].name, "core.example.test");
}

static void plan_listeners(struct house *house) {
    house->planned_listeners[HOUSE_SIP].full_name = edge_sip;
    house->planned_listeners[HOUSE_UC].full_name = edge_uc;
    for (unsigned i = 0; i < HOUSE_LISTENERS; i++) {
        house->listeners[i] = house->lab.listener;
        house->listeners[i].node = HOUSE_EDGE;
        house->addresses[i] = house->lab.address;
    }
    /* Requests for the Core itself go back over what it opened. */
    strcpy(house->listeners[HOUSE_UC].peer_name, "core.example.test");
}

static void plan_zones(struct house *house) {
    static char *const names[] = {core_uc, core_cucm, edge_webex};
    for (unsigned i = 0; i < HOUSE_ZONES; i++) {
        house->planned_zones[i].full_name = names[i];
        house->zones[i] = house->lab.zone;
        house->zones[i].node = HOUSE_CORE;
    }
    struct node_zone *zone = &house->zones[HOUSE_CUCM];
    strcpy(zone->remote_name, cucm);
    strcpy(zone->target_uri, "sip:cucm.example.test");
    zone = &house->zones[HOUSE_WEBEX];
    zone->node = HOUSE_EDGE;
    strcpy(zone->local_name, "edge.example.test");
    strcpy(zone->remote_name, "sip.webex.example.test");
    strcpy(zone->target_uri, "sip:sip.webex.example.test");
}

/* The lab is made for one zone and one listener. */
static void widen(struct house *house) {
    static const uint32_t identities[HOUSE_ZONES] = {1, 1, 1};
    const struct metrics_shape shape = {.zone_count = HOUSE_ZONES,
                                        .listener_count = HOUSE_LISTENERS,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 8};
    struct lab *lab = &house->lab;
    conn_environment_finish(&lab->environment);
    metrics_shard_finish(&lab->shard);
    lab->instance = (struct node_instance){.plan = &house->plan,
                                           .selves = house->selves,
                                           .zones = house->zones,
                                           .zone_count = HOUSE_ZONES,
                                           .listeners = house->listeners,
                                           .listener_count = HOUSE_LISTENERS};
    house->slots = (struct base_pool){.memory = (uint8_t *)lab->conns,
                                      .block_bytes = sizeof lab->conns[0],
                                      .block_count = LAB_SLOTS};
    lab->environment.slots = &house->slots;
    lab->environment.listener_addresses = house->addresses;
    cr_assert(metrics_shard_init(&lab->shard, &shape));
    cr_assert(conn_environment_init(&lab->environment, LAB_SLOTS, 7, base_clock_now_ns()));
}

void house_init(struct house *house) {
    *house = (struct house){.peer_count = 0};
    lab_init(&house->lab, TLS_VERSION_1_3);
    plan_nodes(house);
    plan_listeners(house);
    plan_zones(house);
    house->plan.nodes = house->nodes;
    house->plan.node_count = HOUSE_NODES;
    house->plan.listeners = house->planned_listeners;
    house->plan.listener_count = HOUSE_LISTENERS;
    house->plan.zones = house->planned_zones;
    house->plan.zone_count = HOUSE_ZONES;
    widen(house);
}

void house_finish(struct house *house) {
    for (unsigned i = 0; i < house->peer_count; i++) {
        lab_peer_finish(&house->peers[i]);
    }
    lab_finish(&house->lab);
}

void house_turn(struct house *house) {
    if (house->peer_count == 0) {
        lab_turn(&house->lab, NULL);
    }
    for (unsigned i = 0; i < house->peer_count; i++) {
        lab_turn(&house->lab, &house->peers[i]);
    }
}

static struct lab_peer *next_peer(struct house *house) {
    cr_assert_lt(house->peer_count, HOUSE_PEERS_MAX);
    house->lab.conn = NULL;
    return &house->peers[house->peer_count];
}

struct lab_peer *house_open_listener(struct house *house, uint32_t listener) {
    struct lab_peer *peer = next_peer(house);
    house->lab.accepts_as = listener;
    lab_peer_dials(&house->lab, peer);
    house->peer_count++;
    HOUSE_UNTIL(house, tls_session_is_open(peer->session));
    sip_lab_ask(peer, "OPTIONS", "sip:edge.example.test", "");
    HOUSE_HEARS(house, peer, 1);
    cr_assert_eq(sip_lab_last(peer).status, 200);
    lab_peer_forget(peer);
    return peer;
}

struct lab_peer *house_open_zone(struct house *house, uint32_t zone) {
    struct lab_peer *peer = next_peer(house);
    house->lab.dials_as = zone;
    lab_peer_is_dialled(&house->lab, peer);
    house->peer_count++;
    HOUSE_HEARS(house, peer, 1);
    sip_lab_answer_status(peer, 200);
    HOUSE_UNTIL(house, house->lab.conn->answered);
    lab_peer_forget(peer);
    return peer;
}

void house_join_core_and_edge(struct house *house) {
    static struct net_address source;
    struct lab *lab = &house->lab;
    cr_assert(net_address_from_literal(&source, "127.0.0.1", 0));
    const struct conn_attempt attempt = {
        .zone = HOUSE_CORE_UC,
        .presented = &lab->presented,
        .source = &source,
        .remote = &lab->address,
        .intended_ns = base_clock_now_ns(),
    };
    struct conn *core = &lab->conns[HOUSE_CORE_UC];
    lab->accepts_as = HOUSE_UC;
    lab->environment.now_ns = base_clock_now_ns();
    cr_assert_eq(conn_start(core, &lab->environment, &attempt), CONN_GOES_ON);
    HOUSE_UNTIL(house, core->answered);
}
