/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

uint64_t base_clock_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * BASE_NS_PER_S + (uint64_t)now.tv_nsec;
}

int64_t base_clock_wall_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * (int64_t)BASE_NS_PER_S + now.tv_nsec;
}

static uint64_t timeval_ns(struct timeval time) {
    return (uint64_t)time.tv_sec * BASE_NS_PER_S + (uint64_t)time.tv_usec * BASE_NS_PER_US;
}

struct base_cpu_time base_clock_cpu_time(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (struct base_cpu_time){.user_ns = timeval_ns(usage.ru_utime),
                                  .system_ns = timeval_ns(usage.ru_stime)};
}

void base_clock_iso8601(int64_t wall_ns, char *out, size_t out_size) {
    time_t seconds = (time_t)(wall_ns / (int64_t)BASE_NS_PER_S);
    int64_t nanoseconds = wall_ns % (int64_t)BASE_NS_PER_S;
    if (nanoseconds < 0) { /* before 1970 the division rounded up */
        nanoseconds += (int64_t)BASE_NS_PER_S;
        seconds--;
    }
    unsigned milliseconds = (unsigned)(nanoseconds / (int64_t)BASE_NS_PER_MS);
    struct tm utc;
    char date[24];
    gmtime_r(&seconds, &utc);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out, out_size, "%s.%03uZ", date, milliseconds % 1000);
}
