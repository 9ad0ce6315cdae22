/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_WHOLE_H
#define VERDICT_WHOLE_H

#include "base_nearest.h"
#include "metrics_drift.h"
#include "metrics_summary.h"
#include "profile_plan.h"

/* What a threshold may say of the run as a whole: resources, its windows, what grows in it. */
enum verdict_whole_kind {
    VERDICT_WHOLE_INTEGER, /* uint64_t in struct metrics_summary */
    VERDICT_WHOLE_REAL,    /* double, likewise */
    VERDICT_WHOLE_WINDOWS, /* how many */
    VERDICT_WHOLE_UNMET,   /* how many of them were not met */
    VERDICT_WHOLE_DRIFT,
};

enum verdict_whole_end { VERDICT_WHOLE_SLOPE, VERDICT_WHOLE_LOW, VERDICT_WHOLE_HIGH };

struct verdict_whole {
    enum verdict_whole_kind kind;
    size_t position; /* an offset */
    bool is_duration;
    bool is_share; /* 0 to 1 */
    struct metrics_series series;
    enum verdict_whole_end end; /* of the drift */
};

/* The first part of a name is one of these, and no node's name. */
bool verdict_whole_is_meant(const struct profile_plan *plan, const char *first_part);

enum { VERDICT_WHOLE_WHY_SIZE = 256 };

/* All parts of the name, the first included. False, and in `why` what was expected. */
bool verdict_whole_find(struct verdict_whole *out, const struct profile_plan *plan,
                        char *const *parts, unsigned count, char why[VERDICT_WHOLE_WHY_SIZE]);

/* False without samples. */
bool verdict_whole_observe(const struct verdict_whole *whole, const struct metrics_summary *summary,
                           double *out);

#endif
