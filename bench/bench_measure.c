/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_measure.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct bench_measure bench_measure_now(void) {
    return (struct bench_measure){.cpu = base_clock_cpu_time(), .wall_ns = base_clock_now_ns()};
}

void bench_measure_print(const char *what, const char *variant, unsigned threads, uint64_t count,
                         const struct bench_measure *start, const struct bench_measure *end) {
    double each_us = 1.0 / ((double)BASE_NS_PER_US * (double)count);
    double user_us = (double)(end->cpu.user_ns - start->cpu.user_ns) * each_us;
    double system_us = (double)(end->cpu.system_ns - start->cpu.system_ns) * each_us;
    double wall_s = (double)(end->wall_ns - start->wall_ns) / (double)BASE_NS_PER_S;
    printf("{\"what\": \"%s\", \"variant\": \"%s\", \"threads\": %u, \"count\": %llu, "
           "\"wall_s\": %.6f, \"cpu_user_us\": %.5f, \"cpu_system_us\": %.5f, \"cpu_us\": %.5f, "
           "\"per_second\": %.1f}\n",
           what, variant, threads, (unsigned long long)count, wall_s, user_us, system_us,
           user_us + system_us, (double)count / wall_s);
}

bool bench_measure_pin(unsigned index) {
    cpu_set_t allowed;
    cpu_set_t own;
    CPU_ZERO(&allowed);
    CPU_ZERO(&own);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return false;
    }
    for (size_t core = 0; core < CPU_SETSIZE; core++) {
        if (CPU_ISSET(core, &allowed) && index-- == 0) {
            CPU_SET(core, &own);
            return sched_setaffinity(0, sizeof own, &own) == 0;
        }
    }
    return false;
}

uint64_t bench_measure_number(struct argp_state *state, const char *option, const char *text,
                              uint64_t max) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value == 0 || value > max) {
        argp_error(state, "--%s: expected a number from 1 to %llu, not \"%s\"", option,
                   (unsigned long long)max, text);
    }
    return value;
}

void bench_measure_give_up(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}
