/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_CHILD_H
#define SUPPORT_CHILD_H

#include "support_words.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * A program of a test: its own process group, its output in files, gone when the test ends. A
 * failure of the machinery itself fails the test.
 */
struct support_child {
    pid_t pid;
    int pidfd;
    int input; /* write end of its standard input; -1: it reads /dev/null */
    char out_path[512];
    char err_path[512];
};

struct support_child_options {
    bool wants_input;
    void (*before_exec)(void *context); /* in the child; may be NULL */
    void *context;
};

/* Exit status of a child that had to be stopped because its time was over. */
#define SUPPORT_CHILD_TOO_LATE (-1)

/* `folder` takes the output: NAME.out and NAME.err. `options` may be NULL. */
void support_child_start(struct support_child *child, const char *folder, const char *name,
                         const struct support_words *words,
                         const struct support_child_options *options);

/* The exit status, 128 + signal for one that a signal ended. */
int support_child_wait(struct support_child *child, unsigned patience_ms);

bool support_child_is_running(const struct support_child *child);

/* Sends the signal, then waits as above. */
int support_child_stop(struct support_child *child, int signal, unsigned patience_ms);

void support_child_write(const struct support_child *child, const char *text);

/* Kills, with their process groups, the children that this test has not waited for. */
void support_child_kill_all(void);

#endif
