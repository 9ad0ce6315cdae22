/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"
#include "profile_plan.h"

#include <string.h>
#include <strings.h>

/* Hosts are compared without letter case (RFC 3261 section 19.1.4). */
static bool is_host(struct bytes host, const char *name) {
    return name != NULL && name[0] != '\0' && host.length == strlen(name) &&
           strncasecmp((const char *)host.data, name, host.length) == 0;
}

/* "*", "*.example.test", or a host. */
static bool matches(struct bytes host, const char *pattern) {
    if (strcmp(pattern, "*") == 0) {
        return true;
    }
    if (strncmp(pattern, "*.", 2) != 0) {
        return is_host(host, pattern);
    }
    size_t suffix = strlen(pattern + 1);
    return host.length > suffix &&
           is_host(base_bytes_after(host, host.length - suffix), pattern + 1);
}

/* A tunnel carries HTTP, and SIP never enters one. */
static bool carries(enum node_protocol request, enum node_protocol hop) {
    return request == NODE_PROTOCOL_SIP ? hop == NODE_PROTOCOL_SIP : hop != NODE_PROTOCOL_SIP;
}

static enum node_protocol protocol_of(const struct node_instance *instance,
                                      const struct node_hop *hop) {
    return hop->is_listener ? instance->listeners[hop->index].protocol
                            : instance->zones[hop->index].protocol;
}

static bool find_route(const struct node_instance *instance, uint32_t node,
                       enum node_protocol protocol, struct bytes host, struct node_hop *hop) {
    const struct profile_node *row = &instance->plan->nodes[node];
    for (uint32_t i = 0; i < row->route_count; i++) {
        const struct profile_route *route = &row->routes[i];
        *hop = route->zone == PROFILE_NONE
                   ? (struct node_hop){.is_listener = true, .index = route->listener}
                   : (struct node_hop){.index = route->zone};
        if (carries(protocol, protocol_of(instance, hop)) && matches(host, route->match)) {
            return true;
        }
    }
    return false;
}

static bool find_peer(const struct node_instance *instance, uint32_t node,
                      enum node_protocol protocol, struct bytes host, struct node_hop *hop) {
    for (uint32_t i = 0; i < instance->zone_count; i++) {
        const struct node_zone *zone = &instance->zones[i];
        if (zone->node == node && carries(protocol, zone->protocol) &&
            is_host(host, zone->remote_name)) {
            *hop = (struct node_hop){.index = i};
            return true;
        }
    }
    for (uint32_t i = 0; i < instance->listener_count; i++) {
        const struct node_listener *listener = &instance->listeners[i];
        if (listener->node == node && carries(protocol, listener->protocol) &&
            is_host(host, listener->peer_name)) {
            *hop = (struct node_hop){.is_listener = true, .index = i};
            return true;
        }
    }
    return false;
}

enum node_way node_find_way(const struct node_instance *instance, uint32_t node,
                            enum node_protocol protocol, struct bytes host, struct node_hop *hop) {
    const struct node_self *self = &instance->selves[node];
    const struct profile_node *row = &instance->plan->nodes[node];
    if (!self->relays || is_host(host, self->name) || is_host(host, row->address) ||
        is_host(host, row->external_address)) {
        return NODE_WAY_HERE;
    }
    return find_route(instance, node, protocol, host, hop) ||
                   find_peer(instance, node, protocol, host, hop)
               ? NODE_WAY_ONWARDS
               : NODE_WAY_NONE;
}
