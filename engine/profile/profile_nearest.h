/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_NEAREST_H
#define PROFILE_NEAREST_H

/* Finds what a mistyped word was meant to be. */
struct profile_nearest {
    const char *wanted;
    const char *best; /* NULL: nothing is near */
    unsigned distance;
};

struct profile_nearest profile_nearest_begin(const char *wanted);
void profile_nearest_offer(struct profile_nearest *nearest, const char *candidate);

/* "; did you mean \"listeners\"?", or "". */
enum { PROFILE_NEAREST_SIZE = 160 };
const char *profile_nearest_hint(const struct profile_nearest *nearest,
                                 char out[PROFILE_NEAREST_SIZE]);

#endif
