/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_SERVER_H
#define RUN_SERVER_H

#include "base_error.h"

#include <stdint.h>
#include <stdio.h>

/*
 * The socket on which a run is steered: one line of text in, lines out, then it is closed. Nothing
 * here ever blocks, and a client that does not get on is closed after RUN_SERVER_PATIENCE_NS.
 */
struct run_server;

#define RUN_SERVER_CLIENTS     16
#define RUN_SERVER_PATIENCE_NS UINT64_C(10000000000)

/* Who answers. `line` has no newline; the answer's last line is to be OK or ERROR. False: it comes
 * later, by run_server_answer(). */
struct run_server_desk {
    bool (*serve)(void *context, const char *line, FILE *answer);
    void *context;
};

/*
 * Listens on `path`, mode 0600. What an ended run left there is replaced; a socket that somebody
 * uses, or another kind of file, is an error.
 */
bool run_server_open(struct run_server **out, const char *path, struct base_error *error);

/* Does what can be done at once. */
void run_server_turn(struct run_server *server, uint64_t now_ns,
                     const struct run_server_desk *desk);

/* The answer for those who wait for it; NULL: there is nobody. */
void run_server_answer(struct run_server *server, const char *text, uint64_t now_ns);

/* Closes everything and removes the socket; NULL is fine. */
void run_server_close(struct run_server *server);

#endif
