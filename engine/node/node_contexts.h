/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_CONTEXTS_H
#define NODE_CONTEXTS_H

#include "node.h"
#include "node_instance.h"

/*
 * The TLS contexts of one zone, one for each certificate that it presents, or of one listener; of a
 * node that runs here. What was made stays with the zone or the listener, on failure too.
 */
bool node_contexts_of_zone(struct node_zone *zone, const struct profile_plan *plan,
                           struct node *const *nodes, uint32_t index, struct base_error *error);
bool node_context_of_listener(struct node_listener *listener, const struct profile_plan *plan,
                              struct node *const *nodes, uint32_t index, struct base_error *error);

#endif
