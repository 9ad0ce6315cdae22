/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_IDENTITIES_H
#define PROFILE_IDENTITIES_H

#include "profile_reader.h"

/* A store's identities while it is read: some values stand for many of them. */
struct profile_identities {
    struct profile_identity *items;
    uint32_t count;
    uint32_t room;
};

/* One more, a copy of `identity`. False without memory, or when there are too many. */
bool profile_identities_add(struct profile_identities *identities,
                            const struct profile_reader *reader, const struct profile_tree *at,
                            const struct profile_identity *identity);

/*
 * One for each line of a CSV file with the header `cert,key`, in any order, and perhaps `weight`;
 * `model` is what they have in common. Paths in it start at its folder.
 */
bool profile_identities_read_csv(struct profile_identities *identities,
                                 const struct profile_reader *reader, const struct profile_tree *at,
                                 const char *path, const struct profile_identity *model);

#endif
