/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_pki_internal.h"

#include "certs_authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static struct certs_usages usages_of(const struct profile_eku *eku, bool critical) {
    return (struct certs_usages){
        .names = (const char *const *)eku->usages.items,
        .count = eku->usages.count,
        .present = eku->present,
        .critical = critical,
    };
}

static bool create_authority(struct certs_authority **out, const struct profile_authority *row,
                             struct base_error *error) {
    const struct certs_authority_spec spec = {
        .name = row->name,
        .is_public = row->kind == PROFILE_AUTHORITY_PUBLIC,
        .client_auth_until = row->client_auth_until,
        .key = row->key,
        .intermediates = row->intermediates,
        .root_usages = usages_of(&row->root_eku, false),
        .intermediate_usages = usages_of(&row->intermediate_eku, false),
    };
    return row->certificate_path != NULL
               ? certs_authority_load(out, &spec, row->certificate_path, row->key_path, error)
               : certs_authority_create(out, &spec, error);
}

/* A foreign authority, of which only the certificates are here: what it issued is trusted. */
static bool is_trusted_only(const struct profile_authority *row) {
    return row->certificate_path != NULL && row->key_path == NULL;
}

static bool issue(struct run_credential *credential, struct certs_authority *const *authorities,
                  const struct profile_identity *row, struct base_error *error) {
    struct certs_identity issued;
    const struct certs_leaf_spec spec = {
        .key = row->key,
        .usages = usages_of(&row->eku, row->critical),
        .subject = row->subject,
        .names = (const char *const *)row->names.items,
        .name_count = row->names.count,
        .serial = base_bytes(row->serial, row->serial_length),
        .not_before = row->not_before,
        .not_after = row->not_after,
        .omit_chain = !row->send_chain,
        .revoked = row->revoked,
    };
    if (!certs_authority_issue(authorities[row->issuer], &spec, &issued, error)) {
        return false;
    }
    credential->chain_pem = issued.chain_pem;
    credential->key_pem = issued.key_pem;
    return true;
}

static bool fill_credential(struct run_credential *credential,
                            struct certs_authority *const *authorities,
                            const struct profile_identity *row, struct base_error *error) {
    if (row->certificate_path == NULL) {
        return issue(credential, authorities, row, error);
    }
    credential->chain_pem = run_pki_read_text(row->certificate_path, error);
    credential->key_pem =
        credential->chain_pem == NULL ? NULL : run_pki_read_text(row->key_path, error);
    return credential->key_pem != NULL;
}

uint32_t run_pki_certificate_count(const struct profile_identity *identity) {
    return identity->count == 0 ? 1 : identity->count;
}

bool run_pki_allocate_store(struct run_store *store, const struct profile_store *row,
                            struct base_error *error) {
    uint32_t total = 0;
    for (uint32_t i = 0; row->kind == PROFILE_STORE_IDENTITIES && i < row->identity_count; i++) {
        total += run_pki_certificate_count(&row->identities[i]);
    }
    if (total == 0) {
        return true;
    }
    store->credentials = calloc(total, sizeof *store->credentials);
    if (store->credentials == NULL) {
        return out_of_memory(error);
    }
    for (uint32_t i = 0; i < row->identity_count; i++) {
        for (uint32_t j = 0; j < run_pki_certificate_count(&row->identities[i]); j++) {
            store->credentials[store->count++].identity = i;
        }
    }
    return true;
}

static bool fill_store(struct run_store *store, const struct profile_store *row,
                       struct certs_authority *const *authorities, const char *node_name,
                       struct base_error *error) {
    if (!run_pki_allocate_store(store, row, error)) {
        return false;
    }
    for (uint32_t i = 0; i < store->count; i++) {
        struct base_error cause;
        if (!fill_credential(&store->credentials[i], authorities,
                             &row->identities[store->credentials[i].identity], &cause)) {
            return base_error_set(error, cause.kind, "nodes.%s: %.900s", node_name, cause.text);
        }
    }
    return true;
}

bool run_pki_copy_store(struct run_store *to, const struct run_store *from,
                        struct base_error *error) {
    if (from->count == 0) {
        return true;
    }
    to->credentials = calloc(from->count, sizeof *to->credentials);
    if (to->credentials == NULL) {
        return out_of_memory(error);
    }
    for (to->count = 0; to->count < from->count; to->count++) {
        struct run_credential *copy = &to->credentials[to->count];
        *copy = (struct run_credential){
            .chain_pem = strdup(from->credentials[to->count].chain_pem),
            .key_pem = strdup(from->credentials[to->count].key_pem),
            .identity = from->credentials[to->count].identity,
        };
        if (copy->chain_pem == NULL || copy->key_pem == NULL) {
            to->count++;
            return out_of_memory(error);
        }
    }
    return true;
}

bool run_pki_append(char **whole, const char *text) {
    size_t length = *whole == NULL ? 0 : strlen(*whole);
    char *grown = realloc(*whole, length + strlen(text) + 1);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown + length, text, strlen(text) + 1);
    *whole = grown;
    return true;
}

static bool fill_trust(struct run_node_pki *node, const struct run_pki *pki,
                       const struct profile_node *row, struct base_error *error) {
    bool good = run_pki_append(&node->trust_pem, "") && run_pki_append(&node->crl_pem, "");
    for (uint32_t i = 0; good && i < row->trust_count; i++) {
        good = run_pki_append(&node->trust_pem, pki->root_pem[row->trust[i]]) &&
               run_pki_append(&node->trust_pem, "\n") && /* a file may end without one */
               run_pki_append(&node->crl_pem, pki->crl_pem[row->trust[i]]);
    }
    return good || out_of_memory(error);
}

static bool issue_stores(struct run_pki *pki, const struct profile_plan *plan,
                         struct certs_authority *const *authorities, struct base_error *error) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct profile_node *row = &plan->nodes[i];
        struct run_node_pki *node = &pki->nodes[i];
        node->known = row->external == NULL;
        if (!fill_store(&node->server, &row->server_store, authorities, row->name, error)) {
            return false;
        }
        bool copies = row->client_store.kind == PROFILE_STORE_COPY_OF_SERVER;
        if (copies
                ? !run_pki_copy_store(&node->client, &node->server, error)
                : !fill_store(&node->client, &row->client_store, authorities, row->name, error)) {
            return false;
        }
    }
    return true;
}

static bool publish_trusted_only(struct run_pki *pki, uint32_t index,
                                 const struct profile_authority *row, struct base_error *error) {
    pki->intermediates_pem[index] = strdup("");
    pki->crl_pem[index] = strdup("");
    if (pki->intermediates_pem[index] == NULL || pki->crl_pem[index] == NULL) {
        return out_of_memory(error);
    }
    pki->root_pem[index] = run_pki_read_text(row->certificate_path, error);
    return pki->root_pem[index] != NULL;
}

static bool publish(struct run_pki *pki, uint32_t index, struct certs_authority *authority,
                    struct base_error *error) {
    pki->root_pem[index] = certs_authority_root_pem(authority);
    pki->intermediates_pem[index] = certs_authority_intermediates_pem(authority);
    if (pki->root_pem[index] == NULL || pki->intermediates_pem[index] == NULL) {
        return out_of_memory(error);
    }
    pki->crl_pem[index] = certs_authority_crl_pem(authority, error);
    return pki->crl_pem[index] != NULL;
}

/* After the leaves: a revoked one enters its authority's CRL when it is issued. */
static bool publish_authorities(struct run_pki *pki, const struct profile_plan *plan,
                                struct certs_authority *const *authorities,
                                struct base_error *error) {
    for (uint32_t i = 0; i < pki->authority_count; i++) {
        bool published = authorities[i] == NULL
                             ? publish_trusted_only(pki, i, &plan->authorities[i], error)
                             : publish(pki, i, authorities[i], error);
        if (!published) {
            return false;
        }
    }
    return true;
}

bool run_pki_allocate(struct run_pki *pki, const struct profile_plan *plan,
                      struct base_error *error) {
    *pki = (struct run_pki){0};
    pki->nodes = calloc(plan->node_count + 1, sizeof *pki->nodes);
    pki->root_pem = calloc(plan->authority_count + 1, sizeof(char *));
    pki->intermediates_pem = calloc(plan->authority_count + 1, sizeof(char *));
    pki->crl_pem = calloc(plan->authority_count + 1, sizeof(char *));
    if (pki->nodes == NULL || pki->root_pem == NULL || pki->intermediates_pem == NULL ||
        pki->crl_pem == NULL) {
        return out_of_memory(error);
    }
    pki->node_count = plan->node_count;
    pki->authority_count = plan->authority_count;
    return true;
}

static bool issue_all(struct run_pki *pki, const struct profile_plan *plan,
                      struct certs_authority *const *authorities, struct base_error *error) {
    bool good = issue_stores(pki, plan, authorities, error) &&
                publish_authorities(pki, plan, authorities, error);
    for (uint32_t i = 0; good && i < plan->node_count; i++) {
        good = fill_trust(&pki->nodes[i], pki, &plan->nodes[i], error);
    }
    return good;
}

bool run_pki_issue(struct run_pki *pki, const struct profile_plan *plan, struct base_error *error) {
    if (!run_pki_allocate(pki, plan, error)) {
        return false;
    }
    pki->authorities = calloc(plan->authority_count + 1, sizeof(struct certs_authority *));
    bool good = pki->authorities != NULL || out_of_memory(error);
    for (uint32_t i = 0; good && i < plan->authority_count; i++) {
        good = is_trusted_only(&plan->authorities[i]) ||
               create_authority(&pki->authorities[i], &plan->authorities[i], error);
    }
    return good && issue_all(pki, plan, pki->authorities, error);
}

bool run_pki_renew(struct run_pki *pki, const struct run_pki *earlier,
                   const struct profile_plan *plan, struct base_error *error) {
    return run_pki_allocate(pki, plan, error) && issue_all(pki, plan, earlier->authorities, error);
}

static void finish_store(struct run_store *store) {
    for (uint32_t i = 0; i < store->count; i++) {
        struct run_credential *credential = &store->credentials[i];
        free(credential->chain_pem);
        if (credential->key_pem != NULL) {
            explicit_bzero(credential->key_pem, strlen(credential->key_pem));
            free(credential->key_pem);
        }
    }
    free(store->credentials);
}

void run_pki_finish_node(struct run_node_pki *node) {
    finish_store(&node->server);
    finish_store(&node->client);
    free(node->trust_pem);
    free(node->crl_pem);
    *node = (struct run_node_pki){.known = false};
}

void run_pki_finish(struct run_pki *pki) {
    for (uint32_t i = 0; i < pki->node_count; i++) {
        run_pki_finish_node(&pki->nodes[i]);
    }
    for (uint32_t i = 0; pki->authorities != NULL && i < pki->authority_count; i++) {
        certs_authority_destroy(pki->authorities[i]);
    }
    free(pki->authorities);
    for (uint32_t i = 0; i < pki->authority_count; i++) {
        free(pki->root_pem[i]);
        free(pki->intermediates_pem[i]);
        free(pki->crl_pem[i]);
    }
    free(pki->nodes);
    free(pki->root_pem);
    free(pki->intermediates_pem);
    free(pki->crl_pem);
    *pki = (struct run_pki){0};
}
