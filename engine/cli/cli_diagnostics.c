/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "report_dump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

bool cli_diagnostics_directory(char *out, size_t out_size, const struct cli_result_paths *paths,
                               struct base_error *error) {
    int length = snprintf(out, out_size, "%s/diagnostics", paths->directory);
    return (length >= 0 && (size_t)length < out_size) ||
           base_error_set(error, BASE_ERROR_USAGE, "--out: not a usable path");
}

struct bundle {
    const char *directory;
    const char *stamp;
    const struct report_facts *facts;
    const struct report_status *status;
};

static const char *ending_of(enum report_dump_form form) {
    return form == REPORT_DUMP_XML ? "xml" : "txt";
}

static bool write_one(const struct bundle *bundle, uint32_t node, bool is_status,
                      enum report_dump_form form, struct base_error *error) {
    const struct profile_plan *plan = bundle->facts->plan;
    const char *name = plan->nodes[node].name;
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/%s/%s_dump_%s_%s.%s", bundle->directory, name,
                          is_status ? "xstat" : "xconf", name, bundle->stamp, ending_of(form));
    if (length < 0 || (size_t)length >= sizeof path) {
        return base_error_set(error, BASE_ERROR_USAGE, "the path %.200s... is too long", path);
    }
    FILE *file = fopen(path, "we");
    bool good = file != NULL &&
                (is_status ? report_xstat_write(bundle->status, node, form, file)
                           : report_xconf_write(plan, node, bundle->facts->summary, form, file));
    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    return good ||
           base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path, strerror(errno));
}

static bool write_node(const struct bundle *bundle, uint32_t node, struct base_error *error) {
    return write_one(bundle, node, false, REPORT_DUMP_TEXT, error) &&
           write_one(bundle, node, false, REPORT_DUMP_XML, error) &&
           write_one(bundle, node, true, REPORT_DUMP_TEXT, error) &&
           write_one(bundle, node, true, REPORT_DUMP_XML, error);
}

/* The run made a folder for every node that it ran. */
static bool has_folder(const struct bundle *bundle, uint32_t node) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", bundle->directory, bundle->facts->plan->nodes[node].name);
    return access(path, F_OK) == 0;
}

bool cli_diagnostics_write(const char *directory, const char *stamp,
                           const struct report_facts *facts, struct base_error *error) {
    struct report_status status;
    const struct bundle bundle = {
        .directory = directory, .stamp = stamp, .facts = facts, .status = &status};
    bool good = true;
    if (!report_status_init(&status, facts->plan)) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    report_status_take_summary(&status, facts->summary);
    for (uint32_t i = 0; good && i < facts->plan->node_count; i++) {
        good = !has_folder(&bundle, i) || write_node(&bundle, i, error);
    }
    report_status_finish(&status);
    return good;
}
