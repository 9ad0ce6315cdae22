/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_RETRY_H
#define WORKER_RETRY_H

#include "profile_plan.h"

/*
 * When a seat dials again: bursts of attempts a short gap apart with a long pause between them, or
 * a list of pauses that begins again at its end. `attempt` counts the attempts that failed in a row
 * and is moved on.
 */
uint64_t worker_retry_next_pause_ns(const struct profile_retry *retry, uint16_t *attempt);
uint64_t worker_retry_first_pause_ns(const struct profile_retry *retry);
uint64_t worker_retry_longest_pause_ns(const struct profile_retry *retry);

#endif
