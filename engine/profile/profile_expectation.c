/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_part.h"

static bool find_subject(const struct profile_reader *reader, const struct profile_tree *value,
                         uint32_t *out) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest = base_nearest_begin(value->key);
    char hint[BASE_NEAREST_SIZE];
    *out = profile_plan_find_zone(plan, value->key);
    if (*out != PROFILE_NONE) {
        return true;
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        base_nearest_offer(&nearest, plan->zones[i].full_name);
    }
    return profile_complain(reader->document, value, reader->error, "no such zone%s",
                            nearest.best == NULL ? "; expected node.zone"
                                                 : base_nearest_hint(&nearest, hint));
}

bool profile_expectation_read_all(struct profile_reader *reader, struct profile_tree *expect) {
    struct profile_plan *plan = reader->plan;
    if (expect == NULL) {
        return true;
    }
    if (!profile_reader_expect(reader, expect, PROFILE_TREE_MAPPING)) {
        return false;
    }
    plan->expectations = profile_reader_array(reader, expect->count, sizeof *plan->expectations);
    if (plan->expectations == NULL) {
        return false;
    }
    for (struct profile_tree *value = expect->first; value != NULL; value = value->next) {
        struct profile_expectation *expectation = &plan->expectations[plan->expectation_count];
        expectation->line = value->line;
        if (!find_subject(reader, value, &expectation->zone) ||
            !profile_section_read(reader, &profile_section_expectation, value, expectation)) {
            return false;
        }
        expectation->has_faults = profile_tree_find(value, "faults") != NULL;
        if (value->count == 0) {
            return profile_complain(reader->document, value, reader->error,
                                    "expected state, faults or both");
        }
        plan->expectation_count++;
    }
    return true;
}
