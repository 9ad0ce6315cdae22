/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_ring.h"

#include <criterion/criterion.h>
#include <pthread.h>

Test(journal_ring, hands_events_over_in_order_while_both_sides_run) {
    struct journal_ring *ring = journal_ring_create();
    struct journal_event event = {0};
    uint32_t expected = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        event.subject = i;
        journal_ring_push(ring, &event);
        if (i % 3 == 0) {
            cr_assert(journal_ring_pop(ring, &event));
            cr_assert_eq(event.subject, expected);
            expected++;
        }
        if (i % 7 == 0) {
            while (journal_ring_pop(ring, &event)) {
                cr_assert_eq(event.subject, expected);
                expected++;
            }
        }
    }
    while (journal_ring_pop(ring, &event)) {
        cr_assert_eq(event.subject, expected);
        expected++;
    }
    cr_assert_eq(expected, 20000);
    cr_assert_eq(journal_ring_dropped(ring), 0);
    journal_ring_destroy(ring);
}

Test(journal_ring, counts_what_does_not_fit_and_keeps_what_did) {
    struct journal_ring *ring = journal_ring_create();
    struct journal_event event = {0};
    uint64_t kept = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        event.subject = i;
        journal_ring_push(ring, &event);
    }
    while (journal_ring_pop(ring, &event)) {
        cr_assert_eq(event.subject, kept);
        kept++;
    }
    cr_assert_gt(kept, 0);
    cr_assert_eq(kept + journal_ring_dropped(ring), 100000);
    journal_ring_destroy(ring);
}

static void *push_many(void *argument) {
    for (uint32_t i = 0; i < 200000; i++) {
        const struct journal_event event = {.subject = i};
        journal_ring_push(argument, &event);
    }
    return NULL;
}

Test(journal_ring, loses_nothing_uncounted_between_two_threads) {
    struct journal_ring *ring = journal_ring_create();
    struct journal_event event;
    pthread_t producer;
    uint64_t taken = 0;
    uint32_t last = 0;
    cr_assert_eq(pthread_create(&producer, NULL, push_many, ring), 0);
    while (taken + journal_ring_dropped(ring) < 200000) {
        if (journal_ring_pop(ring, &event)) {
            cr_assert(taken == 0 || event.subject > last);
            last = event.subject;
            taken++;
        }
    }
    pthread_join(producer, NULL);
    while (journal_ring_pop(ring, &event)) {
        taken++;
    }
    cr_assert_eq(taken + journal_ring_dropped(ring), 200000);
    journal_ring_destroy(ring);
}
