/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_users.h"

#include "profile_part.h"
#include "profile_scalar.h"
#include "profile_uri.h"
#include "sip_script.h"

#include <string.h>

static const struct profile_user_table *find_loaded(const struct profile_plan *plan,
                                                    const char *path) {
    const struct profile_user_table *table = plan->user_tables;
    while (table != NULL && strcmp(table->path, path) != 0) {
        table = table->next;
    }
    return table;
}

static bool load(struct profile_reader *reader, const struct profile_tree *value, char *path,
                 const struct profile_user_table **out) {
    struct base_error wrong = {0};
    *out = find_loaded(reader->plan, path);
    if (*out != NULL) {
        return true;
    }
    struct profile_user_table *table = profile_users_load(reader->document->arena, path, &wrong);
    if (table == NULL) {
        return profile_complain(reader->document, value, reader->error, "%s", wrong.text);
    }
    table->next = reader->plan->user_tables;
    reader->plan->user_tables = table;
    *out = table;
    return true;
}

static bool check_column(const struct profile_reader *reader, const struct profile_tree *value,
                         const char *key, const struct profile_users *users, uint32_t column) {
    const struct profile_tree *found = profile_tree_find(value, key);
    return column == PROFILE_NONE || column < users->table->column_count ||
           profile_complain(reader->document, found == NULL ? value : found, reader->error,
                            "expected a field from 0 to %u: %s has no more",
                            users->table->column_count - 1, users->table->path);
}

/* They become the user part of a URI. */
static bool check_names(const struct profile_reader *reader, const struct profile_tree *value,
                        const struct profile_users *users) {
    for (uint32_t row = 0; users->username != PROFILE_NONE && row < users->table->row_count;
         row++) {
        if (!profile_uri_is_user(profile_users_field(users, row, users->username))) {
            return profile_complain(reader->document, value, reader->error,
                                    "%s:%u: field %u is no user name: expected at most 63 letters, "
                                    "digits and -_.!~*'()&=+$,",
                                    users->table->path, users->table->lines[row], users->username);
        }
    }
    return true;
}

/* `fallback`: the fields that name and password are when neither is said. */
static bool read_users(struct profile_reader *reader, struct profile_tree *value,
                       const struct profile_users *fallback, struct profile_users *out) {
    static const struct profile_option file = {.key = "users", .type = PROFILE_OPTION_PATH};
    struct profile_users_head head = {
        .users = {.username = PROFILE_NONE, .password = PROFILE_NONE}};
    bool is_file = value->kind == PROFILE_TREE_SCALAR;
    if (is_file ? !profile_scalar_read(reader, &file, value, &head.path)
                : !profile_section_read(reader, &profile_section_users, value, &head)) {
        return false;
    }
    if (head.users.password != PROFILE_NONE && head.users.username == PROFILE_NONE) {
        return profile_complain(reader->document, value, reader->error,
                                "password is given without username");
    }
    struct profile_users *users = &head.users;
    if (users->username == PROFILE_NONE) {
        *users = *fallback;
    }
    if (!load(reader, value, head.path, &users->table) ||
        !check_column(reader, value, "username", users, users->username) ||
        !check_column(reader, value, "password", users, users->password) ||
        !check_names(reader, value, users)) {
        return false;
    }
    *out = *users;
    return true;
}

bool profile_users_read(struct profile_reader *reader, struct profile_tree *value, void *target) {
    static const struct profile_users none = {.username = PROFILE_NONE, .password = PROFILE_NONE};
    return read_users(reader, value, &none, target);
}

bool profile_users_read_known(struct profile_reader *reader, struct profile_tree *value,
                              void *target) {
    static const struct profile_users usual = {.username = 0, .password = 1};
    struct profile_users *users = profile_reader_array(reader, 1, sizeof *users);
    if (users == NULL || !read_users(reader, value, &usual, users)) {
        return false;
    }
    if (users->password == PROFILE_NONE) {
        return profile_complain(reader->document, value, reader->error,
                                "username is given without password");
    }
    *(const struct profile_users **)target = users;
    return profile_users_sort(reader, value, users);
}

bool profile_users_check(const struct profile_reader *reader, const struct profile_tree *mapping,
                         const struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "users");
    const struct profile_tree *dialog = profile_tree_find(mapping, "dialog");
    const struct profile_script *script =
        zone->load.dialog == PROFILE_DIALOG_SCRIPT ? zone->load.script : NULL;
    uint32_t wanted = script == NULL ? 0 : script->script->field_count;
    uint32_t there = zone->users.table == NULL ? 0 : zone->users.table->column_count;
    if (value != NULL && profile_zone_protocol(zone) != PROFILE_PROTOCOL_SIP) {
        return profile_complain(reader->document, value, reader->error,
                                "is for SIP: only a SIP zone has users");
    }
    if (wanted <= there) {
        return true;
    }
    return profile_complain(reader->document, dialog == NULL ? mapping : dialog, reader->error,
                            "%s speaks of [field%u]: expected users with %u fields, there %s %u",
                            script->path, wanted - 1, wanted, there == 1 ? "is" : "are", there);
}
