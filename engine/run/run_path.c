/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_path.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool run_path(char out[RUN_PATH_MAX], struct base_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out, RUN_PATH_MAX, format, arguments);
    va_end(arguments);
    return (length >= 0 && length < RUN_PATH_MAX) ||
           base_error_set(error, BASE_ERROR_USAGE, "the path %.200s... is too long", out);
}

bool run_path_make_folder(const char *path, struct base_error *error) {
    char partial[RUN_PATH_MAX];
    if (!run_path(partial, error, "%s", path)) {
        return false;
    }
    for (char *slash = strchr(partial + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(partial, 0755); /* whether it worked shows below */
        *slash = '/';
    }
    if (mkdir(partial, 0755) != 0 && errno != EEXIST) {
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot make the folder %s: %s", path,
                              strerror(errno));
    }
    return true;
}
