/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_search.h"

#include <math.h>

/* RFC 7502 section 4.10. */
#define INCREASE  0.10
#define COUNT_MAX 10u

static double not_below(double part) {
    return part > 0.10 ? part : 0.10;
}

static double bounded(const struct study_search *search, double rate) {
    return search->to > 0 && rate > search->to ? search->to : rate;
}

void study_search_init(struct study_search *search, enum study_search_rule rule, double from,
                       double to) {
    *search = (struct study_search){
        .rule = rule,
        .state = STUDY_SEARCH_GOES_ON,
        .to = to,
        .increase = INCREASE,
        .decrease = not_below(INCREASE / 2),
    };
    search->rate = bounded(search, from);
}

static void take_rfc7502(struct study_search *search, bool succeeded) {
    double rate = search->rate;
    if (!succeeded) {
        search->rate = floor(rate - search->decrease * rate);
        search->decrease = not_below(search->decrease / 2);
        search->increase = not_below(search->increase / 2);
        if (search->rate < STUDY_SEARCH_RFC_MIN) {
            search->state = search->highest > 0 ? STUDY_SEARCH_CONVERGED : STUDY_SEARCH_TOO_LOW;
        }
        return;
    }
    if (rate > search->highest) {
        search->highest = rate;
        search->state = search->to > 0 && rate >= search->to ? STUDY_SEARCH_BOUND : search->state;
    } else if (++search->count >= COUNT_MAX) {
        search->state = STUDY_SEARCH_CONVERGED;
    }
    search->rate = bounded(search, floor(rate + search->increase * rate));
}

static void take_bisection(struct study_search *search, bool succeeded) {
    if (succeeded) {
        search->highest = search->rate;
    } else {
        search->lowest_failed = search->rate;
    }
    if (search->lowest_failed == 0) {
        if (search->to > 0 && search->highest >= search->to) {
            search->state = STUDY_SEARCH_BOUND;
        }
        search->rate = bounded(search, 2 * search->highest);
        return;
    }
    if (search->highest == 0) {
        search->rate = search->lowest_failed / 2;
        if (search->rate < STUDY_SEARCH_BISECTION_MIN) {
            search->state = STUDY_SEARCH_TOO_LOW;
        }
        return;
    }
    if (search->lowest_failed - search->highest <= STUDY_SEARCH_PRECISION * search->highest) {
        search->state = STUDY_SEARCH_CONVERGED;
        return;
    }
    search->rate = (search->highest + search->lowest_failed) / 2;
}

void study_search_take(struct study_search *search, bool succeeded) {
    search->taken++;
    if (search->rule == STUDY_SEARCH_RFC7502) {
        take_rfc7502(search, succeeded);
        return;
    }
    take_bisection(search, succeeded);
}

void study_search_take_nothing(struct study_search *search) {
    double lowest =
        search->rule == STUDY_SEARCH_RFC7502 ? STUDY_SEARCH_RFC_MIN : STUDY_SEARCH_BISECTION_MIN;
    double tenth = search->rate / 10;
    study_search_take(search, false);
    if (search->taken == 2 && search->fell) {
        search->state = STUDY_SEARCH_NOTHING;
        return;
    }
    if (search->taken == 1 && search->state == STUDY_SEARCH_GOES_ON) {
        search->fell = true;
        tenth = search->rule == STUDY_SEARCH_RFC7502 ? floor(tenth) : tenth;
        search->rate = tenth < lowest ? lowest : tenth;
    }
}
