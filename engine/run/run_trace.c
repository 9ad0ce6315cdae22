/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "journal_snapshot.h"

#include <limits.h>
#include <stdlib.h>

/* Per worker: what it may say while the disk stalls for a second, at 10,000 messages. */
#define TRACE_OCTETS (8u << 20)
/* A longer message is cut in the log. */
#define MESSAGE_OCTETS 32768u
/* Draining must not keep the run from its end. */
#define DRAIN_NS (20 * BASE_NS_PER_MS)
/* A worker takes the time before it hands the message over. */
#define ORDER_NS ((int64_t)BASE_NS_PER_MS)

struct run_trace_next {
    bool is_there;
    struct journal_trace_record record;
    struct base_buffer message;
    uint8_t octets[MESSAGE_OCTETS];
};

bool run_trace_open(struct run *run, struct base_error *error) {
    struct run_diagnostics *diagnostics = &run->diagnostics;
    unsigned workers = run->capacity.worker_count;
    diagnostics->traces = calloc(workers, sizeof(struct journal_trace *));
    for (unsigned i = 0; diagnostics->traces != NULL && i < workers; i++) {
        diagnostics->traces[i] = journal_trace_create(TRACE_OCTETS);
        if (diagnostics->traces[i] == NULL) {
            return run_out_of_memory(error);
        }
    }
    /* Last: with it the traces are drained. */
    diagnostics->next =
        diagnostics->traces == NULL ? NULL : calloc(workers, sizeof *diagnostics->next);
    return diagnostics->next != NULL || run_out_of_memory(error);
}

struct journal_trace *run_trace_of(const struct run *run, unsigned worker) {
    return run->diagnostics.traces == NULL ? NULL : run->diagnostics.traces[worker];
}

static bool look(struct run_trace_next *next, struct journal_trace *trace) {
    if (!next->is_there) {
        next->message = (struct base_buffer){.data = next->octets, .capacity = MESSAGE_OCTETS};
        next->is_there = journal_trace_pop(trace, &next->record, &next->message);
    }
    return next->is_there;
}

/* The worker whose next message is the oldest; UINT_MAX: there is none. */
static unsigned oldest_trace(const struct run *run) {
    struct run_trace_next *next = run->diagnostics.next;
    unsigned oldest = UINT_MAX;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        if (look(&next[i], run->diagnostics.traces[i]) &&
            (oldest == UINT_MAX || next[i].record.wall_ns < next[oldest].record.wall_ns)) {
            oldest = i;
        }
    }
    return oldest;
}

static void write_message(struct run *run, const struct run_trace_next *next) {
    const struct profile_plan *plan = run->plan;
    const struct journal_trace_record *record = &next->record;
    enum profile_protocol protocol =
        record->on_listener ? profile_listener_protocol(&plan->listeners[record->subject])
                            : profile_zone_protocol(&plan->zones[record->subject]);
    const struct journal_place *places =
        record->on_listener ? run->places.listener_events : run->places.zone_events;
    journal_snapshot_write(run->diagnostics.log, record, &places[record->subject],
                           protocol == PROFILE_PROTOCOL_SIP ? JOURNAL_NETWORK_SIP
                                                            : JOURNAL_NETWORK_HTTP,
                           base_buffer_bytes(&next->message));
}

void run_trace_drain(struct run *run, bool rest) {
    struct run_trace_next *next = run->diagnostics.next;
    if (run->diagnostics.log == NULL || next == NULL) {
        return;
    }
    int64_t until_ns = rest ? INT64_MAX : base_clock_wall_ns() - ORDER_NS;
    uint64_t began_ns = base_clock_now_ns();
    unsigned oldest;
    while ((oldest = oldest_trace(run)) != UINT_MAX && next[oldest].record.wall_ns < until_ns &&
           (rest || base_clock_now_ns() - began_ns < DRAIN_NS)) {
        write_message(run, &next[oldest]);
        next[oldest].is_there = false;
    }
    journal_snapshot_flush(run->diagnostics.log);
}

void run_trace_event(struct run *run, const struct journal_event *event,
                     const struct journal_place *place) {
    if (run->diagnostics.log != NULL) {
        journal_snapshot_event(run->diagnostics.log, event, place);
    }
}

uint64_t run_trace_dropped(const struct run *run) {
    uint64_t dropped = 0;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        dropped += journal_trace_dropped(run->diagnostics.traces[i]);
    }
    return dropped;
}

void run_trace_finish(struct run *run) {
    for (unsigned i = 0; run->diagnostics.traces != NULL && i < run->capacity.worker_count; i++) {
        journal_trace_destroy(run->diagnostics.traces[i]);
    }
    free(run->diagnostics.traces);
    free(run->diagnostics.next);
}
