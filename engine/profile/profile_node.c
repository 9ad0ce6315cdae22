/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

enum {
    NODES_MAX = 1000,
};

bool profile_node_read_external(struct profile_reader *reader, struct profile_tree *value,
                                void *target) {
    struct profile_node *node = target;
    struct profile_endpoint endpoint;
    if (value->kind != PROFILE_TREE_SCALAR || !profile_value_endpoint(value->text, &endpoint)) {
        return profile_reader_unexpected(
            reader, value, "HOST or HOST:PORT, an IPv6 address in brackets and quotes");
    }
    node->external =
        profile_arena_text(reader->document->arena, endpoint.host, endpoint.host_length);
    node->external_port = endpoint.port;
    return node->external != NULL || profile_out_of_memory(reader->error);
}

static bool read_tls(struct profile_reader *reader, struct profile_tree *value,
                     const struct profile_product *product, struct profile_tls *tls) {
    if (value != NULL && !profile_section_read(reader, &profile_section_tls, value, tls)) {
        return false;
    }
    if (tls->versions == 0) {
        tls->versions = product->tls_versions;
    }
    return true;
}

/* With one store, what it presents when it initiates is what it presents when it accepts. */
static bool read_stores(struct profile_reader *reader, struct profile_tree *mapping,
                        struct profile_node *node) {
    struct profile_tree *server = profile_tree_find(mapping, "server_store");
    struct profile_tree *client = profile_tree_find(mapping, "client_store");
    if (server != NULL &&
        !profile_store_read(reader, server, node, PROFILE_STORE_SERVER, &node->server_store)) {
        return false;
    }
    if (client == NULL && node->product->stores == PROFILE_STORES_ONE &&
        node->server_store.kind == PROFILE_STORE_IDENTITIES) {
        node->client_store.kind = PROFILE_STORE_COPY_OF_SERVER;
    }
    return client == NULL ||
           profile_store_read(reader, client, node, PROFILE_STORE_CLIENT, &node->client_store);
}

static bool has_some(const struct profile_tree *mapping, const char *key) {
    const struct profile_tree *found = profile_tree_find(mapping, key);
    return found != NULL && found->count > 0;
}

/* What a node with zones presents must have been said, be it `none`. */
static bool check_initiator(const struct profile_reader *reader, const struct profile_tree *mapping,
                            const struct profile_node *node) {
    if (!has_some(mapping, "zones")) {
        return true;
    }
    switch (node->product->stores) {
    case PROFILE_STORES_TWO:
        return profile_tree_find(mapping, "client_store") != NULL ||
               profile_complain(reader->document, mapping, reader->error,
                                "the key \"client_store\" is missing: give a node with zones an "
                                "identity, copy-of-server, or none");
    case PROFILE_STORES_ONE:
        return profile_tree_find(mapping, "server_store") != NULL ||
               profile_complain(reader->document, mapping, reader->error,
                                "the key \"server_store\" is missing: give a node with zones and "
                                "one store an identity, or none");
    case PROFILE_STORES_NONE:
    default:
        return true;
    }
}

/* What a node that runs here cannot do without. */
static bool check_emulated(const struct profile_reader *reader, const struct profile_tree *mapping,
                           const struct profile_node *node) {
    if (node->address == NULL || profile_tree_find(mapping, "trust") == NULL) {
        return profile_complain(reader->document, mapping, reader->error,
                                "the key \"%s\" is missing",
                                node->address == NULL ? "address" : "trust");
    }
    if (has_some(mapping, "listeners") && node->server_store.kind == PROFILE_STORE_NONE) {
        const struct profile_tree *store = profile_tree_find(mapping, "server_store");
        return profile_complain(reader->document, store == NULL ? mapping : store, reader->error,
                                "a node with listeners needs a certificate in server_store");
    }
    return check_initiator(reader, mapping, node);
}

static bool read_node(struct profile_reader *reader, struct profile_tree *mapping,
                      struct profile_node *node) {
    node->line = mapping->line;
    if (!profile_reader_name(reader, mapping, &node->name) ||
        !profile_section_read(reader, &profile_section_node, mapping, node) ||
        !profile_node_choose_product(reader, mapping, node) ||
        !profile_listener_expand(reader->document, mapping, reader->error) ||
        !profile_node_check_product(reader, mapping, node) ||
        !read_tls(reader, profile_tree_find(mapping, "tls"), node->product, &node->tls) ||
        !read_stores(reader, mapping, node)) {
        return false;
    }
    if (node->external == NULL) {
        return check_emulated(reader, mapping, node);
    }
    return node->address != NULL || profile_reader_copy(reader, node->external, &node->address);
}

bool profile_node_read_all(struct profile_reader *reader, struct profile_tree *nodes) {
    struct profile_plan *plan = reader->plan;
    if (!profile_reader_expect(reader, nodes, PROFILE_TREE_MAPPING)) {
        return false;
    }
    if (nodes->count < 1 || nodes->count > NODES_MAX) {
        return profile_complain(reader->document, nodes, reader->error, "expected 1 to %d nodes",
                                NODES_MAX);
    }
    plan->nodes = profile_reader_array(reader, nodes->count, sizeof *plan->nodes);
    if (plan->nodes == NULL) {
        return false;
    }
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next) {
        if (!read_node(reader, value, &plan->nodes[plan->node_count])) {
            return false;
        }
        plan->node_count++;
    }
    return true;
}
