/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_limit.h"

/* A dialler that keeps its schedule is now and then a little late, and then a little early. */
#define BURST_NS UINT64_C(20000000)

void node_limit_init(struct node_limit *limit, double sessions_per_s) {
    atomic_init(&limit->full_at_ns, 0);
    limit->interval_ns = (uint64_t)(1e9 / sessions_per_s);
    limit->burst_ns = limit->interval_ns > BURST_NS ? limit->interval_ns : BURST_NS;
}

bool node_limit_admits(struct node_limit *limit, uint64_t now_ns) {
    uint64_t full_at_ns = atomic_load_explicit(&limit->full_at_ns, memory_order_relaxed);
    uint64_t next_ns;
    do {
        uint64_t from_ns = full_at_ns > now_ns ? full_at_ns : now_ns;
        if (from_ns - now_ns > limit->burst_ns) {
            return false;
        }
        next_ns = from_ns + limit->interval_ns;
    } while (!atomic_compare_exchange_weak_explicit(&limit->full_at_ns, &full_at_ns, next_ns,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}
