/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_STUDY_H
#define REPORT_STUDY_H

#include "metrics_study.h"

#include <stdio.h>

/* What a report of several runs is a pure function of. */
struct report_study_facts {
    const char *profile;
    const char *(*suite_name)(unsigned number); /* IANA name, NULL: unknown */
    const char *path;                           /* folder of the study, for people; NULL: none */
};

/* overhead.json, schema ekuload/overhead/1, and the summary people read. False when writing failed
 * (errno). */
bool report_overhead_json(const struct metrics_overhead *overhead,
                          const struct report_study_facts *facts, FILE *out);
void report_overhead_text(const struct metrics_overhead *overhead,
                          const struct report_study_facts *facts, FILE *out);

/* find-rate.json, schema ekuload/find-rate/1, and the report of RFC 7502 section 5. */
bool report_rate_json(const struct metrics_rate_search *search,
                      const struct report_study_facts *facts, FILE *out);
void report_rate_text(const struct metrics_rate_search *search,
                      const struct report_study_facts *facts, FILE *out);

#endif
