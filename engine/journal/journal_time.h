/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_TIME_H
#define JOURNAL_TIME_H

#include <stdint.h>

enum { JOURNAL_TIME_SIZE = 48 };

/* "2026-03-29T12:24:39.839+05:30" */
void journal_time_local(int64_t wall_ns, char out[JOURNAL_TIME_SIZE]);

/* "2026-03-29 06:54:39.839"; `point` stands before the milliseconds. */
void journal_time_utc(int64_t wall_ns, char point, char out[JOURNAL_TIME_SIZE]);

#endif
