/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_VARIANT_H
#define PROFILE_VARIANT_H

#include "profile_reader.h"

/*
 * Reads the names and the form of the document's variants into the plan. Before anything else is
 * read, or set.
 */
bool profile_variant_read_all(struct profile_reader *reader);

/*
 * Makes the document one of its variants; NULL: it stays the profile itself. The section of
 * variants goes: what is run is one of them, and settings come after what a variant sets.
 */
bool profile_variant_choose(struct profile_reader *reader, const char *name);

#endif
