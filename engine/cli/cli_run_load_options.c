/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_RATE = 512, KEY_CONNECTIONS, KEY_CONCURRENCY, KEY_STAGE, KEY_WARM_UP };

static const struct argp_option options[] = {
    {"rate", KEY_RATE, "RATE", 0,
     "Begin connections at this rate, as 500/s: every zone that carries load, also one with a load "
     "of its own. Tunnels, zones that others need (after, routes) and registrations that follow "
     "others keep theirs: --set changes one zone",
     0},
    {"connections", KEY_CONNECTIONS, "N", 0, "Keep so many open, in each of these zones", 0},
    {"concurrency", KEY_CONCURRENCY, "N", 0,
     "So many at once, a new one as soon as one is done, in each of these zones", 0},
    {"stage", KEY_STAGE, "TIME:TARGET", 0,
     "A ramp of these zones to a rate, as 30s:500/s, or to so many at once, as 30s:100; 0s is a "
     "step (repeatable). The run lasts as long as they do",
     0},
    {"warm-up", KEY_WARM_UP, "TIME", 0, "Comes before the duration and is not counted", 0},
    {0},
};

static void take_warm_up(struct argp_state *state, struct cli_run_arguments *arguments,
                         const char *text) {
    size_t size = sizeof arguments->warm_up;
    uint64_t warm_up_ns;
    bool fits = (size_t)snprintf(arguments->warm_up, size, "load.warm_up=%s", text) < size;
    if (!fits || !profile_parse_duration(text, &warm_up_ns)) {
        argp_error(state, "--warm-up: expected a time such as 500ms, 10s or 1m, not \"%s\"", text);
    }
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
}

static void take_count(struct argp_state *state, struct cli_run_arguments *arguments,
                       const char *key, const char *text) {
    char *end;
    choose(state, arguments, key);
    errno = 0;
    unsigned long count = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || strchr(text, '-') != NULL || count == 0 ||
        count > 1000000) {
        argp_error(state, "--%s: expected a whole number from 1 to 1000000, not \"%s\"", key, text);
    }
    arguments->load_value = text;
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
