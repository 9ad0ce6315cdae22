/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_study.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ONLY = 512, KEY_PKI, KEY_OUT, KEY_THREADS, KEY_SEED, KEY_FORMAT };

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "NODE", 0,
     "Run this node here (repeatable); the others run elsewhere with the same --pki", 0},
    {"pki", KEY_PKI, "DIR", 0, "Certificates made by `ekuload certs`, instead of new ones", 0},
    {"threads", KEY_THREADS, "N", 0, "Worker threads; default: one per core", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of all random choices; default: the profile's, or 1", 0},
    {"out", KEY_OUT, "DIR", 0, "Folder of the result; default: results/<profile>-<time>", 0},
    {"output-format", KEY_FORMAT, "FORMAT", 0,
     "What to print on standard output: text (default) or json", 0},
    {0},
};

uint64_t cli_study_number(struct argp_state *state, const char *option, const char *text,
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

static void check(const struct argp_state *state, const struct cli_study *study) {
    if (study->profile.name == NULL) {
        argp_error(state, "which profile? `ekuload profiles` lists the built-in ones");
    }
    if (study->only.count > 0 && study->run.pki_directory == NULL) {
        argp_error(state, "--only needs --pki DIR: the other nodes must have the same "
                          "certificates (`ekuload certs PROFILE --out DIR`)");
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct cli_study *study = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &study->profile;
        return 0;
    case KEY_ONLY:
        cli_texts_add(&study->only, value);
        return 0;
    case KEY_PKI:
        study->run.pki_directory = value;
        return 0;
    case KEY_OUT:
        study->out = value;
        return 0;
    case KEY_THREADS:
        study->run.threads = (unsigned)cli_study_number(state, "threads", value, 1024);
        return 0;
    case KEY_SEED:
        snprintf(study->seed, sizeof study->seed, "seed=%" PRIu64,
                 cli_study_number(state, "seed", value, UINT64_MAX));
        return 0;
    case KEY_FORMAT:
        study->json = cli_take_format(state, value);
        return 0;
    case ARGP_KEY_END:
        check(state, study);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &cli_profile_argp}, {0}};

const struct argp cli_study_argp = {
    .options = options, .parser = parse_option, .children = children};
