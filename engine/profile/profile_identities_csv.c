/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_identities.h"
#include "profile_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMN_CERTIFICATE, COLUMN_KEY, COLUMN_WEIGHT, COLUMNS, WEIGHT_MAX = 1000000 };

#define NO_HEADER "expected a header line such as cert,key,weight"

static const char *const column_names[COLUMNS] = {"cert", "key", "weight"};

/* One file, line by line. */
struct table {
    const struct profile_reader *reader;
    const char *path;
    const char *folder; /* where its paths start */
    uint32_t line;
    uint32_t width;
    int place[COLUMNS]; /* in a line; -1: there is no such column */
};

static bool complain(const struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool complain(const struct table *table, const char *format, ...) {
    char what[512];
    char path[192];
    va_list values;
    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    profile_tree_clean(path, sizeof path, table->path);
    return base_error_set(table->reader->error, BASE_ERROR_USAGE, "%s:%u: %s", path, table->line,
                          what);
}

/* Without the blanks around it. */
static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

static bool is_plain(const char *line) {
    for (; *line != '\0'; line++) {
        unsigned char octet = (unsigned char)*line;
        if ((octet < ' ' && octet != '\t') || octet == 0x7f || octet == '"') {
            return false;
        }
    }
    return true;
}

static bool take_column(struct table *table, const char *name) {
    for (unsigned i = 0; i < COLUMNS; i++) {
        if (strcmp(column_names[i], name) == 0 && table->place[i] < 0) {
            table->place[i] = (int)table->width;
            return true;
        }
    }
    char shown[64];
    profile_tree_clean(shown, sizeof shown, name);
    return complain(table, "unknown or repeated column \"%s\"; expected cert, key and weight",
                    shown);
}

static bool read_header(struct table *table, char *line) {
    for (char *rest = line; rest != NULL; table->width++) {
        if (!take_column(table, trim(strsep(&rest, ",")))) {
            return false;
        }
    }
    return (table->place[COLUMN_CERTIFICATE] >= 0 && table->place[COLUMN_KEY] >= 0) ||
           complain(table, NO_HEADER);
}

/* As it is opened later; whether it is a certificate is found out then. */
static bool take_path(const struct table *table, const char *field, const char *column,
                      char **out) {
    struct profile_arena *arena = table->reader->document->arena;
    char shown[192];
    if (field[0] == '\0') {
        return complain(table, "%s is empty", column);
    }
    *out = field[0] == '/' ? profile_arena_text(arena, field, strlen(field))
                           : profile_arena_format(arena, "%s/%s", table->folder, field);
    if (*out == NULL) {
        return profile_out_of_memory(table->reader->error);
    }
    profile_tree_clean(shown, sizeof shown, field);
    return access(*out, R_OK) == 0 ||
           complain(table, "%s %s cannot be read: %s", column, shown, strerror(errno));
}

static bool take_weight(const struct table *table, const char *field, uint32_t *out) {
    uint64_t weight;
    if (!profile_value_integer(field, &weight) || weight < 1 || weight > WEIGHT_MAX) {
        return complain(table, "weight: expected a number from 1 to %d", WEIGHT_MAX);
    }
    *out = (uint32_t)weight;
    return true;
}

static bool read_row(const struct table *table, char *line, struct profile_identity *identity) {
    char *fields[COLUMNS] = {NULL};
    uint32_t found = 0;
    for (char *rest = line; rest != NULL; found++) {
        char *field = trim(strsep(&rest, ","));
        if (found < COLUMNS) {
            fields[found] = field;
        }
    }
    if (found != table->width) {
        return complain(table, "expected %u fields as in the header, not %u", table->width, found);
    }
    int weight = table->place[COLUMN_WEIGHT];
    return take_path(table, fields[table->place[COLUMN_CERTIFICATE]], "cert",
                     &identity->certificate_path) &&
           take_path(table, fields[table->place[COLUMN_KEY]], "key", &identity->key_path) &&
           (weight < 0 || take_weight(table, fields[weight], &identity->weight));
}

static bool read_line(struct table *table, char *line, struct profile_identities *identities,
                      const struct profile_tree *at, const struct profile_identity *model) {
    struct profile_identity identity = *model;
    table->line++;
    line = trim(table->line == 1 ? profile_value_behind_mark(line) : line);
    if (line[0] == '\0' || line[0] == '#') {
        return true;
    }
    if (!is_plain(line)) {
        return complain(table, "expected plain fields, without quotes and control characters");
    }
    if (table->width == 0) {
        return read_header(table, line);
    }
    return read_row(table, line, &identity) &&
           profile_identities_add(identities, table->reader, at, &identity);
}

static char *folder_of(const struct profile_reader *reader, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL
               ? NULL
               : profile_arena_text(reader->document->arena, path, (size_t)(slash - path));
}

bool profile_identities_read_csv(struct profile_identities *identities,
                                 const struct profile_reader *reader, const struct profile_tree *at,
                                 const char *path, const struct profile_identity *model) {
    struct table table = {.reader = reader, .path = path, .folder = folder_of(reader, path)};
    uint32_t before = identities->count;
    char *line = NULL;
    size_t room = 0;
    bool good = table.folder != NULL || profile_out_of_memory(reader->error);
    memset(table.place, -1, sizeof table.place);
    FILE *file = good ? fopen(path, "re") : NULL;
    if (file == NULL) {
        return good ? profile_complain(reader->document, at, reader->error, "cannot be opened: %s",
                                       strerror(errno))
                    : false;
    }
    errno = 0;
    ssize_t length;
    while (good && (length = getline(&line, &room, file)) >= 0) {
        good = strlen(line) == (size_t)length ? read_line(&table, line, identities, at, model)
                                              : complain(&table, "a NUL octet is in no text");
    }
    good = good && (ferror(file) == 0 || complain(&table, "cannot be read: %s", strerror(errno)));
    fclose(file);
    free(line);
    if (good && table.width == 0) {
        table.line = 1;
        return complain(&table, NO_HEADER);
    }
    return good && (identities->count > before || complain(&table, "no certificate is named"));
}
