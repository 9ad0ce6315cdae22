/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_SUMMARY_H
#define METRICS_SUMMARY_H

#include "metrics_snapshot.h"

#include <stdint.h>

/* Facts about the tool and the machine. Texts are owned by whoever made the summary. */
struct metrics_tool {
    char version[32];
    char wolfssl[64];
    char liburing[32];
    char kernel[136];
    char cpu[128];
    unsigned threads;
};

struct metrics_zone_summary {
    bool ran;                 /* false: the node ran elsewhere; nothing below is set */
    enum metrics_state state; /* the last judgement before the end */
    uint64_t peak_open;
    uint64_t wanted; /* connections to keep open; 0: churn */
    uint64_t open_at_end;
    uint64_t in_flight_at_end;
    char peer_address[96]; /* "127.0.0.31:7001" */
    const char *const
        *identity_usages; /* text of each identity's EKU set: "serverAuth, clientAuth", "none" */
};

struct metrics_listener_summary {
    bool ran;
    bool checks_eku;        /* mode in force at the end */
    const char *eku_policy; /* "expressway" ... the policy in force at the end */
    uint64_t in_flight_at_end;
    char address[96];
};

/* One run, complete: the merged counters and what only the run itself knows. */
struct metrics_summary {
    struct metrics_tool tool;
    struct metrics_shard total;
    struct metrics_zone_summary *zones;         /* total.zone_count */
    struct metrics_listener_summary *listeners; /* total.listener_count */
    int64_t started_wall_ns;
    double duration_s;
    bool interrupted;
    uint64_t seed;     /* of all random choices: the same one repeats them */
    double cpu_user_s; /* of the load itself: issuing certificates is not counted */
    double cpu_system_s;
    uint64_t rss_peak_kib;
    double cpu_share;         /* of the cores that the workers may use, 0 to 1 */
    uint64_t stall_us_max;    /* the longest time this machine did not let a thread of ours run that
                                 was due */
    uint64_t journal_dropped; /* event lines that were lost because the disk was too slow */
};

/* A zone or a listener, by its index in the profile's plan. */
struct metrics_place {
    bool is_listener;
    uint32_t index;
};

/*
 * The first sum of the contract that does not hold, as static text, and in `where` (not NULL) the
 * place; NULL: all hold. One that does not is a mistake of the tool itself, never of the peer.
 */
const char *metrics_summary_broken_sum(const struct metrics_summary *summary,
                                       struct metrics_place *where);

#endif
