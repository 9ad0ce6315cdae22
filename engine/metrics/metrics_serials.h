/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_SERIALS_H
#define METRICS_SERIALS_H

#include "metrics_shard.h"

/* Cells a table needs so that `expected` distinct serials find their place: a power of two. */
uint32_t metrics_serials_capacity(uint32_t expected);

void metrics_serials_add(struct metrics_serials *into, const struct metrics_serials *from);

#endif
