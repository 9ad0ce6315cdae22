/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_list.h"
#include "profile_part.h"
#include "profile_uri.h"

#include <string.h>

static uint32_t find_own_zone(const struct profile_plan *plan, uint32_t node, const char *name,
                              struct base_nearest *nearest) {
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (plan->zones[i].node == node) {
            if (strcmp(plan->zones[i].name, name) == 0) {
                return i;
            }
            base_nearest_offer(nearest, plan->zones[i].name);
        }
    }
    return PROFILE_NONE;
}

static uint32_t find_own_listener(const struct profile_plan *plan, uint32_t node, const char *name,
                                  struct base_nearest *nearest) {
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (plan->listeners[i].node == node) {
            if (strcmp(plan->listeners[i].name, name) == 0) {
                return i;
            }
            base_nearest_offer(nearest, plan->listeners[i].name);
        }
    }
    return PROFILE_NONE;
}

static bool find_way(const struct profile_reader *reader, const struct profile_tree *to,
                     uint32_t node, struct profile_route *route) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest;
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    if (!profile_reader_expect(reader, to, PROFILE_TREE_SCALAR)) {
        return false;
    }
    nearest = base_nearest_begin(to->text);
    route->zone = find_own_zone(plan, node, to->text, &nearest);
    route->listener = find_own_listener(plan, node, to->text, &nearest);
    if (route->zone == PROFILE_NONE && route->listener == PROFILE_NONE) {
        return profile_complain(reader->document, to, reader->error,
                                "%s has no zone and no listener %s%s", plan->nodes[node].name,
                                profile_quote(to, quote), base_nearest_hint(&nearest, hint));
    }
    if (route->zone != PROFILE_NONE && route->listener != PROFILE_NONE) {
        return profile_complain(reader->document, to, reader->error,
                                "%s has a zone and a listener of this name: rename one of them",
                                plan->nodes[node].name);
    }
    /* HTTP has no requests of the server. */
    return route->zone != PROFILE_NONE ||
           profile_listener_protocol(&plan->listeners[route->listener]) != PROFILE_PROTOCOL_HTTP ||
           profile_complain(reader->document, to, reader->error,
                            "nothing can be sent to who connects to an HTTPS listener");
}

static bool read_route(struct profile_reader *reader, struct profile_tree *mapping, uint32_t node,
                       struct profile_route *route) {
    route->line = mapping->line;
    if (!profile_section_read(reader, &profile_section_route, mapping, route)) {
        return false;
    }
    if (!profile_uri_is_match(route->match)) {
        return profile_reader_unexpected(reader, profile_tree_find(mapping, "match"),
                                         "a host, *.DOMAIN or *");
    }
    return find_way(reader, profile_tree_find(mapping, "to"), node, route);
}

static bool read_of_node(struct profile_reader *reader, struct profile_tree *routes,
                         uint32_t index) {
    struct profile_node *node = &reader->plan->nodes[index];
    if (!profile_reader_expect(reader, routes, PROFILE_TREE_LIST)) {
        return false;
    }
    if (routes->count > PROFILE_LIST_MAX) {
        return profile_complain(reader->document, routes, reader->error,
                                "expected at most %d routes", PROFILE_LIST_MAX);
    }
    node->routes = profile_reader_array(reader, routes->count, sizeof *node->routes);
    if (node->routes == NULL) {
        return false;
    }
    for (struct profile_tree *item = routes->first; item != NULL; item = item->next) {
        if (!read_route(reader, item, index, &node->routes[node->route_count])) {
            return false;
        }
        node->route_count++;
    }
    return true;
}

bool profile_route_read_all(struct profile_reader *reader, struct profile_tree *nodes) {
    uint32_t index = 0;
    for (struct profile_tree *node = nodes->first; node != NULL; node = node->next, index++) {
        struct profile_tree *routes = profile_tree_find(node, "routes");
        if (routes != NULL && !read_of_node(reader, routes, index)) {
            return false;
        }
    }
    return true;
}
