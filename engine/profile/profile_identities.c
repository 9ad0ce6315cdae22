/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_identities.h"

#include <string.h>

enum { IDENTITIES_MAX = 100000 };

static bool make_room(struct profile_identities *identities, const struct profile_reader *reader) {
    uint32_t room = identities->room == 0 ? 4 : 2 * identities->room;
    struct profile_identity *items = profile_reader_array(reader, room, sizeof *items);
    if (items == NULL) {
        return false;
    }
    if (identities->count > 0) {
        memcpy(items, identities->items, identities->count * sizeof *items);
    }
    identities->items = items;
    identities->room = room;
    return true;
}

bool profile_identities_add(struct profile_identities *identities,
                            const struct profile_reader *reader, const struct profile_tree *at,
                            const struct profile_identity *identity) {
    if (identities->count == IDENTITIES_MAX) {
        return profile_complain(reader->document, at, reader->error,
                                "expected at most %d identities", IDENTITIES_MAX);
    }
    if (identities->count == identities->room && !make_room(identities, reader)) {
        return false;
    }
    identities->items[identities->count++] = *identity;
    return true;
}
