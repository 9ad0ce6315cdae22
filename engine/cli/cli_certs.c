/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "run_pki.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_OUT = 256 };

static const struct argp_option options[] = {
    {"out", KEY_OUT, "DIR", 0, "Folder to write to", 0},
    {0},
};

struct arguments {
    struct cli_profile profile;
    const char *out;
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->profile;
        return 0;
    case KEY_OUT:
        arguments->out = value;
        return 0;
    case ARGP_KEY_END:
        if (arguments->profile.name == NULL || arguments->out == NULL) {
            argp_error(state, "a profile and --out DIR are needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &cli_profile_argp}, {0}};

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .children = children,
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
    if (!cli_load_profile(&plan, &arguments.profile, &error)) {
        return cli_complain(&error);
    }
    pki = (struct run_pki){.nodes = NULL};
    if (cli_result_try("--out", arguments.out, &error) && run_pki_issue(&pki, plan, &error) &&
        run_pki_write(&pki, plan, arguments.out, true, &error)) {
        printf("Certificates of %s: %s\n", plan->name, arguments.out);
    } else {
        status = cli_complain(&error);
    }
    run_pki_finish(&pki);
    profile_plan_destroy(plan);
    cli_profile_finish(&arguments.profile);
    return status;
}
