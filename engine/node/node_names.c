/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_names.h"

#include "node.h"

#include <stdio.h>
#include <string.h>

/* An IPv6 literal stands in brackets in a SIP URI (RFC 3261 section 25.1). */
static void copy_host(char *out, size_t out_size, const char *host) {
    bool literal = strchr(host, ':') != NULL;
    snprintf(out, out_size, literal ? "[%s]" : "%s", host);
}

static const char *name_in_store(const struct profile_store *store) {
    bool has = store->kind == PROFILE_STORE_IDENTITIES && store->identities[0].names.count > 0 &&
               strncmp(store->identities[0].names.items[0], "sip:", 4) != 0;
    return has ? store->identities[0].names.items[0] : NULL;
}

/* One that its certificate carries: connections offered with `alias` are held to it. */
static const char *name_of_node(const struct profile_node *node) {
    const char *name = name_in_store(&node->server_store);
    name = name == NULL ? name_in_store(&node->client_store) : name;
    return name == NULL ? node->address : name;
}

const char *node_name_of_peer(const struct profile_plan *plan, const struct profile_zone *zone) {
    if (zone->verify_name != NULL) {
        return zone->verify_name;
    }
    if (zone->peer_listener == PROFILE_NONE) {
        return zone->peer_host;
    }
    return name_of_node(&plan->nodes[plan->listeners[zone->peer_listener].node]);
}

void node_names_fill_self(struct node_self *self, const struct profile_node *node) {
    copy_host(self->name, sizeof self->name, name_of_node(node));
    self->relays = node->route_count > 0;
}

/* "room@webex.example.test" */
static void fill_sip_target(struct node_zone *zone, const char *target) {
    const char *at = strrchr(target, '@');
    snprintf(zone->target_host, sizeof zone->target_host, "%s", at == NULL ? target : at + 1);
    snprintf(zone->target_uri, sizeof zone->target_uri, "%s:%s", zone->is_secure ? "sips" : "sip",
             target);
}

/* "https://cucm.example.test:6972/phone.cnf.xml" */
static void fill_http_target(struct node_zone *zone, const char *target) {
    const char *authority = strstr(target, "://");
    authority = authority == NULL ? target : authority + 3;
    size_t length = strcspn(authority, "/");
    const char *path = authority + length;
    const char *port = authority[0] == '[' ? strchr(authority, ']') : authority;
    port = port == NULL ? NULL : strchr(port, ':');
    size_t host_length = port != NULL && port < path ? (size_t)(port - authority) : length;
    snprintf(zone->target_host, sizeof zone->target_host, "%.*s", (int)host_length, authority);
    snprintf(zone->target_authority, sizeof zone->target_authority, "%.*s", (int)length, authority);
    snprintf(zone->target_uri, sizeof zone->target_uri, "%s", path[0] == '\0' ? "/" : path);
}

void node_names_fill_zone(struct node_zone *zone, const struct profile_plan *plan,
                          const struct profile_zone *row) {
    copy_host(zone->local_name, sizeof zone->local_name, name_of_node(&plan->nodes[row->node]));
    copy_host(zone->remote_name, sizeof zone->remote_name, node_name_of_peer(plan, row));
    zone->user = row->user;
    const char *target = row->target != NULL ? row->target : zone->remote_name;
    if (zone->protocol == NODE_PROTOCOL_HTTP) {
        fill_http_target(zone, target);
    } else {
        fill_sip_target(zone, target);
    }
}

/* The one node whose zones dial this listener; NULL: none, or several. */
static const struct profile_node *only_dialler(const struct profile_plan *plan, uint32_t listener) {
    const struct profile_node *found = NULL;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_node *node = &plan->nodes[plan->zones[i].node];
        if (!profile_zone_dials(&plan->zones[i], listener) || node == found) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = node;
    }
    return found;
}

void node_names_fill_listener(struct node_listener *listener, const struct profile_plan *plan,
                              uint32_t index) {
    const struct profile_node *dialler = only_dialler(plan, index);
    const char *name = plan->listeners[index].verify_name;
    listener->peer_name[0] = '\0';
    if (name == NULL && dialler != NULL) {
        name = name_of_node(dialler);
    }
    if (name != NULL) {
        copy_host(listener->peer_name, sizeof listener->peer_name, name);
    }
}
