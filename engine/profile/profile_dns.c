/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

enum { SERVERS_MAX = 8 };

/* "127.0.0.1:5353", "::1": behind the others, as the resolver wants them. */
static bool add_server(const struct profile_reader *reader, const struct profile_tree *item,
                       char **servers) {
    struct profile_arena *arena = reader->document->arena;
    struct profile_endpoint found;
    bool is_scalar = item->kind == PROFILE_TREE_SCALAR;
    bool is_bare = is_scalar && profile_value_address(item->text, NULL);
    char *host = NULL;
    if (is_scalar && !is_bare && profile_value_endpoint(item->text, &found)) {
        host = profile_arena_text(arena, found.host, found.host_length);
    }
    if (!is_bare && (host == NULL || !profile_value_address(host, NULL))) {
        return profile_reader_unexpected(
            reader, item, "the IP address of a DNS server, or one with a port: 127.0.0.1:5353");
    }
    bool needs_brackets = is_bare && strchr(item->text, ':') != NULL;
    const char *before = *servers == NULL ? "" : *servers;
    *servers =
        profile_arena_format(arena, "%s%s%s%s%s", before, before[0] == '\0' ? "" : ",",
                             needs_brackets ? "[" : "", item->text, needs_brackets ? "]" : "");
    return *servers != NULL || profile_out_of_memory(reader->error);
}

bool profile_dns_read(struct profile_reader *reader, struct profile_tree *value, void *target) {
    char **servers = target;
    if (value->kind != PROFILE_TREE_LIST) {
        return add_server(reader, value, servers);
    }
    if (value->count < 1 || value->count > SERVERS_MAX) {
        return profile_complain(reader->document, value, reader->error,
                                "expected 1 to %d DNS servers", SERVERS_MAX);
    }
    for (const struct profile_tree *item = value->first; item != NULL; item = item->next) {
        if (!add_server(reader, item, servers)) {
            return false;
        }
    }
    return true;
}
