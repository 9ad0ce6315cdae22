/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_CPUS = 256,
    KEY_SOCKET,
    KEY_PEER_PID,
    KEY_DIAGNOSTICS,
    KEY_NO_KEYS,
    KEY_RATE_SCALE,
    KEY_TICKETS,
    KEY_CACERT,
    KEY_SOURCE_IP
};

static const struct argp_option options[] = {
    {.doc = "Connections, whatever the profile says of them:", .group = CLI_GROUP_CONNECTIONS},
    {"tickets", KEY_TICKETS, NULL, 0,
     "Resume TLS sessions by tickets, in every zone and on every listener", CLI_GROUP_CONNECTIONS},
    {"source-ip", KEY_SOURCE_IP, "A[,B|CIDR]", 0, "Dial from these addresses in turn",
     CLI_GROUP_CONNECTIONS},
    {"cacert", KEY_CACERT, "FILE", 0,
     "One more authority, in PEM, that every node here trusts: that of real equipment",
     CLI_GROUP_CONNECTIONS},
    {.doc = "Steering it while it runs:", .group = CLI_GROUP_STEERING},
    {"socket", KEY_SOCKET, "PATH", 0,
     "Where `ekuload ctl` finds it; default: <pid>.sock in a folder of yours", CLI_GROUP_STEERING},
    {"no-keys", KEY_NO_KEYS, NULL, 0, "Leave the terminal's keys alone (+ - * / p s q Q h)",
     CLI_GROUP_STEERING},
    {"rate-scale", KEY_RATE_SCALE, "N", 0, "What the keys + and - change by; default: 1",
     CLI_GROUP_STEERING},
    {"diagnostics", KEY_DIAGNOSTICS, NULL, 0,
     "Also write a diagnostic bundle per node: packet capture with key log, messages, certificates",
     CLI_GROUP_RESULT},
    {"cpus", KEY_CPUS, "LIST", 0, "Cores to run on, as 0-3,8; default: all that may be used",
     CLI_GROUP_MACHINE},
    {"peer-pid", KEY_PEER_PID, "PID", 0,
     "A process here whose memory is watched for growth (repeatable): the peer", CLI_GROUP_MACHINE},
    {0},
};

static void add_peer(struct argp_state *state, struct cli_run_arguments *arguments,
                     const char *text) {
    char path[64];
    size_t count = arguments->runs.run.peer_pid_count;
    long pid = (long)cli_take_number(state, "peer-pid", text, INT_MAX);
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    if (access(path, R_OK) != 0) {
        argp_error(state, "--peer-pid: no process %ld runs on this machine", pid);
    }
    long *grown = reallocarray(arguments->peer_pids, count + 1, sizeof *grown);
    if (grown == NULL) {
        argp_failure(state, CLI_MACHINE, 0, "out of memory");
        return;
    }
    grown[count] = pid;
    arguments->peer_pids = grown;
    arguments->runs.run.peer_pids = grown;
    arguments->runs.run.peer_pid_count = count + 1;
}

static void take_source(struct argp_state *state, struct cli_run_arguments *arguments,
                        const char *text) {
    if (text[0] == '\0' || text[strspn(text, "0123456789abcdefABCDEF.:/,")] != '\0') {
        argp_error(state,
                   "--source-ip: expected addresses such as 127.0.0.1,127.0.1.0/24, not \"%s\"",
                   text);
    }
    arguments->source_ip = text;
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct cli_run_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->runs;
        state->child_inputs[1] = arguments;
        return 0;
    case KEY_DIAGNOSTICS:
        arguments->diagnostics = true;
        return 0;
    case KEY_NO_KEYS:
        arguments->no_keys = true;
        return 0;
    case KEY_RATE_SCALE:
        arguments->rate_scale = (unsigned)cli_take_number(state, "rate-scale", value, 100000);
        return 0;
    case KEY_TICKETS:
        arguments->tickets = true;
        return 0;
    case KEY_SOURCE_IP:
        take_source(state, arguments, value);
        return 0;
    case KEY_CACERT:
        arguments->cacert = value;
        return 0;
    case KEY_SOCKET:
        arguments->runs.run.control_path = value;
        return 0;
    case KEY_PEER_PID:
        add_peer(state, arguments, value);
        return 0;
    case KEY_CPUS:
        arguments->cpus = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {.argp = &cli_runs_argp}, {.argp = &cli_run_load_argp}, {0}};

const struct argp cli_run_argp = {
    .options = options,
    .parser = parse_option,
    .children = children,
    .args_doc = "PROFILE",
    .doc = "Runs a profile and judges it: exit status 0 when every expectation and threshold is "
           "met. A profile with variants is run, and then each of them; --variant runs one alone.",
};
