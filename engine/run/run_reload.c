/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_reload.h"

#include "run_internal.h"
#include "run_pki_internal.h"

#include <stdlib.h>
#include <string.h>

static bool same_store(const struct run_store *a, const struct run_store *b) {
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->credentials[i].chain_pem, b->credentials[i].chain_pem) == 0 &&
               strcmp(a->credentials[i].key_pem, b->credentials[i].key_pem) == 0;
    }
    return same;
}

static bool same_pki(const struct run_node_pki *a, const struct run_node_pki *b) {
    return same_store(&a->server, &b->server) && same_store(&a->client, &b->client) &&
           strcmp(a->trust_pem, b->trust_pem) == 0 && strcmp(a->crl_pem, b->crl_pem) == 0;
}

static void destroy_generation(const struct run *run, struct run_generation *generation) {
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (generation->made != NULL && generation->made[i]) {
            node_destroy(generation->nodes[i]);
        }
        if (generation->pki != NULL) {
            run_pki_finish_node(&generation->pki[i]);
        }
    }
    free(generation->nodes);
    free(generation->pki);
    free(generation->made);
    free(generation);
}

static struct run_generation *create_generation(const struct run *run, struct base_error *error) {
    size_t count = run->plan->node_count;
    struct run_generation *generation = calloc(1, sizeof *generation);
    if (generation != NULL) {
        generation->nodes = calloc(count + 1, sizeof(struct node *));
        generation->pki = calloc(count + 1, sizeof *generation->pki);
        generation->made = calloc(count + 1, sizeof *generation->made);
    }
    if (generation == NULL || generation->nodes == NULL || generation->pki == NULL ||
        generation->made == NULL) {
        if (generation != NULL) {
            destroy_generation(run, generation);
        }
        (void)run_out_of_memory(error);
        return NULL;
    }
    memcpy(generation->nodes, run->nodes, count * sizeof(struct node *));
    return generation;
}

/* What the profile takes from files is read there, not from the copy in the result. */
static bool read_files(struct run_store *store, const struct profile_store *row,
                       struct base_error *error) {
    for (uint32_t i = 0; i < store->count; i++) {
        struct run_credential *credential = &store->credentials[i];
        const struct profile_identity *identity = &row->identities[credential->identity];
        if (identity->certificate_path == NULL) {
            continue;
        }
        free(credential->chain_pem);
        credential->chain_pem = run_pki_read_text(identity->certificate_path, error);
        if (credential->chain_pem == NULL) {
            return false;
        }
        free(credential->key_pem);
        credential->key_pem = run_pki_read_text(identity->key_path, error);
        if (credential->key_pem == NULL) {
            return false;
        }
    }
    return true;
}

static bool node_folder(char out[RUN_PATH_MAX], const struct run *run, uint32_t index,
                        struct base_error *error) {
    return run_path(out, error, "%s/nodes/%s", run->options->result_directory,
                    run->plan->nodes[index].name);
}

/* With --pki nothing is issued and no file of the profile was read. */
static bool read_stores(struct run_node_pki *pki, const struct run *run, uint32_t index,
                        struct base_error *error) {
    const struct profile_node *row = &run->plan->nodes[index];
    const struct profile_store *client = row->client_store.kind == PROFILE_STORE_COPY_OF_SERVER
                                             ? &row->server_store
                                             : &row->client_store;
    char folder[RUN_PATH_MAX];
    return node_folder(folder, run, index, error) && run_pki_load_node(pki, row, folder, error) &&
           (run->options->pki_directory != NULL ||
            (read_files(&pki->server, &row->server_store, error) &&
             read_files(&pki->client, client, error)));
}

/* Unless its files are what they were, the node is made anew. */
static bool read_node(struct run_generation *generation, const struct run *run, uint32_t index,
                      struct base_error *error) {
    struct run_node_pki *pki = &generation->pki[index];
    if (!read_stores(pki, run, index, error)) {
        return false;
    }
    if (same_pki(pki, &run->pki.nodes[index])) {
        run_pki_finish_node(pki);
        return true;
    }
    struct node *made;
    if (!run_node_follow(&made, run, index, pki, error)) {
        return false;
    }
    generation->nodes[index] = made;
    generation->made[index] = true;
    return true;
}

/*
 * All of them, also the nodes that run elsewhere: what those present is compared with their folder.
 * False: some file is not as it must be.
 */
static bool read_nodes(struct run_generation *generation, const struct run *run, uint32_t only,
                       bool *differs, struct base_error *error) {
    *differs = false;
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (run->nodes[i] == NULL || (only != PROFILE_NONE && only != i)) {
            continue;
        }
        if (!read_node(generation, run, i, error)) {
            return false;
        }
        *differs |= generation->made[i];
    }
    return true;
}

static void tell_workers(const struct run *run, enum worker_change change) {
    const struct run_generation *newest = run->reload.generations;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        worker_change_nodes(run->workers[i], change, newest->nodes);
    }
}

bool run_reload_begin(struct run *run, uint32_t only, bool *answered, struct base_error *error) {
    struct run_reload *reload = &run->reload;
    bool differs = false;
    if (reload->phase != RUN_RELOAD_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE, "another reload is under way");
    }
    if (reload->count == RUN_RELOADS_MAX) {
        return base_error_set(error, BASE_ERROR_USAGE, "a run takes at most %d reloads",
                              RUN_RELOADS_MAX);
    }
    struct run_generation *generation = create_generation(run, error);
    if (generation == NULL) {
        return false;
    }
    bool good = read_nodes(generation, run, only, &differs, error);
    *answered = good && !differs;
    if (!good || !differs) {
        destroy_generation(run, generation);
        return good;
    }
    generation->earlier = reload->generations;
    reload->generations = generation;
    reload->count++;
    reload->only = only;
    reload->is_renewal = false;
    reload->phase = RUN_RELOAD_OFFERED;
    tell_workers(run, WORKER_OFFER);
    return true;
}

/* The workers' common answer to the last change. */
static enum worker_answer ask_workers(const struct run *run, struct base_error *error) {
    enum worker_answer answer = WORKER_AGREES;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        switch (worker_change_answer(run->workers[i], error)) {
        case WORKER_UNDECIDED:
            return WORKER_UNDECIDED;
        case WORKER_REFUSES:
            answer = WORKER_REFUSES;
            break;
        case WORKER_AGREES:
            break;
        }
    }
    return answer;
}

static bool has_files(const struct profile_store *store) {
    bool has = false;
    for (uint32_t i = 0; i < store->identity_count; i++) {
        has |= store->identities[i].certificate_path != NULL;
    }
    return has;
}

/* The result tells what a node presents. Where that was read from the result itself, somebody may
 * be at work there. */
static bool write_copy(const struct run *run, uint32_t index, struct base_error *error) {
    const struct profile_node *row = &run->plan->nodes[index];
    struct base_error cause;
    char folder[RUN_PATH_MAX];
    if (run->options->pki_directory != NULL ||
        (!has_files(&row->server_store) && !has_files(&row->client_store))) {
        return true;
    }
    return (node_folder(folder, run, index, &cause) &&
            run_pki_write_node(&run->pki.nodes[index], folder, &cause)) ||
           base_error_set(error, cause.kind, "the new certificates are in use, but %.900s",
                          cause.text);
}

/* From now on the run speaks of the new ones. */
static bool adopt(struct run *run, struct base_error *error) {
    bool written = true;
    struct run_reload *reload = &run->reload;
    struct run_generation *newest = reload->generations;
    if (reload->first_nodes == NULL) {
        reload->first_nodes = run->nodes;
    }
    run->nodes = newest->nodes;
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (newest->made[i]) {
            newest->pki[i].known = run->pki.nodes[i].known;
            run_pki_finish_node(&run->pki.nodes[i]);
            run->pki.nodes[i] = newest->pki[i];
            newest->pki[i] = (struct run_node_pki){.known = false};
            written = write_copy(run, i, error) && written;
        }
    }
    return written;
}

bool run_reload_turn(struct run *run, struct base_error *error) {
    struct run_reload *reload = &run->reload;
    if (reload->phase == RUN_RELOAD_NONE) {
        return false;
    }
    enum worker_answer answer = ask_workers(run, &reload->error);
    if (answer == WORKER_UNDECIDED) {
        return false;
    }
    if (reload->phase == RUN_RELOAD_OFFERED) {
        bool good = answer == WORKER_AGREES;
        reload->phase = good ? RUN_RELOAD_TAKEN : RUN_RELOAD_LEFT;
        tell_workers(run, good ? WORKER_TAKE : WORKER_LEAVE);
        return false;
    }
    *error = (struct base_error){.kind = BASE_ERROR_NONE};
    if (reload->phase == RUN_RELOAD_LEFT) {
        *error = reload->error;
    } else {
        (void)adopt(run, error);
    }
    reload->phase = RUN_RELOAD_NONE;
    return true;
}

void run_reload_describe(const struct run *run, uint32_t only, FILE *out) {
    char text[1024];
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (run->runs_here[i] && (only == PROFILE_NONE || only == i)) {
            node_presents_text(run->nodes[i], text, sizeof text);
            fprintf(out, "%s: %s\n", run->plan->nodes[i].name, text);
        }
    }
}

void run_reload_finish(struct run *run) {
    struct run_reload *reload = &run->reload;
    if (reload->first_nodes != NULL) {
        run->nodes = reload->first_nodes;
    }
    /* The newest first: each borrows leaves from those before it. */
    while (reload->generations != NULL) {
        struct run_generation *newest = reload->generations;
        reload->generations = newest->earlier;
        destroy_generation(run, newest);
    }
}
