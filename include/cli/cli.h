/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_H
#define CLI_H

/* Exit statuses that scripts rely on. */
enum cli_status {
    CLI_PASS = 0,
    CLI_FAIL = 1,
    CLI_USAGE = 2,
    CLI_MACHINE = 3,
    CLI_INTERRUPTED = 130,
};

/* Runs the sub-command that argv names; returns the exit status. */
int cli_main(int argc, char **argv);

#endif
