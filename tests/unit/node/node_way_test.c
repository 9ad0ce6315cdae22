/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"
#include "profile_plan.h"

#include <criterion/criterion.h>

enum { CORE, EDGE, CUCM };
enum { CORE_UC, CORE_CUCM, CORE_TFTP };            /* zones */
enum { EDGE_UC, EDGE_TUNNEL, EDGE_SIP, CUCM_SIP }; /* listeners */

static char uc_match[] = "cucm.example.test";
static char wild_match[] = "*.webex.test";
static struct profile_route edge_routes[] = {
    {.match = uc_match, .zone = PROFILE_NONE, .listener = EDGE_TUNNEL},
    {.match = uc_match, .zone = PROFILE_NONE, .listener = EDGE_UC},
};
static struct profile_route core_routes[] = {
    {.match = wild_match, .zone = CORE_UC, .listener = PROFILE_NONE},
};
static char core_address[] = "127.0.0.16";
static struct profile_node nodes[] = {
    [CORE] = {.address = core_address, .routes = core_routes, .route_count = 1},
    [EDGE] = {.routes = edge_routes, .route_count = 2},
    [CUCM] = {.route_count = 0},
};
static const struct profile_plan plan = {.nodes = nodes, .node_count = 3};

static struct node_self selves[] = {
    [CORE] = {.name = "core.example.test", .relays = true},
    [EDGE] = {.name = "edge.example.test", .relays = true},
    [CUCM] = {.name = "cucm.example.test"},
};
static struct node_zone zones[] = {
    [CORE_UC] = {.node = CORE, .protocol = NODE_PROTOCOL_SIP, .remote_name = "edge.example.test"},
    [CORE_CUCM] = {.node = CORE, .protocol = NODE_PROTOCOL_SIP, .remote_name = "cucm.example.test"},
    [CORE_TFTP] = {.node = CORE,
                   .protocol = NODE_PROTOCOL_HTTP,
                   .remote_name = "cucm.example.test"},
};
static struct node_listener listeners[] = {
    [EDGE_UC] = {.node = EDGE, .protocol = NODE_PROTOCOL_SIP, .peer_name = "core.example.test"},
    [EDGE_TUNNEL] = {.node = EDGE,
                     .protocol = NODE_PROTOCOL_TUNNEL,
                     .peer_name = "core.example.test"},
    [EDGE_SIP] = {.node = EDGE, .protocol = NODE_PROTOCOL_SIP},
    [CUCM_SIP] = {.node = CUCM, .protocol = NODE_PROTOCOL_SIP, .peer_name = "core.example.test"},
};
static const struct node_instance instance = {
    .plan = &plan,
    .selves = selves,
    .zones = zones,
    .zone_count = 3,
    .listeners = listeners,
    .listener_count = 4,
};

struct case_of_way {
    const char *name;
    uint32_t node;
    enum node_protocol protocol;
    const char *host;
    enum node_way way;
    struct node_hop hop;
};

static const struct case_of_way cases[] = {
    {"SIP takes the route whose hop speaks SIP",
     EDGE,
     NODE_PROTOCOL_SIP,
     "cucm.example.test",
     NODE_WAY_ONWARDS,
     {true, EDGE_UC}},
    {"HTTP takes the one with the tunnel",
     EDGE,
     NODE_PROTOCOL_HTTP,
     "cucm.example.test",
     NODE_WAY_ONWARDS,
     {true, EDGE_TUNNEL}},
    {"a peer's name needs no route",
     CORE,
     NODE_PROTOCOL_SIP,
     "cucm.example.test",
     NODE_WAY_ONWARDS,
     {false, CORE_CUCM}},
    {"nor does it for HTTP",
     CORE,
     NODE_PROTOCOL_HTTP,
     "cucm.example.test",
     NODE_WAY_ONWARDS,
     {false, CORE_TFTP}},
    {"what came out of a tunnel is HTTP",
     CORE,
     NODE_PROTOCOL_TUNNEL,
     "cucm.example.test",
     NODE_WAY_ONWARDS,
     {false, CORE_TFTP}},
    {"letter case does not count",
     CORE,
     NODE_PROTOCOL_SIP,
     "EDGE.Example.Test",
     NODE_WAY_ONWARDS,
     {false, CORE_UC}},
    {"back to who opened the connection",
     EDGE,
     NODE_PROTOCOL_SIP,
     "core.example.test",
     NODE_WAY_ONWARDS,
     {true, EDGE_UC}},
    {"a wildcard stands for any host of the domain",
     CORE,
     NODE_PROTOCOL_SIP,
     "eu.webex.test",
     NODE_WAY_ONWARDS,
     {false, CORE_UC}},
    {"but not for the domain itself", CORE, NODE_PROTOCOL_SIP, "webex.test", NODE_WAY_NONE, {0}},
    {"nor for a name that only ends alike",
     CORE,
     NODE_PROTOCOL_SIP,
     "notwebex.test",
     NODE_WAY_NONE,
     {0}},
    {"itself by name", CORE, NODE_PROTOCOL_SIP, "core.example.test", NODE_WAY_HERE, {0}},
    {"itself by address", CORE, NODE_PROTOCOL_SIP, "127.0.0.16", NODE_WAY_HERE, {0}},
    {"who relays nothing answers everything",
     CUCM,
     NODE_PROTOCOL_SIP,
     "example.org",
     NODE_WAY_HERE,
     {0}},
    {"a stranger", EDGE, NODE_PROTOCOL_SIP, "example.org", NODE_WAY_NONE, {0}},
    {"no host at all", EDGE, NODE_PROTOCOL_SIP, "", NODE_WAY_NONE, {0}},
};

Test(node_way, leads_where_routes_and_peers_say) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct case_of_way *row = &cases[i];
        struct node_hop hop = {.index = 99};
        enum node_way way =
            node_find_way(&instance, row->node, row->protocol, base_bytes_of_text(row->host), &hop);
        cr_assert_eq(way, row->way, "%s", row->name);
        if (way == NODE_WAY_ONWARDS) {
            cr_assert_eq(hop.is_listener, row->hop.is_listener, "%s", row->name);
            cr_assert_eq(hop.index, row->hop.index, "%s", row->name);
        }
    }
}
