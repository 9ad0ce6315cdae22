/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_target.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { TARGETS_MAX = 8, TURNS = 1000 };

struct bench {
    struct worker_target list[TARGETS_MAX];
    struct worker_route route;
    struct worker_targets targets;
};

/* "0/1/30 0/2/10": peer, priority and weight of each. */
static void open_bench(struct bench *bench, const char *text, unsigned worker) {
    unsigned peer;
    unsigned priority;
    unsigned weight;
    int used;
    *bench = (struct bench){.route = {.targets = bench->list}};
    for (; sscanf(text, "%u/%u/%u%n", &peer, &priority, &weight, &used) == 3; text += used) {
        bench->list[bench->route.target_count++] =
            (struct worker_target){.peer = peer, .priority = (uint16_t)priority, .weight = weight};
    }
    cr_assert(worker_targets_init(&bench->targets, &bench->route, worker));
}

/* How often each of the next thousand turns fell to each target: "750 250". */
static void count_turns(struct bench *bench, uint64_t now_ns, char out[128]) {
    unsigned counts[TARGETS_MAX] = {0};
    size_t length = 0;
    for (unsigned i = 0; i < TURNS; i++) {
        counts[worker_targets_choose(&bench->targets, now_ns)]++;
    }
    for (uint32_t i = 0; i < bench->route.target_count; i++) {
        length +=
            (size_t)snprintf(out + length, 128 - length, "%s%u", i == 0 ? "" : " ", counts[i]);
    }
}

Test(worker_target, turns_follow_the_weights_and_priorities) {
    static const struct {
        const char *targets;
        const char *unreachable; /* their indexes */
        const char *turns;
    } cases[] = {
        {"0/0/1 1/0/1", "", "500 500"},
        {"0/0/3 1/0/1", "", "750 250"},
        {"0/1/7 0/2/1", "", "1000 0"},
        {"0/1/7 0/2/1", "0", "0 1000"},
        {"0/1/7 0/2/1", "01", "1000 0"},
        {"0/1/6 0/1/2 0/2/1", "", "750 250 0"},
        {"0/1/6 0/1/2 0/2/1", "0", "0 1000 0"},
        {"0/1/6 0/1/2 0/2/1", "01", "0 0 1000"},
        /* Each peer fails over by itself. */
        {"0/1/1 0/2/1 1/5/1 1/6/1", "", "500 0 500 0"},
        {"0/1/1 0/2/1 1/5/1 1/6/1", "0", "0 500 500 0"},
        {"0/1/1 0/2/1 1/5/1 1/6/1", "23", "1000 0 0 0"},
        {"0/0/1000000000 1/0/1", "", "1000 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        char turns[128];
        open_bench(&bench, cases[i].targets, 0);
        for (const char *digit = cases[i].unreachable; *digit != '\0'; digit++) {
            worker_targets_take_failure(&bench.targets, (uint32_t)(*digit - '0'), FAULT_TCP_REFUSED,
                                        1);
        }
        count_turns(&bench, 2, turns);
        cr_expect_str_eq(turns, cases[i].turns, "%s without %s: %s", cases[i].targets,
                         cases[i].unreachable, turns);
        worker_targets_finish(&bench.targets);
    }
}

Test(worker_target, few_turns_are_spread_as_fairly_as_many) {
    struct bench bench;
    open_bench(&bench, "0/0/1 1/0/1 2/0/2", 0);
    for (unsigned round = 0; round < 3; round++) {
        unsigned counts[3] = {0};
        for (unsigned i = 0; i < 4; i++) {
            counts[worker_targets_choose(&bench.targets, 0)]++;
        }
        cr_expect_eq(counts[0], 1);
        cr_expect_eq(counts[1], 1);
        cr_expect_eq(counts[2], 2);
    }
    worker_targets_finish(&bench.targets);
}

Test(worker_target, workers_begin_at_different_targets) {
    bool begun[3] = {false};
    for (unsigned worker = 0; worker < 3; worker++) {
        struct bench bench;
        open_bench(&bench, "0/0/1 1/0/1 2/0/1", worker);
        begun[worker_targets_choose(&bench.targets, 0)] = true;
        worker_targets_finish(&bench.targets);
    }
    cr_expect(begun[0] && begun[1] && begun[2]);
}

Test(worker_target, rest_ends_and_is_only_for_what_cannot_be_reached) {
    static const struct {
        enum fault fault;
        bool rests;
    } cases[] = {
        {FAULT_TCP_REFUSED, true},     {FAULT_TCP_TIMEOUT, true},
        {FAULT_TCP_UNREACHABLE, true}, {FAULT_TLS_PEER_EKU, false},
        {FAULT_SIP_TIMEOUT, false},    {FAULT_LOCAL_PORT_EXHAUSTED, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        char turns[128];
        open_bench(&bench, "0/1/1 0/2/1", 0);
        worker_targets_take_failure(&bench.targets, 0, cases[i].fault, 1000);
        count_turns(&bench, 1000 + WORKER_TARGET_REST_NS - 1, turns);
        cr_expect_str_eq(turns, cases[i].rests ? "0 1000" : "1000 0");
        count_turns(&bench, 1000 + WORKER_TARGET_REST_NS, turns);
        cr_expect_str_eq(turns, "1000 0");
        worker_targets_finish(&bench.targets);
    }
}

Test(worker_target, one_target_is_the_routes_own) {
    const struct worker_route route = {.remote = {.length = 1}};
    struct worker_targets targets;
    cr_assert(worker_targets_init(&targets, &route, 7));
    cr_expect_eq(worker_targets_choose(&targets, 0), 0);
    worker_targets_take_failure(&targets, 0, FAULT_TCP_REFUSED, 1);
    cr_expect_eq(worker_targets_choose(&targets, 2), 0);
    cr_expect_eq(worker_targets_remote(&targets, 0), &route.remote);
    worker_targets_finish(&targets);
}
