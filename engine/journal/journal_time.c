/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_time.h"

#include "base_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static time_t seconds_of(int64_t wall_ns) {
    return (time_t)(wall_ns / (int64_t)BASE_NS_PER_S);
}

static unsigned milliseconds_of(int64_t wall_ns) {
    return (unsigned)(wall_ns % (int64_t)BASE_NS_PER_S / (int64_t)BASE_NS_PER_MS) % 1000;
}

void journal_time_local(int64_t wall_ns, char out[JOURNAL_TIME_SIZE]) {
    time_t seconds = seconds_of(wall_ns);
    struct tm parts;
    char date[32];
    localtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    long offset = parts.tm_gmtoff / 60;
    unsigned distance = (unsigned)labs(offset) % (24 * 60);
    snprintf(out, JOURNAL_TIME_SIZE, "%s.%03u%c%02u:%02u", date, milliseconds_of(wall_ns),
             offset < 0 ? '-' : '+', distance / 60, distance % 60);
}

void journal_time_utc(int64_t wall_ns, char point, char out[JOURNAL_TIME_SIZE]) {
    time_t seconds = seconds_of(wall_ns);
    struct tm parts;
    char date[32];
    gmtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &parts);
    snprintf(out, JOURNAL_TIME_SIZE, "%s%c%03u", date, point, milliseconds_of(wall_ns));
}
