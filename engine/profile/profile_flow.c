/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "profile_part.h"

#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

bool profile_flow_read(struct profile_reader *reader, struct profile_tree *value, void *target) {
    uint64_t *keep_alive_ns = target;
    if (value->kind == PROFILE_TREE_SCALAR && strcmp(value->text, "none") == 0) {
        *keep_alive_ns = 0;
        return true;
    }
    return (value->kind == PROFILE_TREE_SCALAR &&
            profile_parse_duration(value->text, keep_alive_ns) && *keep_alive_ns >= NS_PER_S &&
            *keep_alive_ns <= 24 * 3600 * NS_PER_S) ||
           profile_reader_unexpected(reader, value, "a duration from 1s to 24h, or none");
}

bool profile_flow_finish(const struct profile_reader *reader, const struct profile_tree *mapping,
                         struct profile_zone *zone) {
    static const char *const keys[] = {"keep_alive", "alias", NULL};
    static const char *const alias_key[] = {"alias", NULL};
    enum profile_protocol protocol = profile_zone_protocol(zone);
    if (protocol == PROFILE_PROTOCOL_HTTP) {
        return profile_reader_refuse(reader, mapping, keys, "this is of SIP, and HTTPS is spoken");
    }
    if (zone->load.dialog == PROFILE_DIALOG_SCRIPT) {
        zone->keep_alive_ns = 0; /* its file says all that is said */
        return profile_reader_refuse(reader, mapping, keys, "a dialog file says what is sent");
    }
    if (profile_tree_find(mapping, "keep_alive") == NULL) {
        bool has_nothing_else = zone->load.dialog == PROFILE_DIALOG_NONE || zone->load.outbound;
        zone->keep_alive_ns = has_nothing_else ? 120 * NS_PER_S : 0;
    }
    return protocol == PROFILE_PROTOCOL_SIP ||
           profile_reader_refuse(reader, mapping, alias_key, "this is of SIP, not of a tunnel");
}
