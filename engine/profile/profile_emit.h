/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_EMIT_H
#define PROFILE_EMIT_H

#include "profile_tree.h"

/* The tree as YAML that reads back as the same tree; in the document's arena. NULL without memory.
 */
char *profile_emit(struct profile_document *document);

#endif
