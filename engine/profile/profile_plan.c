/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_plan.h"

#include "profile_part.h"

#include <string.h>

const char *const profile_plan_eku_policies[] = {
    [PROFILE_POLICY_EXPRESSWAY] = "expressway",
    [PROFILE_POLICY_PKIX] = "pkix",
    [PROFILE_POLICY_RFC5924] = "rfc5924",
    NULL,
};
const char *const profile_plan_off_policies[] = {
    [PROFILE_OFF_SERVER_OR_CLIENT] = "server-or-client",
    [PROFILE_OFF_ANY] = "any",
    [PROFILE_OFF_SERVER_IF_PRESENT] = "server-if-present",
    NULL,
};
const char *const profile_plan_zone_types[] = {
    [PROFILE_ZONE_NEIGHBOR] = "neighbor",
    [PROFILE_ZONE_TRAVERSAL] = "traversal",
    [PROFILE_ZONE_UC_TRAVERSAL] = "uc-traversal",
    [PROFILE_ZONE_DNS] = "dns",
    [PROFILE_ZONE_WEBEX] = "webex",
    [PROFILE_ZONE_TUNNEL] = "tunnel",
    [PROFILE_ZONE_TFTP] = "tftp",
    [PROFILE_ZONE_PROVISIONING] = "provisioning",
    [PROFILE_ZONE_WEBRTC] = "webrtc",
    NULL,
};
const char *const profile_plan_services[] = {
    [PROFILE_SERVICE_SIP] = "sip",
    [PROFILE_SERVICE_SIP_MTLS] = "sip-mtls",
    [PROFILE_SERVICE_TRAVERSAL] = "traversal",
    [PROFILE_SERVICE_UC_TRAVERSAL] = "uc-traversal",
    [PROFILE_SERVICE_TUNNEL] = "tunnel",
    [PROFILE_SERVICE_TFTP] = "tftp",
    [PROFILE_SERVICE_PROVISIONING] = "provisioning",
    [PROFILE_SERVICE_WEBRTC] = "webrtc",
    NULL,
};
const char *const profile_plan_states[] = {
    [PROFILE_STATE_ANY] = "",          [PROFILE_STATE_IDLE] = "idle",
    [PROFILE_STATE_FAILED] = "failed", [PROFILE_STATE_DEGRADED] = "degraded",
    [PROFILE_STATE_ACTIVE] = "active", NULL,
};

uint32_t profile_plan_find_node(const struct profile_plan *plan, const char *name) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (strcmp(plan->nodes[i].name, name) == 0) {
            return i;
        }
    }
    return PROFILE_NONE;
}

uint32_t profile_plan_find_zone(const struct profile_plan *plan, const char *full_name) {
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (strcmp(plan->zones[i].full_name, full_name) == 0) {
            return i;
        }
    }
    return PROFILE_NONE;
}

uint32_t profile_plan_find_follower(const struct profile_plan *plan, uint32_t zone) {
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        for (uint32_t k = 0; k < plan->zones[i].after_count; k++) {
            if (plan->zones[i].after[k] == zone) {
                return i;
            }
        }
    }
    return PROFILE_NONE;
}

uint32_t profile_zone_peer_count(const struct profile_zone *zone) {
    return zone->peer_count > 0 ? zone->peer_count : 1;
}

struct profile_peer profile_zone_peer(const struct profile_zone *zone, uint32_t index) {
    return zone->peer_count > 0 ? zone->peers[index]
                                : (struct profile_peer){.listener = zone->peer_listener,
                                                        .host = zone->peer_host,
                                                        .port = zone->peer_port,
                                                        .weight = 1};
}

bool profile_zone_dials(const struct profile_zone *zone, uint32_t listener) {
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        if (profile_zone_peer(zone, i).listener == listener) {
            return true;
        }
    }
    return false;
}

const char *profile_eku_policy_key(enum profile_eku_policy policy) {
    return profile_plan_eku_policies[policy];
}

const char *profile_off_policy_key(enum profile_off_policy policy) {
    return profile_plan_off_policies[policy];
}

const char *profile_state_key(enum profile_state state) {
    return state == PROFILE_STATE_ANY ? "any" : profile_plan_states[state];
}

const char *profile_zone_type_key(enum profile_zone_type type) {
    return profile_plan_zone_types[type];
}

bool profile_plan_relays(const struct profile_plan *plan) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (plan->nodes[i].external == NULL && plan->nodes[i].route_count > 0) {
            return true;
        }
    }
    return false;
}
