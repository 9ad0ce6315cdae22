/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_users.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(const struct profile_users *users, uint32_t row) {
    return profile_users_field(users, row, users->username);
}

/* Of one name the first line comes first. */
static int compare(const void *left, const void *right, void *context) {
    const struct profile_users *users = context;
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    int order = strcmp(name_of(users, a), name_of(users, b));
    return order != 0 ? order : (a > b) - (a < b);
}

bool profile_users_sort(const struct profile_reader *reader, const struct profile_tree *value,
                        struct profile_users *users) {
    uint32_t count = users->table->row_count;
    uint32_t *rows = profile_reader_array(reader, count, sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = i;
    }
    qsort_r(rows, count, sizeof *rows, compare, users);
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(name_of(users, rows[i - 1]), name_of(users, rows[i])) == 0 &&
            strcmp(profile_users_field(users, rows[i - 1], users->password),
                   profile_users_field(users, rows[i], users->password)) != 0) {
            return profile_complain(reader->document, value, reader->error,
                                    "%s:%u: %s has another password in line %u", users->table->path,
                                    users->table->lines[rows[i]], name_of(users, rows[i]),
                                    users->table->lines[rows[i - 1]]);
        }
    }
    users->by_name = rows;
    return true;
}

const char *profile_users_password(const struct profile_users *users, const char *username) {
    uint32_t low = 0;
    uint32_t high = users->table->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t row = users->by_name[middle];
        int order = strcmp(username, name_of(users, row));
        if (order == 0) {
            return profile_users_field(users, row, users->password);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
