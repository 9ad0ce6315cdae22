/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_RESULT_H
#define SUPPORT_RESULT_H

#include "support_run.h"

/*
 * What a run's result.json says. A path is keys joined by slashes ("zones/core.uc/established");
 * keys have dots in them. A path that leads nowhere fails the test.
 */
const json_t *support_result_find(const struct support_run *run, const char *path);
long long support_result_number(const struct support_run *run, const char *path);
const char *support_result_text(const struct support_run *run, const char *path);
bool support_result_is_true(const struct support_run *run, const char *path);

/* The sum of an object's members. */
long long support_result_sum(const struct support_run *run, const char *path);
/* A member of an object of counters: 0 when it is not there. */
long long support_result_count(const struct support_run *run, const char *path, const char *key);

/*
 * The object of counters has this member alone (others that are 0 do not count), and it is `count`.
 * With `key` NULL: no member but 0.
 */
void support_result_expect_only(const struct support_run *run, const char *path, const char *key,
                                long long count);

/* The sums that the contract promises, for every zone and listener, and no mismatch below 0. */
void support_result_check_sums(const struct support_run *run);

/* All connections wanted are there, were answered, and nothing went wrong. */
void support_result_expect_whole_zone(const struct support_run *run, const char *zone,
                                      long long wanted);
/* Nothing was established, and every attempt failed of `fault`. */
void support_result_expect_refused_zone(const struct support_run *run, const char *zone,
                                        const char *fault);
/* Whatever was presented was what the store holds. */
void support_result_expect_no_mismatch(const struct support_run *run);

#endif
