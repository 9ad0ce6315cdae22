/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

/* NULL: it was issued by us, or came with --pki. */
static const char *file_of(const struct run *run, const struct profile_node *node,
                           uint32_t identity) {
    const struct profile_store *store = node->client_store.kind == PROFILE_STORE_COPY_OF_SERVER
                                            ? &node->server_store
                                            : &node->client_store;
    return run->options->pki_directory != NULL || identity >= store->identity_count
               ? NULL
               : store->identities[identity].certificate_path;
}

/* NULL stays NULL, and so does what is empty. */
static const char *copy_of(const char *text) {
    return text == NULL || text[0] == '\0' ? NULL : strdup(text);
}

struct metrics_identity_summary *run_identities_tell(const struct run *run, uint32_t zone,
                                                     uint32_t count) {
    uint32_t index = run->plan->zones[zone].node;
    const struct node *node = run->nodes[index];
    struct metrics_identity_summary *rows = calloc(count + 1, sizeof *rows);
    for (uint32_t i = 0; rows != NULL && node != NULL && i < count; i++) {
        struct node_client_identity found;
        node_client_describe(node, i, &found);
        rows[i] = (struct metrics_identity_summary){
            .usages = copy_of(found.usages),
            .name = copy_of(found.name),
            .serial = copy_of(found.serial),
            .file = copy_of(file_of(run, &run->plan->nodes[index], i)),
            .certificates = found.certificates,
        };
    }
    return rows;
}

void run_identities_free(struct metrics_identity_summary *rows, uint32_t count) {
    for (uint32_t i = 0; rows != NULL && i < count; i++) {
        free((void *)(uintptr_t)rows[i].usages);
        free((void *)(uintptr_t)rows[i].name);
        free((void *)(uintptr_t)rows[i].serial);
        free((void *)(uintptr_t)rows[i].file);
    }
    free(rows);
}
