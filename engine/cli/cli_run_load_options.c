/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <string.h>

enum { KEY_DURATION = 256, KEY_RATE, KEY_CONNECTIONS, KEY_CONCURRENCY, KEY_STAGE, KEY_WARM_UP };

static const struct argp_option options[] = {
    {.doc =
         "Load, instead of the profile's. Of its zones, tunnels, what others need (after, routes) "
         "and registrations that follow others keep theirs; --set changes one zone:",
     .group = CLI_GROUP_LOAD},
    {"duration", KEY_DURATION, "TIME", 0, "How long it lasts: 500ms, 30s, 10m, 24h",
     CLI_GROUP_LOAD},
    {"warm-up", KEY_WARM_UP, "TIME", 0, "Comes before the duration and is not counted",
     CLI_GROUP_LOAD},
    {"rate", KEY_RATE, "RATE", 0, "New connections in each zone, as 500/s or 30/m", CLI_GROUP_LOAD},
    {"connections", KEY_CONNECTIONS, "N", 0, "Keep so many open in each zone", CLI_GROUP_LOAD},
    {"concurrency", KEY_CONCURRENCY, "N", 0,
     "So many at once in each zone, a new one as soon as one is done", CLI_GROUP_LOAD},
    {"stage", KEY_STAGE, "TIME:TARGET", 0,
     "Each zone's way to a rate, as 30s:500/s, or to so many at once, as 30s:100; 0s is a step "
     "(repeatable). Without --duration the run lasts as long as they do",
     CLI_GROUP_LOAD},
    {0},
};

static void take_duration(struct argp_state *state, struct cli_run_arguments *arguments,
                          const char *text) {
    uint64_t duration_ns;
    if (!profile_parse_duration(text, &duration_ns) || duration_ns == 0) {
        argp_error(state, "--duration: expected a time such as 500ms, 30s or 10m, not \"%s\"",
                   text);
    }
    arguments->has_duration = true;
    cli_runs_shorten(&arguments->runs, "duration", text, cli_text("load.duration=%s", text));
}

static void take_warm_up(struct argp_state *state, struct cli_run_arguments *arguments,
                         const char *text) {
    if (!profile_parse_duration(text, &arguments->warm_up_ns)) {
        argp_error(state, "--warm-up: expected a time such as 500ms, 10s or 1m, not \"%s\"", text);
    }
    arguments->has_warm_up = true;
    cli_runs_shorten(&arguments->runs, "warm-up", text, cli_text("load.warm_up=%s", text));
}

/* One way to drive the zones; only stages are given more than once. */
static void choose(struct argp_state *state, struct cli_run_arguments *arguments, const char *key) {
    const char *chosen = arguments->load_key;
    if (chosen != NULL && (strcmp(chosen, key) != 0 || strcmp(key, "stages") != 0)) {
        argp_error(state, "expected one of --rate, --connections, --concurrency and --stage");
    }
    arguments->load_key = key;
}

static void take_rate(struct argp_state *state, struct cli_run_arguments *arguments,
                      const char *text) {
    double per_s;
    choose(state, arguments, "rate");
    if (!profile_value_rate(text, &per_s) || per_s <= 0) {
        argp_error(state, "--rate: expected a rate such as 500/s or 30/m, not \"%s\"", text);
    }
    arguments->load_value = text;
    cli_run_note_load(arguments, "rate", text);
}

static void take_count(struct argp_state *state, struct cli_run_arguments *arguments,
                       const char *key, const char *text) {
    choose(state, arguments, key);
    (void)cli_take_number(state, key, text, 1000000);
    arguments->load_value = text;
    cli_run_note_load(arguments, key, text);
}

static void take_stage(struct argp_state *state, struct cli_run_arguments *arguments,
                       const char *text) {
    choose(state, arguments, "stages");
    if (!cli_run_add_stage(arguments, text)) {
        argp_error(state, "--stage: expected TIME:TARGET, such as 30s:500/s or 30s:100, not \"%s\"",
                   text);
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct cli_run_arguments *arguments = state->input;
    switch (key) {
    case KEY_DURATION:
        take_duration(state, arguments, value);
        return 0;
    case KEY_RATE:
        take_rate(state, arguments, value);
        return 0;
    case KEY_CONNECTIONS:
        take_count(state, arguments, "connections", value);
        return 0;
    case KEY_CONCURRENCY:
        take_count(state, arguments, "concurrency", value);
        return 0;
    case KEY_STAGE:
        take_stage(state, arguments, value);
        return 0;
    case KEY_WARM_UP:
        take_warm_up(state, arguments, value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp cli_run_load_argp = {.options = options, .parser = parse_option};
