/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 4096

static bool refuse_used(const struct cli_result_paths *paths, struct base_error *error) {
    char result[PATH_BYTES];
    /* The timeline, or a study's first run, is written while running: such a folder belongs to one
     * that has not ended. */
    static const char *const signs[] = {"result.json",    "timeline.csv", "overhead.json",
                                        "find-rate.json", "steps/001",    "blocks/000-on-warm-up"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        snprintf(result, sizeof result, "%s/%s", paths->directory, signs[i]);
        if (access(result, F_OK) == 0) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s already holds a result: choose another --out",
                                  paths->directory);
        }
    }
    return true;
}

/* The first `length` characters of `path` as a folder; `*made`: it was not there. */
static bool make_folder(char *path, size_t length, bool *made) {
    char next = path[length];
    path[length] = '\0';
    *made = mkdir(path, 0755) == 0;
    bool good = *made || errno == EEXIST;
    path[length] = next;
    return good;
}

/*
 * Keys are issued before the first file is written: what cannot be made is said before that. The
 * folder itself does not stay, or whatever else fails until then would leave an empty one; those
 * above it do, because another run may be about to use them.
 */
bool cli_result_try(const char *option, const char *directory, struct base_error *error) {
    char path[PATH_BYTES];
    size_t length = (size_t)snprintf(path, sizeof path, "%s", directory);
    bool made = false;
    int cause = length < sizeof path ? 0 : ENAMETOOLONG;
    for (size_t at = 1; cause == 0 && at <= length; at++) {
        if (path[at] == '/' || path[at] == '\0') {
            cause = make_folder(path, at, &made) ? 0 : errno;
        }
    }
    if (cause == 0 && access(path, W_OK | X_OK) != 0) {
        cause = errno;
    }
    if (cause == 0 && made) {
        rmdir(path);
    }
    return cause == 0 ||
           base_error_set(error, BASE_ERROR_MACHINE, "%s%s%.600s: the folder cannot be made: %s",
                          option, option[0] == '\0' ? "" : " ", directory, strerror(cause));
}

bool cli_result_choose(struct cli_result_paths *paths, const char *asked, const char *profile,
                       struct base_error *error) {
    char stamp[32];
    struct timespec now;
    struct tm utc;
    int length;
    if (asked != NULL) {
        length = snprintf(paths->directory, sizeof paths->directory, "%s", asked);
    } else {
        /* To the millisecond: Core and Edge may be started by one command line. */
        clock_gettime(CLOCK_REALTIME, &now);
        gmtime_r(&now.tv_sec, &utc);
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &utc);
        length = snprintf(paths->directory, sizeof paths->directory, "results/%s-%s.%03ldZ",
                          profile, stamp, now.tv_nsec / 1000000);
    }
    if (length < 0 || (size_t)length >= sizeof paths->directory || length == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "--out: not a usable path");
    }
    return refuse_used(paths, error) &&
           cli_result_try(asked == NULL ? "" : "--out", paths->directory, error);
}

bool cli_result_choose_variant(struct cli_result_paths *paths, const struct cli_result_paths *whole,
                               const char *variant, struct base_error *error) {
    int length = snprintf(paths->directory, sizeof paths->directory, "%s/variants/%s",
                          whole->directory, variant);
    if (length < 0 || (size_t)length >= sizeof paths->directory) {
        return base_error_set(error, BASE_ERROR_USAGE, "--out: not a usable path");
    }
    return refuse_used(paths, error);
}

/* A reader never sees half a file: it is written beside itself, then renamed; on the disk before
 * it takes the place of an earlier one. */
bool cli_result_write_file(const char *directory, const char *name,
                           bool (*write)(const void *context, FILE *out), const void *context,
                           struct base_error *error) {
    char path[PATH_BYTES];
    char partial[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(partial, sizeof partial, "%s/.%s.partial", directory, name);
    FILE *file = fopen(partial, "we");
    bool good =
        file != NULL && write(context, file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
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

static bool write_plan(const void *context, FILE *out) {
    const struct report_facts *facts = context;
    return fputs(facts->plan->text, out) >= 0;
}

static bool write_hgrm(const void *context, FILE *out) {
    return report_hgrm_write(context, out);
}

static bool write_json(const void *context, FILE *out) {
    return report_json_write(context, out);
}

bool cli_result_write_json(const char *directory, const struct report_facts *facts,
                           struct base_error *error) {
    return cli_result_write_file(directory, "result.json", write_json, facts, error);
}

bool cli_result_checkpoint(const struct cli_result_paths *paths, const struct report_facts *facts,
                           struct base_error *error) {
    return cli_result_write_file(paths->directory, "profile.yaml", write_plan, facts, error) &&
           cli_result_write_json(paths->directory, facts, error);
}

bool cli_result_write(const struct cli_result_paths *paths, const struct report_facts *facts,
                      struct base_error *error) {
    return cli_result_write_file(paths->directory, "latency.hgrm", write_hgrm, facts, error) &&
           cli_result_checkpoint(paths, facts, error);
}
