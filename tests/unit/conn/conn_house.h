/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_HOUSE_H
#define CONN_HOUSE_H

#include "conn_sip_lab.h"
#include "profile_plan.h"

/*
 * An Edge that phones and a Core dial, and that dials Webex; a Core that dials the Edge and a CUCM.
 * Both nodes are ours; phone, CUCM and Webex are peers that the test moves by hand, and so is
 * whoever else dials the Edge's traversal listener.
 */
enum { HOUSE_SIP, HOUSE_UC, HOUSE_LISTENERS };
enum { HOUSE_CORE_UC, HOUSE_CUCM, HOUSE_WEBEX, HOUSE_ZONES };
enum { HOUSE_EDGE, HOUSE_CORE, HOUSE_NODES };
#define HOUSE_ROUTES    2
#define HOUSE_PEERS_MAX 4

struct house {
    struct lab lab;
    struct profile_plan plan;
    struct profile_node nodes[HOUSE_NODES];
    struct profile_route routes[HOUSE_NODES][HOUSE_ROUTES];
    struct profile_listener planned_listeners[HOUSE_LISTENERS];
    struct profile_zone planned_zones[HOUSE_ZONES];
    struct node_self selves[HOUSE_NODES];
    struct node_listener listeners[HOUSE_LISTENERS];
    struct node_zone zones[HOUSE_ZONES];
    struct net_address addresses[HOUSE_LISTENERS];
    struct base_pool slots;
    struct lab_peer peers[HOUSE_PEERS_MAX];
    unsigned peer_count;
};

void house_init(struct house *house);
void house_finish(struct house *house);
void house_turn(struct house *house);

/* A peer that dials the listener, admitted by an OPTIONS of its own; house->lab.conn is our end. */
struct lab_peer *house_open_listener(struct house *house, uint32_t listener);
/* A peer that one of our zones dials: our OPTIONS is answered. */
struct lab_peer *house_open_zone(struct house *house, uint32_t zone);
/* The Core dials the Edge: both ends are ours. */
void house_join_core_and_edge(struct house *house);

#define HOUSE_UNTIL(house, condition)                                                              \
    do {                                                                                           \
        uint64_t deadline_ns = base_clock_now_ns() + LAB_PATIENCE_NS;                              \
        while (!(condition)) {                                                                     \
            cr_assert(base_clock_now_ns() < deadline_ns, "never: " #condition);                    \
            house_turn(house);                                                                     \
        }                                                                                          \
    } while (false)

/* Until the peer has heard that many messages. */
#define HOUSE_HEARS(house, peer, count) HOUSE_UNTIL(house, sip_lab_heard(peer) >= (count))

#endif
