/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SCALAR_H
#define PROFILE_SCALAR_H

#include "profile_section.h"

/* The options whose value is one text. `field` lies at the row's offset. */
bool profile_scalar_read(struct profile_reader *reader, const struct profile_option *option,
                         struct profile_tree *value, void *field);

#endif
