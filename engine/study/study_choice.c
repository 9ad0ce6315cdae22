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

/* Whether the mode of the peer's node decides how this zone's certificate is judged. */
static bool depends_on_mode(const struct study_overhead *study, const struct profile_zone *zone) {
    const struct profile_plan *plan = study->setup->plan;
    if (zone->peer_listener == PROFILE_NONE) {
        return true; /* equipment: the profile does not know */
    }
    const struct profile_listener *listener = &plan->listeners[zone->peer_listener];
    return listener->eku_check == PROFILE_EKU_CHECK_NODE &&
           listener->client_certificate != PROFILE_CLIENT_CERTIFICATE_NONE;
}

static bool is_peer_here(const struct study_overhead *study, const struct profile_zone *zone) {
    const struct profile_plan *plan = study->setup->plan;
    return zone->peer_listener != PROFILE_NONE &&
           study_runs_here(study->setup, plan->listeners[zone->peer_listener].node);
}

/* Of the peers that run here, those that somebody measured dials; `only` but PROFILE_NONE: that
 * one. */
static void take_zone(struct study_overhead *study, uint32_t index, uint32_t only) {
    const struct profile_plan *plan = study->setup->plan;
    const struct profile_zone *zone = &plan->zones[index];
    bool by_command = study->options->switch_on != NULL;
    if (!study_runs_here(study->setup, zone->node) || !depends_on_mode(study, zone) ||
        by_command == is_peer_here(study, zone)) {
        return;
    }
    if (!by_command) {
        uint32_t node = plan->listeners[zone->peer_listener].node;
        if (only != PROFILE_NONE && only != node) {
            return;
        }
        study->nodes[node] = true;
        study->listeners[zone->peer_listener] = true;
    }
    study->zones[index] = true;
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
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--zone %.128s: its peer has no EKU check that can be switched here: "
                              "for a peer elsewhere give --switch-on and --switch-off",
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
