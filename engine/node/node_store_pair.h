/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_STORE_PAIR_H
#define NODE_STORE_PAIR_H

#include "node_store.h"
#include "node_store_folder.h"
#include "tls_identity.h"

/* The names of a store's two files. */
struct node_store_pair {
    char certificate[NODE_STORE_NAME_SIZE];
    char key[NODE_STORE_NAME_SIZE];
};
struct node_store_pair node_store_pair_of(enum node_store_role role);

static inline struct tls_pem node_store_pem(const struct node_store_text *text) {
    return (struct tls_pem){.text = base_buffer_bytes(&text->buffer), .name = text->name};
}

/* Both files of a store as an identity. */
bool node_store_pair_read(struct tls_identity **out, const struct node_store_folder *folder,
                          enum node_store_role role, struct base_error *error);

#endif
