/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/* Finds what a mistyped word was meant to be. */
struct base_nearest {
    const char *wanted;
    const char *best; /* NULL: nothing is near */
    unsigned distance;
};

struct base_nearest base_nearest_begin(const char *wanted);
void base_nearest_offer(struct base_nearest *nearest, const char *candidate);

/* "; did you mean \"listeners\"?", or "". */
enum { BASE_NEAREST_SIZE = 160 };
const char *base_nearest_hint(const struct base_nearest *nearest, char out[BASE_NEAREST_SIZE]);

#endif
