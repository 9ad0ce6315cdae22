/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_LIMIT_H
#define NODE_LIMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * How many sessions a listener lets begin in a while, in all workers together: a bucket of tokens
 * kept as the time when it will be full again (the generic cell rate algorithm, ITU-T I.371).
 */
struct node_limit {
    _Atomic uint64_t full_at_ns;
    uint64_t interval_ns; /* what one session costs */
    uint64_t burst_ns;    /* what may be owed when one begins */
};

void node_limit_init(struct node_limit *limit, double sessions_per_s);

/* Any thread. False: one too many, and it costs nothing. */
bool node_limit_admits(struct node_limit *limit, uint64_t now_ns);

#endif
