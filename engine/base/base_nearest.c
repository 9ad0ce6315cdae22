/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"

#include <stdio.h>
#include <string.h>

enum {
    LENGTH_MAX = 127, /* two names of a profile with their dot; what is longer was not mistyped */
};

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Damerau-Levenshtein, neighbours swapped count as one; both at most LENGTH_MAX long. */
static unsigned distance_of(const char *a, const char *b) {
    unsigned rows[3][LENGTH_MAX + 1] = {{0}};
    unsigned *before = rows[0];
    unsigned *above = rows[1];
    unsigned *row = rows[2];
    size_t length = strlen(b);
    for (unsigned j = 0; j <= length; j++) {
        above[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned differs = a[i - 1] != b[j - 1];
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + differs);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[length];
}

struct base_nearest base_nearest_begin(const char *wanted) {
    size_t length = strlen(wanted);
    return (struct base_nearest){
        .wanted = length <= LENGTH_MAX ? wanted : NULL,
        .distance = 2 + (unsigned)(length < LENGTH_MAX ? length : LENGTH_MAX) / 4,
    };
}

void base_nearest_offer(struct base_nearest *nearest, const char *candidate) {
    unsigned distance;
    if (nearest->wanted == NULL || strlen(candidate) > LENGTH_MAX) {
        return;
    }
    distance = distance_of(nearest->wanted, candidate);
    /* What was cut short is as good as mistyped. */
    if (distance > 1 && strlen(nearest->wanted) > 2 && strstr(candidate, nearest->wanted) != NULL) {
        distance = 1;
    }
    if (distance < nearest->distance && distance < strlen(candidate)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}

const char *base_nearest_hint(const struct base_nearest *nearest, char out[BASE_NEAREST_SIZE]) {
    if (nearest->best == NULL) {
        return "";
    }
    snprintf(out, BASE_NEAREST_SIZE, "; did you mean \"%s\"?", nearest->best);
    return out;
}
