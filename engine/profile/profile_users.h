/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_USERS_H
#define PROFILE_USERS_H

#include "profile_section.h"

/* `users` of a struct profile_zone. */
#define PROFILE_USERS_FORM "file, or mapping"
bool profile_users_read(struct profile_reader *reader, struct profile_tree *value, void *target);

/* Those whom a listener knows, in the plan's memory: name and password are fields 0 and 1 unless
 * said otherwise. `target` is a const struct profile_users *. */
bool profile_users_read_known(struct profile_reader *reader, struct profile_tree *value,
                              void *target);

/* profile_users_known.c: sorts them by name; one name has one password. */
bool profile_users_sort(const struct profile_reader *reader, const struct profile_tree *value,
                        struct profile_users *users);

/* Once the zone's dialog is known: there are the fields that it speaks of. */
bool profile_users_check(const struct profile_reader *reader, const struct profile_tree *mapping,
                         const struct profile_zone *zone);

/* What the keys of the mapping fill. */
struct profile_users_head {
    char *path;
    struct profile_users users;
};
extern const struct profile_section profile_section_users;

/* profile_users_file.c: NULL, with what is wrong, file and line, in `error`. */
struct profile_user_table *profile_users_load(struct profile_arena *arena, char *path,
                                              struct base_error *error);

#endif
