/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STUDY_SEARCH_H
#define STUDY_SEARCH_H

#include <stdbool.h>

/*
 * A search for the highest rate that succeeds, one step at a time: ask for a rate, say whether it
 * succeeded. RFC 7502 goes up by a part w and down by a part d until ten successes in all brought
 * no higher rate; bisection doubles or halves until it has one rate that succeeds and one that does
 * not, then halves the distance.
 */
enum study_search_rule { STUDY_SEARCH_RFC7502, STUDY_SEARCH_BISECTION };

/* Below it floor(r + w r) is r, and the RFC's search stands still. */
#define STUDY_SEARCH_RFC_MIN       10.0
#define STUDY_SEARCH_BISECTION_MIN 0.1

/* Bisection ends when the two rates are that close, as a part of the lower one. */
#define STUDY_SEARCH_PRECISION 0.03

enum study_search_state {
    STUDY_SEARCH_GOES_ON,
    STUDY_SEARCH_CONVERGED,
    STUDY_SEARCH_BOUND,   /* `to` succeeded */
    STUDY_SEARCH_TOO_LOW, /* the lowest rate that makes sense failed, and none succeeded */
    STUDY_SEARCH_NOTHING, /* no attempt succeeded, at the first rate and at a tenth of it */
};

struct study_search {
    enum study_search_rule rule;
    enum study_search_state state;
    double rate;    /* of the next step */
    double highest; /* that succeeded: the RFC's old_r; 0: none */
    double to;      /* never higher than this */
    unsigned taken; /* steps */
    bool fell;      /* the second step was a tenth of the first */
    /* RFC 7502: */
    double increase; /* w */
    double decrease; /* d */
    unsigned count;  /* successes that brought no higher rate */
    /* Bisection: */
    double lowest_failed; /* 0: none */
};

/* `to` 0: no bound. */
void study_search_init(struct study_search *search, enum study_search_rule rule, double from,
                       double to);

/* What became of search->rate. */
void study_search_take(struct study_search *search, bool succeeded);

/*
 * Not one attempt at search->rate succeeded. Where that is all there ever was, a tenth of the rate
 * comes next: it tells a peer that is slow from one that is not there at any rate.
 */
void study_search_take_nothing(struct study_search *search);

#endif
