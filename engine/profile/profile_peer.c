/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_part.h"
#include "profile_service.h"
#include "profile_value.h"

#include <string.h>

static bool find_listener(const struct profile_reader *reader, const struct profile_tree *peer,
                          struct profile_zone *zone) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest = base_nearest_begin(peer->text);
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (strcmp(plan->listeners[i].full_name, peer->text) == 0) {
            zone->peer_listener = i;
            return true;
        }
        base_nearest_offer(&nearest, plan->listeners[i].full_name);
    }
    return profile_complain(reader->document, peer, reader->error, "no listener is named %s%s",
                            profile_quote(peer, quote),
                            nearest.best == NULL ? "; expected node.listener or HOST:PORT"
                                                 : base_nearest_hint(&nearest, hint));
}

static bool read_peer(const struct profile_reader *reader, const struct profile_tree *peer,
                      struct profile_zone *zone) {
    struct profile_endpoint endpoint;
    zone->peer_listener = PROFILE_NONE;
    if (peer->kind == PROFILE_TREE_SCALAR && strpbrk(peer->text, ":[") == NULL &&
        peer->text[0] != '\0') {
        return find_listener(reader, peer, zone);
    }
    if (peer->kind != PROFILE_TREE_SCALAR || !profile_value_endpoint(peer->text, &endpoint) ||
        endpoint.port == 0) {
        return profile_reader_unexpected(
            reader, peer, "node.listener or HOST:PORT, an IPv6 address in brackets and quotes");
    }
    zone->peer_host =
        profile_arena_text(reader->document->arena, endpoint.host, endpoint.host_length);
    zone->peer_port = endpoint.port;
    return zone->peer_host != NULL || profile_out_of_memory(reader->error);
}

/* Both ends of a connection speak the same. */
static bool check_type(const struct profile_reader *reader, const struct profile_tree *type,
                       const struct profile_zone *zone) {
    const struct profile_listener *listener;
    if (zone->peer_listener == PROFILE_NONE) {
        return true;
    }
    listener = &reader->plan->listeners[zone->peer_listener];
    return profile_zone_protocol(zone) == profile_listener_protocol(listener) ||
           profile_complain(reader->document, type, reader->error,
                            "%s zone cannot dial %s, which is %s listener",
                            profile_protocol_name(profile_zone_protocol(zone)), listener->full_name,
                            profile_protocol_name(profile_listener_protocol(listener)));
}

bool profile_peer_read(const struct profile_reader *reader, const struct profile_tree *mapping,
                       struct profile_zone *zone) {
    const struct profile_tree *type = profile_tree_find(mapping, "type");
    if (!read_peer(reader, profile_tree_find(mapping, "peer"), zone)) {
        return false;
    }
    if (type != NULL) {
        return check_type(reader, type, zone);
    }
    zone->type = PROFILE_ZONE_NEIGHBOR;
    if (zone->peer_listener != PROFILE_NONE) {
        enum profile_service service = reader->plan->listeners[zone->peer_listener].service;
        zone->type = profile_service_row(service)->zone_type;
    }
    return true;
}
