/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_MICRO_H
#define BENCH_MICRO_H

#include "bench_measure.h"

/* One operation, done once. */
typedef void bench_micro_step(void);

void bench_micro_repeat(bench_micro_step *step, uint64_t count);

/* An exchange of the size of an OPTIONS over one TCP connection, both ends in one net_ring. */
void bench_micro_ring_prepare(const char *pki);
bench_micro_step bench_micro_ring_step;

#endif
