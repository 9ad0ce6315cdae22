/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "report.h"
#include "tls_context.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_ONLY = 256,
    KEY_SET,
    KEY_PKI,
    KEY_OUT,
    KEY_THREADS,
    KEY_DURATION,
    KEY_SEED,
    KEY_FORMAT,
    KEY_VARIANT,
    KEY_SOCKET,
    KEY_DIAGNOSTICS
};

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "NODE", 0,
     "Run this node here (repeatable); the others run elsewhere with the same --pki", 0},
    {"pki", KEY_PKI, "DIR", 0, "Certificates made by `ekuload certs`, instead of new ones", 0},
    {"set", KEY_SET, "PATH=VALUE", 0,
     "Change the profile, for example nodes.edge.eku_checking=off (repeatable)", 0},
    {"variant", KEY_VARIANT, "NAME", 0,
     "Only this variant of the profile; default: the profile itself, then each of its variants", 0},
    {"duration", KEY_DURATION, "TIME", 0, "Instead of the profile's: 500ms, 30s, 10m, 24h", 0},
    {"threads", KEY_THREADS, "N", 0, "Worker threads; default: one per core", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of the random schedule, to repeat a run", 0},
    {"out", KEY_OUT, "DIR", 0, "Folder of the result; default: results/<profile>-<time>", 0},
    {"socket", KEY_SOCKET, "PATH", 0,
     "Where `ekuload ctl` steers it; default: <pid>.sock in a folder of yours", 0},
    {"diagnostics", KEY_DIAGNOSTICS, NULL, 0,
     "Also write a diagnostic bundle per node: packet capture with key log, messages, certificates",
     0},
    {"output-format", KEY_FORMAT, "FORMAT", 0,
     "What to print on standard output: text (default) or json", 0},
    {0},
};

struct arguments {
    const char *profile;
    const char *variant;
    struct cli_texts settings;
    struct cli_texts only;
    const char *out;
    bool json;
    bool diagnostics;
    struct run_options run;
};

static uint64_t parse_number(struct argp_state *state, const char *option, const char *text,
                             uint64_t max) {
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || strchr(text, '-') != NULL || value == 0 || value > max) {
        argp_error(state, "--%s: expected a whole number from 1 to %llu, not \"%s\"", option,
                   (unsigned long long)max, text);
    }
    return value;
}

static error_t parse_format(struct argp_state *state, struct arguments *arguments,
                            const char *text) {
    arguments->json = strcmp(text, "json") == 0;
    if (!arguments->json && strcmp(text, "text") != 0) {
        argp_error(state, "--output-format: expected text or json, not \"%s\"", text);
    }
    return 0;
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_ONLY:
        cli_texts_add(&arguments->only, value);
        return 0;
    case KEY_SET:
        cli_texts_add(&arguments->settings, value);
        return 0;
    case KEY_VARIANT:
        arguments->variant = value;
        return 0;
    case KEY_DIAGNOSTICS:
        arguments->diagnostics = true;
        return 0;
    case KEY_SOCKET:
        arguments->run.control_path = value;
        return 0;
    case KEY_PKI:
        arguments->run.pki_directory = value;
        return 0;
    case KEY_OUT:
        arguments->out = value;
        return 0;
    case KEY_THREADS:
        arguments->run.threads = (unsigned)parse_number(state, "threads", value, 1024);
        return 0;
    case KEY_SEED:
        arguments->run.seed = parse_number(state, "seed", value, UINT64_MAX);
        return 0;
    case KEY_DURATION:
        if (!profile_parse_duration(value, &arguments->run.duration_ns) ||
            arguments->run.duration_ns == 0) {
            argp_error(state, "--duration: expected a time such as 500ms, 30s or 10m, not \"%s\"",
                       value);
        }
        return 0;
    case KEY_FORMAT:
        return parse_format(state, arguments, value);
    case ARGP_KEY_ARG:
        cli_take_profile(state, &arguments->profile, value);
        return 0;
    case ARGP_KEY_END:
        if (arguments->profile == NULL) {
            argp_error(state, "which profile? `ekuload profiles` lists the built-in ones");
        }
        if (arguments->only.count > 0 && arguments->run.pki_directory == NULL) {
            argp_error(state, "--only needs --pki DIR: the other nodes must have the same "
                              "certificates (`ekuload certs PROFILE --out DIR`)");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .args_doc = "PROFILE",
    .doc = "Runs a profile and judges it: exit status 0 when every expectation and threshold is "
           "met.",
};

static bool wants_colour(int descriptor) {
    const char *no_colour = getenv("NO_COLOR");
    return isatty(descriptor) == 1 && (no_colour == NULL || no_colour[0] == '\0');
}

static int finish(const struct arguments *arguments, const struct profile_plan *plan,
                  const struct cli_result_paths *paths, const struct run_result *result) {
    struct base_error error;
    const struct report_facts facts = {
        .plan = plan,
        .summary = &result->summary,
        .verdict = &result->verdict,
        .suite_name = tls_suite_name,
        .result_path = paths->directory,
    };
    cli_progress_clear();
    if (!cli_result_write(paths, &facts, &error) ||
        (arguments->diagnostics &&
         !cli_diagnostics_write(arguments->run.diagnostics_directory, result->diagnostics_stamp,
                                &facts, &error))) {
        return cli_complain(&error);
    }
    if (arguments->json) {
        report_json_write(&facts, stdout);
    } else {
        report_terminal_write(&facts, stdout, wants_colour(STDOUT_FILENO));
    }
    if (result->summary.interrupted) {
        return CLI_INTERRUPTED;
    }
    return result->verdict.pass ? CLI_PASS : CLI_FAIL;
}

static void note(const char *sentence) {
    cli_progress_clear();
    fprintf(stderr, "ekuload: note: %s\n", sentence);
}

static int execute(struct arguments *arguments, const struct profile_plan *plan,
                   const struct cli_result_paths *paths) {
    struct base_error error;
    struct run_result result;
    char diagnostics[sizeof paths->directory + 16];
    if (!cli_diagnostics_directory(diagnostics, sizeof diagnostics, paths, &error)) {
        return cli_complain(&error);
    }
    arguments->run.diagnostics_directory = arguments->diagnostics ? diagnostics : NULL;
    arguments->run.log_keys = tls_library_log_keys;
    arguments->run.only = arguments->only.items;
    arguments->run.only_count = arguments->only.count;
    arguments->run.result_directory = paths->directory;
    arguments->run.note = note;
    arguments->run.status = cli_status_show;
    arguments->run.wolfssl_version = tls_library_version();
    if (isatty(STDERR_FILENO) == 1) {
        arguments->run.progress = cli_progress_show;
    }
    if (!run_execute(&result, plan, &arguments->run, &error)) {
        cli_progress_clear();
        return cli_complain(&error);
    }
    int status = finish(arguments, plan, paths, &result);
    run_result_finish(&result);
    return status;
}

static int execute_variant(struct arguments *arguments, const char *variant,
                           const struct cli_result_paths *whole) {
    struct cli_result_paths paths;
    struct profile_plan *plan;
    struct base_error error;
    if (!cli_result_choose_variant(&paths, whole, variant, &error) ||
        !cli_load_profile(&plan, arguments->profile, variant, &arguments->settings, &error)) {
        return cli_complain(&error);
    }
    int status = execute(arguments, plan, &paths);
    profile_plan_destroy(plan);
    return status;
}

/*
 * The profile itself, then its variants, each into a folder of its own. A variant is another run,
 * which the nodes of another process would not know of: with --only there is none but by name.
 */
static int execute_all(struct arguments *arguments, const struct profile_plan *plan) {
    struct cli_result_paths paths;
    struct base_error error;
    if (!cli_result_choose(&paths, arguments->out, plan->name, &error)) {
        return cli_complain(&error);
    }
    int status = execute(arguments, plan, &paths);
    bool all = arguments->variant == NULL && arguments->only.count == 0;
    for (uint32_t i = 0; all && i < plan->variants.count && status <= CLI_FAIL; i++) {
        int next = execute_variant(arguments, plan->variants.items[i], &paths);
        status = next > status ? next : status;
    }
    return status;
}

/* Until the run watches for signals itself, nothing was started that had to be stopped. */
static void leave(int signal_number) {
    (void)signal_number;
    _exit(CLI_INTERRUPTED);
}

int cli_run(int argc, char **argv) {
    struct arguments arguments = {0};
    struct profile_plan *plan;
    struct base_error error;
    int status;
    cli_parse(&argp, argc, argv, &arguments);
    signal(SIGINT, leave);
    signal(SIGTERM, leave);
    if (signal(SIGHUP, leave) == SIG_IGN) {
        signal(SIGHUP, SIG_IGN); /* nohup */
    }
    if (cli_load_profile(&plan, arguments.profile, arguments.variant, &arguments.settings,
                         &error)) {
        status = execute_all(&arguments, plan);
        profile_plan_destroy(plan);
    } else {
        status = cli_complain(&error);
    }
    free((void *)arguments.settings.items);
    free((void *)arguments.only.items);
    return status;
}
