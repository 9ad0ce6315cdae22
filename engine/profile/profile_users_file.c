/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_tree.h"
#include "profile_users.h"
#include "profile_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_SIZE_MAX = 64 << 20,
    ROWS_MAX = 1000000,
    COLUMNS_MAX = 64,
};

/* One file on its way to a table. */
struct source {
    struct profile_arena *arena;
    const char *path;
    struct base_error *error;
    char *text; /* NUL-terminated; what the fields lie in */
    size_t length;
    struct profile_user_table *table;
};

static bool complain(const struct source *source, uint32_t line, const char *what) {
    char path[192];
    profile_tree_clean(path, sizeof path, source->path);
    return base_error_set(source->error, BASE_ERROR_USAGE, "%s:%u: %s", path, line, what);
}

static bool read_all(struct source *source, FILE *file) {
    if (fseek(file, 0, SEEK_END) != 0) {
        return false;
    }
    long length = ftell(file);
    if (length < 0 || length > FILE_SIZE_MAX) {
        errno = length < 0 ? errno : EFBIG;
        return false;
    }
    rewind(file);
    source->text = profile_arena_take(source->arena, (size_t)length + 1);
    source->length = (size_t)length;
    return source->text != NULL && fread(source->text, 1, source->length, file) == source->length;
}

static bool open_file(struct source *source) {
    char path[192];
    errno = 0;
    FILE *file = fopen(source->path, "rbe");
    bool sound = file != NULL && read_all(source, file);
    int cause = errno == 0 ? EIO : errno;
    if (file != NULL) {
        fclose(file);
    }
    profile_tree_clean(path, sizeof path, source->path);
    return sound || base_error_set(source->error, BASE_ERROR_USAGE, "%s: cannot be read: %s", path,
                                   strerror(cause));
}

/* The next line without its end; NULL behind the last one. */
static char *next_line(struct source *source, char **rest, uint32_t *line) {
    char *at = *rest;
    char *end = source->text + source->length;
    if (at >= end) {
        return NULL;
    }
    char *stop = memchr(at, '\n', (size_t)(end - at));
    stop = stop == NULL ? end : stop;
    *rest = stop + 1;
    *stop = '\0';
    if (stop > at && stop[-1] == '\r') {
        stop[-1] = '\0';
    }
    ++*line;
    return at;
}

static bool read_order(struct source *source, const char *line) {
    static const char *const orders[] = {[PROFILE_USERS_SEQUENTIAL] = "SEQUENTIAL",
                                         [PROFILE_USERS_RANDOM] = "RANDOM",
                                         [PROFILE_USERS_BY_NUMBER] = "USER"};
    for (unsigned i = 0; line != NULL && i < sizeof orders / sizeof orders[0]; i++) {
        if (strcmp(line, orders[i]) == 0) {
            source->table->order = (enum profile_users_order)i;
            return true;
        }
    }
    return complain(source, 1, "expected SEQUENTIAL, RANDOM or USER in the first line");
}

static uint32_t count_of(const char *text, const char *end, char wanted) {
    uint32_t count = 0;
    for (; text < end; text++) {
        count += *text == wanted;
    }
    return count;
}

/* As wide as its first row, and as long as there are lines. */
static bool make_room(struct source *source, const char *first_row, const char *rest) {
    struct profile_user_table *table = source->table;
    uint32_t lines_left = 0;
    if (rest < source->text + source->length) {
        lines_left = count_of(rest, source->text + source->length, '\n') + 1;
    }
    table->column_count = count_of(first_row, strchr(first_row, '\0'), ';') + 1;
    if (table->column_count > COLUMNS_MAX || lines_left >= ROWS_MAX) {
        return complain(source, 1, "expected at most 1000000 users of at most 64 fields");
    }
    table->fields = profile_arena_array(
        source->arena, (size_t)(lines_left + 1) * table->column_count, sizeof *table->fields);
    table->lines = profile_arena_array(source->arena, lines_left + 1, sizeof *table->lines);
    return (table->fields != NULL && table->lines != NULL) || profile_out_of_memory(source->error);
}

static bool check_octets(const struct source *source, const char *text, const char *end,
                         uint32_t line) {
    for (; text < end; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return complain(source, line, "control characters are in no field");
        }
    }
    return true;
}

static bool take_row(struct source *source, char *text, uint32_t line) {
    struct profile_user_table *table = source->table;
    const char **fields = &table->fields[(size_t)table->row_count * table->column_count];
    char *rest = text;
    uint32_t found = 0;
    while (rest != NULL) {
        char *field = strsep(&rest, ";");
        if (found < table->column_count) {
            fields[found] = field;
        }
        found++;
    }
    table->lines[table->row_count++] = line;
    if (found != table->column_count) {
        char what[96];
        snprintf(what, sizeof what, "expected %u fields as in line %u, not %u", table->column_count,
                 table->lines[0], found);
        return complain(source, line, what);
    }
    return true;
}

static bool fill(struct source *source, char *rest) {
    struct profile_user_table *table = source->table;
    uint32_t line = 1;
    char *text;
    while ((text = next_line(source, &rest, &line)) != NULL) {
        /* A NUL octet hides what is behind it. */
        const char *end = rest - 1 - (rest - 2 >= text && rest[-2] == '\0');
        if (!check_octets(source, text, end, line)) {
            return false;
        }
        if (text[0] == '\0' || text[0] == '#') {
            continue;
        }
        if ((table->row_count == 0 && !make_room(source, text, rest)) ||
            !take_row(source, text, line)) {
            return false;
        }
    }
    return table->row_count > 0 ||
           complain(source, 1, "expected a line per user behind the first one");
}

struct profile_user_table *profile_users_load(struct profile_arena *arena, char *path,
                                              struct base_error *error) {
    struct source source = {.arena = arena, .path = path, .error = error};
    uint32_t line = 0;
    source.table = profile_arena_take(arena, sizeof *source.table);
    if (source.table == NULL) {
        profile_out_of_memory(error);
        return NULL;
    }
    if (!open_file(&source)) {
        return NULL;
    }
    char *rest = profile_value_behind_mark(source.text);
    source.table->path = path;
    bool sound = read_order(&source, next_line(&source, &rest, &line)) && fill(&source, rest);
    return sound ? source.table : NULL;
}
