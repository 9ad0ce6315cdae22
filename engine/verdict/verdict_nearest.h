/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_NEAREST_H
#define VERDICT_NEAREST_H

/* Finds what a mistyped name was meant to be. */
struct verdict_nearest {
    const char *wanted;
    const char *best; /* NULL: nothing is near */
    unsigned distance;
};

struct verdict_nearest verdict_nearest_begin(const char *wanted);
void verdict_nearest_offer(struct verdict_nearest *nearest, const char *candidate);

/* "; did you mean \"core.uc\"?", or "". */
enum { VERDICT_NEAREST_SIZE = 160 };
const char *verdict_nearest_hint(const struct verdict_nearest *nearest,
                                 char out[VERDICT_NEAREST_SIZE]);

#endif
