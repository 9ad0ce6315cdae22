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

/* Those that were read from files of the profile bear their names. */
static void fill(struct node_credential *out, const struct run_store *store,
                 const struct profile_store *row, const char *name) {
    for (uint32_t i = 0; i < store->count; i++) {
        uint32_t identity = store->credentials[i].identity;
        bool is_file = row != NULL && identity < row->identity_count &&
                       row->identities[identity].certificate_path != NULL;
        out[i] = (struct node_credential){
            .chain = pem(store->credentials[i].chain_pem,
                         is_file ? row->identities[identity].certificate_path : name),
            .key = pem(store->credentials[i].key_pem,
                       is_file ? row->identities[identity].key_path : name),
            .identity = identity,
        };
    }
}

/* NULL: they came from the folder of --pki. */
static const struct profile_store *files_of(const struct run *run, const struct profile_store *row,
                                            const struct profile_node *node) {
    if (run->options->pki_directory != NULL) {
        return NULL;
    }
    return row->kind == PROFILE_STORE_COPY_OF_SERVER ? &node->server_store : row;
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
    const struct profile_node *node = &run->plan->nodes[index];
    fill(credentials, &pki->server, files_of(run, &node->server_store, node), labels.server);
    fill(credentials + pki->server.count, &pki->client, files_of(run, &node->client_store, node),
         labels.client);
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
