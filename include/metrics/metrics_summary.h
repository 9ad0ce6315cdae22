/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_SUMMARY_H
#define METRICS_SUMMARY_H

#include "metrics_snapshot.h"
#include "metrics_window.h"

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

#define METRICS_ADDRESS_SIZE 96

/* What an identity of a zone's node is, read from its first certificate. */
struct metrics_identity_summary {
    const char *usages;    /* "serverAuth, clientAuth", "none" */
    const char *name;      /* of the subject; NULL: none */
    const char *serial;    /* of its only certificate; NULL: it stands for several, or for none */
    const char *file;      /* where it was read from; NULL: issued by us */
    uint32_t certificates; /* that it stands for */
};

struct metrics_zone_summary {
    bool ran;                 /* false: the node ran elsewhere; nothing below is set */
    enum metrics_state state; /* the last judgement before the end */
    uint64_t peak_open;
    uint64_t wanted; /* connections to keep open; 0: churn */
    uint64_t open_at_end;
    uint64_t in_flight_at_end;
    char peer_address[METRICS_ADDRESS_SIZE];           /* "127.0.0.31:7001"; of several the first */
    char (*target_addresses)[METRICS_ADDRESS_SIZE];    /* of each target of several; NULL: one */
    const struct metrics_identity_summary *identities; /* of each; NULL: not known */
};

struct metrics_listener_summary {
    bool ran;
    bool checks_eku;        /* mode in force at the end */
    const char *eku_policy; /* "expressway" ... the policy in force at the end */
    uint64_t in_flight_at_end;
    char address[96];
};

/* An order that changed a run while it went on. */
struct metrics_steered {
    double at_s; /* since the load began */
    char *command;
};

/* One run, complete: the merged counters and what only the run itself knows. */
struct metrics_summary {
    struct metrics_tool tool;
    struct metrics_shard total;
    struct metrics_zone_summary *zones;         /* total.zone_count */
    struct metrics_listener_summary *listeners; /* total.listener_count */
    int64_t started_wall_ns;
    double duration_s; /* without the warm-up */
    double warm_up_s;  /* before it; 0: none */
    bool interrupted;
    bool complete;                  /* false: as it stands while the run goes on */
    bool aborted;                   /* a threshold ended it */
    uint32_t aborted_by;            /* its position in the plan */
    double aborted_at_s;            /* since the counting began */
    struct metrics_windows windows; /* none when the run was planned shorter than one */
    uint64_t seed;                  /* of all random choices: the same one repeats them */
    double cpu_user_s;              /* of the load itself: issuing certificates is not counted */
    double cpu_system_s;
    uint64_t rss_peak_kib;
    double cpu_share;      /* of the cores that the workers may use, 0 to 1 */
    uint64_t stall_us_max; /* the longest time this machine did not let a thread of ours run that
                              was due */
    struct metrics_steered *steered; /* in this sequence */
    uint32_t steered_count;
    uint64_t steered_left_out; /* later ones, beyond what is kept */
    uint64_t journal_dropped;  /* event lines that were lost because the disk was too slow */
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
