/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include <stdio.h>
#include <stdlib.h>
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

bool cli_load_profile(struct profile_plan **out, const char *name, const char *variant,
                      const struct cli_texts *settings, struct base_error *error) {
    return profile_load(out, name, variant, settings->items, settings->count, (int64_t)time(NULL),
                        error);
}

void cli_take_profile(struct argp_state *state, const char **profile, const char *value) {
    if (*profile != NULL) {
        argp_error(state, "one profile at a time: \"%s\" is too much", value);
    }
    *profile = value;
}

void cli_parse(const struct argp *argp, int argc, char **argv, void *input) {
    char name[64];
    snprintf(name, sizeof name, "ekuload %s", argv[0]);
    argv[0] = name;
    argp_err_exit_status = CLI_USAGE;
    argp_parse(argp, argc, argv, 0, NULL, input);
}
