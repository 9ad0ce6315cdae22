/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_trace.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What stands before each message. */
struct header {
    struct journal_trace_record record;
    size_t length;
};

struct journal_trace {
    _Alignas(64) _Atomic uint64_t head; /* octets ever put in; written by the producer */
    _Atomic uint64_t dropped;
    _Alignas(64) _Atomic uint64_t tail; /* octets ever taken out; written by the consumer */
    _Alignas(64) size_t capacity;       /* a power of two */
    uint8_t *octets;
};

static size_t power_of_two_from(uint32_t octets) {
    size_t capacity = 64;
    while (capacity < octets) {
        capacity *= 2;
    }
    return capacity;
}

struct journal_trace *journal_trace_create(uint32_t octets) {
    struct journal_trace *trace = aligned_alloc(64, sizeof *trace);
    if (trace == NULL) {
        return NULL;
    }
    atomic_init(&trace->head, 0);
    atomic_init(&trace->tail, 0);
    atomic_init(&trace->dropped, 0);
    trace->capacity = power_of_two_from(octets);
    trace->octets = malloc(trace->capacity);
    if (trace->octets == NULL) {
        free(trace);
        return NULL;
    }
    return trace;
}

void journal_trace_destroy(struct journal_trace *trace) {
    if (trace != NULL) {
        free(trace->octets);
        free(trace);
    }
}

/* Copies around the end of the ring; `at` counts octets as head and tail do. */
static void put(struct journal_trace *trace, uint64_t at, const void *from, size_t length) {
    size_t start = (size_t)at & (trace->capacity - 1);
    size_t first = length < trace->capacity - start ? length : trace->capacity - start;
    memcpy(trace->octets + start, from, first);
    memcpy(trace->octets, (const uint8_t *)from + first, length - first);
}

static void take(const struct journal_trace *trace, uint64_t at, void *to, size_t length) {
    size_t start = (size_t)at & (trace->capacity - 1);
    size_t first = length < trace->capacity - start ? length : trace->capacity - start;
    memcpy(to, trace->octets + start, first);
    memcpy((uint8_t *)to + first, trace->octets, length - first);
}

void journal_trace_push(struct journal_trace *trace, const struct journal_trace_record *record,
                        struct bytes message) {
    uint64_t head = atomic_load_explicit(&trace->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&trace->tail, memory_order_acquire);
    size_t room = trace->capacity - (size_t)(head - tail);
    struct header header = {.record = *record, .length = message.length};
    if (room < sizeof header || room - sizeof header < message.length) {
        atomic_fetch_add_explicit(&trace->dropped, 1, memory_order_relaxed);
        return;
    }
    put(trace, head, &header, sizeof header);
    if (message.length > 0) {
        put(trace, head + sizeof header, message.data, message.length);
    }
    atomic_store_explicit(&trace->head, head + sizeof header + message.length,
                          memory_order_release);
}

bool journal_trace_pop(struct journal_trace *trace, struct journal_trace_record *record,
                       struct base_buffer *out) {
    uint64_t tail = atomic_load_explicit(&trace->tail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&trace->head, memory_order_acquire);
    struct header header;
    if (head == tail) {
        return false;
    }
    take(trace, tail, &header, sizeof header);
    size_t room = out->capacity - out->length;
    size_t wanted = header.length < room ? header.length : room;
    if (wanted > 0) {
        take(trace, tail + sizeof header, out->data + out->length, wanted);
        out->length += wanted;
    }
    *record = header.record;
    atomic_store_explicit(&trace->tail, tail + sizeof header + header.length, memory_order_release);
    return true;
}

uint64_t journal_trace_dropped(const struct journal_trace *trace) {
    return atomic_load_explicit(&trace->dropped, memory_order_relaxed);
}
