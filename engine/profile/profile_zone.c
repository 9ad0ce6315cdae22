/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_users.h"

enum {
    ZONES_MAX = 4000,
};

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
        !profile_shape_choose(reader, mapping, &zone->load) ||
        !resolve_sources(reader, mapping, zone) || !profile_retry_finish(reader, mapping, zone) ||
        !profile_credentials_finish_zone(reader, mapping, zone) ||
        !profile_request_check(reader, mapping, zone) ||
        !profile_users_check(reader, mapping, zone) ||
        !profile_flow_finish(reader, mapping, zone)) {
        return false;
    }
    profile_shape_clear_others(&zone->load);
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
        !profile_shape_choose(reader, load, &head.zone) || !make_room(reader, nodes)) {
        return false;
    }
    reader->plan->duration_ns = head.duration_ns;
    reader->plan->warm_up_ns = head.warm_up_ns;
    reader->plan->window_ns = head.window_ns;
    reader->plan->checkpoint_ns = head.checkpoint_ns;
    reader->plan->renew_ns = head.renew_ns;
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next, node++) {
        struct profile_tree *zones = profile_tree_find(value, "zones");
        if (zones != NULL && !read_of_node(reader, zones, node, &head.zone)) {
            return false;
        }
    }
    return (reader->is_survey || profile_moot_check(reader, nodes, load)) &&
           profile_resumption_check(reader, nodes, load) &&
           profile_shape_fit_duration(reader, nodes, load);
}
