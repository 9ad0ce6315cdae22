/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_after.h"

/*
 * A zone of the same node lets one connection through for each of its own that was answered (an
 * endpoint registers once it was provisioned), or all of them when it has fewer connections and all
 * were. Another node's is waited for until it is known what became of each of its connections.
 */
uint32_t worker_after_released(const struct worker_earlier *earlier, uint32_t connections,
                               uint32_t share) {
    if (!earlier->same_node) {
        return earlier->settled >= earlier->connections ? share : 0;
    }
    if (earlier->connections < connections) {
        return earlier->answered >= earlier->connections ? share : 0;
    }
    return earlier->answered_here < share ? (uint32_t)earlier->answered_here : share;
}
