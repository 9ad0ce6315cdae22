/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_TRACE_H
#define JOURNAL_TRACE_H

#include "base_bytes.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Every SIP and HTTP message of one worker on its way to the diagnostic log: a single-producer,
 * single-consumer ring of octets. Only there when diagnostics were asked for. The worker never
 * waits: what does not fit is counted and dropped.
 */
struct journal_trace;

struct journal_trace_record {
    int64_t wall_ns;
    bool sent;        /* else received */
    bool on_listener; /* subject is a listener, else a zone */
    uint32_t subject;
    uint16_t local_port;  /* 0: unknown */
    uint16_t remote_port; /* 0: unknown */
    char remote_host[46]; /* "": unknown */
};

/* `octets`: size of the ring. NULL when there is no memory. */
struct journal_trace *journal_trace_create(uint32_t octets);
void journal_trace_destroy(struct journal_trace *trace);

/* Producer: the owning worker. */
void journal_trace_push(struct journal_trace *trace, const struct journal_trace_record *record,
                        struct bytes message);

/* Consumer: one thread. False when the ring is empty; `message` is appended to `out`, cut to what
 * fits. */
bool journal_trace_pop(struct journal_trace *trace, struct journal_trace_record *record,
                       struct base_buffer *out);

/* Messages dropped so far; any thread. */
uint64_t journal_trace_dropped(const struct journal_trace *trace);

#endif
