/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

bool profile_resumption_read_ratio(struct profile_reader *reader, struct profile_tree *value,
                                   void *target) {
    double *ratio = target;
    return (value->kind == PROFILE_TREE_SCALAR && profile_value_decimal(value->text, ratio) &&
            *ratio >= 0 && *ratio <= 1) ||
           profile_reader_unexpected(reader, value, "a number from 0 to 1");
}

/* TLS 1.3 is spoken wherever both ends can; what somebody else's equipment can is not known. */
static bool may_speak_1_2(const struct profile_plan *plan, const struct profile_zone *zone) {
    unsigned versions = plan->nodes[zone->node].tls.versions;
    bool may = false;
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        uint32_t listener = profile_zone_peer(zone, i).listener;
        const struct profile_node *peer =
            listener == PROFILE_NONE ? NULL : &plan->nodes[plan->listeners[listener].node];
        bool is_known = peer != NULL && peer->external == NULL;
        may = may || !is_known || (versions & peer->tls.versions & PROFILE_TLS_1_3) == 0;
    }
    return may && (versions & PROFILE_TLS_1_2) != 0;
}

static bool refuse(const struct profile_reader *reader, const struct profile_tree *mapping,
                   const char *node) {
    return profile_complain(reader->document, profile_tree_find(mapping, "resumption"),
                            reader->error,
                            "TLS 1.3 resumes nothing by session ID: expected tickets, or "
                            "nodes.%s.tls.versions without 1.3",
                            node);
}

static bool check_zone(const struct profile_reader *reader, const struct profile_tree *mapping,
                       const struct profile_tree *load, const struct profile_zone *zone) {
    const struct profile_plan *plan = reader->plan;
    bool is_own = profile_tree_find(mapping, "resumption") != NULL;
    return zone->load.resumption != PROFILE_RESUMPTION_SESSION_ID || may_speak_1_2(plan, zone) ||
           refuse(reader, is_own ? mapping : load, plan->nodes[zone->node].name);
}

bool profile_resumption_check(const struct profile_reader *reader, const struct profile_tree *nodes,
                              const struct profile_tree *load) {
    const struct profile_node *node = reader->plan->nodes;
    const struct profile_zone *zone = reader->plan->zones;
    for (const struct profile_tree *at = nodes->first; at != NULL; at = at->next, node++) {
        const struct profile_tree *zones = profile_tree_find(at, "zones");
        if (node->external == NULL && node->resumption == PROFILE_RESUMPTION_SESSION_ID &&
            (node->tls.versions & PROFILE_TLS_1_2) == 0) {
            return refuse(reader, at, node->name);
        }
        const struct profile_tree *at_zone = zones == NULL ? NULL : zones->first;
        for (; at_zone != NULL; at_zone = at_zone->next) {
            if (!check_zone(reader, at_zone, load, zone++)) {
                return false;
            }
        }
    }
    return true;
}
