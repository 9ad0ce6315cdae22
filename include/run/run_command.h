/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include "base_error.h"

#include <stdio.h>

/* What a run can be told while it goes on: rows of one table. */
enum run_command_kind {
    RUN_COMMAND_EKU_MODE,          /* xConfiguration ... ExtendedKeyUsage Checking Mode */
    RUN_COMMAND_SERVER_EKU_UPLOAD, /* xConfiguration ... EnableServerEkuUpload */
    RUN_COMMAND_RELOAD,
    RUN_COMMAND_RATE,
    RUN_COMMAND_CONNECTIONS,
    RUN_COMMAND_PAUSE,
    RUN_COMMAND_RESUME,
    RUN_COMMAND_DIAL,
    RUN_COMMAND_STATUS,
    RUN_COMMAND_QUIT,
    RUN_COMMAND_HELP,
};

enum run_command_value {
    RUN_COMMAND_ASKS,
    RUN_COMMAND_ON,
    RUN_COMMAND_OFF,
    RUN_COMMAND_TO,        /* `amount` */
    RUN_COMMAND_BY,        /* so much more than now */
    RUN_COMMAND_AS_PROFILE /* what the profile says */
};

#define RUN_COMMAND_ZONE_SIZE 160

struct run_command {
    enum run_command_kind kind;
    enum run_command_value value;
    const char *name;                 /* as it is documented; static */
    char node[128];                   /* the one it is for; "": all */
    char zone[RUN_COMMAND_ZONE_SIZE]; /* likewise, in lower case */
    double amount;                    /* TO, BY: connections, or how many a second */
};

/*
 * Reads a line such as `--node edge xconfiguration SIP TLS Certificate ExtendedKeyUsage Checking
 * Mode: "Off"`: letter case, quotes, colons and the number of blanks do not matter. `set rate
 * core.uc +10/s` has a sign when it is by how much. False with a sentence, which offers the nearest
 * command.
 */
bool run_command_read(struct run_command *out, const char *line, struct base_error *error);

/* A line for each command. */
void run_command_help(FILE *out);

#endif
