/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_OPTIONS_ROWS_H
#define PROFILE_OPTIONS_ROWS_H

#include "profile_section.h"

/* Shorthand of the tables. */
#define PROFILE_OPTIONS_ROWS(table)                                                                \
    .options = (table), .option_count = sizeof(table) / sizeof *(table)
#define PROFILE_OPTIONS_PART(k, f) .key = (k), .type = PROFILE_OPTION_PART, .form = (f)

extern const char *const profile_options_key_types[];

#endif
