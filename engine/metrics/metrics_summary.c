/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_summary.h"

static uint64_t sum_of_faults(const metrics_counter *faults) {
    uint64_t sum = 0;
    /* FAULT_NONE has no key in a result: what was counted there is missing. */
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        sum += metrics_read(&faults[fault]);
    }
    return sum;
}

static const char *broken_in_zone(const struct metrics_zone *zone,
                                  const struct metrics_zone_summary *end) {
    uint64_t established = metrics_read(&zone->established);
    uint64_t failed = metrics_read(&zone->failed);
    uint64_t lost = metrics_read(&zone->lost);
    if (metrics_read(&zone->attempts) !=
        established + failed + metrics_read(&zone->unconfirmed) + end->in_flight_at_end) {
        return "attempts = established + failed + unconfirmed + in_flight_at_end";
    }
    if (failed != sum_of_faults(zone->faults)) {
        return "failed = sum of faults";
    }
    if (established != lost + metrics_read(&zone->closed) + end->open_at_end) {
        return "established = lost + closed + open_at_end";
    }
    return lost == sum_of_faults(zone->lost_faults) ? NULL : "lost = sum of lost_faults";
}

static const char *broken_in_listener(const struct metrics_listener *listener,
                                      const struct metrics_listener_summary *end) {
    uint64_t ended = metrics_read(&listener->admitted) + metrics_read(&listener->refused) +
                     metrics_read(&listener->aborted);
    return metrics_read(&listener->accepted) == ended + end->in_flight_at_end
               ? NULL
               : "accepted = admitted + refused + aborted + in_flight_at_end";
}

const char *metrics_summary_broken_sum(const struct metrics_summary *summary,
                                       struct metrics_place *where) {
    const struct metrics_shard *total = &summary->total;
    for (uint32_t i = 0; i < total->zone_count; i++) {
        const struct metrics_zone_summary *end = &summary->zones[i];
        const char *broken = end->ran ? broken_in_zone(&total->zones[i], end) : NULL;
        if (broken != NULL) {
            *where = (struct metrics_place){.is_listener = false, .index = i};
            return broken;
        }
    }
    for (uint32_t i = 0; i < total->listener_count; i++) {
        const struct metrics_listener_summary *end = &summary->listeners[i];
        const char *broken = end->ran ? broken_in_listener(&total->listeners[i], end) : NULL;
        if (broken != NULL) {
            *where = (struct metrics_place){.is_listener = true, .index = i};
            return broken;
        }
    }
    return NULL;
}
