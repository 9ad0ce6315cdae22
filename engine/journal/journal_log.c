/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal_log {
    uint32_t node_count;
    FILE *files[];
};

bool journal_log_open(struct journal_log **out, const char *const *paths, uint32_t node_count,
                      struct base_error *error) {
    struct journal_log *log = calloc(1, sizeof *log + node_count * sizeof log->files[0]);
    *out = NULL;
    if (log == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    log->node_count = node_count;
    for (uint32_t i = 0; i < node_count; i++) {
        if (paths[i] == NULL) {
            continue;
        }
        log->files[i] = fopen(paths[i], "we");
        if (log->files[i] == NULL) {
            base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", paths[i],
                           strerror(errno));
            struct base_error ignored;
            journal_log_close(log, &ignored);
            return false;
        }
    }
    *out = log;
    return true;
}

void journal_log_write(struct journal_log *log, const struct journal_event *event,
                       const struct journal_place *place) {
    char line[JOURNAL_LINE_SIZE];
    if (log->files[place->node] == NULL) {
        return;
    }
    journal_log_format(event, place, line, sizeof line);
    fputs(line, log->files[place->node]);
    fputc('\n', log->files[place->node]);
}

void journal_log_flush(struct journal_log *log) {
    for (uint32_t i = 0; i < log->node_count; i++) {
        if (log->files[i] != NULL) {
            fflush(log->files[i]);
        }
    }
}

bool journal_log_close(struct journal_log *log, struct base_error *error) {
    bool good = true;
    for (uint32_t i = 0; log != NULL && i < log->node_count; i++) {
        if (log->files[i] == NULL) {
            continue;
        }
        bool failed = ferror(log->files[i]) != 0;
        failed = fclose(log->files[i]) != 0 || failed;
        good = good && !failed;
    }
    free(log);
    return good || base_error_set(error, BASE_ERROR_MACHINE,
                                  "an events.log is incomplete: writing to it failed");
}
