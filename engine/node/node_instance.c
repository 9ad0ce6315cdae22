/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"

#include "node_contexts.h"
#include "node_internal.h"
#include "node_names.h"

#include <stdlib.h>
#include <string.h>

/* What all contexts of one instance are made from. */
struct blueprint {
    const struct profile_plan *plan;
    struct node *const *nodes;
    const bool *runs_here;
};

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static enum node_protocol protocol_of(enum profile_protocol protocol) {
    static const enum node_protocol protocols[] = {
        [PROFILE_PROTOCOL_SIP] = NODE_PROTOCOL_SIP,
        [PROFILE_PROTOCOL_HTTP] = NODE_PROTOCOL_HTTP,
        [PROFILE_PROTOCOL_TUNNEL] = NODE_PROTOCOL_TUNNEL,
    };
    return protocols[protocol];
}

static enum node_dialog dialog_of(const struct profile_zone *row) {
    static const enum node_dialog dialogs[] = {
        [PROFILE_DIALOG_NONE] = NODE_DIALOG_NONE,
        [PROFILE_DIALOG_OPTIONS] = NODE_DIALOG_OPTIONS,
        [PROFILE_DIALOG_REGISTER] = NODE_DIALOG_REGISTER,
        [PROFILE_DIALOG_INVITE] = NODE_DIALOG_INVITE,
        [PROFILE_DIALOG_HTTP] = NODE_DIALOG_HTTP,
        [PROFILE_DIALOG_SCRIPT] = NODE_DIALOG_SCRIPT,
    };
    return dialogs[row->load.dialog];
}

static struct node_credentials credentials_of(const struct profile_credentials *row) {
    struct node_credentials credentials = {
        .username = row->username, .password = row->password, .users = row->users};
    credentials.algorithm_count = (uint8_t)row->algorithm_count;
    for (uint32_t i = 0; i < row->algorithm_count; i++) {
        credentials.algorithms[i] = (uint8_t)row->algorithms[i];
    }
    return credentials;
}

static void fill_dialog(struct node_zone *zone, const struct profile_zone_load *load) {
    zone->expires_s = (uint32_t)(load->expires_ns / UINT64_C(1000000000));
    zone->deregisters = load->deregister;
    zone->is_outbound = load->outbound;
    zone->reinvite_ns = load->reinvite_ns;
    zone->cancel_after_ns = load->cancel_after_ns;
}

/* A script may be longer than any hold time: without a number a connection in churn plays one. */
static uint32_t dialogs_of(const struct profile_zone_load *load) {
    bool is_long = load->dialog == PROFILE_DIALOG_SCRIPT;
    bool has_one = load->dialogs == 0 && is_long && load->shape != PROFILE_SHAPE_HOLD;
    return load->dialog == PROFILE_DIALOG_NONE ? 0 : has_one ? 1 : load->dialogs;
}

static bool create_zone(struct node_zone *zone, const struct blueprint *blueprint, uint32_t index,
                        struct base_error *error) {
    const struct profile_plan *plan = blueprint->plan;
    const struct profile_zone *row = &plan->zones[index];
    zone->node = row->node;
    zone->protocol = protocol_of(profile_zone_protocol(row));
    if (!blueprint->runs_here[row->node]) {
        return true;
    }
    zone->is_secure = row->load.scheme == PROFILE_SCHEME_SIPS;
    node_names_fill_zone(zone, plan, row);
    zone->credentials = credentials_of(&row->credentials);
    zone->dialog = dialog_of(row);
    zone->script = row->load.script == NULL ? NULL : row->load.script->script;
    zone->users = row->users.table == NULL ? NULL : &row->users;
    zone->stays_open = row->load.shape == PROFILE_SHAPE_HOLD;
    zone->reset_on_close = row->close == PROFILE_CLOSE_RESET;
    zone->hold_ns = row->load.hold_ns;
    zone->options_interval_ns = row->load.options_interval_ns;
    zone->hold_spread = row->load.hold_spread;
    zone->options_interval_spread = row->load.options_interval_spread;
    zone->dialogs = dialogs_of(&row->load);
    zone->timeout_ns = row->load.timeout_ns;
    *(zone->dialog == NODE_DIALOG_NONE ? &zone->ping_ns : &zone->keep_alive_ns) =
        row->keep_alive_ns;
    zone->is_alias = row->alias;
    fill_dialog(zone, &row->load);
    return node_contexts_of_zone(zone, plan, blueprint->nodes, index, error);
}

static bool create_listener(struct node_listener *listener, const struct blueprint *blueprint,
                            uint32_t index, struct base_error *error) {
    const struct profile_plan *plan = blueprint->plan;
    const struct profile_listener *row = &plan->listeners[index];
    listener->node = row->node;
    listener->protocol = protocol_of(profile_listener_protocol(row));
    if (!blueprint->runs_here[row->node]) {
        return true;
    }
    const struct node *node = blueprint->nodes[row->node];
    listener->credentials = credentials_of(&row->credentials);
    listener->needs_alias =
        row->reuse == PROFILE_REUSE_ALIAS && plan->nodes[row->node].route_count > 0;
    node_names_fill_listener(listener, plan, index);
    listener->timeout_ns = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        if (profile_zone_dials(zone, index) && zone->load.timeout_ns > listener->timeout_ns) {
            listener->timeout_ns = zone->load.timeout_ns;
        }
    }
    if (listener->timeout_ns == 0) {
        listener->timeout_ns = UINT64_C(10000000000);
    }
    listener->limit = row->limit_per_s > 0 ? &node->mode->limits[index] : NULL;
    return node_context_of_listener(listener, plan, blueprint->nodes, index, error);
}

bool node_instance_create(struct node_instance **out, const struct profile_plan *plan,
                          struct node *const *nodes, const bool *runs_here,
                          struct base_error *error) {
    const struct blueprint blueprint = {.plan = plan, .nodes = nodes, .runs_here = runs_here};
    struct node_instance *instance = calloc(1, sizeof *instance);
    *out = NULL;
    if (instance == NULL) {
        return out_of_memory(error);
    }
    instance->plan = plan;
    instance->selves = calloc(plan->node_count + 1, sizeof *instance->selves);
    instance->zones = calloc(plan->zone_count + 1, sizeof *instance->zones);
    instance->listeners = calloc(plan->listener_count + 1, sizeof *instance->listeners);
    if (instance->selves == NULL || instance->zones == NULL || instance->listeners == NULL) {
        node_instance_destroy(instance);
        return out_of_memory(error);
    }
    instance->zone_count = plan->zone_count;
    instance->listener_count = plan->listener_count;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        node_names_fill_self(&instance->selves[i], &plan->nodes[i]);
    }
    bool created = true;
    for (uint32_t i = 0; created && i < plan->zone_count; i++) {
        created = create_zone(&instance->zones[i], &blueprint, i, error);
    }
    for (uint32_t i = 0; created && i < plan->listener_count; i++) {
        created = create_listener(&instance->listeners[i], &blueprint, i, error);
    }
    if (!created) {
        node_instance_destroy(instance);
        return false;
    }
    *out = instance;
    return true;
}

void node_instance_destroy(struct node_instance *instance) {
    if (instance == NULL) {
        return;
    }
    for (uint32_t i = 0; i < instance->zone_count; i++) {
        struct node_zone *zone = &instance->zones[i];
        for (uint32_t j = 0; j < zone->presented_count; j++) {
            tls_context_destroy(zone->presented[j].context);
        }
        free(zone->presented);
        free(zone->expected_leaves);
    }
    for (uint32_t i = 0; i < instance->listener_count; i++) {
        tls_context_destroy(instance->listeners[i].context);
        free(instance->listeners[i].expected_leaves);
    }
    free(instance->selves);
    free(instance->zones);
    free(instance->listeners);
    free(instance);
}

const struct node_presented *node_zone_choose(const struct node_zone *zone,
                                              struct base_random *random) {
    if (zone->presented_count == 1) {
        return &zone->presented[0];
    }
    double point = base_random_uniform(random);
    uint32_t low = 0;
    uint32_t high = zone->presented_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zone->presented[middle].cumulative_share > point) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return &zone->presented[low];
}
