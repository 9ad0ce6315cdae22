/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_pair.h"
#include "node_store_rule.h"

enum { FILES_MAX = 2 * NODE_STORE_ROLES };

/* The key first: what a crash leaves between the two is a pair that does not fit, never one that
 * does and is not meant. */
static unsigned add_pair(struct node_store_change *changes, const struct node_store_pair *pair,
                         struct bytes chain, struct bytes key) {
    changes[0] = (struct node_store_change){.name = pair->key, .content = key, .mode = 0600};
    changes[1] =
        (struct node_store_change){.name = pair->certificate, .content = chain, .mode = 0644};
    return 2;
}

/* Puts a store back that a crash left with the key of one upload and the certificate of another. */
static bool mend(const struct node_store_folder *folder, enum node_store_role role,
                 struct base_error *error) {
    struct node_store_pair pair = node_store_pair_of(role);
    struct tls_identity *identity;
    struct base_error misfit;
    if (!node_store_folder_has_former(folder, pair.key) &&
        !node_store_folder_has_former(folder, pair.certificate)) {
        return true;
    }
    bool fits = node_store_pair_read(&identity, folder, role, &misfit);
    tls_identity_destroy(identity);
    if (!fits && (!node_store_folder_restore(folder, pair.key, error) ||
                  !node_store_folder_restore(folder, pair.certificate, error))) {
        return false;
    }
    node_store_folder_forget(folder, pair.key);
    node_store_folder_forget(folder, pair.certificate);
    return true;
}

static bool open_to_change(struct node_store_folder *folder, const char *path,
                           struct base_error *error) {
    if (!node_store_folder_open(folder, path, true, error)) {
        return false;
    }
    for (unsigned role = 0; role < NODE_STORE_ROLES; role++) {
        if (!mend(folder, (enum node_store_role)role, error)) {
            node_store_folder_close(folder);
            return false;
        }
    }
    return true;
}

static bool read_key(struct node_store_text *out, const struct node_store_folder *folder,
                     const struct node_store_upload *upload, struct base_error *error) {
    struct node_store_pair pair = node_store_pair_of(upload->role);
    *out = (struct node_store_text){0};
    if (upload->key_path != NULL) {
        return node_store_text_read(out, NULL, upload->key_path, error);
    }
    if (!node_store_folder_holds(folder, pair.key)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%.512s holds no %s: give the private key's file, too", folder->path,
                              pair.key);
    }
    return node_store_text_read(out, folder, pair.key, error);
}

static bool store_identity(const struct node_store_folder *folder,
                           const struct node_store_upload *upload,
                           const struct tls_identity *identity, struct base_error *error) {
    struct node_store_pair pair = node_store_pair_of(upload->role);
    struct node_store_pair client = node_store_pair_of(NODE_STORE_CLIENT);
    struct node_store_change changes[FILES_MAX];
    /* As this program writes them: a private key that stood beside the certificate stays out. */
    struct bytes chain = tls_identity_chain_pem(identity);
    struct bytes key = tls_identity_key_pem(identity);
    unsigned count = add_pair(changes, &pair, chain, key);
    if (upload->as_client) {
        count += add_pair(&changes[count], &client, chain, key);
    }
    return node_store_folder_replace(folder, changes, count, error);
}

static bool upload_to(const struct node_store_folder *folder,
                      const struct node_store_upload *upload, struct base_error *error) {
    struct node_store_text chain;
    struct node_store_text key;
    struct tls_identity *identity = NULL;
    bool stored = false;
    if (!node_store_text_read(&chain, NULL, upload->certificate_path, error)) {
        return false;
    }
    if (read_key(&key, folder, upload, error) &&
        node_store_rule_check_texts(upload, node_store_pem(&chain), node_store_pem(&key), error) &&
        tls_identity_create(&identity, node_store_pem(&chain), node_store_pem(&key), error) &&
        node_store_rule_check_leaf(upload, tls_identity_leaf(identity), error)) {
        stored = store_identity(folder, upload, identity, error);
    }
    tls_identity_destroy(identity);
    node_store_text_finish(&key);
    node_store_text_finish(&chain);
    return stored;
}

bool node_store_upload(const char *path, const struct node_store_upload *upload,
                       struct base_error *error) {
    struct node_store_folder folder;
    if (!node_store_rule_check_stores(upload, error) || !open_to_change(&folder, path, error)) {
        return false;
    }
    bool stored = upload_to(&folder, upload, error);
    node_store_folder_close(&folder);
    return stored;
}

/* Octet for octet, whatever stands around the certificate. */
static bool copy_server_store(const struct node_store_folder *folder, struct base_error *error) {
    struct node_store_pair from = node_store_pair_of(NODE_STORE_SERVER);
    struct node_store_pair to = node_store_pair_of(NODE_STORE_CLIENT);
    struct node_store_change changes[2];
    struct node_store_text chain;
    struct node_store_text key;
    bool copied = false;
    if (!node_store_text_read(&chain, folder, from.certificate, error)) {
        return false;
    }
    if (node_store_text_read(&key, folder, from.key, error)) {
        unsigned count = add_pair(changes, &to, base_buffer_bytes(&chain.buffer),
                                  base_buffer_bytes(&key.buffer));
        copied = node_store_folder_replace(folder, changes, count, error);
        node_store_text_finish(&key);
    }
    node_store_text_finish(&chain);
    return copied;
}

static bool upgrade(const struct node_store_folder *folder, struct base_error *error) {
    struct node_store_pair client = node_store_pair_of(NODE_STORE_CLIENT);
    struct tls_identity *identity;
    if (node_store_folder_holds(folder, client.certificate) ||
        node_store_folder_holds(folder, client.key)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%.512s already has a client store: nothing to upgrade",
                              folder->path);
    }
    if (!node_store_pair_read(&identity, folder, NODE_STORE_SERVER, error)) {
        return false;
    }
    tls_identity_destroy(identity);
    return copy_server_store(folder, error);
}

bool node_store_upgrade(const char *path, const struct profile_product *product,
                        struct base_error *error) {
    struct node_store_folder folder;
    if (!node_store_rule_check_upgrade(product, error) || !open_to_change(&folder, path, error)) {
        return false;
    }
    bool upgraded = upgrade(&folder, error);
    node_store_folder_close(&folder);
    return upgraded;
}
