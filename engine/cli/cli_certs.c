/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "run_pki.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_OUT = 256, KEY_SET };

static const struct argp_option options[] = {
    {"out", KEY_OUT, "DIR", 0, "Folder to write to", 0},
    {"set", KEY_SET, "PATH=VALUE", 0, "Change the profile (repeatable)", 0},
    {0},
};

struct arguments {
    const char *profile;
    const char *out;
    struct cli_texts settings;
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_OUT:
        arguments->out = value;
        return 0;
    case KEY_SET:
        cli_texts_add(&arguments->settings, value);
        return 0;
    case ARGP_KEY_ARG:
        cli_take_profile(state, &arguments->profile, value);
        return 0;
    case ARGP_KEY_END:
        if (arguments->profile == NULL || arguments->out == NULL) {
            argp_error(state, "a profile and --out DIR are needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .args_doc = "PROFILE",
    .doc = "Issues every certificate of a profile: DIR/nodes/<node>/ holds each node's two stores, "
           "its trusted CA library and its revocation lists, DIR/authorities/ the authorities. "
           "Private keys have mode 0600.",
};

int cli_certs(int argc, char **argv) {
    struct arguments arguments = {0};
    struct profile_plan *plan;
    struct run_pki pki;
    struct base_error error;
    int status = CLI_PASS;
    cli_parse(&argp, argc, argv, &arguments);
    if (!cli_load_profile(&plan, arguments.profile, NULL, &arguments.settings, &error)) {
        return cli_complain(&error);
    }
    if (run_pki_issue(&pki, plan, &error) &&
        run_pki_write(&pki, plan, arguments.out, true, &error)) {
        printf("Certificates of %s: %s\n", plan->name, arguments.out);
    } else {
        status = cli_complain(&error);
    }
    run_pki_finish(&pki);
    profile_plan_destroy(plan);
    free((void *)arguments.settings.items);
    return status;
}
