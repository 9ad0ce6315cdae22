/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SETTING_H
#define PROFILE_SETTING_H

#include "profile_tree.h"

/*
 * Puts "nodes.edge.eku_checking=off" into the document. Steps are keys or, in a list, numbers;
 * missing mappings are made, a list grows by its next number. One of connections, rate and
 * concurrency displaces the file's. `setting` outlives the document.
 */
bool profile_setting_apply(struct profile_document *document, const char *setting,
                           struct base_error *error);

/* The same of an entry of a mapping whose key is the path: a variant's. */
bool profile_setting_place(struct profile_document *document, struct profile_tree *entry,
                           struct base_error *error);

#endif
