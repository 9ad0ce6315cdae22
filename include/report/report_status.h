/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include "metrics_summary.h"
#include "profile_plan.h"

#include <stdio.h>

/* How a zone, or a listener that zones are opened to, stands: at the end of a run, or in it. */
struct report_status_row {
    bool known; /* false: it runs elsewhere */
    enum metrics_state state;
    enum fault fault;      /* why it is not active; FAULT_NONE: nobody knows */
    int64_t since_wall_ns; /* when a tunnel was made, or asked for; 0: unknown */
};

/* All of a run, as in the plan. */
struct report_status {
    const struct profile_plan *plan;
    struct report_status_row *zones;
    struct report_status_row *listeners;
};

/* Rows that are not known yet. False without memory; balance with report_status_finish(). */
bool report_status_init(struct report_status *status, const struct profile_plan *plan);
void report_status_finish(struct report_status *status);

/* Sets every row from a finished run. */
void report_status_take_summary(struct report_status *status,
                                const struct metrics_summary *summary);

/* Sets one row from a running one. `fault`: the most frequent so far; FAULT_NONE: none. A listener
 * that zones in churn dial is judged over the whole run, as they are; else by what is open. */
void report_status_take_zone(struct report_status *status, uint32_t zone, enum metrics_state state,
                             enum fault fault, int64_t since_wall_ns);
void report_status_take_listener(struct report_status *status, uint32_t listener,
                                 const struct metrics_listener_snapshot *now, enum fault fault,
                                 int64_t since_wall_ns);

/* The most frequent of these; FAULT_NONE: there was none. */
enum fault report_status_main_fault(const metrics_counter faults[FAULT_COUNT]);

/*
 * The pages of one node as the product's web interface words them, each a heading and a table;
 * nothing when the node has neither zones nor tunnels. On a node that accepts, a traversal listener
 * is the zone, and a tunnel is a row per tunnel zone that is opened to it.
 */
void report_status_write_zones(const struct report_status *status, uint32_t node, FILE *out);
void report_status_write_tunnels(const struct report_status *status, uint32_t node, FILE *out);

#endif
