/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PART_H
#define PROFILE_PART_H

#include "profile_section.h"

/*
 * The parts of a profile, in the order in which they are read: each refers to those before it.
 * A part that is absent is a NULL tree.
 */
bool profile_authority_read_all(struct profile_reader *reader, struct profile_tree *authorities);
bool profile_node_read_all(struct profile_reader *reader, struct profile_tree *nodes);
bool profile_listener_read_all(struct profile_reader *reader, struct profile_tree *nodes);
bool profile_zone_read_all(struct profile_reader *reader, struct profile_tree *nodes,
                           struct profile_tree *load);
bool profile_expectation_read_all(struct profile_reader *reader, struct profile_tree *expect);

/* What the product says when a client store gets a certificate that cannot be a client's. */
#define PROFILE_STORE_UPLOAD_ERROR                                                                 \
    "Invalid certificate: The file provided does not have a client usage attribute. Services "     \
    "requiring mutual TLS may not work."

enum profile_store_role { PROFILE_STORE_SERVER, PROFILE_STORE_CLIENT };
bool profile_store_read(struct profile_reader *reader, struct profile_tree *value,
                        const struct profile_node *node, enum profile_store_role role,
                        struct profile_store *out);

/* Rows of the table that have a form of their own. */
bool profile_node_read_external(struct profile_reader *reader, struct profile_tree *value,
                                void *target);
bool profile_store_read_serial(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
bool profile_zone_read_retry(struct profile_reader *reader, struct profile_tree *value,
                             void *target);

/* The enumerations of the plan as a profile spells them, by value, NULL at the end. */
extern const char *const profile_plan_eku_policies[];
extern const char *const profile_plan_off_policies[];
extern const char *const profile_plan_zone_types[];
extern const char *const profile_plan_services[];
extern const char *const profile_plan_states[];

#endif
