/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The entries of a folder, sorted, without hidden ones. */
struct names {
    struct dirent **entries;
    int count;
};

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool names_read(struct names *out, const char *path) {
    out->count = scandir(path, &out->entries, is_visible, alphasort);
    return out->count >= 0;
}

static void names_finish(struct names *names) {
    for (int i = 0; i < names->count; i++) {
        free(names->entries[i]);
    }
    free(names->entries);
}

static bool ends_with(const char *name, const char *ending) {
    size_t length = strlen(name);
    size_t tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

static bool is_file_of_bundle(const char *name, const char *prefix) {
    return strncmp(name, prefix, strlen(prefix)) == 0 && ends_with(name, ".pem");
}

static bool exists(const char *folder, const char *name, bool *is_folder) {
    struct stat status;
    char *path = cli_inspect_text("%s/%s", folder, name);
    bool found = stat(path, &status) == 0;
    *is_folder = found && S_ISDIR(status.st_mode);
    free(path);
    return found;
}

/* NULL when it cannot be read; the target has the complaint then. */
static struct cli_inspect_chain *add_file(struct cli_inspect_target *target, const char *folder,
                                          const char *name) {
    struct base_error error;
    char *path = cli_inspect_text("%s/%s", folder, name);
    struct cli_inspect_chain *chain = cli_inspect_add_chain(target, path);
    bool good = cli_inspect_read(chain, path, &error);
    free(path);
    if (good) {
        return chain;
    }
    cli_inspect_drop_chain(target);
    cli_inspect_complain(target, &error);
    return NULL;
}

/* `crl_name` may be NULL. Lists that cannot be used are said to be so, and left out. */
static void read_trust(struct cli_inspect_target *target, const char *folder, const char *name,
                       const char *crl_name) {
    struct base_buffer text = {.length = 0};
    struct base_buffer lists = {.length = 0};
    struct base_error error;
    bool is_folder;
    char *path = cli_inspect_text("%s/%s", folder, name);
    char *crl_path = cli_inspect_text("%s/%s", folder, crl_name == NULL ? "" : crl_name);
    if (crl_name != NULL && exists(folder, crl_name, &is_folder) &&
        !cli_inspect_read_file(&lists, crl_path, &error)) {
        cli_inspect_complain(target, &error);
    }
    if (!cli_inspect_read_file(&text, path, &error)) {
        cli_inspect_complain(target, &error);
    } else {
        const struct tls_pem authorities = {base_buffer_bytes(&text), path};
        struct tls_pem crls = {base_buffer_bytes(&lists), crl_path};
        bool good = tls_trust_create(&target->trust, authorities, crls, &error);
        if (!good && lists.length > 0) {
            cli_inspect_complain(target, &error);
            crls.text = base_bytes(NULL, 0);
            good = tls_trust_create(&target->trust, authorities, crls, &error);
        }
        if (!good) {
            cli_inspect_complain(target, &error);
        }
    }
    target->trust_name = target->trust != NULL ? cli_inspect_text("%s", path) : NULL;
    cli_inspect_wipe(&text);
    cli_inspect_wipe(&lists);
    free(crl_path);
    free(path);
}

static void check_key(struct cli_inspect_chain *chain, const char *folder, const char *name) {
    struct base_buffer key;
    struct tls_identity *identity;
    chain->key_name = cli_inspect_text("%s/%s", folder, name);
    if (!cli_inspect_read_file(&key, chain->key_name, &chain->key_trouble)) {
        return;
    }
    chain->key_trouble.kind = BASE_ERROR_NONE;
    (void)tls_identity_create(
        &identity, (struct tls_pem){base_buffer_bytes(&chain->text), chain->name},
        (struct tls_pem){base_buffer_bytes(&key), chain->key_name}, &chain->key_trouble);
    tls_identity_destroy(identity);
    cli_inspect_wipe(&key);
}

static void collect_store_role(struct cli_inspect_target *target, const char *folder,
                               enum node_store_role role) {
    char certificate[NODE_STORE_NAME_SIZE];
    char key[NODE_STORE_NAME_SIZE];
    bool is_folder;
    for (uint32_t i = 0;; i++) {
        node_store_file_name(role, NODE_STORE_CERTIFICATE, i, certificate);
        node_store_file_name(role, NODE_STORE_KEY, i, key);
        if (!exists(folder, certificate, &is_folder)) {
            return;
        }
        struct cli_inspect_chain *chain = add_file(target, folder, certificate);
        if (chain != NULL) {
            chain->store = role;
            check_key(chain, folder, key);
        }
    }
}

static bool is_store(const char *path) {
    char name[NODE_STORE_NAME_SIZE];
    bool found = false;
    bool is_folder;
    for (unsigned role = 0; role < NODE_STORE_ROLES; role++) {
        node_store_file_name((enum node_store_role)role, NODE_STORE_CERTIFICATE, 0, name);
        found |= exists(path, name, &is_folder);
    }
    return found;
}

static void collect_store(struct cli_inspect_list *list, const char *path) {
    struct cli_inspect_target *target = cli_inspect_list_add(list, path, "store");
    bool is_folder;
    collect_store_role(target, path, NODE_STORE_SERVER);
    collect_store_role(target, path, NODE_STORE_CLIENT);
    if (exists(path, NODE_STORE_TRUST, &is_folder)) {
        read_trust(target, path, NODE_STORE_TRUST, NODE_STORE_REVOKED);
    }
}

/* "server_HOST_STAMP.pem" and so on, as a diagnostic bundle names them; no keys are in it. */
static const struct {
    const char *prefix;
    enum node_store_role store;
} bundle_files[] = {{"server_", NODE_STORE_SERVER}, {"client_", NODE_STORE_CLIENT}};

static bool is_bundle(const struct names *names) {
    for (int i = 0; i < names->count; i++) {
        if (is_file_of_bundle(names->entries[i]->d_name, bundle_files[0].prefix) ||
            is_file_of_bundle(names->entries[i]->d_name, bundle_files[1].prefix)) {
            return true;
        }
    }
    return false;
}

static void collect_bundle(struct cli_inspect_list *list, const char *path,
                           const struct names *names) {
    struct cli_inspect_target *target = cli_inspect_list_add(list, path, "bundle");
    for (size_t row = 0; row < sizeof bundle_files / sizeof *bundle_files; row++) {
        for (int i = 0; i < names->count; i++) {
            const char *name = names->entries[i]->d_name;
            struct cli_inspect_chain *chain = is_file_of_bundle(name, bundle_files[row].prefix)
                                                  ? add_file(target, path, name)
                                                  : NULL;
            if (chain != NULL) {
                chain->store = bundle_files[row].store;
            }
        }
    }
    for (int i = 0; i < names->count && target->trust == NULL; i++) {
        if (is_file_of_bundle(names->entries[i]->d_name, "ca_")) {
            read_trust(target, path, names->entries[i]->d_name, NULL);
        }
    }
}

/* Keys, requests and lists may lie beside certificates. */
static void collect_loose(struct cli_inspect_list *list, const char *path,
                          const struct names *names) {
    static const char *const endings[] = {".pem", ".crt", ".cer", ".der"};
    unsigned first = list->count;
    for (int i = 0; i < names->count; i++) {
        const char *name = names->entries[i]->d_name;
        bool wanted = false;
        for (size_t j = 0; j < sizeof endings / sizeof *endings; j++) {
            wanted |= ends_with(name, endings[j]);
        }
        char *file = cli_inspect_text("%s/%s", path, name);
        struct base_buffer text;
        struct base_error error;
        if (wanted && cli_inspect_read_file(&text, file, &error)) {
            wanted = cli_inspect_tell(base_buffer_bytes(&text)) != CLI_INSPECT_OTHER_MATERIAL;
            cli_inspect_wipe(&text);
        }
        if (wanted) {
            cli_inspect_collect(list, file);
        }
        free(file);
    }
    if (list->count == first) {
        struct base_error error;
        (void)base_error_set(&error, BASE_ERROR_USAGE,
                             "%s holds no certificates: neither a store (server.pem, client.pem) "
                             "nor a diagnostic bundle (server_*.pem) nor any other",
                             path);
        cli_inspect_complain(cli_inspect_list_add(list, path, "folder"), &error);
    }
}

/* A result's folder, or what `ekuload certs` writes. */
static void collect_nodes(struct cli_inspect_list *list, const char *path) {
    struct names names;
    char *nodes = cli_inspect_text("%s/nodes", path);
    if (names_read(&names, nodes)) {
        for (int i = 0; i < names.count; i++) {
            char *node = cli_inspect_text("%s/%s", nodes, names.entries[i]->d_name);
            if (is_store(node)) {
                collect_store(list, node);
            }
            free(node);
        }
        names_finish(&names);
    }
    free(nodes);
}

void cli_inspect_collect_folder(struct cli_inspect_list *list, const char *path) {
    struct names names;
    bool is_folder;
    unsigned before = list->count;
    if (is_store(path)) {
        collect_store(list, path);
        return;
    }
    if (exists(path, "nodes", &is_folder) && is_folder) {
        collect_nodes(list, path);
    }
    if (list->count > before) {
        return;
    }
    if (!names_read(&names, path)) {
        struct base_error error;
        (void)base_error_set(&error, BASE_ERROR_USAGE, "cannot read the folder %s: %s", path,
                             strerror(errno));
        cli_inspect_complain(cli_inspect_list_add(list, path, "folder"), &error);
        return;
    }
    if (is_bundle(&names)) {
        collect_bundle(list, path, &names);
    } else {
        collect_loose(list, path, &names);
    }
    names_finish(&names);
}
