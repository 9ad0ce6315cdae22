/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"

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

/* A growing list of the leaves a peer may present. */
struct leaf_list {
    struct bytes *leaves;
    uint32_t count;
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

static bool leaf_list_add(struct leaf_list *list, const struct node *node, enum tls_role role) {
    const struct node_store *store = &node->stores[role];
    if (store->leaf_count == 0) {
        return true;
    }
    struct bytes *grown =
        realloc(list->leaves, (list->count + store->leaf_count) * sizeof *list->leaves);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown + list->count, store->leaves, store->leaf_count * sizeof *grown);
    list->leaves = grown;
    list->count += store->leaf_count;
    return true;
}

static void apply_tls_settings(struct tls_context_options *options, const struct node *node) {
    const struct profile_tls *tls = &node->plan->tls;
    options->trust = node->trust;
    options->versions = ((tls->versions & PROFILE_TLS_1_2) != 0 ? TLS_VERSION_1_2 : 0u) |
                        ((tls->versions & PROFILE_TLS_1_3) != 0 ? TLS_VERSION_1_3 : 0u);
    options->suites = (const char *const *)tls->suites.items;
    options->suite_count = tls->suites.count;
    options->groups = (const char *const *)tls->groups.items;
    options->group_count = tls->groups.count;
}

/* Each certificate's share of the attempts: its identity's weight, split over the identity's
 * certificates. */
static void share_out(struct node_zone *zone, const struct node_store *store,
                      const struct profile_store *plan) {
    double total = 0;
    for (uint32_t i = 0; i < zone->presented_count; i++) {
        uint32_t identity = store->identity_of[i];
        double share = 1;
        if (identity < plan->identity_count) {
            const struct profile_identity *row = &plan->identities[identity];
            share = (double)row->weight / (row->count == 0 ? 1 : row->count);
        }
        total += share;
        zone->presented[i].cumulative_share = total;
    }
    for (uint32_t i = 0; i < zone->presented_count; i++) {
        zone->presented[i].cumulative_share =
            total > 0 ? zone->presented[i].cumulative_share / total : 1;
    }
}

static bool create_zone_contexts(struct node_zone *zone, const struct node *node,
                                 struct tls_context_options *options, struct base_error *error) {
    const struct node_store *store = &node->stores[TLS_ROLE_CLIENT];
    const struct profile_store *plan = node->plan->client_store.kind == PROFILE_STORE_COPY_OF_SERVER
                                           ? &node->plan->server_store
                                           : &node->plan->client_store;
    /* An empty client store still dials: it presents no certificate. */
    zone->presented_count = store->count == 0 ? 1 : store->count;
    zone->presented = calloc(zone->presented_count, sizeof *zone->presented);
    if (zone->presented == NULL) {
        return out_of_memory(error);
    }
    for (uint32_t i = 0; i < zone->presented_count; i++) {
        const struct tls_identity *identity = store->count == 0 ? NULL : store->identities[i];
        options->identities = &identity;
        options->identity_count = store->count == 0 ? 0 : 1;
        zone->presented[i].identity = store->count == 0 ? 0 : store->identity_of[i];
        zone->presented[i].cumulative_share = 1;
        if (!tls_context_create(&zone->presented[i].context, options, error)) {
            return false;
        }
    }
    if (store->count > 0) {
        share_out(zone, store, plan);
    }
    return true;
}

static enum node_dialog dialog_of(const struct profile_zone *row) {
    static const enum node_dialog dialogs[] = {
        [PROFILE_DIALOG_NONE] = NODE_DIALOG_NONE,
        [PROFILE_DIALOG_OPTIONS] = NODE_DIALOG_OPTIONS,
        [PROFILE_DIALOG_REGISTER] = NODE_DIALOG_REGISTER,
        [PROFILE_DIALOG_INVITE] = NODE_DIALOG_INVITE,
        [PROFILE_DIALOG_HTTP] = NODE_DIALOG_HTTP,
    };
    return dialogs[row->load.dialog];
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
    const struct node *node = blueprint->nodes[row->node];
    struct leaf_list expected = {0};
    struct tls_context_options options = {.role = TLS_ROLE_CLIENT};
    if (row->peer_listener != PROFILE_NONE) {
        const struct node *peer = blueprint->nodes[plan->listeners[row->peer_listener].node];
        if (peer != NULL && !leaf_list_add(&expected, peer, TLS_ROLE_SERVER)) {
            return out_of_memory(error);
        }
    }
    zone->expected_leaves = expected.leaves;
    apply_tls_settings(&options, node);
    options.verify_name = row->verify_name;
    options.server_name = row->verify_name != NULL ? row->verify_name : row->peer_host;
    options.expected_leaves = expected.leaves;
    options.expected_count = expected.count;
    node_names_fill_zone(zone, plan, row);
    zone->credentials = (struct node_credentials){.username = row->credentials.username,
                                                  .password = row->credentials.password};
    zone->dialog = dialog_of(row);
    zone->stays_open = row->load.shape == PROFILE_SHAPE_HOLD;
    zone->reset_on_close = row->close == PROFILE_CLOSE_RESET;
    zone->hold_ns = row->load.hold_ns;
    zone->options_interval_ns = row->load.options_interval_ns;
    zone->timeout_ns = row->load.timeout_ns;
    return create_zone_contexts(zone, node, &options, error);
}

static enum tls_client_certificate demand_of(const struct profile_listener *row) {
    static const enum tls_client_certificate demands[] = {
        [PROFILE_CLIENT_CERTIFICATE_REQUIRE] = TLS_CLIENT_CERTIFICATE_REQUIRE,
        [PROFILE_CLIENT_CERTIFICATE_REQUEST] = TLS_CLIENT_CERTIFICATE_REQUEST,
        [PROFILE_CLIENT_CERTIFICATE_NONE] = TLS_CLIENT_CERTIFICATE_NONE,
    };
    return demands[row->client_certificate];
}

static const _Atomic(unsigned) *policy_of(const struct node *node,
                                          const struct profile_listener *row) {
    switch (row->eku_check) {
    case PROFILE_EKU_CHECK_ALWAYS:
        return &node->mode->policy_of_always;
    case PROFILE_EKU_CHECK_NEVER:
        return &node->mode->policy_of_never;
    case PROFILE_EKU_CHECK_NODE:
    default:
        return &node->mode->policy_of_mode;
    }
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
    const struct node_store *store = &node->stores[TLS_ROLE_SERVER];
    struct leaf_list expected = {0};
    struct tls_context_options options = {.role = TLS_ROLE_SERVER};
    listener->credentials = (struct node_credentials){.username = row->credentials.username,
                                                      .password = row->credentials.password};
    node_names_fill_listener(listener, plan, index);
    listener->timeout_ns = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        if (zone->peer_listener != index) {
            continue;
        }
        const struct node *peer = blueprint->nodes[zone->node];
        bool added = peer == NULL || leaf_list_add(&expected, peer, TLS_ROLE_CLIENT);
        listener->expected_leaves = expected.leaves;
        if (!added) {
            return out_of_memory(error);
        }
        if (zone->load.timeout_ns > listener->timeout_ns) {
            listener->timeout_ns = zone->load.timeout_ns;
        }
    }
    if (listener->timeout_ns == 0) {
        listener->timeout_ns = UINT64_C(10000000000);
    }
    apply_tls_settings(&options, node);
    options.identities = (const struct tls_identity *const *)store->identities;
    options.identity_count = store->count;
    options.eku_policy = policy_of(node, row);
    options.client_certificate = demand_of(row);
    options.verify_name = row->verify_name;
    options.expected_leaves = expected.leaves;
    options.expected_count = expected.count;
    return tls_context_create(&listener->context, &options, error);
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
