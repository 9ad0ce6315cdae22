/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_pair.h"

struct node_store_pair node_store_pair_of(enum node_store_role role) {
    struct node_store_pair pair;
    node_store_file_name(role, NODE_STORE_CERTIFICATE, 0, pair.certificate);
    node_store_file_name(role, NODE_STORE_KEY, 0, pair.key);
    return pair;
}

bool node_store_pair_read(struct tls_identity **out, const struct node_store_folder *folder,
                          enum node_store_role role, struct base_error *error) {
    struct node_store_pair pair = node_store_pair_of(role);
    struct node_store_text chain;
    struct node_store_text key;
    *out = NULL;
    if (!node_store_text_read(&chain, folder, pair.certificate, error)) {
        return false;
    }
    if (node_store_text_read(&key, folder, pair.key, error)) {
        (void)tls_identity_create(out, node_store_pem(&chain), node_store_pem(&key), error);
        node_store_text_finish(&key);
    }
    node_store_text_finish(&chain);
    return *out != NULL;
}
