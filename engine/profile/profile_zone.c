/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"

enum {
    ZONES_MAX = 4000,
};

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

/* `internal` and `external` are the node's own. */
static bool resolve_sources(const struct profile_reader *reader, const struct profile_tree *mapping,
                            struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "source");
    const struct profile_tree *item =
        value != NULL && value->kind == PROFILE_TREE_LIST ? value->first : value;
    for (uint32_t i = 0; i < zone->sources.count; i++, item = item->next) {
        if (!profile_address_resolve(reader, item, &reader->plan->nodes[zone->node],
                                     &zone->sources.items[i])) {
            return false;
        }
    }
    return true;
}

/* `zone->load` is the profile's already. */
static bool read_zone(struct profile_reader *reader, struct profile_tree *mapping,
                      struct profile_zone *zone) {
    const struct profile_node *node = &reader->plan->nodes[zone->node];
    if (!profile_reader_name(reader, mapping, &zone->name)) {
        return false;
    }
    zone->line = mapping->line;
    zone->full_name =
        profile_arena_format(reader->document->arena, "%s.%s", node->name, zone->name);
    if (zone->full_name == NULL) {
        return profile_out_of_memory(reader->error);
    }
    if (!profile_section_read(reader, &profile_section_zone, mapping, zone) ||
        !profile_peer_read(reader, mapping, zone) ||
        !find_shape(reader, mapping, &zone->load.shape) ||
        !resolve_sources(reader, mapping, zone) || !profile_retry_finish(reader, mapping, zone) ||
        !profile_credentials_finish_zone(reader, mapping, zone) ||
        !profile_request_check(reader, mapping, zone)) {
        return false;
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
