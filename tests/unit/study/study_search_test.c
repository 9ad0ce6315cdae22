/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_search.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>

#define STEPS_MAX 500u

/* A peer that holds every rate up to its limit; now and then it fails for no reason. */
struct peer {
    double limit;
    unsigned fails_every; /* 0: never */
    unsigned asked;
};

static bool hold(struct peer *peer, double rate) {
    peer->asked++;
    return rate <= peer->limit && (peer->fails_every == 0 || peer->asked % peer->fails_every != 0);
}

static enum study_search_state search(struct study_search *machine, struct peer *peer) {
    while (machine->state == STUDY_SEARCH_GOES_ON && peer->asked < STEPS_MAX) {
        cr_assert_gt(machine->rate, 0);
        study_search_take(machine, hold(peer, machine->rate));
    }
    return machine->state;
}

Test(search, rfc_7502_comes_within_two_percent_of_a_hard_limit) {
    static const double limits[] = {11, 25, 40, 99, 100, 101, 137.5, 200, 500, 1234, 9000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct study_search machine;
        struct peer peer = {.limit = limits[i]};
        study_search_init(&machine, STUDY_SEARCH_RFC7502, 100, 0);
        cr_assert_eq(search(&machine, &peer), STUDY_SEARCH_CONVERGED, "limit %g", limits[i]);
        cr_assert_leq(machine.highest, limits[i]);
        cr_assert_geq(machine.highest, floor(limits[i]) * 0.98 - 1, "%g instead of %g",
                      machine.highest, limits[i]);
        cr_assert_leq(peer.asked, 90u, "limit %g took %u steps", limits[i], peer.asked);
    }
}

Test(search, rfc_7502_walks_as_printed) {
    /* r = 100, w = d = 0.10, whole numbers; a peer that holds 125 a second. */
    static const double walk[] = {100, 110, 121, 133, 119, 130, 117, 128, 115, 126, 113, 124, 136};
    struct study_search machine;
    struct peer peer = {.limit = 125};
    study_search_init(&machine, STUDY_SEARCH_RFC7502, 100, 0);
    for (size_t i = 0; i < sizeof walk / sizeof walk[0]; i++) {
        cr_assert_eq(machine.rate, walk[i], "step %zu: %g", i, machine.rate);
        study_search_take(&machine, hold(&peer, machine.rate));
    }
    cr_assert_eq(machine.highest, 124);
}

Test(search, rfc_7502_ends_with_the_tenth_success_that_brings_nothing_higher) {
    struct study_search machine;
    study_search_init(&machine, STUDY_SEARCH_RFC7502, 100, 0);
    study_search_take(&machine, true);
    for (unsigned i = 0; i < 10; i++) {
        cr_assert_eq(machine.state, STUDY_SEARCH_GOES_ON, "after %u", i);
        while (machine.rate > 100) {
            study_search_take(&machine, false);
        }
        study_search_take(&machine, true);
    }
    cr_assert_eq(machine.state, STUDY_SEARCH_CONVERGED);
    cr_assert_eq(machine.highest, 100);
}

Test(search, single_failures_without_a_cause_do_not_end_it) {
    static const unsigned every[] = {3, 5, 7};
    for (size_t i = 0; i < sizeof every / sizeof every[0]; i++) {
        struct study_search machine;
        struct peer peer = {.limit = 400, .fails_every = every[i]};
        study_search_init(&machine, STUDY_SEARCH_RFC7502, 100, 0);
        cr_assert_eq(search(&machine, &peer), STUDY_SEARCH_CONVERGED);
        cr_assert_leq(machine.highest, 400);
    }
}

Test(search, rates_too_low_to_tell_apart_end_it) {
    static const struct {
        enum study_search_rule rule;
        double limit;
    } rows[] = {{STUDY_SEARCH_RFC7502, 5}, {STUDY_SEARCH_RFC7502, 0}, {STUDY_SEARCH_BISECTION, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct study_search machine;
        struct peer peer = {.limit = rows[i].limit};
        study_search_init(&machine, rows[i].rule, 100, 0);
        cr_assert_eq(search(&machine, &peer), STUDY_SEARCH_TOO_LOW, "row %zu", i);
        cr_assert_eq(machine.highest, 0);
    }
}

Test(search, nothing_at_all_at_first_and_at_a_tenth_ends_it) {
    static const struct {
        enum study_search_rule rule;
        double from;
        double tenth;
    } rows[] = {{STUDY_SEARCH_RFC7502, 200, 20},
                {STUDY_SEARCH_RFC7502, 50, 10},
                {STUDY_SEARCH_BISECTION, 100, 10},
                {STUDY_SEARCH_BISECTION, 0.4, 0.1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct study_search machine;
        study_search_init(&machine, rows[i].rule, rows[i].from, 0);
        study_search_take_nothing(&machine);
        cr_assert_eq(machine.state, STUDY_SEARCH_GOES_ON, "row %zu", i);
        cr_assert_float_eq(machine.rate, rows[i].tenth, 1e-9, "row %zu: %g", i, machine.rate);
        study_search_take_nothing(&machine);
        cr_assert_eq(machine.state, STUDY_SEARCH_NOTHING, "row %zu", i);
    }
}

Test(search, a_slow_peer_is_found_from_a_tenth_of_the_first_rate) {
    static const enum study_search_rule rules[] = {STUDY_SEARCH_RFC7502, STUDY_SEARCH_BISECTION};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct study_search machine;
        struct peer peer = {.limit = 40};
        study_search_init(&machine, rules[i], 200, 0);
        study_search_take_nothing(&machine);
        cr_assert_eq(search(&machine, &peer), STUDY_SEARCH_CONVERGED);
        cr_assert(machine.highest >= 38 && machine.highest <= 40, "%g", machine.highest);
        study_search_init(&machine, rules[i], 200, 0);
        study_search_take(&machine, true);
        study_search_take_nothing(&machine);
        study_search_take_nothing(&machine);
        cr_assert_eq(machine.state, STUDY_SEARCH_GOES_ON);
    }
}

Test(search, bound_is_never_passed_and_ends_it_when_it_succeeds) {
    static const enum study_search_rule rules[] = {STUDY_SEARCH_RFC7502, STUDY_SEARCH_BISECTION};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct study_search machine;
        study_search_init(&machine, rules[i], 100, 250);
        while (machine.state == STUDY_SEARCH_GOES_ON) {
            cr_assert_leq(machine.rate, 250);
            study_search_take(&machine, true);
        }
        cr_assert_eq(machine.state, STUDY_SEARCH_BOUND);
        cr_assert_eq(machine.highest, 250);
    }
}

Test(search, bisection_comes_within_its_precision_in_few_steps) {
    static const double limits[] = {0.4, 3, 40, 99.5, 100, 777, 20000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct study_search machine;
        struct peer peer = {.limit = limits[i]};
        study_search_init(&machine, STUDY_SEARCH_BISECTION, 100, 0);
        cr_assert_eq(search(&machine, &peer), STUDY_SEARCH_CONVERGED, "limit %g", limits[i]);
        cr_assert_leq(machine.highest, limits[i]);
        cr_assert_geq(machine.highest, limits[i] * (1 - STUDY_SEARCH_PRECISION));
        cr_assert_leq(peer.asked, 20u, "limit %g took %u steps", limits[i], peer.asked);
    }
}
