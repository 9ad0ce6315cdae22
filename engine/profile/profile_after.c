/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_list.h"
#include "profile_part.h"

#include <stdlib.h>
#include <string.h>

/* "provisioning" of the same node, or "endpoint.provisioning". */
static bool find_zone(const struct profile_reader *reader, const struct profile_tree *item,
                      const struct profile_zone *zone, uint32_t *out) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest = base_nearest_begin(item->text);
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *other = &plan->zones[i];
        bool is_near = other->node == zone->node;
        if (strcmp(other->full_name, item->text) == 0 ||
            (is_near && strcmp(other->name, item->text) == 0)) {
            *out = i;
            return true;
        }
        base_nearest_offer(&nearest, is_near ? other->name : other->full_name);
    }
    return profile_complain(reader->document, item, reader->error, "no zone is named %s%s",
                            profile_quote(item, quote),
                            nearest.best == NULL ? "; expected a zone of this node, or node.zone"
                                                 : base_nearest_hint(&nearest, hint));
}

static bool check_shape(const struct profile_reader *reader, const struct profile_tree *at,
                        const struct profile_zone *zone) {
    return zone->load.shape == PROFILE_SHAPE_HOLD ||
           profile_complain(reader->document, at, reader->error,
                            "both zones must keep connections, and %s is driven by %s",
                            zone->full_name,
                            zone->load.shape == PROFILE_SHAPE_RATE ? "rate" : "concurrency");
}

static bool read_one(struct profile_reader *reader, const struct profile_tree *value,
                     struct profile_zone *zone) {
    const struct profile_plan *plan = reader->plan;
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    const struct profile_tree *item = is_list ? value->first : value;
    if (count > PROFILE_LIST_MAX) {
        return profile_complain(reader->document, value, reader->error, "expected at most %d zones",
                                PROFILE_LIST_MAX);
    }
    zone->after = profile_reader_array(reader, count, sizeof *zone->after);
    if (zone->after == NULL) {
        return false;
    }
    for (; zone->after_count < count; item = item->next) {
        uint32_t *found = &zone->after[zone->after_count];
        if (item->kind != PROFILE_TREE_SCALAR) {
            return profile_reader_unexpected(reader, item, "the name of a zone");
        }
        if (!find_zone(reader, item, zone, found) || !check_shape(reader, item, zone) ||
            !check_shape(reader, item, &plan->zones[*found])) {
            return false;
        }
        zone->after_count++;
    }
    return true;
}

/* A walk along `after`, deep as it may be, without recursion. */
struct walk {
    const struct profile_plan *plan;
    uint32_t *path;  /* zones from the first to where we are */
    uint32_t *taken; /* per zone: how many of its `after` were looked at; it is on the path */
    bool *is_done;   /* nothing that comes first leads back to it */
};

/* The zone that comes after itself; PROFILE_NONE when there is none. */
static uint32_t walk_from(struct walk *walk, uint32_t first) {
    uint32_t depth = 0;
    walk->path[depth++] = first;
    walk->taken[first] = 1;
    while (depth > 0) {
        uint32_t at = walk->path[depth - 1];
        const struct profile_zone *zone = &walk->plan->zones[at];
        if (walk->taken[at] > zone->after_count) {
            walk->is_done[at] = true;
            walk->taken[at] = 0;
            depth--;
            continue;
        }
        uint32_t next = zone->after[walk->taken[at]++ - 1];
        if (walk->taken[next] > 0) {
            return next;
        }
        if (!walk->is_done[next]) {
            walk->taken[next] = 1;
            walk->path[depth++] = next;
        }
    }
    return PROFILE_NONE;
}

static bool check_circles(struct profile_reader *reader, struct profile_tree *const *values) {
    const struct profile_plan *plan = reader->plan;
    struct walk walk = {
        .plan = plan,
        .path = profile_reader_array(reader, plan->zone_count, sizeof *walk.path),
        .taken = profile_reader_array(reader, plan->zone_count, sizeof *walk.taken),
        .is_done = profile_reader_array(reader, plan->zone_count, sizeof *walk.is_done),
    };
    if (walk.path == NULL || walk.taken == NULL || walk.is_done == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        uint32_t found = walk.is_done[i] ? PROFILE_NONE : walk_from(&walk, i);
        if (found == PROFILE_NONE) {
            continue;
        }
        const struct profile_zone *zone = &plan->zones[found];
        const struct profile_zone *first = &plan->zones[zone->after[walk.taken[found] - 2]];
        return first == zone ? profile_complain(reader->document, values[found], reader->error,
                                                "a zone cannot come after itself")
                             : profile_complain(reader->document, values[found], reader->error,
                                                "%s comes after %s, which comes after it again",
                                                zone->full_name, first->full_name);
    }
    return true;
}

bool profile_after_read_all(struct profile_reader *reader, struct profile_tree *nodes) {
    struct profile_plan *plan = reader->plan;
    uint32_t index = 0;
    struct profile_tree **values =
        profile_reader_array(reader, plan->zone_count, sizeof(struct profile_tree *));
    if (values == NULL) {
        return false;
    }
    for (struct profile_tree *node = nodes->first; node != NULL; node = node->next) {
        const struct profile_tree *zones = profile_tree_find(node, "zones");
        for (struct profile_tree *zone = zones == NULL ? NULL : zones->first; zone != NULL;
             zone = zone->next, index++) {
            values[index] = profile_tree_find(zone, "after");
            if (values[index] != NULL && !read_one(reader, values[index], &plan->zones[index])) {
                return false;
            }
        }
    }
    return check_circles(reader, values);
}
