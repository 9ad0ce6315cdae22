/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_study.h"

#include "tls_context.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* Until the first run watches for signals itself, nothing was started that had to be stopped. */
static void leave(int signal_number) {
    (void)signal_number;
    _exit(CLI_INTERRUPTED);
}

static bool write_file(const char *folder, const char *name, const char *text,
                       struct base_error *error) {
    char path[PATH_BYTES];
    char partial[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(partial, sizeof partial, "%s/.%s.partial", folder, name);
    FILE *file = fopen(partial, "we");
    bool good = file != NULL && fputs(text, file) >= 0 && fflush(file) == 0;
    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    if (good && rename(partial, path) == 0) {
        return true;
    }
    int cause = errno;
    unlink(partial);
    return base_error_set(error, BASE_ERROR_MACHINE, "cannot write %.900s: %s", path,
                          strerror(cause));
}

/* So that each run can be looked at by itself, whatever the study makes of it. */
static void write_result(void *context, const char *folder, const struct run_result *result) {
    struct cli_study *study = context;
    const struct report_facts facts = {.plan = study->plan,
                                       .summary = &result->summary,
                                       .verdict = &result->verdict,
                                       .suite_name = tls_suite_name};
    struct base_error error = result->incomplete;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool good = out != NULL && report_json_write(&facts, out);
    if (out != NULL && fclose(out) != 0) {
        good = false;
    }
    if (!good) {
        base_error_set(&error, BASE_ERROR_MACHINE, "out of memory");
    } else {
        good = write_file(folder, "result.json", text, &error);
    }
    free(text);
    if (error.kind != BASE_ERROR_NONE && study->trouble.kind == BASE_ERROR_NONE) {
        study->trouble = error;
    }
}

static void tell(void *context, const char *sentence) {
    (void)context;
    if (isatty(STDERR_FILENO) == 1) {
        cli_progress_clear();
        fprintf(stderr, "\r\033[K%s\n", sentence);
    }
}

/* Every run has the same to say. */
static void note(const char *sentence) {
    static char last[1024];
    if (strcmp(sentence, last) == 0) {
        return;
    }
    snprintf(last, sizeof last, "%s", sentence);
    cli_progress_clear();
    fprintf(stderr, "ekuload: note: %s\n", sentence);
}

bool cli_study_begin(struct cli_study *study, struct study_setup *setup, struct base_error *error) {
    signal(SIGINT, leave);
    signal(SIGTERM, leave);
    if (study->seed[0] != '\0') {
        cli_texts_add(&study->profile.settings, study->seed);
    }
    if (!cli_load_profile(&study->plan, &study->profile, error) ||
        !cli_result_choose(&study->paths, study->out, study->plan->name, error)) {
        return false;
    }
    study->run.only = study->only.items;
    study->run.only_count = study->only.count;
    study->run.wolfssl_version = tls_library_version();
    study->run.log_keys = tls_library_log_keys;
    study->run.note = note;
    study->run.status = cli_status_show;
    if (isatty(STDERR_FILENO) == 1) {
        study->run.progress = cli_progress_show;
    }
    *setup = (struct study_setup){.plan = study->plan,
                                  .run = &study->run,
                                  .directory = study->paths.directory,
                                  .ran = write_result,
                                  .tell = tell,
                                  .context = study};
    return true;
}

void cli_study_finish(struct cli_study *study) {
    profile_plan_destroy(study->plan);
    free((void *)study->profile.settings.items);
    free((void *)study->only.items);
}

bool cli_study_report(struct cli_study *study, const struct cli_study_report *report,
                      struct base_error *error) {
    struct report_study_facts facts = {
        .profile = study->plan->name, .suite_name = tls_suite_name, .path = study->paths.directory};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    cli_progress_clear();
    bool written = out != NULL && report->json(report->found, &facts, out);
    if (out != NULL && fclose(out) != 0) {
        written = false;
    }
    bool good = written ? write_file(study->paths.directory, report->file, text, error)
                        : base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    if (study->json) {
        fputs(written ? text : "", stdout);
    } else {
        facts.path = good ? facts.path : NULL;
        report->text(report->found, &facts, stdout);
    }
    free(text);
    if (good && study->trouble.kind != BASE_ERROR_NONE) {
        *error = study->trouble;
        return false;
    }
    return good;
}
