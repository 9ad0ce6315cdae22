/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "base_clock.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

/* CPU of the whole process, user and system, and the wall clock: the figures of result.json. */
struct bench_measure {
    struct base_cpu_time cpu;
    uint64_t wall_ns;
};

struct bench_measure bench_measure_now(void);

/* One JSON object on standard output: what happened `count` times since `start`. */
void bench_measure_print(const char *what, const char *variant, unsigned threads, uint64_t count,
                         const struct bench_measure *start, const struct bench_measure *end);

/* The calling thread stays on the core that ekuload gives its worker of this index. */
bool bench_measure_pin(unsigned index);

/* The number of an option, from 1 to `max`, or the program ends with a sentence about it. */
uint64_t bench_measure_number(struct argp_state *state, const char *option, const char *text,
                              uint64_t max);

/* Ends the program: a benchmark that went wrong has no figure. */
void bench_measure_give_up(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
