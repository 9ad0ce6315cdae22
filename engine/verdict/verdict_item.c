/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_item.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

#define DIGITS_MAX 6

/* The zone's own counters stand for its only target. */
_Static_assert(offsetof(struct metrics_target, established) ==
                       offsetof(struct metrics_zone, established) &&
                   offsetof(struct metrics_target, failed) == offsetof(struct metrics_zone, failed),
               "a zone begins as a target");
_Static_assert(offsetof(struct metrics_identity, established) ==
                       offsetof(struct metrics_target, established) &&
                   offsetof(struct metrics_identity, failed) ==
                       offsetof(struct metrics_target, failed),
               "an identity has a target's counters");

struct list {
    const char *name;
    const char *members; /* in words */
    enum verdict_metric_kind kind;
};

static const struct list lists[] = {
    {"identities",
     "a position and a counter, attempts, established or failed, as in identities.0.failed",
     VERDICT_METRIC_IDENTITY},
    {"targets", "a position and a counter, attempts, established or failed, as in targets.0.failed",
     VERDICT_METRIC_TARGET},
};

static const struct {
    const char *name;
    size_t position;
} counters[] = {
    {"attempts", offsetof(struct metrics_target, attempts)},
    {"established", offsetof(struct metrics_target, established)},
    {"failed", offsetof(struct metrics_target, failed)},
};

static const struct list *find_list(const char *name) {
    for (size_t i = 0; i < LENGTH_OF(lists); i++) {
        if (strcmp(lists[i].name, name) == 0) {
            return &lists[i];
        }
    }
    return NULL;
}

bool verdict_item_is_meant(const char *name) {
    return find_list(name) != NULL;
}

const char *verdict_item_members(const char *name) {
    return find_list(name)->members;
}

void verdict_item_offer_names(struct base_nearest *nearest) {
    for (size_t i = 0; i < LENGTH_OF(lists); i++) {
        base_nearest_offer(nearest, lists[i].name);
    }
}

bool verdict_item_find(struct verdict_metric *out, char *const *parts, unsigned count) {
    const struct list *list = find_list(parts[0]);
    size_t digits = count < VERDICT_ITEM_PARTS ? 0 : strspn(parts[1], "0123456789");
    if (list == NULL || digits == 0 || digits > DIGITS_MAX || parts[1][digits] != '\0') {
        return false;
    }
    for (size_t i = 0; i < LENGTH_OF(counters); i++) {
        if (strcmp(counters[i].name, parts[2]) == 0) {
            *out = (struct verdict_metric){.kind = list->kind,
                                           .item = (uint32_t)strtoul(parts[1], NULL, 10),
                                           .position = counters[i].position,
                                           .count = 1,
                                           .whole = offsetof(struct metrics_target, attempts)};
            return true;
        }
    }
    return false;
}

const void *verdict_item_counters(const struct verdict_metric *metric,
                                  const struct metrics_zone *zone) {
    if (metric->kind == VERDICT_METRIC_IDENTITY) {
        return metric->item < zone->identity_count ? &zone->identities[metric->item] : NULL;
    }
    if (zone->target_count == 0) {
        return metric->item == 0 ? zone : NULL;
    }
    return metric->item < zone->target_count ? &zone->targets[metric->item] : NULL;
}
