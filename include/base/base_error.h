/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/*
 * One sentence for a person: what is wrong, where, and what was expected. Set-up code that can
 * fail takes a `struct base_error *`, fills it and returns false; the command line prints it and
 * turns `kind` into the exit status. Never used per connection: those have `enum fault`.
 */
enum base_error_kind {
    BASE_ERROR_NONE,
    BASE_ERROR_USAGE,   /* the command line, the profile or a file named there is wrong: exit 2 */
    BASE_ERROR_MACHINE, /* this machine cannot do it: exit 3 */
};

struct base_error {
    enum base_error_kind kind;
    char text[1024];
};

/* Fills `error` and returns false, so that a caller can `return base_error_set(...)`. */
bool base_error_set(struct base_error *error, enum base_error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
