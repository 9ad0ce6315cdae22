/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_ITEM_H
#define VERDICT_ITEM_H

#include "verdict_metric.h"

enum { VERDICT_ITEM_PARTS = 3 };

/* One of the lists that a zone has: `parts` are "identities", "0", "established". */
bool verdict_item_is_meant(const char *name);
bool verdict_item_find(struct verdict_metric *out, char *const *parts, unsigned count);
/* What verdict_item_find() expects behind the name. */
const char *verdict_item_members(const char *name);
void verdict_item_offer_names(struct base_nearest *nearest);

/* Where the counters of the metric lie; NULL: the zone has no such item. */
const void *verdict_item_counters(const struct verdict_metric *metric,
                                  const struct metrics_zone *zone);

#endif
