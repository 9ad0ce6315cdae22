/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_study.h"

#include <math.h>

struct arguments {
    struct cli_study study;
    struct study_overhead_options options;
};

enum {
    KEY_BLOCKS = 256,
    KEY_BLOCK,
    KEY_ZONE,
    KEY_NODE,
    KEY_CONCURRENCY,
    KEY_SWITCH_ON,
    KEY_SWITCH_OFF
};

static const struct argp_option options[] = {
    {"blocks", KEY_BLOCKS, "N", 0, "Blocks that count, rounded up to whole fours; default: 40", 0},
    {"block", KEY_BLOCK, "TIME", 0, "How long each lasts, at least 100ms; default: 1s", 0},
    {"zone", KEY_ZONE, "ZONE", 0,
     "Measure this zone alone, as <node>.<zone>; default: each that dials a node that is switched",
     0},
    {"node", KEY_NODE, "NODE", 0, "Switch this node alone; default: each that is dialled", 0},
    {"concurrency", KEY_CONCURRENCY, "N", 0,
     "New connections at once in measured zones that keep theirs in the profile; default: 1", 0},
    {"switch-on", KEY_SWITCH_ON, "COMMAND", 0,
     "Shell command that turns the check of a peer elsewhere On", 0},
    {"switch-off", KEY_SWITCH_OFF, "COMMAND", 0, "The same for Off", 0},
    {0},
};

static void take_block(struct argp_state *state, struct arguments *arguments, const char *text) {
    uint64_t *block_ns = &arguments->options.block_ns;
    if (!profile_parse_duration(text, block_ns) || *block_ns < STUDY_BLOCK_NS_MIN) {
        argp_error(state,
                   "--block: expected a time such as 500ms or 2s, at least 100ms, not \"%s\"",
                   text);
    }
}

static void check(const struct argp_state *state, const struct study_overhead_options *asked) {
    if ((asked->switch_on == NULL) != (asked->switch_off == NULL)) {
        argp_error(state, "--switch-on and --switch-off go together");
    }
    if (asked->switch_on != NULL && asked->node != NULL) {
        argp_error(state, "--node names a node that runs here, the commands switch one elsewhere: "
                          "give one or the other");
    }
    if (asked->blocks < STUDY_BLOCKS_MIN) {
        argp_error(state, "--blocks: expected at least %u: fewer tell nothing of their scatter",
                   STUDY_BLOCKS_MIN);
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    struct study_overhead_options *asked = &arguments->options;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->study.runs;
        return 0;
    case KEY_BLOCKS:
        asked->blocks = (unsigned)cli_take_number(state, "blocks", value, STUDY_BLOCKS_MAX);
        return 0;
    case KEY_BLOCK:
        take_block(state, arguments, value);
        return 0;
    case KEY_ZONE:
        asked->zone = value;
        return 0;
    case KEY_NODE:
        asked->node = value;
        return 0;
    case KEY_CONCURRENCY:
        asked->concurrency = (uint32_t)cli_take_number(state, "concurrency", value, 100000);
        return 0;
    case KEY_SWITCH_ON:
        asked->switch_on = value;
        return 0;
    case KEY_SWITCH_OFF:
        asked->switch_off = value;
        return 0;
    case ARGP_KEY_END:
        check(state, asked);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &cli_runs_argp}, {0}};

static const struct argp overhead_argp = {
    .options = options,
    .parser = parse_option,
    .children = children,
    .args_doc = "PROFILE",
    .doc = "What does the EKU check cost a new connection? Runs the profile in blocks with the "
           "check On, Off, Off, On, over and over, and tells the difference with a 95% interval: "
           "exit status 0 when there is one to tell, whatever it is.",
};

static bool write_json(const void *found, const struct report_study_facts *facts, FILE *out) {
    return report_overhead_json(found, facts, out);
}

static void write_text(const void *found, const struct report_study_facts *facts, FILE *out) {
    report_overhead_text(found, facts, out);
}

static int conclude(struct arguments *arguments, const struct metrics_overhead *found) {
    struct base_error error;
    const struct cli_study_report report = {
        .file = "overhead.json", .json = write_json, .text = write_text, .found = found};
    if (!cli_study_report(&arguments->study, &report, &error)) {
        return cli_complain(&error);
    }
    if (found->interrupted) {
        return CLI_INTERRUPTED;
    }
    return isnan(found->rows[found->primary].difference.low) ? CLI_FAIL : CLI_PASS;
}

int cli_overhead(int argc, char **argv) {
    struct arguments arguments = {
        .options = {.blocks = 40, .block_ns = UINT64_C(1000000000), .concurrency = 1}};
    struct study_setup setup;
    struct metrics_overhead found = {.blocks = NULL};
    struct base_error error;
    cli_parse(&overhead_argp, argc, argv, &arguments);
    int status = cli_study_begin(&arguments.study, &setup, &error) &&
                         study_overhead(&found, &setup, &arguments.options, &error)
                     ? conclude(&arguments, &found)
                     : cli_complain(&error);
    study_overhead_finish(&found);
    cli_study_finish(&arguments.study);
    return status;
}
