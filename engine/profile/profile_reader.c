/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_reader.h"

#include "base_nearest.h"
#include "profile_value.h"

#include <limits.h>
#include <string.h>

bool profile_reader_unexpected(const struct profile_reader *reader, const struct profile_tree *at,
                               const char *expected) {
    char quote[PROFILE_QUOTE_SIZE];
    return profile_complain(reader->document, at, reader->error, "expected %s, not %s", expected,
                            profile_quote(at, quote));
}

bool profile_reader_expect(const struct profile_reader *reader, const struct profile_tree *at,
                           enum profile_tree_kind kind) {
    static const char *const kinds[] = {
        [PROFILE_TREE_SCALAR] = "a single value",
        [PROFILE_TREE_LIST] = "a list",
        [PROFILE_TREE_MAPPING] = "a mapping",
    };
    return at->kind == kind || profile_reader_unexpected(reader, at, kinds[kind]);
}

bool profile_reader_copy(const struct profile_reader *reader, const char *text, char **out) {
    *out = profile_arena_text(reader->document->arena, text, strlen(text));
    return *out != NULL || profile_out_of_memory(reader->error);
}

void *profile_reader_array(const struct profile_reader *reader, uint32_t count, size_t size) {
    void *array = profile_arena_array(reader->document->arena, count, size);
    if (array == NULL) {
        profile_out_of_memory(reader->error);
    }
    return array;
}

bool profile_reader_name(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out) {
    if (!profile_value_is_name(at->key)) {
        return profile_complain(reader->document, at, reader->error,
                                "expected a name of at most 63 lower-case letters, digits and "
                                "hyphens");
    }
    return profile_reader_copy(reader, at->key, out);
}

static bool read_line(const struct profile_reader *reader, const struct profile_tree *at,
                      size_t length_max, const char *expected, char **out) {
    bool sound =
        at->kind == PROFILE_TREE_SCALAR && at->text[0] != '\0' && strlen(at->text) <= length_max;
    for (const char *c = sound ? at->text : ""; *c != '\0'; c++) {
        sound &= (unsigned char)*c >= 0x20 && *c != 0x7f;
    }
    return sound ? profile_reader_copy(reader, at->text, out)
                 : profile_reader_unexpected(reader, at, expected);
}

bool profile_reader_text(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out) {
    return read_line(reader, at, PROFILE_TEXT_MAX, "a text of one line, 1 to 255 characters", out);
}

bool profile_reader_path(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out) {
    return read_line(reader, at, PATH_MAX, "a file name", out);
}

bool profile_reader_refuse(const struct profile_reader *reader, const struct profile_tree *mapping,
                           const char *const *keys, const char *reason) {
    for (; *keys != NULL; keys++) {
        const struct profile_tree *found = profile_tree_find(mapping, *keys);
        if (found != NULL) {
            return profile_complain(reader->document, found, reader->error, "%s", reason);
        }
    }
    return true;
}

bool profile_reader_authority(const struct profile_reader *reader, const struct profile_tree *at,
                              uint32_t *out) {
    struct base_nearest nearest;
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    if (at->kind != PROFILE_TREE_SCALAR) {
        return profile_reader_unexpected(reader, at, "the name of an authority");
    }
    nearest = base_nearest_begin(at->text);
    for (uint32_t i = 0; i < reader->plan->authority_count; i++) {
        const char *name = reader->plan->authorities[i].name;
        if (strcmp(name, at->text) == 0) {
            *out = i;
            return true;
        }
        base_nearest_offer(&nearest, name);
    }
    return profile_complain(reader->document, at, reader->error, "no authority is named %s%s",
                            profile_quote(at, quote), base_nearest_hint(&nearest, hint));
}
