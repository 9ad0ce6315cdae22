/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_OVERHEAD_H
#define STUDY_OVERHEAD_H

#include "study_block.h"
#include "study_internal.h"

/* An overhead while it is measured. */
struct study_overhead {
    const struct study_setup *setup;
    const struct study_overhead_options *options;
    struct metrics_overhead *out;
    bool *zones;     /* measured; as in the plan */
    bool *listeners; /* whose checks are measured */
    bool *nodes;     /* switched */
};

/* study_choice.c: what is measured and what is switched, and its names into `out`. */
bool study_choose(struct study_overhead *study, struct base_error *error);

/* study_refusal.c: what a refusal costs, measured last: what fails there costs nothing that is
 * known by then. */
void study_refusal(struct study_overhead *study);

/* All nodes that are switched; a peer elsewhere by the user's command. */
bool study_overhead_switch(const struct study_overhead *study, bool on, struct base_error *error);

#endif
