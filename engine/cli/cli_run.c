/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"
#include "cli_cpus.h"
#include "cli_keys.h"

#include "report.h"
#include "tls_context.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool wants_colour(int descriptor) {
    const char *no_colour = getenv("NO_COLOR");
    return isatty(descriptor) == 1 && (no_colour == NULL || no_colour[0] == '\0');
}

/* Everything that goes into the folder; false with what the first of it failed of. */
static bool write_files(const struct cli_run_arguments *arguments, struct report_facts *facts,
                        const struct cli_result_paths *paths, const struct run_result *result,
                        struct base_error *error) {
    *error = result->incomplete;
    if (!cli_result_write(paths, facts, error)) {
        facts->result_path = NULL; /* it is not there */
        return false;
    }
    return (!arguments->diagnostics ||
            cli_diagnostics_write(arguments->runs.run.diagnostics_directory,
                                  result->diagnostics_stamp, facts, error)) &&
           error->kind == BASE_ERROR_NONE;
}

/* Whatever could not be written, what was measured is printed. */
static int finish(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                  const struct cli_result_paths *paths, const struct run_result *result,
                  FILE *out) {
    struct base_error error;
    struct report_facts facts = {
        .plan = plan,
        .summary = &result->summary,
        .verdict = &result->verdict,
        .suite_name = tls_suite_name,
        .result_path = paths->directory,
    };
    cli_progress_clear();
    arguments->told_to_quit = result->told_to_quit;
    bool written = write_files(arguments, &facts, paths, result, &error);
    if (arguments->runs.json) {
        report_json_write(&facts, out);
    } else {
        report_terminal_write(&facts, out, wants_colour(STDOUT_FILENO));
    }
    if (!written) {
        return cli_complain(&error);
    }
    if (result->summary.interrupted) {
        return CLI_INTERRUPTED;
    }
    return result->verdict.pass ? CLI_PASS : CLI_FAIL;
}

void cli_run_note(const char *sentence) {
    cli_progress_clear();
    fprintf(stderr, "ekuload: note: %s\n", sentence);
}

/* A killed run leaves the last of these. */
static void write_checkpoint(void *context, const struct run_result *so_far) {
    struct cli_run_arguments *arguments = context;
    struct base_error error;
    const struct report_facts facts = {
        .plan = arguments->plan,
        .summary = &so_far->summary,
        .verdict = &so_far->verdict,
        .suite_name = tls_suite_name,
    };
    bool failed = !cli_result_checkpoint(arguments->paths, &facts, &error);
    if (failed && !arguments->checkpoint_failed) {
        cli_run_note(error.text);
    }
    arguments->checkpoint_failed = failed;
}

int cli_run_one(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                const struct cli_result_paths *paths, FILE *out) {
    struct base_error error;
    struct run_result result;
    char diagnostics[sizeof paths->directory + 16];
    if (!cli_diagnostics_directory(diagnostics, sizeof diagnostics, paths, &error)) {
        return cli_complain(&error);
    }
    struct run_options *run = &arguments->runs.run;
    run->diagnostics_directory = arguments->diagnostics ? diagnostics : NULL;
    run->result_directory = paths->directory;
    run->note = cli_run_note;
    run->checkpoint = write_checkpoint;
    run->checkpoint_context = arguments;
    arguments->plan = plan;
    arguments->paths = paths;
    if (!arguments->no_keys) {
        cli_keys_begin(run, arguments->rate_scale);
    }
    bool ran = run_execute(&result, plan, run, &error);
    cli_keys_end();
    if (!ran) {
        cli_progress_clear();
        return cli_complain(&error);
    }
    int status = finish(arguments, plan, paths, &result, out);
    run_result_finish(&result);
    return status;
}

/* What depends on the profile is asked of it first. */
static bool take_profile(struct cli_run_arguments *arguments, struct profile_plan **plan,
                         struct base_error *error) {
    bool good = true;
    if (arguments->load_key != NULL || arguments->tickets || arguments->cacert != NULL ||
        arguments->source_ip != NULL) {
        if (!cli_survey_profile(plan, &arguments->runs.profile, error)) {
            return false;
        }
        good = cli_run_set_load(arguments, *plan, error);
        cli_run_set_connections(arguments, *plan);
        profile_plan_destroy(*plan);
    }
    return good && cli_runs_begin(&arguments->runs, plan, error);
}

static void finish_arguments(struct cli_run_arguments *arguments) {
    for (size_t i = 0; i < arguments->stages.count; i++) {
        free((void *)(uintptr_t)arguments->stages.items[i]);
    }
    free((void *)arguments->stages.items);
    free(arguments->peer_pids);
    cli_runs_finish(&arguments->runs);
}

int cli_run(int argc, char **argv) {
    struct cli_run_arguments arguments = {.rate_scale = 1};
    struct profile_plan *plan;
    struct base_error error;
    int status;
    cli_parse(&cli_run_argp, argc, argv, &arguments);
    bool placed = arguments.cpus == NULL || cli_cpus_choose(arguments.cpus, &error);
    if (placed && take_profile(&arguments, &plan, &error)) {
        status = cli_run_all(&arguments, plan);
        profile_plan_destroy(plan);
    } else {
        status = cli_complain(&error);
    }
    finish_arguments(&arguments);
    return status;
}
