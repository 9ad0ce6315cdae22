/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_contexts.h"

#include "node_internal.h"

#include <stdlib.h>
#include <string.h>

/* A growing list of the leaves a peer may present. */
struct leaf_list {
    struct bytes *leaves;
    uint32_t count;
};

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static bool leaf_list_append(struct leaf_list *list, const struct bytes *leaves, uint32_t count) {
    if (count == 0) {
        return true;
    }
    struct bytes *grown = realloc(list->leaves, (list->count + count) * sizeof *list->leaves);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown + list->count, leaves, count * sizeof *grown);
    list->leaves = grown;
    list->count += count;
    return true;
}

/* Part of a store: the certificates of one identity stand in a row. */
struct range {
    uint32_t first;
    uint32_t count;
};

static struct range range_of(const struct node_store *store, uint32_t identity) {
    struct range range = {.first = 0, .count = store->count};
    if (identity != PROFILE_NONE) {
        while (range.count > 0 && store->identity_of[range.first] != identity) {
            range.first++;
            range.count--;
        }
        while (range.count > 0 && store->identity_of[range.first + range.count - 1] != identity) {
            range.count--;
        }
    }
    return range;
}

/* What it presents now, and what earlier generations did. */
static bool leaf_list_add(struct leaf_list *list, const struct node_store *store,
                          uint32_t identity) {
    struct range range = range_of(store, identity);
    return leaf_list_append(list, store->leaves + range.first, range.count) &&
           leaf_list_append(list, store->leaves + store->count, store->leaf_count - store->count);
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

static enum tls_resumption resumption_of(enum profile_resumption resumption) {
    static const enum tls_resumption resumptions[] = {
        [PROFILE_RESUMPTION_OFF] = TLS_RESUMPTION_OFF,
        [PROFILE_RESUMPTION_TICKETS] = TLS_RESUMPTION_TICKETS,
        [PROFILE_RESUMPTION_SESSION_ID] = TLS_RESUMPTION_SESSION_ID,
    };
    return resumptions[resumption];
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
        /* Of thousands of identities few may be used in this worker; the first shows whether the
         * settings are good. */
        options->on_first_use = i > 0;
        if (!tls_context_create(&zone->presented[i].context, options, error)) {
            return false;
        }
    }
    if (store->count > 0) {
        share_out(zone, store, plan);
    }
    return true;
}

/* One context serves several peers: a name is asked for only if it is that of each. */
static const char *host_of_peers(const struct profile_zone *row) {
    const char *host = row->peer_host;
    for (uint32_t i = 1; i < profile_zone_peer_count(row); i++) {
        const char *next = profile_zone_peer(row, i).host;
        if (host == NULL || next == NULL || strcmp(host, next) != 0) {
            return NULL;
        }
    }
    return host;
}

static const char *server_name_of(const struct profile_zone *row) {
    if (row->sni != NULL) {
        return strcmp(row->sni, "none") == 0 ? NULL : row->sni;
    }
    return row->verify_name != NULL ? row->verify_name : host_of_peers(row);
}

bool node_contexts_of_zone(struct node_zone *zone, const struct profile_plan *plan,
                           struct node *const *nodes, uint32_t index, struct base_error *error) {
    const struct profile_zone *row = &plan->zones[index];
    struct leaf_list expected = {0};
    bool added = true;
    for (uint32_t i = 0; added && i < profile_zone_peer_count(row); i++) {
        uint32_t listener = profile_zone_peer(row, i).listener;
        const struct node *peer =
            listener == PROFILE_NONE ? NULL : nodes[plan->listeners[listener].node];
        added = peer == NULL || leaf_list_add(&expected, &peer->stores[TLS_ROLE_SERVER],
                                              plan->listeners[listener].identity);
    }
    zone->expected_leaves = expected.leaves;
    if (!added) {
        return out_of_memory(error);
    }
    struct tls_context_options options = {
        .role = TLS_ROLE_CLIENT,
        .verify_name = row->verify_name,
        .server_name = server_name_of(row),
        .expected_leaves = expected.leaves,
        .expected_count = expected.count,
        .resumption = resumption_of(row->load.resumption),
    };
    zone->resumes = row->load.resumption != PROFILE_RESUMPTION_OFF;
    zone->resume_ratio = row->load.resume_ratio;
    apply_tls_settings(&options, nodes[row->node]);
    return create_zone_contexts(zone, nodes[row->node], &options, error);
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

static bool expect_initiators(struct leaf_list *expected, const struct profile_plan *plan,
                              struct node *const *nodes, uint32_t index) {
    bool added = true;
    for (uint32_t i = 0; added && i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        const struct node *peer = profile_zone_dials(zone, index) ? nodes[zone->node] : NULL;
        added =
            peer == NULL || leaf_list_add(expected, &peer->stores[TLS_ROLE_CLIENT], PROFILE_NONE);
    }
    return added;
}

bool node_context_of_listener(struct node_listener *listener, const struct profile_plan *plan,
                              struct node *const *nodes, uint32_t index, struct base_error *error) {
    const struct profile_listener *row = &plan->listeners[index];
    const struct node *node = nodes[row->node];
    const struct node_store *store = &node->stores[TLS_ROLE_SERVER];
    struct range range = range_of(store, row->identity);
    struct leaf_list expected = {0};
    bool added = expect_initiators(&expected, plan, nodes, index);
    listener->expected_leaves = expected.leaves;
    if (!added) {
        return out_of_memory(error);
    }
    struct tls_context_options options = {
        .role = TLS_ROLE_SERVER,
        .identities = (const struct tls_identity *const *)store->identities + range.first,
        .identity_count = range.count,
        .eku_policy = policy_of(node, row),
        .client_certificate = demand_of(row),
        .verify_name = row->verify_name,
        .expected_leaves = expected.leaves,
        .expected_count = expected.count,
        .check_delay_ns = row->check_delay_ns,
        .keeps_leaf = listener->needs_alias,
        .resumption = resumption_of(node->plan->resumption),
        .ticket_key = node->mode->ticket_key,
        .resumption_scope = index,
    };
    apply_tls_settings(&options, node);
    return tls_context_create(&listener->context, &options, error);
}
