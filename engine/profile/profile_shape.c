/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"

#include <stdio.h>

#define NS_PER_S       UINT64_C(1000000000)
#define DEFAULT_RUN_NS (10 * NS_PER_S)

/* The last key stands for one of the two before it: which, its targets tell. */
enum { STAGES = PROFILE_SHAPE_CONCURRENCY + 1, KEYS };
static const char *const keys[KEYS] = {
    [PROFILE_SHAPE_HOLD] = "connections",
    [PROFILE_SHAPE_RATE] = "rate",
    [PROFILE_SHAPE_CONCURRENCY] = "concurrency",
    [STAGES] = "stages",
};

bool profile_shape_choose(const struct profile_reader *reader, const struct profile_tree *mapping,
                          struct profile_zone_load *load) {
    unsigned chosen = KEYS;
    for (unsigned i = 0; i < KEYS; i++) {
        const struct profile_tree *found = profile_tree_find(mapping, keys[i]);
        if (found == NULL) {
            continue;
        }
        if (chosen != KEYS) {
            return profile_complain(reader->document, found, reader->error,
                                    "%s is given, too: expected one of connections, rate, "
                                    "concurrency and stages",
                                    keys[chosen]);
        }
        chosen = i;
    }
    if (chosen == KEYS) {
        return true;
    }
    if (chosen == STAGES) {
        load->shape = load->rate_per_s > 0 ? PROFILE_SHAPE_RATE : PROFILE_SHAPE_CONCURRENCY;
        return true;
    }
    load->shape = (enum profile_shape)chosen;
    load->stages = NULL;
    load->stage_count = 0;
    return true;
}

void profile_shape_clear_others(struct profile_zone_load *load) {
    if (load->shape != PROFILE_SHAPE_HOLD) {
        load->connections = 0;
    }
    if (load->shape != PROFILE_SHAPE_RATE) {
        load->rate_per_s = 0;
    }
    if (load->shape != PROFILE_SHAPE_CONCURRENCY) {
        load->concurrency = 0;
    }
}

static uint64_t total_ns(const struct profile_zone_load *load) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < load->stage_count; i++) {
        total += load->stages[i].duration_ns;
    }
    return total;
}

static bool check_zone(const struct profile_reader *reader, const struct profile_tree *mapping,
                       const struct profile_tree *load, const struct profile_zone *zone) {
    const struct profile_plan *plan = reader->plan;
    uint64_t whole_ns = plan->warm_up_ns + plan->duration_ns;
    uint64_t stages_ns = total_ns(&zone->load);
    if (stages_ns <= whole_ns) {
        return true;
    }
    const struct profile_tree *own = profile_tree_find(mapping, "stages");
    return profile_complain(reader->document, own != NULL ? own : profile_tree_find(load, "stages"),
                            reader->error, "the stages last %g s, longer than the run of %g s",
                            (double)stages_ns / (double)NS_PER_S,
                            (double)whole_ns / (double)NS_PER_S);
}

/* The warm-up is a part of the stages: what is left of them is counted. */
static uint64_t default_duration_ns(const struct profile_plan *plan) {
    uint64_t longest_ns = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        uint64_t stages_ns = total_ns(&plan->zones[i].load);
        longest_ns = stages_ns > longest_ns ? stages_ns : longest_ns;
    }
    return longest_ns > plan->warm_up_ns ? longest_ns - plan->warm_up_ns : DEFAULT_RUN_NS;
}

bool profile_shape_fit_duration(const struct profile_reader *reader, struct profile_tree *nodes,
                                const struct profile_tree *load) {
    struct profile_plan *plan = reader->plan;
    uint32_t index = 0;
    if (profile_tree_find(load, "duration") == NULL) {
        plan->duration_ns = default_duration_ns(plan);
    }
    for (const struct profile_tree *node = nodes->first; node != NULL; node = node->next) {
        const struct profile_tree *zones = profile_tree_find(node, "zones");
        const struct profile_tree *zone = zones == NULL ? NULL : zones->first;
        for (; zone != NULL; zone = zone->next, index++) {
            if (!check_zone(reader, zone, load, &plan->zones[index])) {
                return false;
            }
        }
    }
    return true;
}
