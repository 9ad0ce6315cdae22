/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 4096

static bool refuse_used(const struct cli_result_paths *paths, struct base_error *error) {
    char result[PATH_BYTES];
    /* The timeline is written while running: such a folder belongs to a run that has not ended. */
    static const char *const signs[] = {"result.json", "timeline.csv"};
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
    return refuse_used(paths, error);
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

static bool write_plan(const struct report_facts *facts, FILE *out) {
    return fputs(facts->plan->text, out) >= 0;
}

/* A reader never sees half a file: it is written beside itself, then renamed; a durable one is on
 * the disk before it takes the place of an earlier one. */
static bool write_whole(const struct cli_result_paths *paths, const char *name,
                        const struct report_facts *facts,
                        bool (*write)(const struct report_facts *facts, FILE *out), bool durable,
                        struct base_error *error) {
    char path[PATH_BYTES];
    char partial[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", paths->directory, name);
    snprintf(partial, sizeof partial, "%s/.%s.partial", paths->directory, name);
    FILE *file = fopen(partial, "we");
    bool good = file != NULL && write(facts, file) && fflush(file) == 0 &&
                (!durable || fsync(fileno(file)) == 0);
    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    if (good && rename(partial, path) == 0) {
        return true;
    }
    int cause = errno;
    unlink(partial);
    return base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path, strerror(cause));
}

bool cli_result_write(const struct cli_result_paths *paths, const struct report_facts *facts,
                      struct base_error *error) {
    return write_whole(paths, "profile.yaml", facts, write_plan, false, error) &&
           write_whole(paths, "latency.hgrm", facts, report_hgrm_write, false, error) &&
           write_whole(paths, "result.json", facts, report_json_write, true, error);
}

bool cli_result_checkpoint(const struct cli_result_paths *paths, const struct report_facts *facts,
                           struct base_error *error) {
    return write_whole(paths, "profile.yaml", facts, write_plan, false, error) &&
           write_whole(paths, "result.json", facts, report_json_write, true, error);
}
