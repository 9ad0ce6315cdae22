/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_timeline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal_timeline {
    FILE *file;
};

bool journal_timeline_open(struct journal_timeline **out, const char *path,
                           struct base_error *error) {
    struct journal_timeline *timeline = calloc(1, sizeof *timeline);
    *out = NULL;
    if (timeline != NULL) {
        timeline->file = fopen(path, "we");
    }
    if (timeline == NULL || timeline->file == NULL) {
        free(timeline);
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path,
                              strerror(errno));
    }
    /* A row a second: whoever watches the run sees each at once. */
    setvbuf(timeline->file, NULL, _IOLBF, 0);
    /* One table for both kinds: what a kind does not have is empty. */
    fputs("second,subject,state,attempts,established,failed,unconfirmed,lost,open,in_flight,"
          "answering,sip_requests,sip_responses_2xx,sip_timeouts,late,dropped,"
          "accepted,admitted,refused,aborted,eku_checked,eku_refused\n",
          timeline->file);
    *out = timeline;
    return true;
}

void journal_timeline_zone(struct journal_timeline *timeline, double seconds, const char *name,
                           enum metrics_state state, const struct metrics_zone_snapshot *now) {
    fprintf(timeline->file,
            "%.3f,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",,,,,,\n",
            seconds, name, metrics_state_key(state), now->attempts, now->established, now->failed,
            now->unconfirmed, now->lost, now->open, now->in_flight, now->answering,
            now->sip_requests, now->sip_responses_2xx, now->sip_timeouts, now->late, now->dropped);
}

void journal_timeline_listener(struct journal_timeline *timeline, double seconds, const char *name,
                               const struct metrics_listener_snapshot *now) {
    fprintf(timeline->file,
            "%.3f,%s,,,,,,,%" PRIu64 ",%" PRIu64 ",,,,,,,%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
            seconds, name, now->open, now->in_flight, now->accepted, now->admitted, now->refused,
            now->aborted, now->eku_checked, now->eku_refused);
}

bool journal_timeline_close(struct journal_timeline *timeline, struct base_error *error) {
    if (timeline == NULL) {
        return true;
    }
    bool failed = ferror(timeline->file) != 0;
    failed = fclose(timeline->file) != 0 || failed;
    free(timeline);
    return !failed || base_error_set(error, BASE_ERROR_MACHINE,
                                     "timeline.csv is incomplete: writing to it failed");
}
