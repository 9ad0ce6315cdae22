/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include "base_list.h"

#include <stdint.h>

/*
 * A hierarchical timer wheel: arming, moving and cancelling cost O(1) and allocate nothing.
 * Resolution 1 ms (2^20 ns); a timer never fires early and fires at most one tick late, counted
 * from the next call of base_timer_wheel_advance(). One thread. Time is an argument, in
 * nanoseconds of any monotonic clock.
 */
#define BASE_TIMER_LEVELS 5
#define BASE_TIMER_SLOTS  64

struct base_timer {
    struct base_link link;
    uint64_t deadline_ns; /* 0: not armed */
};

struct base_timer_wheel {
    uint64_t tick; /* every tick up to this one has been served */
    uint64_t armed;
    uint64_t occupied[BASE_TIMER_LEVELS]; /* bit per slot that may hold timers */
    struct base_link slots[BASE_TIMER_LEVELS][BASE_TIMER_SLOTS];
    struct base_link far; /* beyond the highest level: 12 days */
    struct base_link expired;
};

void base_timer_wheel_init(struct base_timer_wheel *wheel, uint64_t now_ns);

void base_timer_init(struct base_timer *timer);

/* Arms, or moves, `timer`. A deadline in the past expires at the next advance. */
void base_timer_arm(struct base_timer_wheel *wheel, struct base_timer *timer, uint64_t deadline_ns);

void base_timer_cancel(struct base_timer_wheel *wheel, struct base_timer *timer);

/* Collects what is due at `now_ns`; base_timer_wheel_pop() hands it out one by one. */
void base_timer_wheel_advance(struct base_timer_wheel *wheel, uint64_t now_ns);

/* The next expired timer, disarmed, or NULL. Timers armed meanwhile wait for the next advance. */
struct base_timer *base_timer_wheel_pop(struct base_timer_wheel *wheel);

/*
 * A time at or before which nothing is due: when to wake at the latest. UINT64_MAX when nothing
 * is armed.
 */
uint64_t base_timer_wheel_next_ns(const struct base_timer_wheel *wheel);

#endif
