/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The names under which errors speak of a node's PEM texts. */
struct labels {
    char server[160];
    char client[160];
    char trust[160];
    char crls[160];
};

static struct node_pem pem(const char *text, const char *name) {
    return (struct node_pem){.text = text, .name = name};
}

static void fill(struct node_credential *out, const struct run_store *store, const char *name) {
    for (uint32_t i = 0; i < store->count; i++) {
        out[i] = (struct node_credential){
            .chain = pem(store->credentials[i].chain_pem, name),
            .key = pem(store->credentials[i].key_pem, name),
            .identity = store->credentials[i].identity,
        };
    }
}

/* `previous`: the generation that it follows, or NULL. */
static bool create(struct node **out, const struct run *run, uint32_t index,
                   const struct node *previous, const struct run_node_pki *pki,
                   struct base_error *error) {
    const char *name = run->plan->nodes[index].name;
    struct labels labels;
    snprintf(labels.server, sizeof labels.server, "%s's server store", name);
    snprintf(labels.client, sizeof labels.client, "%s's client store", name);
    snprintf(labels.trust, sizeof labels.trust, "%s's trusted CA library", name);
    snprintf(labels.crls, sizeof labels.crls, "%s's revocation lists", name);
    uint32_t total = pki->server.count + pki->client.count;
    struct node_credential *credentials = calloc(total + 1, sizeof *credentials);
    if (credentials == NULL) {
        return run_out_of_memory(error);
    }
    fill(credentials, &pki->server, labels.server);
    fill(credentials + pki->server.count, &pki->client, labels.client);
    const struct node_material material = {
        .server = credentials,
        .server_count = pki->server.count,
        .client = credentials + pki->server.count,
        .client_count = pki->client.count,
        .trust = pem(pki->trust_pem, labels.trust),
        .crls = pem(pki->crl_pem, labels.crls),
    };
    bool good = previous == NULL ? node_create(out, run->plan, index, &material, error)
                                 : node_create_successor(out, previous, &material, error);
    free(credentials);
    return good;
}

bool run_node_create(struct node **out, const struct run *run, uint32_t index,
                     struct base_error *error) {
    const struct run_node_pki *pki = &run->pki.nodes[index];
    *out = NULL;
    if (!pki->known && pki->server.count == 0) {
        return true;
    }
    return create(out, run, index, NULL, pki, error);
}

bool run_node_follow(struct node **out, const struct run *run, uint32_t index,
                     const struct run_node_pki *pki, struct base_error *error) {
    return create(out, run, index, run->nodes[index], pki, error);
}
