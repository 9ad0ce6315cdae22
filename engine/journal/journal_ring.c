/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_ring.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Read fifty times a second: room for 400,000 events a second. */
#define CAPACITY 8192u

struct journal_ring {
    _Alignas(64) _Atomic uint32_t head; /* written by the producer */
    _Atomic uint64_t dropped;
    _Alignas(64) _Atomic uint32_t tail; /* written by the consumer */
    struct journal_event events[CAPACITY];
};

struct journal_ring *journal_ring_create(void) {
    struct journal_ring *ring = aligned_alloc(64, sizeof *ring);
    if (ring != NULL) {
        atomic_init(&ring->head, 0);
        atomic_init(&ring->tail, 0);
        atomic_init(&ring->dropped, 0);
    }
    return ring;
}

void journal_ring_destroy(struct journal_ring *ring) {
    free(ring);
}

void journal_ring_push(struct journal_ring *ring, const struct journal_event *event) {
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (head - tail == CAPACITY) {
        atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
        return;
    }
    ring->events[head % CAPACITY] = *event;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

bool journal_ring_pop(struct journal_ring *ring, struct journal_event *event) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    if (head == tail) {
        return false;
    }
    *event = ring->events[tail % CAPACITY];
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

uint64_t journal_ring_dropped(const struct journal_ring *ring) {
    return atomic_load_explicit(&ring->dropped, memory_order_relaxed);
}
