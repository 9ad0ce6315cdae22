/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_retry.h"

uint64_t worker_retry_next_pause_ns(const struct profile_retry *retry, uint16_t *attempt) {
    if (retry->pause_count > 0) {
        uint64_t pause_ns = retry->pauses_ns[*attempt % retry->pause_count];
        *attempt = (uint16_t)((*attempt + 1u) % retry->pause_count);
        return pause_ns;
    }
    *attempt = (uint16_t)(*attempt + 1);
    if (*attempt < retry->burst) {
        return retry->gap_ns;
    }
    *attempt = 0;
    return retry->every_ns;
}

uint64_t worker_retry_first_pause_ns(const struct profile_retry *retry) {
    return retry->pause_count > 0 ? retry->pauses_ns[0] : retry->gap_ns;
}

uint64_t worker_retry_longest_pause_ns(const struct profile_retry *retry) {
    if (retry->pause_count == 0) {
        return retry->every_ns;
    }
    uint64_t longest_ns = retry->pauses_ns[0];
    for (uint32_t i = 1; i < retry->pause_count; i++) {
        longest_ns = retry->pauses_ns[i] > longest_ns ? retry->pauses_ns[i] : longest_ns;
    }
    return longest_ns;
}
