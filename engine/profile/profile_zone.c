/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

enum {
    ZONES_MAX = 4000,
};

bool profile_zone_read_retry(struct profile_reader *reader, struct profile_tree *value,
                             void *target) {
    struct profile_retry *retry = target;
    if (value->kind == PROFILE_TREE_SCALAR) {
        *retry = (struct profile_retry){0};
        return strcmp(value->text, "none") == 0 ||
               profile_reader_unexpected(reader, value,
                                         "none, or a mapping of burst, gap and every");
    }
    retry->enabled = true;
    return profile_section_read(reader, &profile_section_retry, value, retry);
}

static bool default_retry(struct profile_reader *reader, struct profile_retry *retry) {
    struct profile_tree nothing = {.kind = PROFILE_TREE_MAPPING};
    return profile_zone_read_retry(reader, &nothing, retry);
}

/* `out` stays as it was when `mapping` gives none of the three. */
static bool find_shape(const struct profile_reader *reader, const struct profile_tree *mapping,
                       enum profile_shape *out) {
    static const char *const keys[] = {
        [PROFILE_SHAPE_HOLD] = "connections",
        [PROFILE_SHAPE_RATE] = "rate",
        [PROFILE_SHAPE_CONCURRENCY] = "concurrency",
    };
    const char *first = NULL;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct profile_tree *found = profile_tree_find(mapping, keys[i]);
        if (found == NULL) {
            continue;
        }
        if (first != NULL) {
            return profile_complain(reader->document, found, reader->error,
                                    "%s is given, too: expected one of connections, rate and "
                                    "concurrency",
                                    first);
        }
        first = keys[i];
        *out = (enum profile_shape)i;
    }
    return true;
}

/* Nothing of a shape that was not chosen is left for anybody to read. */
static void clear_other_shapes(struct profile_zone_load *load) {
    if (load->shape != PROFILE_SHAPE_HOLD) {
        load->connections = 0;
    }
    if (load->shape != PROFILE_SHAPE_RATE) {
        load->rate_per_s = 0;
    }
    if (load->shape != PROFILE_SHAPE_CONCURRENCY) {
        load->concurrency = 0;
    }
}

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

static bool read_peer(struct profile_reader *reader, const struct profile_tree *peer,
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

static enum profile_zone_type type_for(const struct profile_plan *plan,
                                       const struct profile_zone *zone) {
    static const enum profile_zone_type types[] = {
        [PROFILE_SERVICE_SIP] = PROFILE_ZONE_NEIGHBOR,
        [PROFILE_SERVICE_UC_TRAVERSAL] = PROFILE_ZONE_UC_TRAVERSAL,
        [PROFILE_SERVICE_TUNNEL] = PROFILE_ZONE_TUNNEL,
    };
    return zone->peer_listener == PROFILE_NONE
               ? PROFILE_ZONE_NEIGHBOR
               : types[plan->listeners[zone->peer_listener].service];
}

/* `zone->load` is the profile's already. */
static bool read_zone(struct profile_reader *reader, struct profile_tree *mapping,
                      struct profile_zone *zone) {
    const struct profile_plan *plan = reader->plan;
    if (!profile_reader_name(reader, mapping, &zone->name)) {
        return false;
    }
    zone->line = mapping->line;
    zone->full_name = profile_arena_format(reader->document->arena, "%s.%s",
                                           plan->nodes[zone->node].name, zone->name);
    if (zone->full_name == NULL) {
        return profile_out_of_memory(reader->error);
    }
    if (!default_retry(reader, &zone->retry) ||
        !profile_section_read(reader, &profile_section_zone, mapping, zone) ||
        !read_peer(reader, profile_tree_find(mapping, "peer"), zone) ||
        !find_shape(reader, mapping, &zone->load.shape)) {
        return false;
    }
    if (profile_tree_find(mapping, "type") == NULL) {
        zone->type = type_for(plan, zone);
    }
    if (zone->type == PROFILE_ZONE_TUNNEL && profile_tree_find(mapping, "dialog") == NULL) {
        zone->load.dialog = PROFILE_DIALOG_NONE;
    }
    clear_other_shapes(&zone->load);
    return true;
}

static bool read_of_node(struct profile_reader *reader, struct profile_tree *zones, uint32_t node,
                         const struct profile_zone_load *load) {
    struct profile_plan *plan = reader->plan;
    for (struct profile_tree *value = zones->first; value != NULL; value = value->next) {
        struct profile_zone *zone = &plan->zones[plan->zone_count];
        zone->node = node;
        zone->load = *load;
        if (!read_zone(reader, value, zone)) {
            return false;
        }
        plan->zone_count++;
    }
    return true;
}

static bool make_room(struct profile_reader *reader, const struct profile_tree *nodes) {
    struct profile_plan *plan = reader->plan;
    uint32_t count = 0;
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next) {
        struct profile_tree *zones = profile_tree_find(value, "zones");
        if (zones != NULL && !profile_reader_expect(reader, zones, PROFILE_TREE_MAPPING)) {
            return false;
        }
        count += zones == NULL ? 0 : zones->count;
    }
    if (count > ZONES_MAX) {
        return profile_complain(reader->document, nodes, reader->error, "expected at most %d zones",
                                ZONES_MAX);
    }
    plan->zones = profile_reader_array(reader, count, sizeof *plan->zones);
    return plan->zones != NULL;
}

bool profile_zone_read_all(struct profile_reader *reader, struct profile_tree *nodes,
                           struct profile_tree *load) {
    struct profile_tree nothing = {.kind = PROFILE_TREE_MAPPING};
    struct profile_head_load head = {0};
    uint32_t node = 0;
    if (load == NULL) {
        load = &nothing;
    }
    if (!profile_section_read(reader, &profile_section_load, load, &head) ||
        !find_shape(reader, load, &head.zone.shape) || !make_room(reader, nodes)) {
        return false;
    }
    reader->plan->duration_ns = head.duration_ns;
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next, node++) {
        struct profile_tree *zones = profile_tree_find(value, "zones");
        if (zones != NULL && !read_of_node(reader, zones, node, &head.zone)) {
            return false;
        }
    }
    return true;
}
