/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_timer.h"

#define TICK_SHIFT 20
#define LEVEL_BITS 6
#define SLOT_MASK  (BASE_TIMER_SLOTS - 1)

/* Rounded up: a timer must never fire early. Without a sum, which could wrap around to the past. */
static uint64_t tick_of(uint64_t deadline_ns) {
    bool is_between = (deadline_ns & ((UINT64_C(1) << TICK_SHIFT) - 1)) != 0;
    return (deadline_ns >> TICK_SHIFT) + (is_between ? 1 : 0);
}

void base_timer_wheel_init(struct base_timer_wheel *wheel, uint64_t now_ns) {
    wheel->tick = now_ns >> TICK_SHIFT;
    wheel->armed = 0;
    for (unsigned level = 0; level < BASE_TIMER_LEVELS; level++) {
        wheel->occupied[level] = 0;
        for (unsigned slot = 0; slot < BASE_TIMER_SLOTS; slot++) {
            base_list_init(&wheel->slots[level][slot]);
        }
    }
    base_list_init(&wheel->far);
    base_list_init(&wheel->expired);
}

void base_timer_init(struct base_timer *timer) {
    base_list_init(&timer->link);
    timer->deadline_ns = 0;
}

/*
 * The level is that of the highest digit in which the due tick differs from the current one, so a
 * slot is always ahead of the hand of its level. What is overdue goes where the hand points: the
 * next advance looks there first.
 */
static void place(struct base_timer_wheel *wheel, struct base_timer *timer) {
    uint64_t due = tick_of(timer->deadline_ns);
    if (due < wheel->tick) {
        due = wheel->tick;
    }
    /* The lowest bit is set so that there is a highest one, also when nothing differs: level 0. */
    uint64_t differs = (due ^ wheel->tick) | 1;
    unsigned level = (63 - (unsigned)__builtin_clzll(differs)) / LEVEL_BITS;
    if (level >= BASE_TIMER_LEVELS) {
        base_list_append(&wheel->far, &timer->link);
        return;
    }
    unsigned slot = (unsigned)(due >> (level * LEVEL_BITS)) & SLOT_MASK;
    base_list_append(&wheel->slots[level][slot], &timer->link);
    wheel->occupied[level] |= UINT64_C(1) << slot;
}

void base_timer_arm(struct base_timer_wheel *wheel, struct base_timer *timer,
                    uint64_t deadline_ns) {
    base_timer_cancel(wheel, timer);
    timer->deadline_ns = deadline_ns == 0 ? 1 : deadline_ns;
    wheel->armed++;
    place(wheel, timer);
}

void base_timer_cancel(struct base_timer_wheel *wheel, struct base_timer *timer) {
    if (timer->deadline_ns == 0) {
        return;
    }
    base_list_remove(&timer->link);
    timer->deadline_ns = 0;
    wheel->armed--;
}

/* Empties a list: what is due goes to `expired`, the rest finds a place nearer to the hand. */
static void drain(struct base_timer_wheel *wheel, struct base_link *head) {
    struct base_link waiting;
    if (base_list_is_empty(head)) {
        return;
    }
    waiting = *head;
    waiting.next->previous = &waiting;
    waiting.previous->next = &waiting;
    base_list_init(head);
    while (!base_list_is_empty(&waiting)) {
        struct base_link *link = waiting.next;
        struct base_timer *timer = BASE_CONTAINER_OF(link, struct base_timer, link);
        base_list_remove(link);
        if (tick_of(timer->deadline_ns) <= wheel->tick) {
            base_list_append(&wheel->expired, link);
        } else {
            place(wheel, timer);
        }
    }
}

/* The first tick of the next full turn of the highest level, when far timers find their place. */
static uint64_t next_turn(const struct base_timer_wheel *wheel) {
    return (wheel->tick | ((UINT64_C(1) << (LEVEL_BITS * BASE_TIMER_LEVELS)) - 1)) + 1;
}

/* The nearest tick with work to do: every tick before it can be skipped. */
static uint64_t next_occupied_tick(const struct base_timer_wheel *wheel) {
    uint64_t nearest = base_list_is_empty(&wheel->far) ? UINT64_MAX : next_turn(wheel);
    for (unsigned level = 0; level < BASE_TIMER_LEVELS; level++) {
        unsigned shift = level * LEVEL_BITS;
        unsigned hand = (unsigned)(wheel->tick >> shift) & SLOT_MASK;
        /* At level 0 the hand's own slot counts: it holds what is overdue. */
        uint64_t from_hand = UINT64_MAX << hand;
        uint64_t ahead = wheel->occupied[level] & (level == 0 ? from_hand : from_hand << 1);
        if (ahead == 0) {
            continue;
        }
        uint64_t slot = (uint64_t)__builtin_ctzll(ahead);
        uint64_t base = wheel->tick >> (shift + LEVEL_BITS) << (shift + LEVEL_BITS);
        uint64_t tick = base + (slot << shift);
        if (tick < nearest) {
            nearest = tick;
        }
    }
    return nearest;
}

static void drain_slot(struct base_timer_wheel *wheel, unsigned level) {
    unsigned slot = (unsigned)(wheel->tick >> (level * LEVEL_BITS)) & SLOT_MASK;
    wheel->occupied[level] &= ~(UINT64_C(1) << slot);
    drain(wheel, &wheel->slots[level][slot]);
}

void base_timer_wheel_advance(struct base_timer_wheel *wheel, uint64_t now_ns) {
    uint64_t target = now_ns >> TICK_SHIFT;
    drain_slot(wheel, 0);
    while (wheel->tick < target) {
        uint64_t turn = next_turn(wheel);
        uint64_t next = next_occupied_tick(wheel);
        wheel->tick = next < target ? next : target;
        if (wheel->tick >= turn) {
            wheel->tick = turn; /* the hand must not jump over a full turn */
            drain(wheel, &wheel->far);
        }
        for (unsigned level = BASE_TIMER_LEVELS; level-- > 0;) {
            unsigned shift = level * LEVEL_BITS;
            if ((wheel->tick & ((UINT64_C(1) << shift) - 1)) == 0) {
                drain_slot(wheel, level);
            }
        }
    }
}

struct base_timer *base_timer_wheel_pop(struct base_timer_wheel *wheel) {
    if (base_list_is_empty(&wheel->expired)) {
        return NULL;
    }
    struct base_timer *timer = BASE_CONTAINER_OF(wheel->expired.next, struct base_timer, link);
    base_timer_cancel(wheel, timer);
    return timer;
}

uint64_t base_timer_wheel_next_ns(const struct base_timer_wheel *wheel) {
    if (wheel->armed == 0) {
        return UINT64_MAX; /* the bits of slots that a cancel emptied still stand */
    }
    if (!base_list_is_empty(&wheel->expired)) {
        return 0;
    }
    return next_occupied_tick(wheel) << TICK_SHIFT;
}
