/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define BASE_NS_PER_US UINT64_C(1000)
#define BASE_NS_PER_MS UINT64_C(1000000)
#define BASE_NS_PER_S  UINT64_C(1000000000)

/* CLOCK_MONOTONIC in nanoseconds. Any thread. */
uint64_t base_clock_now_ns(void);

/* CLOCK_REALTIME in nanoseconds since 1970-01-01T00:00:00Z. Any thread. */
int64_t base_clock_wall_ns(void);

/* User and system CPU time of the whole process, in nanoseconds. Any thread. */
struct base_cpu_time {
    uint64_t user_ns;
    uint64_t system_ns;
};
struct base_cpu_time base_clock_cpu_time(void);

/* "2026-01-02T03:04:05.678Z"; `out` holds at least BASE_CLOCK_ISO_SIZE octets. */
#define BASE_CLOCK_ISO_SIZE 32
void base_clock_iso8601(int64_t wall_ns, char *out, size_t out_size);

#endif
