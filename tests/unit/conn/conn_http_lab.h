/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_HTTP_LAB_H
#define CONN_HTTP_LAB_H

#include "conn_lab.h"
#include "profile_plan.h"

/*
 * An Edge that listens for clients and for tunnels, and a Core that dials a tunnel and a server,
 * both in one process: each of their connections has a peer that the test moves by hand.
 */
enum { CHAIN_PROVISIONING, CHAIN_TUNNEL_LISTENER, CHAIN_LISTENERS };
enum { CHAIN_TUNNEL_ZONE, CHAIN_TFTP, CHAIN_ZONES };
enum { CHAIN_EDGE, CHAIN_CORE, CHAIN_NODES };
#define CHAIN_PEERS_MAX 5

struct chain {
    struct lab lab;
    struct profile_plan plan;
    struct profile_node nodes[CHAIN_NODES];
    struct profile_route routes[CHAIN_NODES];
    struct profile_listener planned_listeners[CHAIN_LISTENERS];
    struct profile_zone planned_zones[CHAIN_ZONES];
    struct node_self selves[CHAIN_NODES];
    struct node_listener listeners[CHAIN_LISTENERS];
    struct node_zone zones[CHAIN_ZONES];
    struct net_address addresses[CHAIN_LISTENERS];
    struct base_pool slots;
    struct lab_peer peers[CHAIN_PEERS_MAX];
    unsigned peer_count;
    uint32_t free_exchanges;
};

void chain_init(struct chain *chain);
void chain_finish(struct chain *chain);
void chain_turn(struct chain *chain);

/* Whoever dials the listener, or is dialled by the zone; chain->lab.conn is our end. */
struct lab_peer *chain_dial(struct chain *chain, uint32_t listener);
struct lab_peer *chain_be_dialled(struct chain *chain, uint32_t zone);

/* The same, and the tunnel or the server's first answer stands. */
struct lab_peer *chain_open_tunnel_of_edge(struct chain *chain);
struct lab_peer *chain_open_tunnel_of_core(struct chain *chain);
struct lab_peer *chain_open_server(struct chain *chain);

void chain_say(struct lab_peer *peer, const char *text);
bool chain_heard(const struct lab_peer *peer, const char *text);
/* The number behind "Tunnel-Channel: " in what the peer heard last. */
unsigned long long chain_channel(const struct lab_peer *peer);

#define CHAIN_UNTIL(chain, condition)                                                              \
    do {                                                                                           \
        uint64_t deadline_ns = base_clock_now_ns() + LAB_PATIENCE_NS;                              \
        while (!(condition)) {                                                                     \
            cr_assert(base_clock_now_ns() < deadline_ns, "never: " #condition);                    \
            chain_turn(chain);                                                                     \
        }                                                                                          \
    } while (false)

#endif
