/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_windows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal_windows {
    FILE *file;
};

static void write_head(FILE *file) {
    /* One table for all kinds: what a kind does not have is empty. */
    fputs("begin_s,end_s,subject,met,state,cpu_share,rss_kib,heap_kib,peer_rss_kib,descriptors,"
          "slots,attempts,established,failed,unconfirmed,lost,closed,late,dropped,open,peak_open,"
          "sip_requests,sip_responses_2xx,sip_timeouts,accepted,admitted,refused,aborted",
          file);
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        const char *key = metrics_zone_latency_key((enum metrics_zone_latency)i);
        fprintf(file, ",%s_p50,%s_p99", key, key);
    }
    fputs("\n", file);
}

bool journal_windows_open(struct journal_windows **out, const char *path,
                          struct base_error *error) {
    struct journal_windows *windows = calloc(1, sizeof *windows);
    *out = NULL;
    if (windows != NULL) {
        windows->file = fopen(path, "we");
    }
    if (windows == NULL || windows->file == NULL) {
        free(windows);
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path,
                              strerror(errno));
    }
    /* Whoever watches the run sees each row at once, and so does who finds it killed. */
    setvbuf(windows->file, NULL, _IOLBF, 0);
    write_head(windows->file);
    *out = windows;
    return true;
}

static void write_subject(FILE *file, const struct metrics_window *window, const char *name) {
    fprintf(file, "%.3f,%.3f,%s,", window->begin_s, window->end_s, name);
}

/* `latencies`: NULL, or those of a zone; without samples a cell is empty. */
static void end_row(FILE *file, const struct metrics_window_latency *latencies) {
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        if (latencies == NULL || latencies[i].count == 0) {
            fputs(",,", file);
        } else {
            fprintf(file, ",%" PRIu64 ",%" PRIu64, latencies[i].p50, latencies[i].p99);
        }
    }
    fputs("\n", file);
}

void journal_windows_run(struct journal_windows *windows, const struct metrics_window *window) {
    const struct metrics_usage *usage = &window->usage;
    FILE *file = windows->file;
    write_subject(file, window, "");
    fprintf(file,
            "%s,,%.3f,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",,,,,,,,,,,,,,,,,",
            window->met ? "yes" : "no", usage->cpu_share, usage->rss_kib, usage->heap_kib,
            usage->peer_rss_kib, usage->descriptors, usage->slots);
    end_row(file, NULL);
}

void journal_windows_zone(struct journal_windows *windows, const struct metrics_window *window,
                          const char *name, const struct metrics_window_zone *zone) {
    FILE *file = windows->file;
    write_subject(file, window, name);
    fprintf(file,
            ",%s,,,,,,,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",,,,",
            metrics_state_key(zone->state), zone->attempts, zone->established, zone->failed,
            zone->unconfirmed, zone->lost, zone->closed, zone->late, zone->dropped, zone->open,
            zone->peak_open, zone->sip_requests, zone->sip_responses_2xx, zone->sip_timeouts);
    end_row(file, zone->latency);
}

/* A listener's latencies are in the result: the columns are those of zones. */
void journal_windows_listener(struct journal_windows *windows, const struct metrics_window *window,
                              const char *name, const struct metrics_window_listener *listener) {
    FILE *file = windows->file;
    write_subject(file, window, name);
    fprintf(file,
            ",,,,,,,,,,,,,%" PRIu64 ",,,%" PRIu64 ",,%" PRIu64 ",,,%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64,
            listener->closed, listener->open, listener->sip_requests, listener->accepted,
            listener->admitted, listener->refused, listener->aborted);
    end_row(file, NULL);
}

bool journal_windows_close(struct journal_windows *windows, struct base_error *error) {
    if (windows == NULL) {
        return true;
    }
    bool failed = ferror(windows->file) != 0;
    failed = fclose(windows->file) != 0 || failed;
    free(windows);
    return !failed || base_error_set(error, BASE_ERROR_MACHINE,
                                     "windows.csv is incomplete: writing to it failed");
}
