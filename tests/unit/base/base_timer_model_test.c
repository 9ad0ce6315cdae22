/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wheel against a plain array of deadlines. */
#include "base_random.h"
#include "base_timer.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define TICK            (UINT64_C(1) << 20)
#define TIMERS          48

struct model {
    struct base_timer_wheel wheel;
    struct base_timer timers[TIMERS];
    uint64_t deadlines[TIMERS]; /* 0: not armed */
    uint64_t now;
    uint64_t fired;
    struct base_random random;
};

/* Every order of magnitude below 2^bits is equally likely. */
static uint64_t some_time(struct model *model, unsigned bits) {
    uint64_t width = base_random_next(&model->random) % (bits + 1);
    return base_random_next(&model->random) & ((UINT64_C(1) << width) - 1);
}

static void arm(struct model *model, unsigned i) {
    bool is_past = base_random_next(&model->random) % 16 == 0;
    uint64_t distance = is_past ? 0 : some_time(model, 53);
    uint64_t back = is_past ? some_time(model, 24) : 0;
    /* Now and then exactly on a tick, where rounding shows. */
    uint64_t deadline = model->now + distance - (back < model->now ? back : model->now);
    if (base_random_next(&model->random) % 4 == 0) {
        deadline = deadline / TICK * TICK;
    }
    base_timer_arm(&model->wheel, &model->timers[i], deadline);
    model->deadlines[i] = deadline == 0 ? 1 : deadline;
}

static uint64_t first_deadline(const struct model *model) {
    uint64_t first = UINT64_MAX;
    for (unsigned i = 0; i < TIMERS; i++) {
        if (model->deadlines[i] != 0 && model->deadlines[i] < first) {
            first = model->deadlines[i];
        }
    }
    return first;
}

static void check_next(const struct model *model) {
    uint64_t next = base_timer_wheel_next_ns(&model->wheel);
    uint64_t first = first_deadline(model);
    if (first == UINT64_MAX) {
        cr_assert_eq(next, UINT64_MAX, "nothing is armed");
        return;
    }
    uint64_t due = first / TICK * TICK + (first % TICK == 0 ? 0 : TICK);
    cr_assert_leq(next, due > model->now ? due : model->now, "it would be slept through");
}

static void advance(struct model *model, uint64_t now) {
    struct base_timer *timer;
    model->now = now;
    base_timer_wheel_advance(&model->wheel, now);
    while ((timer = base_timer_wheel_pop(&model->wheel)) != NULL) {
        size_t i = (size_t)(timer - model->timers);
        cr_assert_lt(i, TIMERS);
        cr_assert_neq(model->deadlines[i], 0, "fired without being armed");
        cr_assert_leq(model->deadlines[i], now, "fired early");
        model->deadlines[i] = 0;
        model->fired++;
    }
    uint64_t first = first_deadline(model);
    cr_assert(first == UINT64_MAX || first > now / TICK * TICK, "a timer is late or lost");
}

static void step(struct model *model) {
    unsigned i = (unsigned)(base_random_next(&model->random) % TIMERS);
    uint64_t what = base_random_next(&model->random) % 8;
    if (what < 4) {
        arm(model, i);
    } else if (what < 5) {
        base_timer_cancel(&model->wheel, &model->timers[i]);
        model->deadlines[i] = 0;
    } else if (what < 7) {
        advance(model, model->now + some_time(model, 30));
    } else {
        uint64_t next = base_timer_wheel_next_ns(&model->wheel);
        /* As a loop sleeps: until next_ns, or woken before, or late. */
        if (next != UINT64_MAX && next > model->now) {
            advance(model,
                    next - some_time(model, 10) % (next - model->now) + some_time(model, 22) / 2);
        }
    }
    check_next(model);
}

static void run(uint64_t start, uint64_t seed, unsigned steps) {
    struct model *model = calloc(1, sizeof *model);
    cr_assert_not_null(model);
    model->now = start;
    base_random_init(&model->random, seed);
    base_timer_wheel_init(&model->wheel, start);
    for (unsigned i = 0; i < TIMERS; i++) {
        base_timer_init(&model->timers[i]);
    }
    for (unsigned i = 0; i < steps; i++) {
        step(model);
    }
    uint64_t last = model->now;
    for (unsigned i = 0; i < TIMERS; i++) {
        last = model->deadlines[i] > last ? model->deadlines[i] : last;
    }
    advance(model, last + TICK);
    cr_expect_eq(first_deadline(model), UINT64_MAX, "all have fired");
    cr_expect_eq(model->wheel.armed, 0);
    cr_expect_gt(model->fired, steps / 100);
    free(model);
}

/* The highest level turns every 2^50 ns: the starts lie around that, and at a machine's first boot.
 */
Test(base_timer_model, agrees_through_every_turn) {
    static const uint64_t turn = UINT64_C(1) << 50;
    const uint64_t starts[] = {0,
                               1,
                               TICK - 1,
                               64 * TICK - 1,
                               turn - 1,
                               turn - TICK,
                               5 * turn - 3 * TICK - 17,
                               7 * turn,
                               UINT64_C(1767323045678901234)};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        run(starts[i], i + 1, 20000);
    }
}

/* Short steps over the boundary, so that every level hands over while timers lie on both sides. */
Test(base_timer_model, agrees_tick_by_tick_across_the_turn) {
    static const uint64_t turn = UINT64_C(1) << 50;
    struct model *model = calloc(1, sizeof *model);
    cr_assert_not_null(model);
    base_random_init(&model->random, 3);
    model->now = turn - 5000 * TICK;
    base_timer_wheel_init(&model->wheel, model->now);
    for (unsigned i = 0; i < TIMERS; i++) {
        base_timer_init(&model->timers[i]);
    }
    for (unsigned i = 0; i < 20000; i++) {
        unsigned which = i % TIMERS;
        if (model->deadlines[which] == 0) {
            model->deadlines[which] = model->now + 1 + some_time(model, 33);
            base_timer_arm(&model->wheel, &model->timers[which], model->deadlines[which]);
        }
        advance(model, model->now + TICK / 2 + 1);
        check_next(model);
    }
    cr_expect_gt(model->now, turn);
    cr_expect_gt(model->fired, 1000);
    free(model);
}
