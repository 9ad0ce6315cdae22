/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_USAGE_H
#define RUN_USAGE_H

#include "metrics_window.h"
#include "run.h"

/* What this process and its named peers use now; cpu_share and slots are left to the caller. */
void run_usage_read(struct metrics_usage *out, const struct run_options *options);

/* 0: there is no such process, or it may not be read. */
uint64_t run_usage_rss_kib(long pid);

#endif
