/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

bool profile_address_is_word(const char *text) {
    return strcmp(text, "internal") == 0 || strcmp(text, "external") == 0;
}

bool profile_address_resolve(const struct profile_reader *reader, const struct profile_tree *at,
                             const struct profile_node *node, char **address) {
    if (!profile_address_is_word(*address)) {
        return true;
    }
    if (node->external_address == NULL) {
        return profile_complain(reader->document, at, reader->error,
                                "%s has one address: give it addresses, internal and external",
                                node->name);
    }
    return profile_reader_copy(
        reader, strcmp(*address, "internal") == 0 ? node->address : node->external_address,
        address);
}

bool profile_address_read_both(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    struct profile_node *node = target;
    const struct profile_tree *one = profile_tree_find(value->parent, "address");
    if (one != NULL) {
        return profile_complain(reader->document, one, reader->error,
                                "addresses is given, too: expected one of address and addresses");
    }
    return profile_section_read(reader, &profile_section_addresses, value, node);
}

bool profile_address_read_listener(struct profile_reader *reader, struct profile_tree *value,
                                   void *target) {
    struct profile_listener *listener = target;
    if (value->kind != PROFILE_TREE_SCALAR ||
        (!profile_address_is_word(value->text) && !profile_value_address(value->text, NULL))) {
        return profile_reader_unexpected(reader, value,
                                         "internal, external or an IP address such as 127.0.0.31");
    }
    return profile_reader_copy(reader, value->text, &listener->address) &&
           profile_address_resolve(reader, value, &reader->plan->nodes[listener->node],
                                   &listener->address);
}
