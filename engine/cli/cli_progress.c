/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include <inttypes.h>
#include <stdio.h>

static bool shown;

void cli_progress_show(void *context, const struct run_progress *progress) {
    char line[512];
    size_t length = (size_t)snprintf(line, sizeof line, "%4.0f/%.0fs%s", progress->elapsed_s,
                                     progress->duration_s, progress->paused ? " paused" : "");
    (void)context;
    for (uint32_t i = 0; i < progress->plan->zone_count && length < sizeof line - 144; i++) {
        const struct metrics_zone_snapshot *zone = &progress->zones[i];
        char wanted[48];
        if (zone->attempts == 0) {
            continue;
        }
        cli_target_print(&progress->targets[i], wanted, sizeof wanted);
        length += (size_t)snprintf(line + length, sizeof line - length,
                                   "  %.24s%s open %" PRIu64 " failed %" PRIu64 " lost %" PRIu64
                                   " sip %" PRIu64,
                                   progress->plan->zones[i].full_name, wanted, zone->open,
                                   zone->failed, zone->lost, zone->sip_responses_2xx);
    }
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
    shown = true;
}

void cli_progress_clear(void) {
    if (shown) {
        fprintf(stderr, "\r\033[K");
    }
}
