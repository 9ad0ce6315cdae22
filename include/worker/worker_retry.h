/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_RETRY_H
#define WORKER_RETRY_H

#include "base_random.h"
#include "profile_plan.h"

/*
 * When a seat dials again: bursts of attempts a short gap apart with a long pause between them, or
 * a list of pauses that begins again at its end, or a back-off, whose jitter is drawn from
 * `random`. `attempt` counts the attempts that failed in a row and is moved on.
 */
uint64_t worker_retry_next_pause_ns(const struct profile_retry *retry, uint16_t *attempt,
                                    struct base_random *random);
uint64_t worker_retry_first_pause_ns(const struct profile_retry *retry);
uint64_t worker_retry_longest_pause_ns(const struct profile_retry *retry);

/*
 * The same as RFC 5626 section 4.5 has it. `failed`: no flow came of it, or none that lasted; it is
 * replaced at once else. `others_open`: other connections of the zone are up. `failures`: in a row.
 */
uint64_t worker_retry_flow_pause_ns(bool failed, bool others_open, uint16_t *failures,
                                    struct base_random *random);

#endif
