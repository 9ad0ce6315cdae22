/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_RUN_H
#define SUPPORT_RUN_H

#include "support_child.h"
#include "support_scene.h"

#include <jansson.h>

/* Exit statuses of the contract. */
enum {
    SUPPORT_PASS = 0,
    SUPPORT_FAIL = 1,
    SUPPORT_USAGE = 2,
    SUPPORT_MACHINE = 3,
    SUPPORT_INTERRUPTED = 130
};

/* What support_run_prepare_article() asks for. */
#define SUPPORT_ARTICLE_UC     40
#define SUPPORT_ARTICLE_TUNNEL 8

/* `ekuload run` within the scene. */
struct support_run {
    const char *name;
    const char *out; /* its result folder */
    struct support_words words;
    struct support_child_options options;
    struct support_child child;
    int status;
    json_t *result; /* NULL: it wrote none */
};

/* The program under test, from the environment variable EKULOAD. */
const char *support_run_program(void);

/* "ekuload run PROFILE --out <scene>/NAME". `name` is the run's own within the scene. */
void support_run_prepare(struct support_run *run, const char *name, const char *profile);
/*
 * The same for a profile of the article: edge and core on the scene's addresses .31 and .16, a few
 * connections, less than a second.
 */
void support_run_prepare_article(struct support_run *run, const char *name, const char *profile);

/* One more "--set TEXT". */
void support_run_set(struct support_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* More words, split at blanks; none and "" are fine. */
void support_run_add(struct support_run *run, const char *line);
/* Every blank-separated word as a --set. */
void support_run_set_all(struct support_run *run, const char *line);

void support_run_start(struct support_run *run);

/*
 * Waits for the end, asserts the exit status and reads the result; asserts the contract's sums of
 * it. A status of pass, fail or interrupted must come with a result, any other without.
 */
void support_run_await(struct support_run *run, int expected_status);
/* What support_run_await() does once the exit status is known. */
void support_run_conclude(struct support_run *run, int expected_status);
/* Start and await. */
void support_run_expect(struct support_run *run, int expected_status);
/* SIGINT, then await within a second: 130. */
void support_run_interrupt(struct support_run *run);

void support_run_finish(struct support_run *run);

#endif
