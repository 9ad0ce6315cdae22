/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include "report.h"

/*
 * A run of three zones against two listeners: core.uc is active, core.tunnel is refused for its
 * purpose, core.webex (a peer outside the profile) never began; edge.sip ran elsewhere. All sums
 * hold.
 */
struct sample {
    struct profile_plan plan;
    struct metrics_summary summary;
    struct verdict verdict;
    struct report_facts facts;
};
enum { ZONE_UC, ZONE_TUNNEL, ZONE_WEBEX, ZONES };
enum { LISTENER_UC, LISTENER_TUNNEL, LISTENER_SIP, LISTENERS };

extern struct sample sample;

void sample_begin(void);
void sample_end(void);

/* Judges what was counted until now. */
void sample_judge(void);

/* What a writer wrote; on the heap. */
char *sample_written(bool (*write)(const struct report_facts *facts, FILE *out));

#endif
