/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_study.h"

#include "tls_context.h"

#include <stdlib.h>
#include <string.h>

/* So that each run can be looked at by itself, whatever the study makes of it. */
static void write_result(void *context, const char *folder, const struct run_result *result) {
    struct cli_study *study = context;
    const struct report_facts facts = {.plan = study->plan,
                                       .summary = &result->summary,
                                       .verdict = &result->verdict,
                                       .suite_name = tls_suite_name};
    struct base_error error = result->incomplete;
    (void)cli_result_write_json(folder, &facts, &error);
    if (error.kind != BASE_ERROR_NONE && study->trouble.kind == BASE_ERROR_NONE) {
        study->trouble = error;
    }
}

static void tell(void *context, const char *sentence) {
    (void)context;
    cli_progress_clear();
    fprintf(stderr, "%s\n", sentence);
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
    if (!cli_runs_begin(&study->runs, &study->plan, error) ||
        !cli_result_choose(&study->paths, study->runs.out, study->plan->name, error)) {
        return false;
    }
    study->runs.run.note = note;
    *setup = (struct study_setup){.plan = study->plan,
                                  .run = &study->runs.run,
                                  .directory = study->paths.directory,
                                  .ran = write_result,
                                  .tell = tell,
                                  .context = study};
    return true;
}

void cli_study_finish(struct cli_study *study) {
    profile_plan_destroy(study->plan);
    cli_runs_finish(&study->runs);
}

/* Of the JSON, which may be printed, too. */
static bool write_text(const void *context, FILE *out) {
    return fputs(context, out) >= 0;
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
    bool good = written ? cli_result_write_file(study->paths.directory, report->file, write_text,
                                                text, error)
                        : base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    if (study->runs.json) {
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
