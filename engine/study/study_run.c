/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_internal.h"

#include "run_pki.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool study_out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

bool study_path(char out[STUDY_PATH_MAX], const struct study_setup *setup, const char *name,
                struct base_error *error) {
    int length = snprintf(out, STUDY_PATH_MAX, "%s/%s", setup->directory, name);
    return (length > 0 && length < STUDY_PATH_MAX) ||
           base_error_set(error, BASE_ERROR_USAGE, "the folder's path is too long: %.200s...",
                          setup->directory);
}

void study_tell(const struct study_setup *setup, const char *format, ...) {
    char sentence[512];
    va_list arguments;
    if (setup->tell == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    setup->tell(setup->context, sentence);
}

bool study_runs_here(const struct study_setup *setup, uint32_t node) {
    const struct profile_node *row = &setup->plan->nodes[node];
    if (setup->run->only_count == 0) {
        return row->external == NULL;
    }
    for (size_t i = 0; i < setup->run->only_count; i++) {
        if (strcmp(setup->run->only[i], row->name) == 0) {
            return true;
        }
    }
    return false;
}

bool study_pki(char path[STUDY_PATH_MAX], const struct study_setup *setup, const char *name,
               struct base_error *error) {
    struct run_pki pki;
    if (setup->run->pki_directory != NULL) {
        int length = snprintf(path, STUDY_PATH_MAX, "%s", setup->run->pki_directory);
        return (length > 0 && length < STUDY_PATH_MAX) ||
               base_error_set(error, BASE_ERROR_USAGE, "--pki: not a usable path");
    }
    if (!study_path(path, setup, name, error)) {
        return false;
    }
    bool good = run_pki_issue(&pki, setup->plan, error) &&
                run_pki_write(&pki, setup->plan, path, false, error);
    run_pki_finish(&pki);
    return good;
}

bool study_run(struct run_result *out, const struct study_setup *setup, const struct study_run *run,
               struct base_error *error) {
    char folder[STUDY_PATH_MAX];
    struct run_options options = *setup->run;
    if (!study_path(folder, setup, run->name, error)) {
        return false;
    }
    options.pki_directory = run->pki;
    options.result_directory = folder;
    options.goes_on = run->goes_on;
    options.goes_on_context = run->context;
    options.checkpoint = NULL;
    if (!run_execute(out, setup->plan, &options, error)) {
        return false;
    }
    if (setup->ran != NULL) {
        setup->ran(setup->context, folder, out);
    }
    return true;
}
