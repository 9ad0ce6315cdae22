/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void cli_texts_add(struct cli_texts *texts, const char *text) {
    const char **grown = realloc((void *)texts->items, (texts->count + 1) * sizeof(const char *));
    if (grown == NULL) {
        fprintf(stderr, "ekuload: out of memory\n");
        exit(CLI_MACHINE);
    }
    texts->items = grown;
    texts->items[texts->count++] = text;
}

char *cli_text(const char *format, ...) {
    char *text = NULL;
    va_list values;
    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    if (length < 0) {
        fprintf(stderr, "ekuload: out of memory\n");
        exit(CLI_MACHINE);
    }
    return text;
}

int cli_complain(const struct base_error *error) {
    fflush(stdout); /* what was said before comes before, also where both go into one file */
    fprintf(stderr, "ekuload: %s\n", error->text);
    return error->kind == BASE_ERROR_MACHINE ? CLI_MACHINE : CLI_USAGE;
}

void cli_profile_set(struct cli_profile *profile, const char *option, const char *setting) {
    cli_texts_add(&profile->settings, setting);
    cli_texts_add(&profile->options, option);
}

void cli_profile_finish(struct cli_profile *profile) {
    free((void *)profile->settings.items);
    free((void *)profile->options.items);
}

enum { KEY_SET = 256, KEY_VARIANT };

static const struct argp_option profile_options[] = {
    {.doc = "Profile:", .group = CLI_GROUP_PROFILE},
    {"set", KEY_SET, "PATH=VALUE", 0,
     "Change the profile, for example nodes.edge.eku_checking=off (repeatable)", CLI_GROUP_PROFILE},
    {"variant", KEY_VARIANT, "NAME", 0, "This variant of the profile", CLI_GROUP_PROFILE},
    {0},
};

static error_t parse_profile(int key, char *value, struct argp_state *state) {
    struct cli_profile *profile = state->input;
    switch (key) {
    case KEY_SET:
        cli_profile_set(profile, NULL, value);
        return 0;
    case KEY_VARIANT:
        profile->variant = value;
        return 0;
    case ARGP_KEY_ARG:
        if (profile->name != NULL) {
            argp_error(state, "one profile at a time: \"%s\" is too much", value);
        }
        profile->name = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cli_profile_argp = {.options = profile_options, .parser = parse_profile};

/* What follows "--set SETTING: ", which is cut short when it is long; NULL: it is about another. */
static const char *behind_setting(const char *text, const char *setting) {
    static const char begin[] = "--set ";
    if (strncmp(text, begin, sizeof begin - 1) != 0) {
        return NULL;
    }
    text += sizeof begin - 1;
    while (*setting != '\0' && *text == *setting) {
        text++;
        setting++;
    }
    const char *end = *setting == '\0' ? ": " : "...: ";
    return strncmp(text, end, strlen(end)) == 0 ? text + strlen(end) : NULL;
}

static void name_option(const struct cli_profile *profile, struct base_error *error) {
    for (size_t i = 0; i < profile->settings.count; i++) {
        const char *option = profile->options.items[i];
        const char *what = behind_setting(error->text, profile->settings.items[i]);
        if (option != NULL && what != NULL) {
            const struct base_error said = *error;
            what = said.text + (what - error->text);
            base_error_set(error, said.kind, "%.200s: %s", option, what);
            return;
        }
    }
}

static bool load_by(bool (*load)(struct profile_plan **, const char *, const char *,
                                 const char *const *, size_t, int64_t, struct base_error *),
                    struct profile_plan **out, const struct cli_profile *profile,
                    struct base_error *error) {
    bool good = load(out, profile->name, profile->variant, profile->settings.items,
                     profile->settings.count, (int64_t)time(NULL), error);
    if (!good) {
        name_option(profile, error);
    }
    return good;
}

bool cli_load_profile(struct profile_plan **out, const struct cli_profile *profile,
                      struct base_error *error) {
    return load_by(profile_load, out, profile, error);
}

bool cli_survey_profile(struct profile_plan **out, const struct cli_profile *profile,
                        struct base_error *error) {
    return load_by(profile_survey, out, profile, error);
}

bool cli_take_format(struct argp_state *state, const char *value) {
    bool json = strcmp(value, "json") == 0;
    if (!json && strcmp(value, "text") != 0) {
        argp_error(state, "--output-format: expected text or json, not \"%s\"", value);
    }
    return json;
}

uint64_t cli_take_number(struct argp_state *state, const char *option, const char *text,
                         uint64_t max) {
    char *end;
    errno = 0; /* strtoull() tells of a number beyond its range in no other way */
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || strchr(text, '-') != NULL || value == 0 ||
        value > max) {
        argp_error(state, "--%s: expected a whole number from 1 to %llu, not \"%s\"", option,
                   (unsigned long long)max, text);
    }
    return value;
}

void cli_parse(const struct argp *argp, int argc, char **argv, void *input) {
    char name[64];
    snprintf(name, sizeof name, "ekuload %s", argv[0]);
    argv[0] = name;
    argp_err_exit_status = CLI_USAGE;
    argp_parse(argp, argc, argv, 0, NULL, input);
}
