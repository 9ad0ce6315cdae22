/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_timer.h"

#include <criterion/criterion.h>

#define TICK (UINT64_C(1) << 20)

static struct base_timer_wheel wheel;

Test(base_timer, fires_once_and_not_before_its_time) {
    struct base_timer timer;
    base_timer_wheel_init(&wheel, 5 * TICK + 77);
    base_timer_init(&timer);
    base_timer_arm(&wheel, &timer, 9 * TICK + 1);
    base_timer_wheel_advance(&wheel, 9 * TICK);
    cr_expect_null(base_timer_wheel_pop(&wheel));
    base_timer_wheel_advance(&wheel, 10 * TICK);
    cr_expect_eq(base_timer_wheel_pop(&wheel), &timer);
    cr_expect_null(base_timer_wheel_pop(&wheel));
    cr_expect_eq(timer.deadline_ns, 0, "disarmed");
    base_timer_wheel_advance(&wheel, 1000 * TICK);
    cr_expect_null(base_timer_wheel_pop(&wheel));
}

Test(base_timer, a_deadline_in_the_past_expires_at_the_next_advance) {
    static const uint64_t deadlines[] = {0, 1, 4 * TICK, 5 * TICK};
    for (unsigned i = 0; i < 4; i++) {
        struct base_timer timer;
        base_timer_wheel_init(&wheel, 5 * TICK);
        base_timer_init(&timer);
        base_timer_arm(&wheel, &timer, deadlines[i]);
        cr_expect_null(base_timer_wheel_pop(&wheel), "not before the advance");
        cr_expect_leq(base_timer_wheel_next_ns(&wheel), 5 * TICK + 1);
        base_timer_wheel_advance(&wheel, 5 * TICK + 1);
        cr_expect_eq(base_timer_wheel_pop(&wheel), &timer, "row %u", i);
        cr_expect_eq(base_timer_wheel_next_ns(&wheel), UINT64_MAX);
    }
}

/* Or a handler that arms its timer anew for now would never let go of the loop. */
Test(base_timer, armed_while_popping_waits_for_the_next_advance) {
    struct base_timer timer;
    base_timer_wheel_init(&wheel, 0);
    base_timer_init(&timer);
    base_timer_arm(&wheel, &timer, TICK);
    base_timer_wheel_advance(&wheel, 3 * TICK);
    cr_assert_eq(base_timer_wheel_pop(&wheel), &timer);
    base_timer_arm(&wheel, &timer, TICK);
    cr_expect_null(base_timer_wheel_pop(&wheel));
    base_timer_wheel_advance(&wheel, 3 * TICK);
    cr_expect_eq(base_timer_wheel_pop(&wheel), &timer);
}

Test(base_timer, cancelled_or_moved_when_expired_does_not_fire) {
    struct base_timer cancelled;
    struct base_timer moved;
    base_timer_wheel_init(&wheel, 0);
    base_timer_init(&cancelled);
    base_timer_init(&moved);
    base_timer_arm(&wheel, &cancelled, TICK);
    base_timer_arm(&wheel, &moved, TICK);
    base_timer_wheel_advance(&wheel, 2 * TICK);
    base_timer_cancel(&wheel, &cancelled);
    base_timer_arm(&wheel, &moved, 9 * TICK);
    cr_expect_null(base_timer_wheel_pop(&wheel));
    base_timer_wheel_advance(&wheel, 9 * TICK);
    cr_expect_eq(base_timer_wheel_pop(&wheel), &moved);
    base_timer_cancel(&wheel, &cancelled);
    cr_expect_eq(wheel.armed, 0);
}

Test(base_timer, nothing_armed_needs_no_waking) {
    struct base_timer timer;
    base_timer_wheel_init(&wheel, 12345);
    base_timer_init(&timer);
    cr_expect_eq(base_timer_wheel_next_ns(&wheel), UINT64_MAX);
    for (unsigned shift = 20; shift < 60; shift++) {
        base_timer_arm(&wheel, &timer, UINT64_C(1) << shift);
        base_timer_cancel(&wheel, &timer);
        cr_expect_eq(base_timer_wheel_next_ns(&wheel), UINT64_MAX, "shift %u", shift);
    }
}

Test(base_timer, the_end_of_time_does_not_come) {
    static const uint64_t deadlines[] = {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - TICK + 2};
    for (unsigned i = 0; i < 3; i++) {
        struct base_timer timer;
        base_timer_wheel_init(&wheel, 7);
        base_timer_init(&timer);
        base_timer_arm(&wheel, &timer, deadlines[i]);
        for (uint64_t now = 7; now < UINT64_C(1) << 60; now = now * 3 + 1) {
            base_timer_wheel_advance(&wheel, now);
            cr_assert_null(base_timer_wheel_pop(&wheel), "row %u at %llu", i,
                           (unsigned long long)now);
        }
        cr_expect_gt(base_timer_wheel_next_ns(&wheel), UINT64_C(1) << 58);
    }
}

/* A wheel that is driven by next_ns alone: each timer on its tick, with few wakes between. */
Test(base_timer, waking_at_next_ns_is_enough) {
    for (unsigned shift = 0; shift < 55; shift++) {
        struct base_timer timer;
        uint64_t start = (UINT64_C(3) << 50) - 12345 * TICK;
        uint64_t deadline = start + (UINT64_C(1) << shift) + 333;
        unsigned wakes = 0;
        struct base_timer *fired = NULL;
        uint64_t now = start;
        base_timer_wheel_init(&wheel, start);
        base_timer_init(&timer);
        base_timer_arm(&wheel, &timer, deadline);
        while (fired == NULL) {
            uint64_t next = base_timer_wheel_next_ns(&wheel);
            cr_assert_geq(next, now, "shift %u: it must not turn in place", shift);
            cr_assert_lt(next, deadline + TICK, "shift %u: slept through it", shift);
            now = next;
            base_timer_wheel_advance(&wheel, now);
            fired = base_timer_wheel_pop(&wheel);
            wakes++;
        }
        cr_expect_eq(fired, &timer);
        cr_expect(now >= deadline && now < deadline + TICK, "shift %u", shift);
        /* One a level, one a turn of the highest: 32 turns are the farthest here. */
        cr_expect_leq(wakes, BASE_TIMER_LEVELS + 34, "shift %u: %u wakes", shift, wakes);
    }
}
