/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report.h"

#include <stdint.h>

/* Numbers and names as people read them; each fills `out` and gives it back. */

enum {
    REPORT_NUMBER_SIZE = 32,
    REPORT_SUITE_SIZE = 64,
    REPORT_PEER_SIZE = 320,
    REPORT_REASON_SIZE = 4 * METRICS_REASON_TEXT_SIZE,
    REPORT_SERIAL_SIZE = 2 * METRICS_SERIAL_MAX + 1,
};

/* "4,200" */
const char *report_text_count(uint64_t count, char out[REPORT_NUMBER_SIZE]);

/* Three digits at least, and a unit: "870 us", "1.23 ms", "12.3 ms", "2.50 s", "134 s". */
const char *report_text_us(uint64_t us, char out[REPORT_NUMBER_SIZE]);
const char *report_text_ns(uint64_t ns, char out[REPORT_NUMBER_SIZE]);

/* "512 KiB", "8.3 MiB", "345 MiB", "1.2 GiB" */
const char *report_text_kib(uint64_t kib, char out[REPORT_NUMBER_SIZE]);

/* The suite's IANA name, "other", or its number in hexadecimal. */
const char *report_text_suite(const struct report_facts *facts, unsigned number,
                              char out[REPORT_SUITE_SIZE]);

/* "edge.uc-traversal", or "198.51.100.7:5061", "[2001:db8::1]:5061" outside the profile; those of a
 * list with commas between them. */
const char *report_text_peer(const struct profile_plan *plan, const struct profile_zone *zone,
                             char out[REPORT_PEER_SIZE]);

/* A peer's words as plain ASCII: what else they hold, and the backslash, as \xHH. */
const char *report_text_reason(const char *reason, char out[REPORT_REASON_SIZE]);

/* The name of a policy by its number in metrics_listener; NULL: there is none. */
const char *report_text_policy(unsigned policy);

#endif
