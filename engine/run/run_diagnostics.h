/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_DIAGNOSTICS_H
#define RUN_DIAGNOSTICS_H

#include "base_error.h"
#include "run.h"

#include <stdint.h>
#include <stdio.h>

struct capture;
struct journal_event;
struct journal_place;
struct journal_snapshot;
struct journal_trace;
struct run;
struct run_trace_next;

/* The bundles of a run's nodes; zeroed: none were asked for. */
struct run_diagnostics {
    char stamp[RUN_STAMP_SIZE];
    struct capture **captures;     /* per node; NULL: none */
    struct journal_snapshot *log;  /* NULL: no diagnostics */
    struct journal_trace **traces; /* per worker */
    struct run_trace_next *next;   /* of each trace, to merge them by time */
};

/* Before the workers are made: the folders with certificates and key log, then the captures, so
 * that no packet is missed. Does nothing when no diagnostics were asked for. */
bool run_diagnostics_open(struct run *run, struct base_error *error);

/* After the workers ended: takes the last messages and packets, and tells what is missing. */
void run_diagnostics_conclude(struct run *run);

/* Frees; what was not concluded is. */
void run_diagnostics_finish(struct run *run);

/* run_trace.c: the workers' messages on their way to the nodes' logs. */
bool run_trace_open(struct run *run, struct base_error *error);
/* The ring of one worker; NULL: no diagnostics. */
struct journal_trace *run_trace_of(const struct run *run, unsigned worker);
/* Moves what is there, for a short while at most; `rest`: all of it. */
void run_trace_drain(struct run *run, bool rest);
/* An event, for the log of its node. */
void run_trace_event(struct run *run, const struct journal_event *event,
                     const struct journal_place *place);
/* Messages that found no room. */
uint64_t run_trace_dropped(const struct run *run);
void run_trace_finish(struct run *run);

/* run_capture.c: what one node's capture has to see. */
/* An expression of pcap-filter(7) on the heap, "" when the node has no place; NULL without memory.
 */
char *run_capture_filter(const struct run *run, uint32_t node);
/* " -d tls.port==7001,sip" ...: what the node's ports carry, for tshark and wireshark. */
void run_capture_write_decoding(const struct run *run, uint32_t node, FILE *out);
/* "lo" when every address of the node is on this machine alone. */
const char *run_capture_device(const struct run *run, uint32_t node);

#endif
