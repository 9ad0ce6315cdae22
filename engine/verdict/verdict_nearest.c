/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_nearest.h"

#include <stdio.h>
#include <string.h>

enum {
    LENGTH_MAX = 127, /* two names of a profile with their dot */
};

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Levenshtein's distance; both at most LENGTH_MAX long. */
static unsigned distance_of(const char *a, const char *b) {
    unsigned row[LENGTH_MAX + 1];
    size_t length = strlen(b);
    for (unsigned j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned above = row[j];
            unsigned changed = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[length];
}

struct verdict_nearest verdict_nearest_begin(const char *wanted) {
    size_t length = strlen(wanted);
    return (struct verdict_nearest){
        .wanted = length <= LENGTH_MAX ? wanted : NULL,
        .distance = 3 + (unsigned)(length <= LENGTH_MAX ? length : 0) / 4,
    };
}

void verdict_nearest_offer(struct verdict_nearest *nearest, const char *candidate) {
    if (nearest->wanted == NULL || strlen(candidate) > LENGTH_MAX) {
        return;
    }
    unsigned distance = distance_of(nearest->wanted, candidate);
    if (distance < nearest->distance && distance < strlen(candidate)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}

const char *verdict_nearest_hint(const struct verdict_nearest *nearest,
                                 char out[VERDICT_NEAREST_SIZE]) {
    if (nearest->best == NULL) {
        return "";
    }
    snprintf(out, VERDICT_NEAREST_SIZE, "; did you mean \"%s\"?", nearest->best);
    return out;
}
