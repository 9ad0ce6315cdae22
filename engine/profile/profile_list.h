/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_LIST_H
#define PROFILE_LIST_H

#include "profile_section.h"

/* The options whose value is a list; one text alone is a list of one. `field` lies at the row's
 * offset. */
enum { PROFILE_LIST_MAX = 1000 };
bool profile_list_read(struct profile_reader *reader, const struct profile_option *option,
                       struct profile_tree *value, void *field);

/* A list of authorities' names: the trust of a node. */
bool profile_list_read_trust(struct profile_reader *reader, struct profile_tree *value,
                             void *target);

#endif
