/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_WINDOWS_H
#define JOURNAL_WINDOWS_H

#include "base_error.h"
#include "metrics_window.h"

/* windows.csv: rows for each window as it ends, of the process, of zones and of listeners; windows
 * that a result merges later stay apart here. One thread. */
struct journal_windows;

bool journal_windows_open(struct journal_windows **out, const char *path, struct base_error *error);
void journal_windows_run(struct journal_windows *windows, const struct metrics_window *window);
void journal_windows_zone(struct journal_windows *windows, const struct metrics_window *window,
                          const char *name, const struct metrics_window_zone *zone);
void journal_windows_listener(struct journal_windows *windows, const struct metrics_window *window,
                              const char *name, const struct metrics_window_listener *listener);
/* NULL is fine. */
bool journal_windows_close(struct journal_windows *windows, struct base_error *error);

#endif
