/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_STEP_H
#define STUDY_STEP_H

#include "study_internal.h"

/*
 * One step of a search: a run that offers a rate. A session, or a registration, is a new connection
 * in an open loop. A re-registration is a refresh on a connection that stays: C connections open
 * evenly over C / rate seconds and refresh every C / rate seconds, so that requests leave evenly at
 * that rate from the first to the last; those that open it are not counted.
 */
struct study_step {
    const struct study_setup *setup;
    const struct study_rate_options *options;
    const char *pki;
    uint32_t zone;
    uint32_t connections; /* that refresh */
};

/* Sets what all steps have in common. */
void study_step_prepare(const struct study_step *step);

/* What became of it, and the whole result for whoever asks more (finish it with
 * run_result_finish()). */
bool study_step_run(struct metrics_rate_step *out, struct run_result *result,
                    const struct study_step *step, unsigned number, double rate,
                    struct base_error *error);

#endif
