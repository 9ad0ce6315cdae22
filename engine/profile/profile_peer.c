/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_part.h"
#include "profile_service.h"
#include "profile_value.h"

#include <string.h>

#define DOMAIN_SCHEME "sips:"
#define SIPS_PORT     5061

enum { PEERS_MAX = 32 };

static bool find_listener(const struct profile_plan *plan, const char *text, uint32_t *out) {
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (strcmp(plan->listeners[i].full_name, text) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool complain_of_name(const struct profile_reader *reader, const struct profile_tree *at) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest = base_nearest_begin(at->text);
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        base_nearest_offer(&nearest, plan->listeners[i].full_name);
    }
    return profile_complain(reader->document, at, reader->error, "no listener is named %s%s",
                            profile_quote(at, quote),
                            nearest.best == NULL ? "; expected node.listener, HOST:PORT or a domain"
                                                 : base_nearest_hint(&nearest, hint));
}

/* What looks like a listener of this profile, or nearly so, was mistyped. */
static bool is_domain(const struct profile_plan *plan, const char *text) {
    struct base_nearest nearest = base_nearest_begin(text);
    size_t label = strcspn(text, ".");
    if (text[label] == '\0') {
        return false;
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (strncmp(plan->nodes[i].name, text, label) == 0 && plan->nodes[i].name[label] == '\0') {
            return false;
        }
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        base_nearest_offer(&nearest, plan->listeners[i].full_name);
    }
    return nearest.best == NULL;
}

/* A text: who it is. */
static bool read_text(const struct profile_reader *reader, const struct profile_tree *at,
                      struct profile_peer *peer) {
    static const char expected[] =
        "node.listener or HOST:PORT, an IPv6 address in brackets and quotes";
    struct profile_endpoint endpoint;
    size_t scheme = sizeof DOMAIN_SCHEME - 1;
    peer->listener = PROFILE_NONE;
    if (at->kind != PROFILE_TREE_SCALAR) {
        return profile_reader_unexpected(reader, at, expected);
    }
    if (find_listener(reader->plan, at->text, &peer->listener)) {
        return true;
    }
    bool has_scheme = strncmp(at->text, DOMAIN_SCHEME, scheme) == 0;
    const char *text = at->text + (has_scheme ? scheme : 0);
    if (!profile_value_endpoint(text, &endpoint)) {
        return strpbrk(text, ":[") == NULL && text[0] != '\0'
                   ? complain_of_name(reader, at)
                   : profile_reader_unexpected(reader, at, expected);
    }
    peer->port = endpoint.port;
    peer->host = profile_arena_text(reader->document->arena, endpoint.host, endpoint.host_length);
    if (peer->host == NULL) {
        return profile_out_of_memory(reader->error);
    }
    return endpoint.port != 0 || has_scheme || profile_value_address(peer->host, NULL) ||
           is_domain(reader->plan, text) || complain_of_name(reader, at);
}

static bool read_one(struct profile_reader *reader, struct profile_tree *at,
                     struct profile_peer *peer) {
    peer->weight = 1;
    if (at->kind != PROFILE_TREE_MAPPING) {
        return read_text(reader, at, peer);
    }
    return profile_section_read(reader, &profile_section_peer, at, peer) &&
           read_text(reader, profile_tree_find(at, "to"), peer);
}

static bool read_all(struct profile_reader *reader, struct profile_tree *at,
                     struct profile_zone *zone) {
    bool is_list = at->kind == PROFILE_TREE_LIST;
    struct profile_tree *item = is_list ? at->first : at;
    zone->peer_count = is_list ? at->count : 1;
    if (zone->peer_count < 1 || zone->peer_count > PEERS_MAX) {
        return profile_complain(reader->document, at, reader->error, "expected 1 to %d peers",
                                PEERS_MAX);
    }
    zone->peers = profile_reader_array(reader, zone->peer_count, sizeof *zone->peers);
    for (uint32_t i = 0; zone->peers != NULL && i < zone->peer_count; i++, item = item->next) {
        if (!read_one(reader, item, &zone->peers[i])) {
            return false;
        }
    }
    return zone->peers != NULL;
}

/* Both ends of a connection speak the same. */
static bool check_types(const struct profile_reader *reader, const struct profile_tree *at,
                        const struct profile_zone *zone) {
    for (uint32_t i = 0; i < zone->peer_count; i++) {
        if (zone->peers[i].listener == PROFILE_NONE) {
            continue;
        }
        const struct profile_listener *listener = &reader->plan->listeners[zone->peers[i].listener];
        if (profile_zone_protocol(zone) != profile_listener_protocol(listener)) {
            return profile_complain(
                reader->document, at, reader->error, "%s zone cannot dial %s, which is %s listener",
                profile_protocol_name(profile_zone_protocol(zone)), listener->full_name,
                profile_protocol_name(profile_listener_protocol(listener)));
        }
    }
    return true;
}

static void derive_type(const struct profile_plan *plan, struct profile_zone *zone) {
    zone->type = PROFILE_ZONE_NEIGHBOR;
    for (uint32_t i = zone->peer_count; i-- > 0;) {
        if (zone->peers[i].listener != PROFILE_NONE) {
            enum profile_service service = plan->listeners[zone->peers[i].listener].service;
            zone->type = profile_service_row(service)->zone_type;
        }
    }
}

/* Only these are found by their domain; the others' ports are fixed by the product. */
static bool is_found_by_domain(enum profile_zone_type type) {
    return type == PROFILE_ZONE_NEIGHBOR || type == PROFILE_ZONE_DNS || type == PROFILE_ZONE_WEBEX;
}

static void derive_port(const struct profile_zone *zone, struct profile_peer *peer) {
    if (peer->listener != PROFILE_NONE || peer->port != 0) {
        return;
    }
    if (!is_found_by_domain(zone->type)) {
        peer->port = profile_service_port_of_zone(zone->type);
        return;
    }
    peer->port = profile_value_address(peer->host, NULL) ? SIPS_PORT : 0;
}

/* RFC 5922: the certificate names the domain that was asked for, wherever DNS led. */
static bool derive_verify_name(const struct profile_reader *reader,
                               const struct profile_tree *mapping, struct profile_zone *zone) {
    if (profile_tree_find(mapping, "verify_name") != NULL || zone->peer_count != 1 ||
        zone->peer_listener != PROFILE_NONE || zone->peer_port != 0) {
        return true;
    }
    return profile_reader_copy(reader, zone->peer_host, &zone->verify_name);
}

bool profile_peer_read(struct profile_reader *reader, const struct profile_tree *mapping,
                       struct profile_zone *zone) {
    const struct profile_tree *type = profile_tree_find(mapping, "type");
    struct profile_tree *peer = profile_tree_find(mapping, "peer");
    if (!read_all(reader, peer, zone)) {
        return false;
    }
    if (type == NULL) {
        derive_type(reader->plan, zone);
    }
    for (uint32_t i = 0; i < zone->peer_count; i++) {
        derive_port(zone, &zone->peers[i]);
    }
    zone->peer_listener = zone->peers[0].listener;
    zone->peer_host = zone->peers[0].host;
    zone->peer_port = zone->peers[0].port;
    return check_types(reader, type != NULL ? type : peer, zone) &&
           derive_verify_name(reader, mapping, zone);
}
