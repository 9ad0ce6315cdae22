/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_INSTANCE_H
#define NODE_INSTANCE_H

#include "base_error.h"
#include "base_random.h"

#include <stdbool.h>
#include <stdint.h>

struct bytes;
struct node;
struct profile_plan;
struct tls_context;

enum node_dialog { NODE_DIALOG_NONE, NODE_DIALOG_OPTIONS };

/* One certificate of the client store, ready to be presented. */
struct node_presented {
    struct tls_context *context;
    uint32_t identity;       /* index in the plan's store */
    double cumulative_share; /* of all attempts, this one and those before it: ends at 1 */
};

/* A zone as one worker drives it. */
struct node_zone {
    struct node_presented *presented; /* NULL: the zone's node runs elsewhere */
    uint32_t presented_count;
    struct bytes *expected_leaves; /* what the peer's server store holds; the contexts read it */
    char local_name[256];          /* SIP host of our side */
    char remote_name[256];         /* SIP host of the peer */
    enum node_dialog dialog;
    bool stays_open; /* keep N open: only the peer or the end of the run closes */
    bool reset_on_close;
    uint64_t hold_ns;
    uint64_t options_interval_ns;
    uint64_t timeout_ns;
};

/* A listener as one worker serves it. */
struct node_listener {
    struct tls_context *context;   /* NULL: the listener's node runs elsewhere */
    struct bytes *expected_leaves; /* what the client stores of its initiators hold */
    uint64_t timeout_ns;
};

/* One worker's TLS contexts of all nodes that run here, indexed as in the plan. Owning worker only.
 */
struct node_instance {
    struct node_zone *zones;
    uint32_t zone_count;
    struct node_listener *listeners;
    uint32_t listener_count;
};

/*
 * `nodes`: one per node of the plan, NULL when nothing is known of it (external equipment).
 * `runs_here`: one per node. The nodes outlive the instance.
 */
bool node_instance_create(struct node_instance **out, const struct profile_plan *plan,
                          struct node *const *nodes, const bool *runs_here,
                          struct base_error *error);
void node_instance_destroy(struct node_instance *instance);

/* Chooses by weight among what the zone presents. */
const struct node_presented *node_zone_choose(const struct node_zone *zone,
                                              struct base_random *random);

#endif
