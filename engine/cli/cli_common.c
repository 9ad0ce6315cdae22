/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

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

int cli_complain(const struct base_error *error) {
    fprintf(stderr, "ekuload: %s\n", error->text);
    return error->kind == BASE_ERROR_MACHINE ? CLI_MACHINE : CLI_USAGE;
}

enum { KEY_SET = 256, KEY_VARIANT };

static const struct argp_option profile_options[] = {
    {"set", KEY_SET, "PATH=VALUE", 0,
     "Change the profile, for example nodes.edge.eku_checking=off (repeatable)", 0},
    {"variant", KEY_VARIANT, "NAME", 0, "This variant of the profile", 0},
    {0},
};

static error_t parse_profile(int key, char *value, struct argp_state *state) {
    struct cli_profile *profile = state->input;
    switch (key) {
    case KEY_SET:
        cli_texts_add(&profile->settings, value);
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

bool cli_load_profile(struct profile_plan **out, const struct cli_profile *profile,
                      struct base_error *error) {
    return profile_load(out, profile->name, profile->variant, profile->settings.items,
                        profile->settings.count, (int64_t)time(NULL), error);
}

bool cli_take_format(struct argp_state *state, const char *value) {
    bool json = strcmp(value, "json") == 0;
    if (!json && strcmp(value, "text") != 0) {
        argp_error(state, "--output-format: expected text or json, not \"%s\"", value);
    }
    return json;
}

void cli_parse(const struct argp *argp, int argc, char **argv, void *input) {
    char name[64];
    snprintf(name, sizeof name, "ekuload %s", argv[0]);
    argv[0] = name;
    argp_err_exit_status = CLI_USAGE;
    argp_parse(argp, argc, argv, 0, NULL, input);
}
