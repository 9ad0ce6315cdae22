/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_ONLY = 256,
    KEY_PKI,
    KEY_OUT,
    KEY_THREADS,
    KEY_CPUS,
    KEY_DURATION,
    KEY_SEED,
    KEY_FORMAT,
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
    {"only", KEY_ONLY, "NODE", 0,
     "Run this node here (repeatable); the others run elsewhere with the same --pki", 0},
    {"pki", KEY_PKI, "DIR", 0, "Certificates made by `ekuload certs`, instead of new ones", 0},
    {"duration", KEY_DURATION, "TIME", 0, "Instead of the profile's: 500ms, 30s, 10m, 24h", 0},
    {"threads", KEY_THREADS, "N", 0, "Worker threads; default: one per core", 0},
    {"cpus", KEY_CPUS, "LIST", 0, "Cores to run on, as 0-3,8; default: all that may be used", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of the random schedule, to repeat a run", 0},
    {"out", KEY_OUT, "DIR", 0, "Folder of the result; default: results/<profile>-<time>", 0},
    {"socket", KEY_SOCKET, "PATH", 0,
     "Where `ekuload ctl` steers it; default: <pid>.sock in a folder of yours", 0},
    {"peer-pid", KEY_PEER_PID, "PID", 0,
     "A process on this machine whose memory is watched for growth (repeatable): the peer", 0},
    {"diagnostics", KEY_DIAGNOSTICS, NULL, 0,
     "Also write a diagnostic bundle per node: packet capture with key log, messages, certificates",
     0},
    {"no-keys", KEY_NO_KEYS, NULL, 0,
     "Leave the terminal's keys alone (+ - * / p s q Q steer a run)", 0},
    {"rate-scale", KEY_RATE_SCALE, "N", 0, "What the keys + and - change by; default: 1", 0},
    {"tickets", KEY_TICKETS, NULL, 0,
     "Resume TLS sessions by tickets: every zone and every listener, whatever the profile says", 0},
    {"source-ip", KEY_SOURCE_IP, "A[,B|CIDR]", 0,
     "Dial from these addresses, in turn: every zone here, whatever the profile says", 0},
    {"cacert", KEY_CACERT, "FILE", 0,
     "One more authority, in PEM, that every node here trusts: that of real equipment", 0},
    {"output-format", KEY_FORMAT, "FORMAT", 0,
     "What to print on standard output: text (default) or json", 0},
    {0},
};

static uint64_t parse_number(struct argp_state *state, const char *option, const char *text,
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

/* The two shortcuts are settings, so that the profile in the result is the one that was run. */
static void take_duration(struct argp_state *state, struct cli_run_arguments *arguments,
                          const char *text) {
    size_t size = sizeof arguments->duration;
    uint64_t duration_ns;
    bool fits = (size_t)snprintf(arguments->duration, size, "load.duration=%s", text) < size;
    if (!fits || !profile_parse_duration(text, &duration_ns) || duration_ns == 0) {
        argp_error(state, "--duration: expected a time such as 500ms, 30s or 10m, not \"%s\"",
                   text);
    }
}

static void take_seed(struct argp_state *state, struct cli_run_arguments *arguments,
                      const char *text) {
    snprintf(arguments->seed, sizeof arguments->seed, "seed=%" PRIu64,
             parse_number(state, "seed", text, UINT64_MAX));
}

static void add_peer(struct argp_state *state, struct cli_run_arguments *arguments,
                     const char *text) {
    char path[64];
    size_t count = arguments->run.peer_pid_count;
    long pid = (long)parse_number(state, "peer-pid", text, INT_MAX);
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
    arguments->run.peer_pids = grown;
    arguments->run.peer_pid_count = count + 1;
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

/* --rate-scale, or --no-keys, which has no value. */
static void take_keys(struct argp_state *state, struct cli_run_arguments *arguments,
                      const char *scale) {
    arguments->no_keys = arguments->no_keys || scale == NULL;
    if (scale != NULL) {
        arguments->rate_scale = (unsigned)parse_number(state, "rate-scale", scale, 100000);
    }
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct cli_run_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->profile;
        state->child_inputs[1] = arguments;
        return 0;
    case KEY_ONLY:
        cli_texts_add(&arguments->only, value);
        return 0;
    case KEY_DIAGNOSTICS:
        arguments->diagnostics = true;
        return 0;
    case KEY_NO_KEYS:
    case KEY_RATE_SCALE:
        take_keys(state, arguments, value);
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
        arguments->run.control_path = value;
        return 0;
    case KEY_PEER_PID:
        add_peer(state, arguments, value);
        return 0;
    case KEY_PKI:
        arguments->run.pki_directory = value;
        return 0;
    case KEY_OUT:
        arguments->out = value;
        return 0;
    case KEY_THREADS:
        arguments->run.threads = (unsigned)parse_number(state, "threads", value, 1024);
        return 0;
    case KEY_CPUS:
        arguments->cpus = value;
        return 0;
    case KEY_SEED:
        take_seed(state, arguments, value);
        return 0;
    case KEY_DURATION:
        take_duration(state, arguments, value);
        return 0;
    case KEY_FORMAT:
        arguments->json = cli_take_format(state, value);
        return 0;
    case ARGP_KEY_END:
        if (arguments->profile.name == NULL) {
            argp_error(state, "which profile? `ekuload profiles` lists the built-in ones");
        }
        if (arguments->only.count > 0 && arguments->run.pki_directory == NULL) {
            argp_error(state, "--only needs --pki DIR: the other nodes must have the same "
                              "certificates (`ekuload certs PROFILE --out DIR`)");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {.argp = &cli_profile_argp}, {.argp = &cli_run_load_argp}, {0}};

const struct argp cli_run_argp = {
    .options = options,
    .parser = parse_option,
    .children = children,
    .args_doc = "PROFILE",
    .doc = "Runs a profile and judges it: exit status 0 when every expectation and threshold is "
           "met. A profile with variants is run, and then each of them; --variant runs one alone.",
};
