/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_scalar.h"

#include "base_nearest.h"
#include "profile_load.h"
#include "profile_value.h"

#include <stdio.h>
#include <string.h>

/* "a, b or c"; what is "" cannot be said in a profile. */
static void print_choices(const char *const *choices, char *out, size_t out_size) {
    size_t length = 0;
    out[0] = '\0';
    for (unsigned i = 0; choices[i] != NULL && length < out_size; i++) {
        if (choices[i][0] != '\0') {
            const char *joint = length == 0 ? "" : choices[i + 1] == NULL ? " or " : ", ";
            length += (size_t)snprintf(out + length, out_size - length, "%s%s", joint, choices[i]);
        }
    }
}

static bool find_choice(const struct profile_reader *reader, const struct profile_option *option,
                        const struct profile_tree *value, unsigned *out) {
    struct base_nearest nearest = base_nearest_begin(value->text);
    char choices[256];
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    for (unsigned i = 0; option->choices[i] != NULL; i++) {
        if (option->choices[i][0] != '\0' && strcmp(option->choices[i], value->text) == 0) {
            *out = i;
            return true;
        }
        base_nearest_offer(&nearest, option->choices[i]);
    }
    print_choices(option->choices, choices, sizeof choices);
    return profile_complain(reader->document, value, reader->error, "expected %s, not %s%s",
                            choices, profile_quote(value, quote),
                            base_nearest_hint(&nearest, hint));
}

static bool read_choice(struct profile_reader *reader, const struct profile_option *option,
                        const struct profile_tree *value, void *field) {
    unsigned choice;
    if (!find_choice(reader, option, value, &choice)) {
        return false;
    }
    if (option->type == PROFILE_OPTION_WORD) {
        return profile_reader_copy(reader, option->choices[choice], field);
    }
    memcpy(field, &choice, sizeof choice);
    return true;
}

/* "a number from 1 to 65535": the row's bounds, which are written as a profile writes them. */
static bool out_of_bounds(const struct profile_reader *reader, const struct profile_option *option,
                          const struct profile_tree *value, const char *what) {
    char expected[128];
    snprintf(expected, sizeof expected, "a %s from %s to %s", what, option->min, option->max);
    return profile_reader_unexpected(reader, value, expected);
}

static bool read_integer(struct profile_reader *reader, const struct profile_option *option,
                         const struct profile_tree *value, void *field) {
    uint64_t number;
    uint64_t min;
    uint64_t max;
    if (!profile_value_integer(option->min, &min) || !profile_value_integer(option->max, &max) ||
        !profile_value_integer(value->text, &number) || number < min || number > max) {
        return out_of_bounds(reader, option, value, "number");
    }
    if (option->type == PROFILE_OPTION_LONG_INTEGER) {
        *(uint64_t *)field = number;
        return true;
    }
    *(uint32_t *)field = (uint32_t)number;
    return true;
}

static bool read_duration(struct profile_reader *reader, const struct profile_option *option,
                          const struct profile_tree *value, void *field) {
    uint64_t ns;
    uint64_t min;
    uint64_t max;
    if (!profile_parse_duration(value->text, &ns)) {
        return profile_reader_unexpected(reader, value,
                                         "a duration such as 100us, 20ms, 5s, 3m or 24h");
    }
    if (!profile_parse_duration(option->min, &min) || !profile_parse_duration(option->max, &max) ||
        ns < min || ns > max) {
        return out_of_bounds(reader, option, value, "duration");
    }
    *(uint64_t *)field = ns;
    return true;
}

static bool read_rate(struct profile_reader *reader, const struct profile_option *option,
                      const struct profile_tree *value, void *field) {
    double rate;
    double min;
    double max;
    if (!profile_value_rate(value->text, &rate)) {
        return profile_reader_unexpected(reader, value, "a rate such as 400/s or 30/m");
    }
    if (!profile_value_rate(option->min, &min) || !profile_value_rate(option->max, &max) ||
        rate < min || rate > max) {
        return out_of_bounds(reader, option, value, "rate");
    }
    *(double *)field = rate;
    return true;
}

/* The tree takes the absolute path, too: the profile as run is read from elsewhere. */
static bool read_path(struct profile_reader *reader, struct profile_tree *value, char **field) {
    char *given;
    if (!profile_reader_path(reader, value, &given)) {
        return false;
    }
    *field = given[0] == '/'
                 ? given
                 : profile_arena_format(reader->document->arena, "%s/%s",
                                        value->setting == NULL ? reader->folder : reader->working,
                                        given);
    value->text = *field;
    return *field != NULL || profile_out_of_memory(reader->error);
}

static bool read_prose(struct profile_reader *reader, struct profile_tree *value, char **field) {
    enum { PROSE_MAX = 4096 };
    size_t length = strlen(value->text);
    while (length > 0 && strchr(" \n", value->text[length - 1]) != NULL) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)value->text[i] < 0x20 && value->text[i] != '\n') {
            length = 0;
        }
    }
    if (length == 0 || length > PROSE_MAX) {
        return profile_reader_unexpected(reader, value, "a text of 1 to 4096 characters");
    }
    *field = profile_arena_text(reader->document->arena, value->text, length);
    value->text = *field;
    return *field != NULL || profile_out_of_memory(reader->error);
}

static bool read_address(struct profile_reader *reader, struct profile_tree *value, char **field) {
    if (!profile_value_address(value->text, NULL)) {
        return profile_reader_unexpected(reader, value, "an IP address such as 127.0.0.31 or ::1");
    }
    return profile_reader_copy(reader, value->text, field);
}

static bool read_text_or_none(struct profile_reader *reader, struct profile_tree *value,
                              char **field) {
    if (strcmp(value->text, "none") == 0) {
        *field = NULL;
        return true;
    }
    return profile_reader_text(reader, value, field);
}

bool profile_scalar_read(struct profile_reader *reader, const struct profile_option *option,
                         struct profile_tree *value, void *field) {
    switch (option->type) {
    case PROFILE_OPTION_TEXT:
        return profile_reader_text(reader, value, field);
    case PROFILE_OPTION_PROSE:
        return read_prose(reader, value, field);
    case PROFILE_OPTION_TEXT_OR_NONE:
        return read_text_or_none(reader, value, field);
    case PROFILE_OPTION_ADDRESS:
        return read_address(reader, value, field);
    case PROFILE_OPTION_PATH:
        return read_path(reader, value, field);
    case PROFILE_OPTION_WORD:
    case PROFILE_OPTION_CHOICE:
        return read_choice(reader, option, value, field);
    case PROFILE_OPTION_INTEGER:
    case PROFILE_OPTION_LONG_INTEGER:
        return read_integer(reader, option, value, field);
    case PROFILE_OPTION_DURATION:
        return read_duration(reader, option, value, field);
    case PROFILE_OPTION_RATE:
        return read_rate(reader, option, value, field);
    case PROFILE_OPTION_BOOLEAN:
        return profile_value_boolean(value->text, field) ||
               profile_reader_unexpected(reader, value, "on or off");
    case PROFILE_OPTION_DATE:
        return profile_value_date(value->text, reader->now, field) ||
               profile_reader_unexpected(reader, value,
                                         "a date such as 2026-07-01, or one relative to now such "
                                         "as -1d, +12h or +200d");
    case PROFILE_OPTION_AUTHORITY:
        return profile_reader_authority(reader, value, field);
    default:
        return profile_complain(reader->document, value, reader->error, "not supported");
    }
}
