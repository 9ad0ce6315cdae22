/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_run.h"

#include "support_file.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 30000u

const char *support_run_program(void) {
    const char *program = getenv("EKULOAD");
    cr_assert_not_null(program, "the environment variable EKULOAD must name the program");
    return program;
}

void support_run_prepare(struct support_run *run, const char *name, const char *profile) {
    *run = (struct support_run){.name = name, .out = support_scene_path("%s", name)};
    support_words_add(&run->words, "%s", support_run_program());
    support_words_add(&run->words, "run");
    support_words_add(&run->words, "%s", profile);
    support_words_add(&run->words, "--out");
    support_words_add(&run->words, "%s", run->out);
}

void support_run_prepare_article(struct support_run *run, const char *name, const char *profile) {
    support_run_prepare(run, name, profile);
    support_run_set(run, "nodes.edge.address=%s", support_scene_address(31));
    support_run_set(run, "nodes.core.address=%s", support_scene_address(16));
    support_run_set(run, "nodes.core.zones.uc.connections=%d", SUPPORT_ARTICLE_UC);
    support_run_set(run, "nodes.core.zones.tunnel.connections=%d", SUPPORT_ARTICLE_TUNNEL);
    support_run_set(run, "load.duration=700ms");
}

void support_run_set(struct support_run *run, const char *format, ...) {
    va_list arguments;
    char text[512];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    support_words_add(&run->words, "--set");
    support_words_add(&run->words, "%s", text);
}

void support_run_add(struct support_run *run, const char *line) {
    support_words_split(&run->words, line);
}

void support_run_set_all(struct support_run *run, const char *line) {
    struct support_words settings = {.count = 0};
    support_words_split(&settings, line);
    for (unsigned i = 0; i < settings.count; i++) {
        support_run_set(run, "%s", settings.items[i]);
    }
    support_words_finish(&settings);
}

void support_run_start(struct support_run *run) {
    support_child_start(&run->child, support_scene.folder, run->name, &run->words, &run->options);
}

/* The run as a person would type it and what it said: what a failing test has to show. */
static const char *story_of(const struct support_run *run) {
    const char *story = "";
    for (unsigned i = 0; i < run->words.count; i++) {
        story = support_scene_text("%s '%s'", story, run->words.items[i]);
    }
    char *said = support_file_read(run->child.err_path);
    char *printed = support_file_read(run->child.out_path);
    story = support_scene_text("%s\nstderr: %s\nstdout: %s", story, said, printed);
    free(said);
    free(printed);
    return story;
}

void support_run_conclude(struct support_run *run, int expected_status) {
    const char *path = support_scene_text("%s/result.json", run->out);
    json_error_t error;
    bool has_result = run->status == SUPPORT_PASS || run->status == SUPPORT_FAIL ||
                      run->status == SUPPORT_INTERRUPTED;
    cr_assert_eq(run->status, expected_status, "exit status %d instead of %d:%s", run->status,
                 expected_status, story_of(run));
    cr_assert_eq(support_file_exists(path), has_result, "result.json is %s:%s",
                 has_result ? "missing" : "there", story_of(run));
    if (has_result) {
        run->result = json_load_file(path, 0, &error);
        cr_assert_not_null(run->result, "%s:%d: %s", path, error.line, error.text);
        support_result_check_sums(run);
    }
}

void support_run_await(struct support_run *run, int expected_status) {
    run->status = support_child_wait(&run->child, PATIENCE_MS);
    support_run_conclude(run, expected_status);
}

void support_run_expect(struct support_run *run, int expected_status) {
    support_run_start(run);
    support_run_await(run, expected_status);
}

void support_run_interrupt(struct support_run *run) {
    run->status = support_child_stop(&run->child, SIGINT, 1000);
    cr_assert_neq(run->status, SUPPORT_CHILD_TOO_LATE, "a second after SIGINT it still ran:%s",
                  story_of(run));
    support_run_conclude(run, SUPPORT_INTERRUPTED);
}

void support_run_finish(struct support_run *run) {
    json_decref(run->result);
    support_words_finish(&run->words);
    *run = (struct support_run){.result = NULL};
}
