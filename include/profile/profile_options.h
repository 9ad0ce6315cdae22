/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_OPTIONS_H
#define PROFILE_OPTIONS_H

#include <stdio.h>

/* The reference of all keys of a profile (docs/profiles.md), from the table that loads them. */
void profile_options_write_markdown(FILE *out);

#endif
