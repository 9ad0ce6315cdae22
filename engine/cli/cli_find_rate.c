/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_study.h"

#include <stdlib.h>
#include <string.h>

struct arguments {
    struct cli_study study;
    struct study_rate_options options;
    struct cli_texts thresholds;
};

enum {
    KEY_ATTEMPTS = 256,
    KEY_KIND,
    KEY_SLO,
    KEY_FROM,
    KEY_TO,
    KEY_LIMIT,
    KEY_ZONE,
    KEY_CONNECTIONS
};

static const struct argp_option options[] = {
    {"attempts", KEY_ATTEMPTS, "N", 0, "Of each step; default: 50000, as RFC 7502 has it", 0},
    {"kind", KEY_KIND, "KIND", 0, "session (default), registration or re-registration", 0},
    {"slo", KEY_SLO, "THRESHOLD", 0,
     "Search by bisection for the highest rate at which no attempt fails and this is met, too, for "
     "example 'core.uc.establish.p99 < 100ms' (repeatable)",
     0},
    {"from", KEY_FROM, "RATE", 0, "Where the search begins; default: 100/s", 0},
    {"to", KEY_TO, "RATE", 0, "No higher rate is tried; default: 1000000/s", 0},
    {"limit", KEY_LIMIT, "TIME", 0, "No step is begun after this time; default: 1h", 0},
    {"zone", KEY_ZONE, "ZONE", 0,
     "Drive this zone, as <node>.<zone>; default: the first that speaks SIP and runs here", 0},
    {"connections", KEY_CONNECTIONS, "N", 0,
     "That refresh in a re-registration; default: as many as the zone keeps, or 100", 0},
    {0},
};

/* "200/s", or 200 alone. */
static double take_rate(struct argp_state *state, const char *option, const char *text) {
    char whole[64];
    double rate;
    int length = snprintf(whole, sizeof whole, strchr(text, '/') == NULL ? "%s/s" : "%s", text);
    if (length <= 0 || (size_t)length >= sizeof whole || !profile_value_rate(whole, &rate) ||
        rate <= 0 || rate > STUDY_RATE_MAX) {
        argp_error(state, "--%s: expected a rate such as 200/s, at most %.0f/s, not \"%s\"", option,
                   STUDY_RATE_MAX, text);
    }
    return rate;
}

static enum metrics_rate_kind take_kind(struct argp_state *state, const char *text) {
    for (unsigned kind = 0; kind < METRICS_RATE_KINDS; kind++) {
        if (strcmp(text, metrics_rate_kind_key((enum metrics_rate_kind)kind)) == 0) {
            return (enum metrics_rate_kind)kind;
        }
    }
    argp_error(state, "--kind: expected session, registration or re-registration, not \"%s\"",
               text);
    return METRICS_RATE_SESSION;
}

static void check(const struct argp_state *state, struct arguments *arguments) {
    struct study_rate_options *asked = &arguments->options;
    asked->thresholds = arguments->thresholds.items;
    asked->threshold_count = (uint32_t)arguments->thresholds.count;
    if (asked->connections > 0 && asked->kind != METRICS_RATE_REREGISTRATION) {
        argp_error(state, "--connections: only a re-registration refreshes on connections that "
                          "stay: give --kind re-registration, too");
    }
    if (asked->to < asked->from) {
        argp_error(state, "--to is lower than --from");
    }
    if (asked->threshold_count == 0 && asked->from < 10) {
        argp_error(state, "--from: the search of RFC 7502 does not converge below 10/s; --slo "
                          "searches there, too");
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    struct study_rate_options *asked = &arguments->options;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->study.runs;
        return 0;
    case KEY_ATTEMPTS:
        asked->attempts = cli_take_number(state, "attempts", value, 100000000);
        return 0;
    case KEY_KIND:
        asked->kind = take_kind(state, value);
        return 0;
    case KEY_SLO:
        cli_texts_add(&arguments->thresholds, value);
        return 0;
    case KEY_FROM:
        asked->from = take_rate(state, "from", value);
        return 0;
    case KEY_TO:
        asked->to = take_rate(state, "to", value);
        return 0;
    case KEY_LIMIT:
        if (!profile_parse_duration(value, &asked->limit_ns) || asked->limit_ns == 0) {
            argp_error(state, "--limit: expected a time such as 10m, not \"%s\"", value);
        }
        return 0;
    case KEY_ZONE:
        asked->zone = value;
        return 0;
    case KEY_CONNECTIONS:
        asked->connections = (uint32_t)cli_take_number(state, "connections", value, 1000000);
        return 0;
    case ARGP_KEY_END:
        check(state, arguments);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &cli_runs_argp}, {0}};

static const struct argp find_rate_argp = {
    .options = options,
    .parser = parse_option,
    .children = children,
    .args_doc = "PROFILE",
    .doc = "What rate does the peer really hold? Searches as RFC 7502 does for the highest rate of "
           "new sessions or registrations at which none fails; exit status 0 when there is one.",
};

static bool write_json(const void *found, const struct report_study_facts *facts, FILE *out) {
    return report_rate_json(found, facts, out);
}

static void write_text(const void *found, const struct report_study_facts *facts, FILE *out) {
    report_rate_text(found, facts, out);
}

static int conclude(struct arguments *arguments, const struct metrics_rate_search *found) {
    struct base_error error;
    const struct cli_study_report report = {
        .file = "find-rate.json", .json = write_json, .text = write_text, .found = found};
    if (!cli_study_report(&arguments->study, &report, &error)) {
        return cli_complain(&error);
    }
    if (found->end == METRICS_RATE_INTERRUPTED) {
        return CLI_INTERRUPTED;
    }
    return found->found > 0 ? CLI_PASS : CLI_FAIL;
}

int cli_find_rate(int argc, char **argv) {
    struct arguments arguments = {.options = {.attempts = METRICS_RATE_RFC_ATTEMPTS,
                                              .from = 100,
                                              .to = STUDY_RATE_MAX,
                                              .limit_ns = UINT64_C(3600000000000)}};
    struct study_setup setup;
    struct metrics_rate_search found = {.steps = NULL};
    struct base_error error;
    cli_parse(&find_rate_argp, argc, argv, &arguments);
    int status = cli_study_begin(&arguments.study, &setup, &error) &&
                         study_find_rate(&found, &setup, &arguments.options, &error)
                     ? conclude(&arguments, &found)
                     : cli_complain(&error);
    study_rate_finish(&found);
    cli_study_finish(&arguments.study);
    free((void *)arguments.thresholds.items);
    return status;
}
