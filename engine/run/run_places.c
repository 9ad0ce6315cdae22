/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * connect() searches for a free port ever longer once half the range of an address pair is used
 * (14,116 connections with Linux's default range): before that the next source address takes over.
 * Connections in TIME_WAIT count too.
 */
#define ATTEMPTS_PER_SOURCE 14000u
#define ROTATED_SOURCES     200u

static bool check_families(const struct profile_plan *plan, const struct profile_zone *zone,
                           const struct worker_route *route, struct base_error *error) {
    for (uint32_t i = 1; i < route->source_count; i++) {
        if (route->sources[i].any.sa_family != route->sources[0].any.sa_family) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s:%u: nodes.%s.zones.%s.source: its addresses are not of one "
                                  "family (IPv4 or IPv6): make two zones of it",
                                  plan->path, zone->line, plan->nodes[zone->node].name, zone->name);
        }
    }
    return true;
}

static bool plan_sources(struct worker_route *route, struct net_address **list,
                         const struct profile_plan *plan, const struct profile_zone *zone,
                         unsigned worker_count, struct base_error *error) {
    const struct profile_node *node = &plan->nodes[zone->node];
    route->attempts_per_source = ATTEMPTS_PER_SOURCE / worker_count;
    if (zone->sources.count > 0) {
        bool good =
            net_address_expand(list, &route->source_count, (const char *const *)zone->sources.items,
                               zone->sources.count, error);
        route->sources = *list;
        route->attempts_per_source = 1;
        return good && check_families(plan, zone, route, error);
    }
    struct net_address own;
    if (!net_address_from_literal(&own, node->address, 0)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s:%u: nodes.%s.address: \"%s\" is no IP address", plan->path,
                              node->line, node->name, node->address);
    }
    *list = calloc(ROTATED_SOURCES, sizeof **list);
    if (*list == NULL) {
        return run_out_of_memory(error);
    }
    route->sources = *list;
    (*list)[route->source_count++] = own;
    while (route->source_count < ROTATED_SOURCES) {
        struct net_address next = own;
        if (!net_address_rotate_loopback(&next, route->source_count)) {
            break;
        }
        (*list)[route->source_count++] = next;
    }
    return true;
}

/* What the event log calls a protocol. */
static const char *service_of(enum profile_protocol protocol) {
    static const char *const services[] = {
        [PROFILE_PROTOCOL_SIP] = "SIP",
        [PROFILE_PROTOCOL_HTTP] = "HTTP",
        [PROFILE_PROTOCOL_TUNNEL] = "SSH",
    };
    return services[protocol];
}

static bool plan_zone(struct run_places *places, const struct run_targets_search *search,
                      uint32_t index, unsigned worker_count, struct base_error *error) {
    const struct profile_plan *plan = search->plan;
    const struct profile_zone *zone = &plan->zones[index];
    const struct profile_node *node = &plan->nodes[zone->node];
    struct worker_route *route = &places->routes[index];
    if (!plan_sources(route, &places->source_lists[index], plan, zone, worker_count, error) ||
        !run_targets_find(search, zone, route, &places->target_lists[index], error)) {
        return false;
    }
    places->target_counts[index] = route->target_count;
    net_address_host_text(&route->remote, places->zone_hosts[index],
                          sizeof places->zone_hosts[index]);
    bool tunnel = zone->type == PROFILE_ZONE_TUNNEL;
    places->zone_events[index] = (struct journal_place){
        .node = zone->node,
        .process = tunnel ? "ssh" : node->product->log_process,
        .service = service_of(profile_zone_protocol(zone)),
        .local_host = node->address,
        .remote_host = places->zone_hosts[index],
        .remote_port = net_address_port(&route->remote),
        .common_name = tunnel ? node_name_of_peer(plan, zone) : zone->verify_name,
    };
    return true;
}

static bool plan_listener(struct run_places *places, const struct profile_plan *plan,
                          uint32_t index, struct base_error *error) {
    const struct profile_listener *listener = &plan->listeners[index];
    const struct profile_node *node = &plan->nodes[listener->node];
    const char *host = listener->address != NULL ? listener->address : node->address;
    if (!net_address_from_literal(&places->listener_addresses[index], host,
                                  (uint16_t)listener->port)) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s:%u: %s: \"%s\" is no IP address",
                              plan->path, listener->line, listener->full_name, host);
    }
    bool tunnel = listener->service == PROFILE_SERVICE_TUNNEL;
    places->listener_events[index] = (struct journal_place){
        .node = listener->node,
        .process = tunnel ? "sshd" : node->product->log_process,
        .service = service_of(profile_listener_protocol(listener)),
        .local_host = host,
        .local_port = (uint16_t)listener->port,
    };
    return true;
}

static bool make_room(struct run_places *places, const struct profile_plan *plan,
                      struct base_error *error) {
    uint32_t zones = plan->zone_count + 1;
    uint32_t listeners = plan->listener_count + 1;
    places->listener_addresses = calloc(listeners, sizeof *places->listener_addresses);
    places->routes = calloc(zones, sizeof *places->routes);
    places->source_lists = calloc(zones, sizeof(struct net_address *));
    places->target_lists = calloc(zones, sizeof(struct worker_target *));
    places->target_counts = calloc(zones, sizeof *places->target_counts);
    places->zone_events = calloc(zones, sizeof *places->zone_events);
    places->listener_events = calloc(listeners, sizeof *places->listener_events);
    places->zone_hosts = calloc(zones, sizeof *places->zone_hosts);
    return (places->listener_addresses != NULL && places->routes != NULL &&
            places->source_lists != NULL && places->target_lists != NULL &&
            places->target_counts != NULL && places->zone_events != NULL &&
            places->listener_events != NULL && places->zone_hosts != NULL) ||
           run_out_of_memory(error);
}

static bool plan_zones(struct run_places *places, const struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    struct run_targets_search search = {.plan = plan,
                                        .runs_here = run->runs_here,
                                        .tell = run->tell_name,
                                        .tell_context = run->tell_context};
    bool good = resolve_create(&search.resolve, plan->dns, RUN_TARGETS_LIMIT_NS, error);
    for (uint32_t i = 0; good && i < plan->zone_count; i++) {
        good = !run->runs_here[plan->zones[i].node] ||
               plan_zone(places, &search, i, run->capacity.worker_count, error);
    }
    resolve_destroy(search.resolve);
    return good;
}

bool run_places_init(struct run_places *places, const struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    if (!make_room(places, plan, error) || !plan_zones(places, run, error)) {
        return false;
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (run->runs_here[plan->listeners[i].node] && !plan_listener(places, plan, i, error)) {
            return false;
        }
    }
    return true;
}

bool run_places_probe(const struct run_places *places, const struct profile_plan *plan,
                      const bool *runs_here, struct base_error *error) {
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (runs_here[plan->listeners[i].node] &&
            !net_address_probe_listen(&places->listener_addresses[i], plan->listeners[i].full_name,
                                      error)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct worker_route *route = &places->routes[i];
        for (uint32_t j = 0; j < route->source_count; j++) {
            if (!net_address_probe_source(&route->sources[j], error)) {
                return false;
            }
        }
    }
    return true;
}

void run_places_finish(struct run_places *places, const struct profile_plan *plan) {
    for (uint32_t i = 0; places->source_lists != NULL && i < plan->zone_count; i++) {
        free(places->source_lists[i]);
    }
    for (uint32_t i = 0; places->target_lists != NULL && i < plan->zone_count; i++) {
        free(places->target_lists[i]);
    }
    free(places->listener_addresses);
    free(places->routes);
    free(places->source_lists);
    free(places->target_lists);
    free(places->target_counts);
    free(places->zone_events);
    free(places->listener_events);
    free(places->zone_hosts);
}
