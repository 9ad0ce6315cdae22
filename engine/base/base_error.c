/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_error.h"

#include <stdarg.h>
#include <stdio.h>

bool base_error_set(struct base_error *error, enum base_error_kind kind, const char *format, ...) {
    va_list arguments;
    error->kind = kind;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}
