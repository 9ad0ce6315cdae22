/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The weight of a peer is told apart to this part of it. */
#define WEIGHT_UNITS 1000000u

/* The targets found so far. */
struct catch {
    const struct profile_zone *zone;
    struct worker_target *targets;
    uint32_t count;
};

/* The sentence behind the place that it is about. */
static bool complain(const struct run_targets_search *search, const struct profile_zone *zone,
                     struct base_error *error, const char *sentence) {
    const struct profile_plan *plan = search->plan;
    return base_error_set(error, BASE_ERROR_USAGE, "%s:%u: nodes.%s.zones.%s.peer: %.800s",
                          plan->path, zone->line, plan->nodes[zone->node].name, zone->name,
                          sentence);
}

/* Where the peer is; true for one that runs in this process. */
static bool place_peer(const struct run_targets_search *search, const struct profile_peer *peer,
                       struct resolve_question *question) {
    question->host = peer->host;
    question->port = (uint16_t)peer->port;
    if (peer->listener == PROFILE_NONE) {
        return false;
    }
    const struct profile_listener *listener = &search->plan->listeners[peer->listener];
    const struct profile_node *node = &search->plan->nodes[listener->node];
    question->port = (uint16_t)listener->port;
    question->host = listener->address != NULL ? listener->address : node->address;
    if (node->external != NULL) {
        question->host = node->external;
        question->port = node->external_port != 0 ? (uint16_t)node->external_port : question->port;
    }
    return search->runs_here[listener->node];
}

/* A load tester is a weapon: what is not private belongs to somebody. */
static bool check_authorized(const struct run_targets_search *search,
                             const struct profile_zone *zone, const char *host, const char *address,
                             struct base_error *error) {
    char sentence[640];
    if (search->plan->authorized || resolve_is_private(address)) {
        return true;
    }
    bool is_name = strcmp(host, address) != 0;
    snprintf(sentence, sizeof sentence,
             "%s%s%.255s%s is a public address, and load is sent there only when its owner agreed: "
             "then write `authorized: true` at the top of the profile",
             address, is_name ? " (" : "", is_name ? host : "", is_name ? ")" : "");
    return complain(search, zone, error, sentence);
}

static uint32_t weight_of(const struct resolve_answer *answer, uint32_t index, uint32_t weight) {
    const struct resolve_target *found = &answer->targets[index];
    uint64_t sum = 0;
    for (uint32_t i = 0; i < answer->count; i++) {
        sum += answer->targets[i].priority == found->priority ? answer->targets[i].share : 0;
    }
    uint64_t units = (uint64_t)weight * WEIGHT_UNITS * found->share / sum;
    return units == 0 ? 1 : (uint32_t)units;
}

static bool is_same(const struct net_address *a, const struct net_address *b) {
    return a->length == b->length && memcmp(&a->any, &b->any, a->length) == 0;
}

/* One address that two peers lead to is one target. */
static bool add_target(struct catch *caught, const struct worker_target *target) {
    for (uint32_t i = 0; i < caught->count; i++) {
        if (is_same(&caught->targets[i].remote, &target->remote)) {
            caught->targets[i].weight += target->weight;
            return true;
        }
    }
    if (caught->count == RUN_TARGETS_MAX) {
        return false;
    }
    caught->targets[caught->count++] = *target;
    return true;
}

static bool find_peer(const struct run_targets_search *search, struct catch *caught, uint32_t index,
                      int family, struct base_error *error) {
    const struct profile_peer peer = profile_zone_peer(caught->zone, index);
    struct resolve_question question = {.family = family == AF_INET6 ? RESOLVE_IPV6 : RESOLVE_IPV4};
    struct resolve_answer answer;
    struct base_error cause;
    bool is_ours = place_peer(search, &peer, &question);
    bool found = resolve_ask(search->resolve, &question, &answer, &cause);
    if (search->tell != NULL && answer.trail[0] != '\0') {
        search->tell(search->tell_context, question.host, answer.trail);
    }
    if (!found) {
        return complain(search, caught->zone, error, cause.text);
    }
    for (uint32_t i = 0; i < answer.count; i++) {
        struct worker_target target = {.peer = index,
                                       .priority = answer.targets[i].priority,
                                       .weight = weight_of(&answer, i, peer.weight)};
        const char *address = answer.targets[i].address;
        if (!is_ours && !check_authorized(search, caught->zone, question.host, address, error)) {
            return false;
        }
        (void)net_address_from_literal(&target.remote, address, answer.targets[i].port);
        if (target.remote.any.sa_family != family) {
            return complain(search, caught->zone, error,
                            "the addresses that the zone dials from and to are not of one family "
                            "(IPv4 or IPv6)");
        }
        if (!add_target(caught, &target)) {
            return complain(search, caught->zone, error, "it has more than 64 targets");
        }
    }
    return true;
}

bool run_targets_find(const struct run_targets_search *search, const struct profile_zone *zone,
                      struct worker_route *route, struct worker_target **list,
                      struct base_error *error) {
    struct catch caught = {.zone = zone, .targets = calloc(RUN_TARGETS_MAX, sizeof **list)};
    int family = route->sources[0].any.sa_family;
    *list = caught.targets;
    if (caught.targets == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        if (!find_peer(search, &caught, i, family, error)) {
            return false;
        }
    }
    route->remote = caught.targets[0].remote;
    if (caught.count > 1) {
        route->targets = caught.targets;
        route->target_count = caught.count;
    }
    return true;
}

uint32_t run_targets_count(const struct worker_route *route) {
    return route->targets == NULL ? 1 : route->target_count;
}

const struct net_address *run_targets_remote(const struct worker_route *route, uint32_t index) {
    return route->targets == NULL ? &route->remote : &route->targets[index].remote;
}

bool run_targets_summarize(const struct worker_route *route, struct metrics_zone_summary *zone) {
    if (route->targets == NULL) {
        return true;
    }
    zone->target_addresses = calloc(route->target_count, sizeof *zone->target_addresses);
    for (uint32_t i = 0; zone->target_addresses != NULL && i < route->target_count; i++) {
        net_address_text(&route->targets[i].remote, zone->target_addresses[i],
                         sizeof zone->target_addresses[i]);
    }
    return zone->target_addresses != NULL;
}
