/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_runs.h"

#include "tls_context.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEY_ONLY = 256, KEY_PKI, KEY_OUT, KEY_THREADS, KEY_SEED, KEY_FORMAT };

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "NODE", 0,
     "Run this node here (repeatable); the others run elsewhere with the same --pki",
     CLI_GROUP_PROFILE},
    {"pki", KEY_PKI, "DIR", 0, "Certificates made by `ekuload certs`, instead of new ones",
     CLI_GROUP_PROFILE},
    {"seed", KEY_SEED, "N", 0, "Seed of all random choices, to repeat them", CLI_GROUP_PROFILE},
    {.doc = "Result:", .group = CLI_GROUP_RESULT},
    {"out", KEY_OUT, "DIR", 0, "Its folder; default: results/<profile>-<time>", CLI_GROUP_RESULT},
    {"output-format", KEY_FORMAT, "FORMAT", 0,
     "What to print on standard output: text (default) or json", CLI_GROUP_RESULT},
    {.doc = "This machine:", .group = CLI_GROUP_MACHINE},
    {"threads", KEY_THREADS, "N", 0, "Worker threads; default: one per core, at most four",
     CLI_GROUP_MACHINE},
    {0},
};

static void check(const struct argp_state *state, const struct cli_runs *runs) {
    if (runs->profile.name == NULL) {
        argp_error(state, "which profile? `ekuload profiles` lists the built-in ones");
    }
    if (runs->only.count > 0 && runs->run.pki_directory == NULL) {
        argp_error(state, "--only needs --pki DIR: the other nodes must have the same "
                          "certificates (`ekuload certs PROFILE --out DIR`)");
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct cli_runs *runs = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &runs->profile;
        return 0;
    case KEY_ONLY:
        cli_texts_add(&runs->only, value);
        return 0;
    case KEY_PKI:
        runs->run.pki_directory = value;
        return 0;
    case KEY_OUT:
        runs->out = value;
        return 0;
    case KEY_THREADS:
        runs->run.threads = (unsigned)cli_take_number(state, "threads", value, 1024);
        return 0;
    case KEY_SEED:
        cli_runs_shorten(
            runs, "seed", value,
            cli_text("seed=%" PRIu64, cli_take_number(state, "seed", value, UINT64_MAX)));
        return 0;
    case KEY_FORMAT:
        runs->json = cli_take_format(state, value);
        return 0;
    case ARGP_KEY_END:
        check(state, runs);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &cli_profile_argp}, {0}};

const struct argp cli_runs_argp = {
    .options = options, .parser = parse_option, .children = children};

void cli_runs_set(struct cli_runs *runs, const char *option, char *setting) {
    cli_texts_add(&runs->texts, setting);
    cli_profile_set(&runs->profile, option, setting);
}

void cli_runs_shorten(struct cli_runs *runs, const char *name, const char *value, char *setting) {
    char *option = cli_text("--%s %s", name, value);
    cli_texts_add(&runs->texts, option);
    cli_texts_add(&runs->texts, setting);
    cli_profile_set(&runs->shortcuts, option, setting);
}

static void leave(int signal_number) {
    (void)signal_number;
    _exit(CLI_INTERRUPTED);
}

bool cli_runs_begin(struct cli_runs *runs, struct profile_plan **plan, struct base_error *error) {
    signal(SIGINT, leave);
    signal(SIGTERM, leave);
    if (signal(SIGHUP, leave) == SIG_IGN) {
        signal(SIGHUP, SIG_IGN); /* nohup */
    }
    for (size_t i = 0; i < runs->shortcuts.settings.count; i++) {
        cli_profile_set(&runs->profile, runs->shortcuts.options.items[i],
                        runs->shortcuts.settings.items[i]);
    }
    runs->run.only = runs->only.items;
    runs->run.only_count = runs->only.count;
    runs->run.wolfssl_version = tls_library_version();
    runs->run.log_keys = tls_library_log_keys;
    runs->run.status = cli_status_show;
    if (isatty(STDERR_FILENO) == 1) {
        runs->run.progress = cli_progress_show;
    }
    return cli_load_profile(plan, &runs->profile, error);
}

static void forget(struct cli_texts *owned) {
    for (size_t i = 0; i < owned->count; i++) {
        free((void *)(uintptr_t)owned->items[i]);
    }
    free((void *)owned->items);
}

void cli_runs_finish(struct cli_runs *runs) {
    cli_profile_finish(&runs->profile);
    cli_profile_finish(&runs->shortcuts);
    free((void *)runs->only.items);
    forget(&runs->texts);
}
