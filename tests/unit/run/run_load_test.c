/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "run.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * What a run answers to commands that change its load. Nobody listens where it dials: what its
 * workers make of it is theirs.
 */
struct exchange {
    const char *command;
    const char *answer; /* the whole of it, or of an error some words */
};

static const struct exchange exchanges[] = {
    {"set rate", "core.churn: 5/s, as the profile says\nOK\n"},
    {"set connections", "core.held: 4 connections, as the profile says\n"
                        "core.loop: 2 connections, as the profile says\nOK\n"},
    {"set rate 20/s", "OK\n"},
    {"set rate core.churn", "core.churn: 20/s\nOK\n"},
    {"set rate +2.5/s", "OK\n"},
    {"set rate churn", "core.churn: 22.5/s\nOK\n"},
    {"set rate -100/s", "OK\n"},
    {"set rate", "core.churn: 0.000277778/s\nOK\n"},
    {"set rate profile", "OK\n"},
    {"set rate", "core.churn: 5/s, as the profile says\nOK\n"},
    {"set connections 10", "which zone? 2 of them"},
    {"set connections held 10", "OK\n"},
    {"set connections +1", "OK\n"},
    {"set connections", "core.held: 11 connections\ncore.loop: 3 connections\nOK\n"},
    {"set connections core.held -100", "OK\n"},
    {"set connections held", "core.held: 1 connections\nOK\n"},
    {"set connections core.churn 10", "core.churn has a rate: `set rate` changes it"},
    {"set rate core.held 10/s", "core.held keeps connections open: `set connections`"},
    {"set rate core.loop 10/s", "core.loop has so many connections at once"},
    {"set rate core.chrun 10/s", "no zone \"core.chrun\" runs here; did you mean \"core.churn\"?"},
    {"set connections core.held 1000000", "core.held: with that all zones may need"},
    {"set connections held", "core.held: 1 connections\nOK\n"},
    {"resume", "it does not pause"},
    {"pause", "OK\n"},
    {"pause", "it pauses already"},
    {"dial", "OK\n"},
    {"resume", "OK\n"},
    {"quit", "OK\n"},
};
#define EXCHANGE_COUNT (sizeof exchanges / sizeof exchanges[0])

static unsigned asked;
static bool was_paused;
static uint32_t held;

static const char *command(void *context, const struct run_progress *progress) {
    (void)context;
    was_paused = was_paused || progress->paused;
    held = progress->targets[0].connections;
    return asked < EXCHANGE_COUNT ? exchanges[asked].command : NULL;
}

static void answer(void *context, const char *line, const char *text) {
    const struct exchange *expected = &exchanges[asked++];
    (void)context;
    cr_assert_str_eq(line, expected->command);
    if (strstr(expected->answer, "OK\n") != NULL) {
        cr_assert_str_eq(text, expected->answer, "%s: %s", line, text);
        return;
    }
    cr_assert(strncmp(text, "ERROR: ", 7) == 0 && strstr(text, expected->answer) != NULL, "%s: %s",
              line, text);
}

static struct profile_plan *profile(void) {
    static const char text[] =
        "name: small\nproves: nothing\nauthorities: { ca: { kind: internal } }\n"
        "nodes:\n  core:\n    product: generic\n    address: 127.0.0.16\n    trust: [ca]\n"
        "    client_store: none\n    zones:\n"
        "      held: { type: neighbor, peer: \"127.0.0.1:9\", connections: 4 }\n"
        "      churn: { type: neighbor, peer: \"127.0.0.1:9\", rate: 5/s }\n"
        "      loop: { type: neighbor, peer: \"127.0.0.1:9\", concurrency: 2 }\n"
        "load: { duration: 30s, dialog: none }\n";
    char path[] = "/tmp/run-load-XXXXXX";
    struct profile_plan *plan;
    struct base_error error;
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    bool loaded = profile_load(&plan, path, NULL, NULL, 0, (int64_t)time(NULL), &error);
    unlink(path);
    cr_assert(loaded, "%s", error.text);
    return plan;
}

static void expect_changes_in(const struct metrics_summary *summary) {
    uint32_t next = 0;
    for (size_t i = 0; i < EXCHANGE_COUNT; i++) {
        const char *line = exchanges[i].command;
        bool tells = strcmp(exchanges[i].answer, "OK\n") != 0 || strcmp(line, "quit") == 0;
        if (tells) {
            continue;
        }
        cr_assert_lt(next, summary->steered_count, "%s", line);
        cr_assert_str_eq(summary->steered[next].command, line);
        cr_assert(summary->steered[next].at_s >= 0 &&
                  summary->steered[next].at_s <= summary->duration_s);
        next++;
    }
    cr_assert_eq(next, summary->steered_count);
    cr_assert_eq(summary->steered_left_out, 0);
    cr_assert_eq(summary->zones[0].wanted, 1, "the last target is what was wanted");
    cr_assert_eq(summary->zones[1].wanted, 0);
}

Test(run_load, is_changed_by_commands_that_are_told_in_the_result) {
    char folder[] = "/tmp/run-load-XXXXXX";
    char socket[64];
    char out[64];
    char remove[128];
    struct profile_plan *plan = profile();
    struct run_result result;
    struct base_error error;
    cr_assert_not_null(mkdtemp(folder));
    snprintf(socket, sizeof socket, "%s/sock", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    const struct run_options options = {.result_directory = out,
                                        .wolfssl_version = "",
                                        .threads = 2,
                                        .control_path = socket,
                                        .command = command,
                                        .answer = answer};
    bool ran = run_execute(&result, plan, &options, &error);
    snprintf(remove, sizeof remove, "rm -r %s", folder);
    cr_assert_eq(system(remove), 0);
    cr_assert(ran, "%s", error.text);
    cr_assert_eq(asked, EXCHANGE_COUNT);
    cr_assert(was_paused);
    cr_assert_eq(held, 1);
    cr_assert(result.told_to_quit);
    expect_changes_in(&result.summary);
    run_result_finish(&result);
    profile_plan_destroy(plan);
}
