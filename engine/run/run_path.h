/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_PATH_H
#define RUN_PATH_H

#include "base_error.h"

#define RUN_PATH_MAX 4096

/* A path from a printf format; one that does not fit is an error, never cut. */
bool run_path(char out[RUN_PATH_MAX], struct base_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The folder and its parents. */
bool run_path_make_folder(const char *path, struct base_error *error);

#endif
