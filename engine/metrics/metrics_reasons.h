/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_REASONS_H
#define METRICS_REASONS_H

#include "metrics_shard.h"

void metrics_reasons_add(struct metrics_reasons *into, const struct metrics_reasons *from);

#endif
