/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_internal.h"

#include "x509_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned policy_when_on(const struct profile_node *plan) {
    static const enum tls_eku_policy policies[] = {
        [PROFILE_POLICY_EXPRESSWAY] = TLS_EKU_EXPRESSWAY,
        [PROFILE_POLICY_PKIX] = TLS_EKU_PKIX,
        [PROFILE_POLICY_RFC5924] = TLS_EKU_RFC5924,
    };
    return policies[plan->eku_policy];
}

static unsigned policy_when_off(const struct profile_node *plan) {
    static const enum tls_eku_policy policies[] = {
        [PROFILE_OFF_SERVER_OR_CLIENT] = TLS_EKU_SERVER_OR_CLIENT,
        [PROFILE_OFF_ANY] = TLS_EKU_ANY,
        [PROFILE_OFF_SERVER_IF_PRESENT] = TLS_EKU_SERVER_IF_PRESENT,
    };
    return policies[plan->off_policy];
}

static struct tls_pem tls_pem_of(const struct node_pem *pem) {
    return (struct tls_pem){.text = base_bytes_of_text(pem->text), .name = pem->name};
}

static void store_finish(struct node_store *store) {
    for (uint32_t i = 0; i < store->count; i++) {
        tls_identity_destroy(store->identities[i]);
    }
    free(store->identities);
    free(store->identity_of);
    free(store->leaves);
    *store = (struct node_store){0};
}

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

/* `earlier`: the same store of the generation before, whose leaves a peer may still be shown; may
 * be NULL. */
static bool store_fill(struct node_store *store, const struct node_credential *credentials,
                       uint32_t count, const struct node_store *earlier, struct base_error *error) {
    uint32_t earlier_count = earlier == NULL ? 0 : earlier->leaf_count;
    if (count + earlier_count == 0) {
        return true;
    }
    store->identities = calloc(count + 1, sizeof(struct tls_identity *));
    store->identity_of = calloc(count + 1, sizeof *store->identity_of);
    store->leaves = calloc(count + earlier_count, sizeof *store->leaves);
    if (store->identities == NULL || store->identity_of == NULL || store->leaves == NULL) {
        return out_of_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!tls_identity_create(&store->identities[i], tls_pem_of(&credentials[i].chain),
                                 tls_pem_of(&credentials[i].key), error)) {
            return false;
        }
        store->identity_of[i] = credentials[i].identity;
        store->leaves[i] = tls_identity_leaf(store->identities[i])->der;
        store->count++;
    }
    if (earlier_count > 0) {
        memcpy(store->leaves + count, earlier->leaves, earlier_count * sizeof *store->leaves);
    }
    store->leaf_count = count + earlier_count;
    return true;
}

static bool create_limits(struct node_mode *mode, const struct profile_plan *plan) {
    mode->limits = calloc(plan->listener_count + 1, sizeof *mode->limits);
    for (uint32_t i = 0; mode->limits != NULL && i < plan->listener_count; i++) {
        if (plan->listeners[i].limit_per_s > 0) {
            node_limit_init(&mode->limits[i], plan->listeners[i].limit_per_s);
        }
    }
    return mode->limits != NULL;
}

static void destroy_mode(struct node_mode *mode) {
    free(mode->limits);
    free(mode);
}

static struct node_mode *create_mode(const struct profile_node *plan) {
    struct node_mode *mode = calloc(1, sizeof *mode);
    if (mode != NULL) {
        mode->server_eku_upload = plan->server_eku_upload;
        atomic_init(&mode->eku_checking, plan->eku_checking);
        atomic_init(&mode->policy_of_mode,
                    plan->eku_checking ? policy_when_on(plan) : policy_when_off(plan));
        atomic_init(&mode->policy_of_always, policy_when_on(plan));
        atomic_init(&mode->policy_of_never, (unsigned)TLS_EKU_ANY);
        arc4random_buf(mode->ticket_key, sizeof mode->ticket_key);
    }
    return mode;
}

/* `earlier` may be NULL. */
static bool fill(struct node *node, const struct node_material *material,
                 const struct node *earlier, struct base_error *error) {
    const struct node_store *stores = earlier == NULL ? NULL : earlier->stores;
    return store_fill(&node->stores[TLS_ROLE_SERVER], material->server, material->server_count,
                      stores == NULL ? NULL : &stores[TLS_ROLE_SERVER], error) &&
           store_fill(&node->stores[TLS_ROLE_CLIENT], material->client, material->client_count,
                      stores == NULL ? NULL : &stores[TLS_ROLE_CLIENT], error) &&
           tls_trust_create(&node->trust, tls_pem_of(&material->trust), tls_pem_of(&material->crls),
                            error);
}

bool node_check_credential(const struct node_credential *credential, struct base_error *error) {
    struct tls_identity *identity;
    bool good = tls_identity_create(&identity, tls_pem_of(&credential->chain),
                                    tls_pem_of(&credential->key), error);
    tls_identity_destroy(identity);
    return good;
}

bool node_create(struct node **out, const struct profile_plan *plan, uint32_t node_index,
                 const struct node_material *material, struct base_error *error) {
    struct node *node = calloc(1, sizeof *node);
    *out = NULL;
    if (node == NULL) {
        return out_of_memory(error);
    }
    node->plan = &plan->nodes[node_index];
    node->mode = create_mode(node->plan);
    if (node->mode == NULL) {
        free(node);
        return out_of_memory(error);
    }
    node->mode->generations = 1;
    if (!create_limits(node->mode, plan)) {
        node_destroy(node);
        return out_of_memory(error);
    }
    if (!fill(node, material, NULL, error) || !node_check_stores(node, error)) {
        node_destroy(node);
        return false;
    }
    *out = node;
    return true;
}

bool node_create_successor(struct node **out, const struct node *previous,
                           const struct node_material *material, struct base_error *error) {
    struct node *node = calloc(1, sizeof *node);
    *out = NULL;
    if (node == NULL) {
        return out_of_memory(error);
    }
    node->plan = previous->plan;
    node->mode = previous->mode;
    node->mode->generations++;
    if (!fill(node, material, previous, error) || !node_check_renewal(node, previous, error)) {
        node_destroy(node);
        return false;
    }
    *out = node;
    return true;
}

void node_destroy(struct node *node) {
    if (node == NULL) {
        return;
    }
    for (unsigned role = 0; role < TLS_ROLE_COUNT; role++) {
        store_finish(&node->stores[role]);
    }
    tls_trust_destroy(node->trust);
    if (--node->mode->generations == 0) {
        destroy_mode(node->mode);
    }
    free(node);
}

void node_set_eku_checking(struct node *node, bool on) {
    atomic_store_explicit(&node->mode->eku_checking, on, memory_order_relaxed);
    atomic_store_explicit(&node->mode->policy_of_mode,
                          on ? policy_when_on(node->plan) : policy_when_off(node->plan),
                          memory_order_relaxed);
}

bool node_eku_checking(const struct node *node) {
    return atomic_load_explicit(&node->mode->eku_checking, memory_order_relaxed);
}

void node_set_server_eku_upload(struct node *node, bool on) {
    node->mode->server_eku_upload = on;
}

bool node_server_eku_upload(const struct node *node) {
    return node->mode->server_eku_upload;
}

/* The certificates stand in the order of their identities, and there may be very many. */
static uint32_t first_of(const struct node_store *store, uint32_t identity) {
    uint32_t low = 0;
    uint32_t high = store->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (store->identity_of[middle] < identity) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void node_client_describe(const struct node *node, uint32_t identity,
                          struct node_client_identity *out) {
    const struct node_store *store = &node->stores[TLS_ROLE_CLIENT];
    uint32_t first = first_of(store, identity);
    *out = (struct node_client_identity){.usages = "none"};
    out->certificates = first_of(store, identity + 1) - first;
    if (out->certificates == 0) {
        return;
    }
    const struct x509_certificate *leaf = tls_identity_leaf(store->identities[first]);
    x509_eku_to_text(leaf, out->usages, sizeof out->usages);
    if (!x509_certificate_common_name(leaf, out->name, sizeof out->name)) {
        x509_name_list(leaf, out->name, sizeof out->name);
        out->name[strcspn(out->name, ",")] = '\0';
    }
    if (out->certificates == 1) {
        x509_serial_to_text(leaf, out->serial, sizeof out->serial);
    }
}

const char *node_listener_policy(const struct node *node, const struct profile_listener *listener,
                                 bool *checks) {
    *checks = listener->eku_check == PROFILE_EKU_CHECK_ALWAYS ||
              (listener->eku_check == PROFILE_EKU_CHECK_NODE && node_eku_checking(node));
    if (*checks) {
        return profile_eku_policy_key(node->plan->eku_policy);
    }
    return listener->eku_check == PROFILE_EKU_CHECK_NEVER
               ? profile_off_policy_key(PROFILE_OFF_ANY)
               : profile_off_policy_key(node->plan->off_policy);
}
