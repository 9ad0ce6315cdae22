/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_section.h"

#include "base_nearest.h"
#include "profile_list.h"
#include "profile_scalar.h"

#include <stdio.h>
#include <string.h>

const char *profile_option_type_name(enum profile_option_type type) {
    static const char *const names[PROFILE_OPTION_TYPES] = {
        [PROFILE_OPTION_TEXT] = "text",
        [PROFILE_OPTION_PROSE] = "text",
        [PROFILE_OPTION_TEXT_OR_NONE] = "text, or `none`",
        [PROFILE_OPTION_ADDRESS] = "IP address",
        [PROFILE_OPTION_PATH] = "file",
        [PROFILE_OPTION_WORD] = "choice",
        [PROFILE_OPTION_CHOICE] = "choice",
        [PROFILE_OPTION_INTEGER] = "number",
        [PROFILE_OPTION_LONG_INTEGER] = "number",
        [PROFILE_OPTION_BOOLEAN] = "on or off",
        [PROFILE_OPTION_DURATION] = "duration",
        [PROFILE_OPTION_RATE] = "rate",
        [PROFILE_OPTION_DATE] = "date",
        [PROFILE_OPTION_TEXTS] = "list of texts",
        [PROFILE_OPTION_SOURCES] = "list of addresses and ranges",
        [PROFILE_OPTION_FAULTS] = "list of fault keys",
        [PROFILE_OPTION_USAGES] = "`none`, or a list of usages",
        [PROFILE_OPTION_VERSIONS] = "list of `1.2`, `1.3`",
        [PROFILE_OPTION_AUTHORITY] = "name of an authority",
    };
    return names[type] == NULL ? "" : names[type];
}

static const struct profile_option *find_row(const struct profile_section *section,
                                             const char *key) {
    for (size_t i = 0; i < section->option_count; i++) {
        if (strcmp(section->options[i].key, key) == 0) {
            return &section->options[i];
        }
    }
    return NULL;
}

static void offer_rows(const struct profile_section *section, struct base_nearest *nearest) {
    for (size_t i = 0; i < section->option_count; i++) {
        base_nearest_offer(nearest, section->options[i].key);
    }
}

static void list_rows(const struct profile_section *section, char *out, size_t out_size) {
    size_t length = strlen(out);
    for (size_t i = 0; i < section->option_count && length < out_size; i++) {
        length += (size_t)snprintf(out + length, out_size - length, "%s%s", length == 0 ? "" : ", ",
                                   section->options[i].key);
    }
}

static bool unknown_key(const struct profile_reader *reader, const struct profile_section *section,
                        const struct profile_tree *value) {
    struct base_nearest nearest = base_nearest_begin(value->key);
    char hint[BASE_NEAREST_SIZE];
    char keys[400] = "";
    offer_rows(section, &nearest);
    list_rows(section, keys, sizeof keys);
    if (section->also != NULL) {
        offer_rows(section->also, &nearest);
        list_rows(section->also, keys, sizeof keys);
    }
    if (nearest.best == NULL) {
        return profile_complain(reader->document, value, reader->error,
                                "unknown key; expected one of %s", keys);
    }
    return profile_complain(reader->document, value, reader->error, "unknown key%s",
                            base_nearest_hint(&nearest, hint));
}

static bool read_option(struct profile_reader *reader, const struct profile_option *option,
                        struct profile_tree *value, void *target) {
    void *field = (char *)target + option->offset;
    switch (option->type) {
    case PROFILE_OPTION_PART:
        return true;
    case PROFILE_OPTION_OWN:
        return option->read(reader, value, field);
    case PROFILE_OPTION_TEXTS:
    case PROFILE_OPTION_SOURCES:
    case PROFILE_OPTION_FAULTS:
    case PROFILE_OPTION_USAGES:
    case PROFILE_OPTION_VERSIONS:
        return profile_list_read(reader, option, value, field);
    default:
        if (value->kind != PROFILE_TREE_SCALAR) {
            return profile_reader_expect(reader, value, PROFILE_TREE_SCALAR);
        }
        return profile_scalar_read(reader, option, value, field);
    }
}

/* The value as if the profile had given it: one way to read a value, and one to write it down. */
static bool read_default(struct profile_reader *reader, const struct profile_option *option,
                         struct profile_tree *mapping, void *target) {
    struct profile_tree value = {
        .kind = PROFILE_TREE_SCALAR,
        .line = mapping->line,
        .setting = mapping->setting,
        .key = option->key,
        .text = option->fallback,
        .parent = mapping,
    };
    return read_option(reader, option, &value, target);
}

static bool read_defaults(struct profile_reader *reader, const struct profile_section *section,
                          struct profile_tree *mapping, void *target) {
    for (size_t i = 0; i < section->option_count; i++) {
        const struct profile_option *option = &section->options[i];
        if (profile_tree_find(mapping, option->key) != NULL) {
            continue;
        }
        if (option->required) {
            return profile_complain(reader->document, mapping, reader->error,
                                    "the key \"%s\" is missing", option->key);
        }
        if (option->fallback != NULL && !read_default(reader, option, mapping, target)) {
            return false;
        }
    }
    return true;
}

/* A mapping's keys are what differs; the rows of both sections are looked at. */
bool profile_section_read(struct profile_reader *reader, const struct profile_section *section,
                          struct profile_tree *mapping, void *target) {
    void *also = (char *)target + section->also_offset;
    if (!profile_reader_expect(reader, mapping, PROFILE_TREE_MAPPING)) {
        return false;
    }
    for (struct profile_tree *value = mapping->first; value != NULL; value = value->next) {
        const struct profile_option *option = find_row(section, value->key);
        const struct profile_option *other =
            section->also == NULL ? NULL : find_row(section->also, value->key);
        if (option == NULL && other == NULL) {
            return unknown_key(reader, section, value);
        }
        if (option != NULL ? !read_option(reader, option, value, target)
                           : !read_option(reader, other, value, also)) {
            return false;
        }
    }
    if (!read_defaults(reader, section, mapping, target)) {
        return false;
    }
    return section->also == NULL || section->also_is_inherited ||
           read_defaults(reader, section->also, mapping, also);
}
