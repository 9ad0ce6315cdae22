/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include "metrics_summary.h"
#include "profile_plan.h"
#include "verdict.h"

#include <stdio.h>

/* Everything a report is a pure function of. */
struct report_facts {
    const struct profile_plan *plan;
    const struct metrics_summary *summary;
    const struct verdict *verdict;
    const char *(*suite_name)(unsigned number); /* IANA name, NULL: unknown */
    const char *result_path;                    /* folder of the result, for people */
};

/* result.json, schema ekuload/result/1. False when writing failed (errno). */
bool report_json_write(const struct report_facts *facts, FILE *out);

/* The summary people read. Colours only when `colour`. */
void report_terminal_write(const struct report_facts *facts, FILE *out, bool colour);

/* latency.hgrm: HdrHistogram's percentile text, one section per zone and metric. */
bool report_hgrm_write(const struct report_facts *facts, FILE *out);

#endif
