/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_after.h"

#include <criterion/criterion.h>

/* A zone of 20 connections, 10 of them in this worker. */
struct case_of_after {
    const char *name;
    struct worker_earlier earlier;
    uint32_t released;
};

static const struct case_of_after cases[] = {
    {"nothing was answered yet", {.same_node = true, .connections = 20}, 0},
    {"one of the same node lets one through for each answer here",
     {.same_node = true, .connections = 20, .answered = 9, .answered_here = 3},
     3},
    {"never more than there are",
     {.same_node = true, .connections = 80, .answered = 60, .answered_here = 30},
     10},
    {"fewer connections let nobody through before the last is answered",
     {.same_node = true, .connections = 2, .answered = 1, .answered_here = 1, .settled = 2},
     0},
    {"fewer connections, all answered in another worker, let all through",
     {.same_node = true, .connections = 1, .answered = 1, .settled = 1},
     10},
    {"another node's zone is waited for", {.connections = 4, .answered = 3, .settled = 3}, 0},
    {"also where this worker has none of its connections", {.connections = 1}, 0},
    {"another node's zone is up", {.connections = 4, .answered = 4, .settled = 4}, 10},
    {"another node's zone was refused: that is an outcome, too",
     {.connections = 4, .settled = 4},
     10},
};

Test(worker_after, releases_connections_as_the_earlier_zone_lets_them) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_assert_eq(worker_after_released(&cases[i].earlier, 20, 10), cases[i].released, "%s",
                     cases[i].name);
    }
}
