/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_CONTROL_H
#define RUN_CONTROL_H

#include "base_error.h"

#include <stddef.h>

/*
 * Where running ones are steered: each listens on a Unix socket <pid>.sock in its user's folder,
 * $XDG_RUNTIME_DIR/ekuload, or /tmp/ekuload-<uid> when there is no such directory of
 * the user's.
 */

/* What a socket's address holds (unix(7)), the final NUL included. */
#define RUN_CONTROL_PATH_SIZE 108

/* A command's length, without its newline. */
#define RUN_CONTROL_LINE_MAX 1024

struct run_control_found {
    long pid;
    char path[RUN_CONTROL_PATH_SIZE];
};

/* Those that answer at present, in the order of their numbers; at most `room` are told. Returns how
 * many there are; 0 as well when there is no folder. */
size_t run_control_find(struct run_control_found *out, size_t room);

/* The folder itself, for messages. False: its name is too long, or it is not ours. */
bool run_control_folder(char out[RUN_CONTROL_PATH_SIZE], struct base_error *error);

/* Where process `pid` listens if it is one of ours; whether it does is not asked. */
bool run_control_path_of(char out[RUN_CONTROL_PATH_SIZE], long pid, struct base_error *error);

/*
 * The path of our own socket in that folder, which is made (mode 0700) when it is missing; what
 * ended ones left there is removed.
 */
bool run_control_own_path(char out[RUN_CONTROL_PATH_SIZE], struct base_error *error);

/* A connected socket that blocks, or -1 with a sentence: BASE_ERROR_USAGE when nobody listens
 * there. */
int run_control_connect(const char *path, struct base_error *error);

#endif
