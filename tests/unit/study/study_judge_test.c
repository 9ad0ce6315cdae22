/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_judge.h"

#include <criterion/criterion.h>

Test(judge, tells_the_peer_from_the_generator) {
    static const struct {
        const char *what;
        struct metrics_rate_step step;
        struct study_judge_rule rule;
        enum metrics_rate_limit limit;
    } rows[] = {
        {"all well",
         {100, 100, 500, 0, 0, 0, 900, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_NONE},
        {"starts a little late",
         {100, 100, 500, 0, 90, 0, 90000, 0, 0, 0},
         {false, false, 1},
         METRICS_RATE_LIMIT_NONE},
        {"one attempt failed",
         {100, 100, 500, 1, 0, 0, 900, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_PEER},
        {"it failed, and starts were late",
         {100, 100, 500, 1, 9, 0, 900000, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_PEER},
        {"never started",
         {100, 100, 490, 0, 0, 10, 900, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"starts much too late",
         {100, 100, 500, 0, 300, 0, 260000, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"a rate that was not reached",
         {100, 80, 500, 0, 0, 0, 900, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"nothing attempted",
         {100, 100, 0, 0, 0, 0, 0, 0, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"failures within the threshold",
         {100, 100, 500, 3, 0, 0, 900, 0, 0, 0},
         {true, true, 5},
         METRICS_RATE_LIMIT_PEER},
        {"threshold met",
         {100, 100, 500, 0, 0, 0, 900, 0, 0, 0},
         {true, true, 5},
         METRICS_RATE_LIMIT_NONE},
        {"threshold met by starts that were too late",
         {100, 100, 500, 0, 300, 0, 260000, 0, 0, 0},
         {true, true, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"a short step, starts within a quarter of it",
         {500, 500, 100, 0, 20, 0, 40000, 0, 0, 0},
         {false, false, 0.2},
         METRICS_RATE_LIMIT_NONE},
        {"a step shorter than its latest start was late",
         {409600, 409600, 100, 0, 99, 0, 4400, 0, 0, 0},
         {false, false, 0.00025},
         METRICS_RATE_LIMIT_GENERATOR},
        {"no port was left",
         {100, 100, 500, 90, 0, 0, 900, FAULT_LOCAL_PORT_EXHAUSTED, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_GENERATOR},
        {"the peer refused",
         {100, 100, 500, 500, 0, 0, 900, FAULT_TCP_REFUSED, 0, 0},
         {false, false, 5},
         METRICS_RATE_LIMIT_PEER},
        {"threshold missed",
         {100, 100, 500, 0, 0, 0, 900, 0, 0, 0},
         {true, false, 5},
         METRICS_RATE_LIMIT_PEER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum metrics_rate_limit limit = study_judge(&rows[i].step, &rows[i].rule);
        cr_assert_eq(limit, rows[i].limit, "%s: %s", rows[i].what, metrics_rate_limit_key(limit));
    }
}
