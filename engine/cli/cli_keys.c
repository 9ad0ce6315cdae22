/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_keys.h"

#include "cli_common.h"
#include "cli_terminal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of a key that changes both rates and connections, what is still to be said. */
static struct {
    unsigned scale;
    long step; /* 0: nothing */
    bool said_rate;
    bool told; /* which keys there are */
    bool redraw;
    char line[64];
} keys;

static void tell_keys(void) {
    cli_progress_clear();
    fprintf(stderr,
            "keys: + - change rates and connections by %u, * / by %u; p pauses, s status, q quits, "
            "Q at once, h or ? this list\n",
            keys.scale, 10 * keys.scale);
    keys.told = true;
}

static bool has_shape(const struct run_progress *run, bool rate) {
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        const struct profile_zone *zone = &run->plan->zones[i];
        if (run->runs_here[zone->node] && (zone->load.shape == PROFILE_SHAPE_RATE) == rate) {
            return true;
        }
    }
    return false;
}

/* The next command of the step; NULL: it is done. */
static const char *next_of_step(const struct run_progress *run) {
    if (!keys.said_rate) {
        keys.said_rate = true;
        if (has_shape(run, true)) {
            snprintf(keys.line, sizeof keys.line, "set rate %+ld/s", keys.step);
            return keys.line;
        }
    }
    snprintf(keys.line, sizeof keys.line, "set connections %+ld", keys.step);
    keys.step = 0;
    return has_shape(run, false) ? keys.line : NULL;
}

static const char *begin_step(const struct run_progress *run, long step) {
    keys.step = step * (long)keys.scale;
    keys.said_rate = false;
    return next_of_step(run);
}

static const char *command_of(char key, const struct run_progress *run) {
    switch (key) {
    case '+':
        return begin_step(run, 1);
    case '-':
        return begin_step(run, -1);
    case '*':
        return begin_step(run, 10);
    case '/':
        return begin_step(run, -10);
    case 'p':
        return run->paused ? "resume" : "pause";
    case 's':
        return "status";
    case 'q':
        return "quit";
    case 'h':
    case '?':
        tell_keys();
        keys.redraw = true;
        return NULL;
    case 'Q':
        kill(getpid(), SIGINT); /* the run watches for it */
        return NULL;
    default:
        return NULL;
    }
}

static const char *command(void *context, const struct run_progress *run) {
    const char *line = keys.step != 0 ? next_of_step(run) : NULL;
    char key;
    (void)context;
    if (!cli_terminal_take()) {
        return NULL;
    }
    if (!keys.told) {
        tell_keys();
    }
    while (line == NULL && cli_terminal_read(&key)) {
        line = command_of(key, run);
    }
    if (line == NULL && keys.redraw) {
        keys.redraw = false;
        cli_progress_show(NULL, run);
    }
    return line;
}

/* The live line shows what became of the others. */
static void answer(void *context, const char *line, const char *text) {
    (void)context;
    keys.redraw = true;
    if (strncmp(text, "ERROR: ", 7) == 0) {
        cli_progress_clear();
        fprintf(stderr, "ekuload: note: %s", text + 7);
    } else if (strcmp(line, "status") == 0) {
        cli_progress_clear();
        fputs(text, stderr);
    }
}

void cli_keys_begin(struct run_options *options, unsigned scale) {
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        return;
    }
    keys.scale = scale;
    keys.step = 0;
    keys.told = false;
    options->command = command;
    options->answer = answer;
    cli_terminal_begin();
}

void cli_keys_end(void) {
    cli_terminal_end();
}
