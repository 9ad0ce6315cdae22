/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node.h"
#include "node_store.h"
#include "run_path.h"
#include "run_pki_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1024 * 1024)

char *run_pki_read_text(const char *path, struct base_error *error) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        base_error_set(error, BASE_ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = malloc(FILE_BYTES_MAX + 1);
    size_t length = text == NULL ? 0 : fread(text, 1, FILE_BYTES_MAX + 1, file);
    bool failed = text == NULL || ferror(file) != 0;
    int cause = errno;
    fclose(file);
    if (failed) {
        base_error_set(error, BASE_ERROR_USAGE, "cannot read %s: %s", path, strerror(cause));
    } else if (length > FILE_BYTES_MAX) {
        base_error_set(error, BASE_ERROR_USAGE, "%s is larger than 1 MiB: not a PEM file", path);
    } else {
        text[length] = '\0';
        char *fitted = realloc(text, length + 1);
        return fitted == NULL ? text : fitted;
    }
    free(text);
    return NULL;
}

static bool write_text(const char *path, const char *text, mode_t mode, struct base_error *error) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    bool good = file != NULL && fchmod(descriptor, mode) == 0 && fputs(text, file) >= 0;
    if (file != NULL && fclose(file) != 0) {
        good = false;
    } else if (file == NULL && descriptor >= 0) {
        close(descriptor);
    }
    return good ||
           base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path, strerror(errno));
}

/* "DIR/server.pem" for the first certificate of a store, "DIR/server-1.pem" for the second. */
static bool file_name(char out[RUN_PATH_MAX], const char *directory, enum node_store_role role,
                      enum node_store_part part, uint32_t index, struct base_error *error) {
    char name[NODE_STORE_NAME_SIZE];
    node_store_file_name(role, part, index, name);
    return run_path(out, error, "%s/%s", directory, name);
}

static bool write_store(const struct run_store *store, const char *directory,
                        enum node_store_role role, struct base_error *error) {
    char path[RUN_PATH_MAX];
    for (uint32_t i = 0; i < store->count; i++) {
        if (!file_name(path, directory, role, NODE_STORE_CERTIFICATE, i, error) ||
            !write_text(path, store->credentials[i].chain_pem, 0644, error)) {
            return false;
        }
        if (!file_name(path, directory, role, NODE_STORE_KEY, i, error) ||
            !write_text(path, store->credentials[i].key_pem, 0600, error)) {
            return false;
        }
    }
    return true;
}

static bool write_named(const char *directory, const char *name, const char *text,
                        struct base_error *error) {
    char path[RUN_PATH_MAX];
    return run_path(path, error, "%s/%s", directory, name) && write_text(path, text, 0644, error);
}

bool run_pki_write_node(const struct run_node_pki *node, const char *directory,
                        struct base_error *error) {
    return run_path_make_folder(directory, error) &&
           write_store(&node->server, directory, NODE_STORE_SERVER, error) &&
           write_store(&node->client, directory, NODE_STORE_CLIENT, error) &&
           write_named(directory, NODE_STORE_TRUST, node->trust_pem, error) &&
           write_named(directory, NODE_STORE_REVOKED, node->crl_pem, error);
}

bool run_pki_write(const struct run_pki *pki, const struct profile_plan *plan,
                   const char *directory, bool with_authorities, struct base_error *error) {
    char path[RUN_PATH_MAX];
    for (uint32_t i = 0; i < pki->node_count; i++) {
        if (!run_path(path, error, "%s/nodes/%s", directory, plan->nodes[i].name)) {
            return false;
        }
        /* A node that is real equipment gets its certificates too: they are to be uploaded there.
         */
        if ((pki->nodes[i].known || pki->nodes[i].server.count > 0) &&
            !run_pki_write_node(&pki->nodes[i], path, error)) {
            return false;
        }
    }
    for (uint32_t i = 0; with_authorities && i < pki->authority_count; i++) {
        if (!run_path(path, error, "%s/authorities/%s", directory, plan->authorities[i].name) ||
            !run_path_make_folder(path, error) ||
            !write_named(path, "root.pem", pki->root_pem[i], error) ||
            !write_named(path, "intermediates.pem", pki->intermediates_pem[i], error) ||
            !write_named(path, "crl.pem", pki->crl_pem[i], error)) {
            return false;
        }
    }
    return true;
}

/* The text of a numbered file of a store, or NULL. */
static char *load_file(const char *directory, enum node_store_role role, enum node_store_part part,
                       uint32_t index, struct base_error *error) {
    char path[RUN_PATH_MAX];
    return file_name(path, directory, role, part, index, error) ? run_pki_read_text(path, error)
                                                                : NULL;
}

static bool load_store(struct run_store *store, const char *directory, enum node_store_role role,
                       struct base_error *error) {
    for (uint32_t i = 0; i < store->count; i++) {
        struct run_credential *credential = &store->credentials[i];
        credential->chain_pem = load_file(directory, role, NODE_STORE_CERTIFICATE, i, error);
        if (credential->chain_pem == NULL) {
            return false;
        }
        credential->key_pem = load_file(directory, role, NODE_STORE_KEY, i, error);
        if (credential->key_pem == NULL) {
            return false;
        }
    }
    return true;
}

static char *load_named(const char *directory, const char *name, struct base_error *error) {
    char path[RUN_PATH_MAX];
    return run_path(path, error, "%s/%s", directory, name) ? run_pki_read_text(path, error) : NULL;
}

bool run_pki_load_node(struct run_node_pki *node, const struct profile_node *row,
                       const char *directory, struct base_error *error) {
    const struct profile_store *client = row->client_store.kind == PROFILE_STORE_COPY_OF_SERVER
                                             ? &row->server_store
                                             : &row->client_store;
    if (!run_pki_allocate_store(&node->server, &row->server_store, error) ||
        !run_pki_allocate_store(&node->client, client, error) ||
        !load_store(&node->server, directory, NODE_STORE_SERVER, error) ||
        !load_store(&node->client, directory, NODE_STORE_CLIENT, error)) {
        return false;
    }
    node->trust_pem = load_named(directory, NODE_STORE_TRUST, error);
    node->crl_pem =
        node->trust_pem == NULL ? NULL : load_named(directory, NODE_STORE_REVOKED, error);
    return node->crl_pem != NULL;
}

/* Trusted authorities that the certificates were made without (--cacert): from their own files. */
static bool trust_strangers(struct run_node_pki *node, const struct profile_plan *plan,
                            const struct profile_node *row, const char *directory,
                            struct base_error *error) {
    char path[RUN_PATH_MAX];
    for (uint32_t i = 0; i < row->trust_count; i++) {
        const struct profile_authority *authority = &plan->authorities[row->trust[i]];
        if (!run_path(path, error, "%s/authorities/%s", directory, authority->name)) {
            return false;
        }
        if (authority->certificate_path == NULL || access(path, F_OK) == 0) {
            continue;
        }
        char *text = run_pki_read_text(authority->certificate_path, error);
        if (text == NULL) {
            return false;
        }
        bool good =
            run_pki_append(&node->trust_pem, "\n") && run_pki_append(&node->trust_pem, text);
        free(text);
        if (!good) {
            return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
        }
    }
    return true;
}

bool run_pki_load(struct run_pki *pki, const struct profile_plan *plan, const char *directory,
                  struct base_error *error) {
    char path[RUN_PATH_MAX];
    if (!run_pki_allocate(pki, plan, error)) {
        return false;
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct profile_node *row = &plan->nodes[i];
        pki->nodes[i].known = row->external == NULL;
        if (row->external != NULL && row->server_store.identity_count == 0) {
            continue;
        }
        if (!run_path(path, error, "%s/nodes/%s", directory, row->name) ||
            !run_pki_load_node(&pki->nodes[i], row, path, error) ||
            !trust_strangers(&pki->nodes[i], plan, row, directory, error)) {
            return false;
        }
    }
    return true;
}

static bool check_identity(const struct profile_identity *identity, struct base_error *error) {
    bool good = false;
    char *chain = run_pki_read_text(identity->certificate_path, error);
    char *key = chain == NULL ? NULL : run_pki_read_text(identity->key_path, error);
    if (key != NULL) {
        const struct node_credential credential = {
            .chain = {.text = chain, .name = identity->certificate_path},
            .key = {.text = key, .name = identity->key_path}};
        good = node_check_credential(&credential, error);
    }
    free(key);
    free(chain);
    return good;
}

static bool check_store(const struct profile_store *store, struct base_error *error) {
    for (uint32_t i = 0; i < store->identity_count; i++) {
        if (store->identities[i].certificate_path != NULL &&
            !check_identity(&store->identities[i], error)) {
            return false;
        }
    }
    return true;
}

bool run_pki_check_files(const struct profile_plan *plan, struct base_error *error) {
    bool good = true;
    for (uint32_t i = 0; good && i < plan->authority_count; i++) {
        const char *path = plan->authorities[i].certificate_path;
        char *text = path == NULL ? NULL : run_pki_read_text(path, error);
        good = path == NULL || text != NULL;
        free(text);
    }
    for (uint32_t i = 0; good && i < plan->node_count; i++) {
        good = check_store(&plan->nodes[i].server_store, error) &&
               check_store(&plan->nodes[i].client_store, error);
    }
    return good;
}
