/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "run.h"

/*
 * SIPp's keys while a run shows its progress: they become the commands that `ekuload ctl` knows.
 * One per process. The terminal is as it was before when cli_keys_end() returns, when the process
 * is suspended, and when a signal or exit() ends it.
 */

/* From now on keys are read whenever the terminal is ours; `scale`: what + and - change by. Does
 * nothing unless standard input and error are terminals. */
void cli_keys_begin(struct run_options *options, unsigned scale);
void cli_keys_end(void);

#endif
