/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_PUBLISH_H
#define RUN_PUBLISH_H

#include "base_error.h"
#include "metrics_shard.h"

struct run;

/*
 * What is made of the counters while they grow: the workers are asked for copies when a window
 * ends, a checkpoint is due or a threshold may end the run; in a later turn all have answered.
 */
struct run_publish {
    struct metrics_shard *copies; /* per worker; NULL: nobody will need them */
    uint64_t counting_since_ns;
    bool asked;
    uint64_t asked_ns;
    uint64_t next_checkpoint_ns; /* UINT64_MAX: none */
    uint64_t next_abort_ns;      /* likewise */
};

bool run_publish_init(struct run *run, const struct metrics_shape *shape, struct base_error *error);
void run_publish_finish(struct run *run);

void run_publish_turn(struct run *run, uint64_t now_ns);
/* Ends the last window: the counters stand still. */
void run_publish_end(struct run *run);

#endif
