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
bool profile_after_read_all(struct profile_reader *reader, struct profile_tree *nodes);
bool profile_route_read_all(struct profile_reader *reader, struct profile_tree *nodes);
bool profile_expectation_read_all(struct profile_reader *reader, struct profile_tree *expect);

enum profile_store_role { PROFILE_STORE_SERVER, PROFILE_STORE_CLIENT };
bool profile_store_read(struct profile_reader *reader, struct profile_tree *value,
                        const struct profile_node *node, enum profile_store_role role,
                        struct profile_store *out);

/* What the product and its release allow, and what they do not. */
bool profile_node_choose_product(struct profile_reader *reader, const struct profile_tree *mapping,
                                 struct profile_node *node);
bool profile_node_check_product(const struct profile_reader *reader,
                                const struct profile_tree *mapping,
                                const struct profile_node *node);

/* In the mapping of a node, `listeners: default` becomes the mapping it stands for. */
bool profile_listener_expand(struct profile_document *document, struct profile_tree *node,
                             struct base_error *error);

/* `internal` and `external` become the node's address of this name; other texts stay. */
bool profile_address_is_word(const char *text);
bool profile_address_resolve(const struct profile_reader *reader, const struct profile_tree *at,
                             const struct profile_node *node, char **address);

/* How a zone's load is driven: the one key of it that `mapping` gives. Without any `load` stays as
 * it was. */
bool profile_shape_choose(const struct profile_reader *reader, const struct profile_tree *mapping,
                          struct profile_zone_load *load);
/* Nothing of a shape that was not chosen is left for anybody to read. */
void profile_shape_clear_others(struct profile_zone_load *load);
/* Keys of a zone, or of `load`, that would do nothing are refused, once all zones are known. */
bool profile_moot_check(const struct profile_reader *reader, const struct profile_tree *nodes,
                        const struct profile_tree *load);
/* How long the run lasts, once all zones are known: their stages must fit. `load` is the profile's
 * mapping. */
bool profile_shape_fit_duration(const struct profile_reader *reader, struct profile_tree *nodes,
                                const struct profile_tree *load);

/* The peer of a zone and, unless it is given, the zone's type. */
bool profile_peer_read(struct profile_reader *reader, const struct profile_tree *mapping,
                       struct profile_zone *zone);

/* The defaults of what a zone's or listener's mapping leaves open, once its type is known. */
bool profile_retry_finish(struct profile_reader *reader, const struct profile_tree *zone_mapping,
                          struct profile_zone *zone);
bool profile_credentials_finish_listener(const struct profile_reader *reader,
                                         const struct profile_tree *mapping,
                                         struct profile_listener *listener);
bool profile_credentials_finish_zone(const struct profile_reader *reader,
                                     const struct profile_tree *mapping, struct profile_zone *zone);
/* Whom and what a zone asks: target, user, domain and dialog fit its type. */
bool profile_request_check(const struct profile_reader *reader, const struct profile_tree *mapping,
                           struct profile_zone *zone);

/* Rows of the table that have a form of their own. */
bool profile_node_read_external(struct profile_reader *reader, struct profile_tree *value,
                                void *target);
bool profile_store_read_serial(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
bool profile_threshold_read(struct profile_reader *reader, struct profile_tree *value,
                            void *target);
bool profile_expectation_read_serials(struct profile_reader *reader, struct profile_tree *value,
                                      void *target);
bool profile_retry_read(struct profile_reader *reader, struct profile_tree *value, void *target);
bool profile_retry_read_pauses(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
/* Of a struct profile_zone: its keep-alive. */
bool profile_flow_read(struct profile_reader *reader, struct profile_tree *value, void *target);
/* Once it is known what the zone speaks. */
bool profile_flow_finish(const struct profile_reader *reader, const struct profile_tree *mapping,
                         struct profile_zone *zone);
bool profile_retry_read_factor(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
bool profile_retry_read_jitter(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
/* Of a struct profile_zone_load. */
#define PROFILE_TIME_FORM "duration, `{ exponential: MEAN }` or `{ uniform: [LEAST, MOST] }`"
bool profile_time_read_hold(struct profile_reader *reader, struct profile_tree *value,
                            void *target);
bool profile_time_read_interval(struct profile_reader *reader, struct profile_tree *value,
                                void *target);
/* Of a step of a dialog file. */
bool profile_time_read_pause(struct profile_reader *reader, const struct profile_tree *value,
                             uint64_t *ns, struct profile_spread *spread);
bool profile_shape_read_stages(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
#define PROFILE_LEVEL_FORM "rate, or number of connections"
bool profile_shape_read_level(struct profile_reader *reader, struct profile_tree *value,
                              void *target);
bool profile_credentials_read(struct profile_reader *reader, struct profile_tree *value,
                              void *target);
bool profile_credentials_read_algorithms(struct profile_reader *reader, struct profile_tree *value,
                                         void *target);
/* By session ID only TLS 1.2 resumes: refused where both ends speak 1.3, once all zones are known.
 */
bool profile_resumption_check(const struct profile_reader *reader, const struct profile_tree *nodes,
                              const struct profile_tree *load);
bool profile_resumption_read_ratio(struct profile_reader *reader, struct profile_tree *value,
                                   void *target);
bool profile_address_read_both(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
bool profile_address_read_listener(struct profile_reader *reader, struct profile_tree *value,
                                   void *target);
bool profile_dns_read(struct profile_reader *reader, struct profile_tree *value, void *target);

/* The enumerations of the plan as a profile spells them, by value, NULL at the end. */
extern const char *const profile_plan_eku_policies[];
extern const char *const profile_plan_off_policies[];
extern const char *const profile_plan_zone_types[];
extern const char *const profile_plan_services[];
extern const char *const profile_plan_states[];

#endif
