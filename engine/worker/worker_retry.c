/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_retry.h"

#include <math.h>

/* RFC 5626 section 4.5. */
#define FLOW_BASE_ALL_FAILED_S 30.0
#define FLOW_BASE_SOME_OPEN_S  90.0
#define FLOW_LONGEST_S         1800.0

static uint64_t back_off_ns(const struct profile_retry *retry, uint16_t attempt,
                            struct base_random *random) {
    double pause_ns =
        fmin((double)retry->first_ns * pow(retry->factor, attempt), (double)retry->longest_ns);
    double sway = retry->jitter > 0 ? retry->jitter * (2 * base_random_uniform(random) - 1) : 0;
    return (uint64_t)(pause_ns * (1 + sway));
}

uint64_t worker_retry_next_pause_ns(const struct profile_retry *retry, uint16_t *attempt,
                                    struct base_random *random) {
    if (retry->first_ns > 0) {
        uint16_t failed = *attempt;
        *attempt = failed < UINT16_MAX ? (uint16_t)(failed + 1) : failed;
        return back_off_ns(retry, failed, random);
    }
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
    if (retry->first_ns > 0) {
        return retry->first_ns;
    }
    return retry->pause_count > 0 ? retry->pauses_ns[0] : retry->gap_ns;
}

uint64_t worker_retry_longest_pause_ns(const struct profile_retry *retry) {
    if (retry->first_ns > 0) {
        return retry->longest_ns;
    }
    if (retry->pause_count == 0) {
        return retry->every_ns;
    }
    uint64_t longest_ns = retry->pauses_ns[0];
    for (uint32_t i = 1; i < retry->pause_count; i++) {
        longest_ns = retry->pauses_ns[i] > longest_ns ? retry->pauses_ns[i] : longest_ns;
    }
    return longest_ns;
}

uint64_t worker_retry_flow_pause_ns(bool failed, bool others_open, uint16_t *failures,
                                    struct base_random *random) {
    if (!failed) {
        *failures = 0;
        return 0;
    }
    *failures = *failures < UINT16_MAX ? (uint16_t)(*failures + 1) : *failures;
    double base_s = others_open ? FLOW_BASE_SOME_OPEN_S : FLOW_BASE_ALL_FAILED_S;
    double bound_s = fmin(FLOW_LONGEST_S, base_s * pow(2, *failures));
    return (uint64_t)(bound_s * (0.5 + 0.5 * base_random_uniform(random)) * 1e9);
}
