/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_target.h"

#include <stdlib.h>

struct worker_target_turn {
    int64_t credit; /* grows by the weight each turn; whoever has most is next, and pays the sum */
    uint64_t rests_until_ns;
};

bool worker_targets_init(struct worker_targets *targets, const struct worker_route *route,
                         unsigned worker_index) {
    *targets = (struct worker_targets){.route = route};
    if (route->target_count < 2) {
        return true;
    }
    targets->turns = calloc(route->target_count, sizeof *targets->turns);
    for (unsigned i = 0; targets->turns != NULL && i < worker_index; i++) {
        (void)worker_targets_choose(targets, 0);
    }
    return targets->turns != NULL;
}

void worker_targets_finish(struct worker_targets *targets) {
    free(targets->turns);
}

/* UINT32_MAX: all rest. */
static uint32_t take_turn(struct worker_targets *targets, uint64_t now_ns) {
    const struct worker_route *route = targets->route;
    const struct worker_target *first = NULL; /* of the peer that is being looked at */
    uint32_t next = UINT32_MAX;
    int64_t sum = 0;
    for (uint32_t i = 0; i < route->target_count; i++) {
        const struct worker_target *target = &route->targets[i];
        struct worker_target_turn *turn = &targets->turns[i];
        if (turn->rests_until_ns > now_ns) {
            continue;
        }
        if (first == NULL || first->peer != target->peer) {
            first = target;
        }
        if (target->priority != first->priority) {
            continue;
        }
        turn->credit += target->weight;
        sum += target->weight;
        if (next == UINT32_MAX || turn->credit > targets->turns[next].credit) {
            next = i;
        }
    }
    if (next != UINT32_MAX) {
        targets->turns[next].credit -= sum;
    }
    return next;
}

uint32_t worker_targets_choose(struct worker_targets *targets, uint64_t now_ns) {
    if (targets->turns == NULL) {
        return 0;
    }
    uint32_t next = take_turn(targets, now_ns);
    return next != UINT32_MAX ? next : take_turn(targets, UINT64_MAX);
}

void worker_targets_take_failure(struct worker_targets *targets, uint32_t target, enum fault fault,
                                 uint64_t now_ns) {
    bool unreachable =
        fault == FAULT_TCP_REFUSED || fault == FAULT_TCP_TIMEOUT || fault == FAULT_TCP_UNREACHABLE;
    if (targets->turns != NULL && unreachable) {
        targets->turns[target].rests_until_ns = now_ns + WORKER_TARGET_REST_NS;
    }
}

const struct net_address *worker_targets_remote(const struct worker_targets *targets,
                                                uint32_t target) {
    const struct worker_route *route = targets->route;
    return route->targets == NULL ? &route->remote : &route->targets[target].remote;
}
