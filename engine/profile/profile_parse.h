/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PARSE_H
#define PROFILE_PARSE_H

#include "base_bytes.h"
#include "profile_tree.h"

/*
 * YAML to a tree: one document, UTF-8, no aliases or tags (a profile needs none, and they are how
 * small files become huge trees), no duplicate keys. `setting`: where the text came from when it is
 * no file's.
 */
bool profile_parse(struct profile_document *document, struct bytes text, const char *setting,
                   struct profile_tree **out, struct base_error *error);

#endif
