/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_TIMELINE_H
#define JOURNAL_TIMELINE_H

#include "base_error.h"
#include "metrics_snapshot.h"

/* timeline.csv: a row a second per zone and listener, written while running. One thread. */
struct journal_timeline;

bool journal_timeline_open(struct journal_timeline **out, const char *path,
                           struct base_error *error);
void journal_timeline_zone(struct journal_timeline *timeline, double seconds, const char *name,
                           enum metrics_state state, const struct metrics_zone_snapshot *now);
void journal_timeline_listener(struct journal_timeline *timeline, double seconds, const char *name,
                               const struct metrics_listener_snapshot *now);
bool journal_timeline_close(struct journal_timeline *timeline, struct base_error *error);

#endif
