/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_STUDY_H
#define METRICS_STUDY_H

#include "base_fault.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What several runs together say. Plain data, texts borrowed from who made it. A number that
 * nothing was measured of is NAN.
 */

/* A value with the interval that holds the true one with 95% confidence. */
struct metrics_estimate {
    double value;
    double low;
    double high;
};

/* What an overhead is measured in, microseconds all: rows of one table. */
#define METRICS_OVERHEAD_ROWS 16
struct metrics_overhead_row {
    const char *quantity;  /* "establish" */
    const char *statistic; /* "median" */
    double on;             /* mean over the blocks */
    double off;
    struct metrics_estimate difference; /* on - off */
};

/* One run of an overhead. */
struct metrics_overhead_block {
    bool on;
    bool counts; /* false: a warm-up */
    uint64_t attempts;
    uint64_t established;
    uint64_t failed;
    enum fault fault;                     /* the most frequent; FAULT_NONE: none */
    double cpu_share;                     /* of the cores that the workers may use */
    double values[METRICS_OVERHEAD_ROWS]; /* by row */
};

/* What a refused connection costs, microseconds. */
struct metrics_refusal {
    char why_not[256]; /* why it was not measured; "": it was */
    uint64_t count;
    enum fault fault; /* the most frequent */
    struct metrics_estimate median;
    struct metrics_estimate mean;
    struct metrics_estimate p99;
    struct metrics_estimate cpu;
};

struct metrics_overhead {
    struct metrics_overhead_row rows[METRICS_OVERHEAD_ROWS];
    unsigned row_count;
    unsigned primary; /* the row that decides */
    struct metrics_overhead_block *blocks;
    uint32_t block_count;
    uint32_t pairs; /* of blocks that count */
    double block_s;
    uint64_t seed;
    bool interrupted;         /* there would have been more blocks */
    uint32_t concurrency;     /* connections at once in zones that would keep them; 0: none does */
    const char *const *zones; /* measured */
    uint32_t zone_count;
    const char *const *nodes; /* switched by us; none: by the user's commands */
    uint32_t node_count;
    struct metrics_refusal refusal;
};

enum metrics_rate_kind {
    METRICS_RATE_SESSION,
    METRICS_RATE_REGISTRATION,
    METRICS_RATE_REREGISTRATION,
    METRICS_RATE_KINDS
};
/* "session", "registration", "re-registration" */
const char *metrics_rate_kind_key(enum metrics_rate_kind kind);

/* Who was the limit in one step of a search for a rate. */
enum metrics_rate_limit {
    METRICS_RATE_LIMIT_NONE,      /* it succeeded */
    METRICS_RATE_LIMIT_PEER,      /* an attempt failed, or a threshold was not met */
    METRICS_RATE_LIMIT_GENERATOR, /* this machine did not offer that rate */
};
const char *metrics_rate_limit_key(enum metrics_rate_limit limit);

struct metrics_rate_step {
    double rate;    /* asked for, per second */
    double offered; /* what it came to */
    uint64_t attempts;
    uint64_t failed;
    uint64_t late;
    uint64_t dropped;
    uint64_t delay_us_max; /* the latest start */
    enum fault fault;      /* the most frequent; FAULT_NONE: none */
    unsigned status;       /* the most frequent answer that says no; 0: none */
    enum metrics_rate_limit limit;
};

enum metrics_rate_end {
    METRICS_RATE_CONVERGED,
    METRICS_RATE_BOUND,     /* the highest rate allowed succeeded */
    METRICS_RATE_TOO_LOW,   /* nothing succeeded down to the lowest rate that can be told apart */
    METRICS_RATE_NOTHING,   /* no attempt succeeded, at the first rate and at a tenth of it */
    METRICS_RATE_TIME_OVER, /* the limit of time */
    METRICS_RATE_INTERRUPTED,
};
const char *metrics_rate_end_key(enum metrics_rate_end end);

struct metrics_rate_search {
    enum metrics_rate_kind kind;
    enum metrics_rate_end end;
    double found;           /* the highest rate that succeeded; 0: none did */
    bool generator_limited; /* a higher one failed because of this machine, none because of the peer
                             */
    double from;
    uint64_t attempts;             /* of each step */
    const char *const *thresholds; /* besides "no attempt failed" */
    uint32_t threshold_count;
    struct metrics_rate_step *steps;
    uint32_t step_count;
    const char *zone;
    const char *dialog;   /* "OPTIONS" */
    double session_s;     /* how long a session lasts */
    double threshold_s;   /* what takes longer has failed */
    uint32_t connections; /* that refresh: re-registration; else 0 */
    bool tls_1_3;
    bool tls_1_2;
    unsigned suite; /* the most frequent cipher suite; 0: unknown */
    double duration_s;
};

/* What RFC 7502 section 4.10 sets for N. */
#define METRICS_RATE_RFC_ATTEMPTS 50000u

#endif
