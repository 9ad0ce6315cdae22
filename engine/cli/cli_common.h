/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "base_error.h"
#include "cli.h"
#include "profile_load.h"
#include "report.h"
#include "run.h"

#include <argp.h>

/* A list of option values in the order given; argv's own texts. */
struct cli_texts {
    const char **items;
    size_t count;
};
void cli_texts_add(struct cli_texts *texts, const char *text);

/* As printf() says it, on the heap. Like the above, it ends the process when there is no memory. */
char *cli_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the sentence on stderr; returns the exit status that its kind stands for. */
int cli_complain(const struct base_error *error);

/* The order of options in --help; each but the first has its heading. */
enum cli_group {
    CLI_GROUP_OWN,
    CLI_GROUP_PROFILE,
    CLI_GROUP_LOAD,
    CLI_GROUP_CONNECTIONS,
    CLI_GROUP_STEERING,
    CLI_GROUP_RESULT,
    CLI_GROUP_MACHINE,
};

/* What a command line says of a profile: PROFILE, --variant and --set. */
struct cli_profile {
    const char *name;    /* NULL: none was given */
    const char *variant; /* NULL: the profile itself */
    struct cli_texts settings;
    struct cli_texts options; /* as long: the option that a setting stands for, as it was typed;
                                 NULL: --set itself */
};
/* One more setting; both texts are borrowed. */
void cli_profile_set(struct cli_profile *profile, const char *option, const char *setting);
void cli_profile_finish(struct cli_profile *profile);
/* A child of the parsers of commands that take a profile; its input is a struct cli_profile. */
extern const struct argp cli_profile_argp;

/* profile_load() with the clock's date. What is wrong with a setting that an option stands for is
 * said of the option. */
bool cli_load_profile(struct profile_plan **out, const struct cli_profile *profile,
                      struct base_error *error);
/* profile_survey(), likewise. */
bool cli_survey_profile(struct profile_plan **out, const struct cli_profile *profile,
                        struct base_error *error);

/* The value of --output-format: true for json; anything but text is a usage error else. */
bool cli_take_format(struct argp_state *state, const char *value);

/* A whole number from 1 to `max`, else a usage error. */
uint64_t cli_take_number(struct argp_state *state, const char *option, const char *text,
                         uint64_t max);

/* argp_parse() for a sub-command: its messages begin with "ekuload COMMAND". */
void cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Where a run's result goes. */
struct cli_result_paths {
    char directory[3072];
};
/* `asked`: --out, or NULL for results/<profile>-<time>. A folder that holds a result is refused. */
bool cli_result_choose(struct cli_result_paths *paths, const char *asked, const char *profile,
                       struct base_error *error);
/* Whether a folder can be made and written to; `option` is what named it, or "". */
bool cli_result_try(const char *option, const char *directory, struct base_error *error);
/* Below that of the whole profile: variants/<variant>. */
bool cli_result_choose_variant(struct cli_result_paths *paths, const struct cli_result_paths *whole,
                               const char *variant, struct base_error *error);
/* result.json, profile.yaml, latency.hgrm: each written beside itself and renamed. */
bool cli_result_write(const struct cli_result_paths *paths, const struct report_facts *facts,
                      struct base_error *error);
/* result.json alone. */
bool cli_result_write_json(const char *directory, const struct report_facts *facts,
                           struct base_error *error);
/* A file of the folder: what `write` makes of `context`. */
bool cli_result_write_file(const char *directory, const char *name,
                           bool (*write)(const void *context, FILE *out), const void *context,
                           struct base_error *error);
/* What of it is there while the run goes on: result.json and profile.yaml. */
bool cli_result_checkpoint(const struct cli_result_paths *paths, const struct report_facts *facts,
                           struct base_error *error);

/* Where the bundles of `run --diagnostics` go. */
bool cli_diagnostics_directory(char *out, size_t out_size, const struct cli_result_paths *paths,
                               struct base_error *error);
/* xconf_dump and xstat_dump of every node that has a folder there. */
bool cli_diagnostics_write(const char *directory, const char *stamp,
                           const struct report_facts *facts, struct base_error *error);

/* A live line on stderr, for run_options.progress. */
void cli_progress_show(void *context, const struct run_progress *progress);
void cli_progress_clear(void);

/* " at 500/s" or " of 4300" when a zone is steered to that, else "". */
void cli_target_print(const struct run_target *target, char *out, size_t out_size);

/* The answer to `ekuload ctl status`, for run_options.status. */
void cli_status_show(const struct run_progress *run, FILE *out);

int cli_run(int argc, char **argv);
int cli_certs(int argc, char **argv);
int cli_ctl(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_find_rate(int argc, char **argv);
int cli_inspect(int argc, char **argv);
int cli_overhead(int argc, char **argv);
int cli_profiles(int argc, char **argv);
int cli_store(int argc, char **argv);

#endif
