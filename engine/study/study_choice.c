/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_overhead.h"

#include <stdlib.h>
#include <string.h>

bool study_choose_zone(const struct study_setup *setup, const char *name, uint32_t *zone,
                       struct base_error *error) {
    *zone = profile_plan_find_zone(setup->plan, name);
    if (*zone == PROFILE_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--zone %.128s: the profile %s has no such zone; one is written as "
                              "<node>.<zone>",
                              name, setup->plan->name);
    }
    return study_runs_here(setup, setup->plan->zones[*zone].node) ||
           base_error_set(error, BASE_ERROR_USAGE, "--zone %.128s: its node does not run here",
                          name);
}

/* Whether the mode of the peer's node decides how the zone's certificate is judged there. */
static bool depends_on_mode(const struct profile_plan *plan, const struct profile_peer *peer) {
    if (peer->listener == PROFILE_NONE) {
        return true; /* equipment: the profile does not know */
    }
    const struct profile_listener *listener = &plan->listeners[peer->listener];
    return listener->eku_check == PROFILE_EKU_CHECK_NODE &&
           listener->client_certificate != PROFILE_CLIENT_CERTIFICATE_NONE;
}

/* `only` but PROFILE_NONE: of the nodes here that one alone is switched. */
static bool is_switched(const struct study_overhead *study, const struct profile_peer *peer,
                        uint32_t only) {
    const struct profile_plan *plan = study->setup->plan;
    uint32_t node =
        peer->listener == PROFILE_NONE ? PROFILE_NONE : plan->listeners[peer->listener].node;
    bool is_here = node != PROFILE_NONE && study_runs_here(study->setup, node);
    if (study->options->switch_on != NULL) {
        return !is_here && depends_on_mode(plan, peer);
    }
    return is_here && depends_on_mode(plan, peer) && (only == PROFILE_NONE || only == node);
}

/* A zone whose connections go to several peers is measured when all of them are switched: the
 * others would hide a part of the difference. */
static void take_zone(struct study_overhead *study, uint32_t index, uint32_t only) {
    const struct profile_plan *plan = study->setup->plan;
    const struct profile_zone *zone = &plan->zones[index];
    uint32_t peers = profile_zone_peer_count(zone);
    bool taken = study_runs_here(study->setup, zone->node);
    for (uint32_t i = 0; taken && i < peers; i++) {
        const struct profile_peer peer = profile_zone_peer(zone, i);
        taken = is_switched(study, &peer, only);
    }
    for (uint32_t i = 0; taken && i < peers; i++) {
        uint32_t listener = profile_zone_peer(zone, i).listener;
        if (listener != PROFILE_NONE && study->options->switch_on == NULL) {
            study->nodes[plan->listeners[listener].node] = true;
            study->listeners[listener] = true;
        }
    }
    study->zones[index] = taken;
}

static bool name_everything(struct study_overhead *study, struct base_error *error) {
    const struct profile_plan *plan = study->setup->plan;
    struct metrics_overhead *out = study->out;
    const char **zones = calloc(plan->zone_count + 1, sizeof(const char *));
    const char **nodes = calloc(plan->node_count + 1, sizeof(const char *));
    out->zones = zones;
    out->nodes = nodes;
    if (zones == NULL || nodes == NULL) {
        return study_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (study->zones[i]) {
            zones[out->zone_count++] = plan->zones[i].full_name;
        }
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (study->nodes[i]) {
            nodes[out->node_count++] = plan->nodes[i].name;
        }
    }
    return true;
}

static bool refuse(const struct study_overhead *study, struct base_error *error) {
    const struct study_overhead_options *options = study->options;
    if (options->switch_on != NULL) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "nothing to measure: no zone that runs here dials a peer elsewhere "
                              "whose EKU check --switch-on and --switch-off could switch");
    }
    if (options->zone != NULL) {
        return base_error_set(
            error, BASE_ERROR_USAGE,
            "--zone %.128s: not every peer of it has an EKU check that can be "
            "switched here: for a peer elsewhere give --switch-on and --switch-off",
            options->zone);
    }
    return base_error_set(error, BASE_ERROR_USAGE,
                          "nothing to switch: no node that runs here is dialled on a listener with "
                          "`eku_check: node`; for a peer elsewhere give --switch-on and "
                          "--switch-off");
}

bool study_choose(struct study_overhead *study, struct base_error *error) {
    const struct profile_plan *plan = study->setup->plan;
    const struct study_overhead_options *options = study->options;
    uint32_t only = PROFILE_NONE;
    uint32_t zone = PROFILE_NONE;
    if (options->node != NULL &&
        (only = profile_plan_find_node(plan, options->node)) == PROFILE_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--node %.128s: the profile %s has no such node", options->node,
                              plan->name);
    }
    if (options->zone != NULL && !study_choose_zone(study->setup, options->zone, &zone, error)) {
        return false;
    }
    study->zones = calloc(plan->zone_count + 1, sizeof *study->zones);
    study->listeners = calloc(plan->listener_count + 1, sizeof *study->listeners);
    study->nodes = calloc(plan->node_count + 1, sizeof *study->nodes);
    if (study->zones == NULL || study->listeners == NULL || study->nodes == NULL) {
        return study_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (zone == PROFILE_NONE || zone == i) {
            take_zone(study, i, only);
        }
    }
    if (!name_everything(study, error)) {
        return false;
    }
    return study->out->zone_count > 0 || refuse(study, error);
}
