/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DRIFT_H
#define REPORT_DRIFT_H

#include "metrics_drift.h"
#include "report.h"

/* `name` as in the result: "rss_kib", "core.uc.establish.p99"; gone after the call. */
typedef void (*report_drift_teller)(void *context, const char *name, struct metrics_series series,
                                    const struct metrics_drift *drift);

/* Every series of the run that has windows enough. */
void report_drift_each(const struct report_facts *facts, report_drift_teller teller, void *context);

#endif
