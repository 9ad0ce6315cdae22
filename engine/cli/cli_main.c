/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "tls_context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *synopsis;
    const char *summary;
} commands[] = {
    {"run", cli_run, "PROFILE [OPTION...]", "run a profile: a file, or the name of a built-in one"},
    {"overhead", cli_overhead, "PROFILE [OPTION...]", "what does the EKU check cost a connection?"},
    {"find-rate", cli_find_rate, "PROFILE [OPTION...]", "what rate does the peer really hold?"},
    {"certs", cli_certs, "PROFILE --out DIR", "issue a profile's certificates as PEM files"},
    {"store", cli_store, "DIR ACTION [FILE...]",
     "a node's certificate folder: upload, upgrade, show"},
    {"ctl", cli_ctl, "COMMAND...", "steer a running one: set rate, pause, mode, reload, quit"},
    {"inspect", cli_inspect, "CERT|DIR|HOST:PORT...", "what can this certificate do?"},
    {"profiles", cli_profiles, "", "list the built-in profiles and what each proves"},
    {"doctor", cli_doctor, "[PROFILE]", "can this machine do it?"},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(FILE *out) {
    fprintf(out, "Usage: ekuload COMMAND [ARGUMENT...]\n"
                 "Load tester for SIP over mutual TLS: two certificate stores per node, extended "
                 "key usage checked.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-9s %-22s %s\n", commands[i].name, commands[i].synopsis,
                commands[i].summary);
    }
    fprintf(out, "\n`ekuload COMMAND --help` tells more. Exit status: 0 verdict pass, 1 verdict "
                 "fail,\n2 usage or profile error, 3 this machine cannot run it, 130 "
                 "interrupted.\n");
}

static int dispatch(int argc, char **argv) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "ekuload: there is no command \"%s\"; `ekuload --help` lists them\n", argv[1]);
    return CLI_USAGE;
}

int cli_main(int argc, char **argv) {
    struct base_error error;
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CLI_PASS;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("ekuload %s (wolfSSL %s)\n", EKULOAD_VERSION, tls_library_version());
        return CLI_PASS;
    }
    if (!tls_library_start(&error)) {
        return cli_complain(&error);
    }
    int status = dispatch(argc, argv);
    tls_library_stop();
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        base_error_set(&error, BASE_ERROR_MACHINE, "cannot write to standard output: %s",
                       strerror(errno));
        return cli_complain(&error);
    }
    return status;
}
