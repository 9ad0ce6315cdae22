/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_LOAD_H
#define PROFILE_LOAD_H

#include "base_error.h"
#include "profile_plan.h"

#include <stddef.h>

/*
 * Reads and validates a profile, or one of its variants (`variant`; NULL: the profile itself): a
 * variant's own values come after the file's and before `settings`, its expectations and thresholds
 * replace the file's. Loading the profile itself refuses it for a variant's mistakes, too.
 * `name_or_path`: a file, or the name of a built-in profile (found
 * from any working directory). `settings`: "PATH=VALUE" texts, applied to the tree before it is
 * validated; VALUE is YAML in flow style ("nodes.edge.eku_checking=off",
 * "nodes.core.tls.versions=[1.2]"). A setting may replace or add a known key. `now` (seconds since
 * 1970) resolves relative dates. Errors are BASE_ERROR_USAGE: file, line, key, what was expected;
 * an unknown key names the nearest known one. Relative file names start at the
 * profile's folder, those of settings at the working directory. *out is NULL on failure. Destroy
 * with profile_plan_destroy(), which takes NULL, too.
 */
bool profile_load(struct profile_plan **out, const char *name_or_path, const char *variant,
                  const char *const *settings, size_t setting_count, int64_t now,
                  struct base_error *error);
/* The same for whoever adds settings that depend on what the profile holds: keys that do nothing so
 * far are let pass. */
bool profile_survey(struct profile_plan **out, const char *name_or_path, const char *variant,
                    const char *const *settings, size_t setting_count, int64_t now,
                    struct base_error *error);
void profile_plan_destroy(struct profile_plan *plan);

/* The built-in profiles, sorted by name; what each one proves. Free with
 * profile_catalogue_finish(). */
struct profile_catalogue_entry {
    char *name;
    char *path;
    char *proves;
    char *variants; /* "mode-off, far-end-off"; "": it has none */
};
struct profile_catalogue {
    struct profile_catalogue_entry *entries;
    size_t count;
};
bool profile_catalogue_init(struct profile_catalogue *out, struct base_error *error);
void profile_catalogue_finish(struct profile_catalogue *catalogue);

/* "100us" "20ms" "5s" "3m" "24h" to nanoseconds. False when it is not a duration. Used for
 * --duration too. */
bool profile_parse_duration(const char *text, uint64_t *out_ns);

/* "400/s" "30/m" "0.5/s". False when it is no rate. Used by `ekuload ctl set rate`, too. */
bool profile_value_rate(const char *text, double *out_per_s);

#endif
