/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_FILE_H
#define PROFILE_FILE_H

#include "base_error.h"

#include <stddef.h>

/* Where the built-in profiles lie: $EKULOAD_PROFILES, or where they were when this was built. */
const char *profile_file_folder(void);

/* The path of a file, or of the built-in profile of this name; the caller frees it. NULL: see
 * `error`. */
char *profile_file_find(const char *name_or_path, struct base_error *error);

/* A whole file of at most 1 MiB; the caller frees `*out`. */
bool profile_file_read(const char *path, char **out, size_t *out_length, struct base_error *error);

#endif
