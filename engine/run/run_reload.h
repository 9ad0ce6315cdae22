/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_RELOAD_H
#define RUN_RELOAD_H

#include "base_error.h"
#include "run_pki.h"

#include <stdio.h>

struct node;
struct run;

/*
 * The nodes' certificates read anew while they run. All that can be wrong with them shows before
 * any worker hears of it; then the workers make their contexts; when all could, all take them.
 */
enum run_reload_phase {
    RUN_RELOAD_NONE,
    RUN_RELOAD_OFFERED,
    RUN_RELOAD_TAKEN,
    RUN_RELOAD_LEFT /* a worker could not: the others are told */
};

/* Nodes as they stand after one reload. Connections read them to the end of the run. */
struct run_generation {
    struct node **nodes; /* those of before, where `pki` has nothing */
    struct run_node_pki *pki;
    bool *made; /* per node: by this reload */
    struct run_generation *earlier;
};

/* Every one keeps its nodes and contexts to the end of the run. */
#define RUN_RELOADS_MAX 1000

struct run_reload {
    enum run_reload_phase phase;
    bool is_renewal;                    /* nobody waits for its answer */
    struct run_generation *generations; /* the newest first */
    unsigned count;
    struct node **first_nodes; /* those the run began with; NULL: they still stand */
    uint32_t only;             /* node index, or PROFILE_NONE */
    struct base_error error;   /* why it is left */
};

/*
 * Begins one, of node `only` or of all (PROFILE_NONE): of what the profile takes from files
 * (`cert`, `folder`) from there, of the rest from the result's nodes/<node>/. `answered`: there was
 * nothing to change, and it is over. False with a sentence: nothing changed.
 */
bool run_reload_begin(struct run *run, uint32_t only, bool *answered, struct base_error *error);

/* Asks the workers how far they are. True when it is over: `error` tells of BASE_ERROR_NONE, or
 * what went wrong. */
bool run_reload_turn(struct run *run, struct base_error *error);

/* What the nodes that run here present now: a line for each. */
void run_reload_describe(const struct run *run, uint32_t only, FILE *out);

/* The workers are gone. */
void run_reload_finish(struct run *run);

#endif
