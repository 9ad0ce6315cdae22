/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_NAMES_H
#define NODE_NAMES_H

#include "node_instance.h"
#include "profile_plan.h"

/* By which names nodes speak of themselves and of each other in SIP and HTTP. */
void node_names_fill_self(struct node_self *self, const struct profile_node *node);
void node_names_fill_zone(struct node_zone *zone, const struct profile_plan *plan,
                          const struct profile_zone *row);
void node_names_fill_listener(struct node_listener *listener, const struct profile_plan *plan,
                              uint32_t index);

#endif
