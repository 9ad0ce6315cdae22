/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_list.h"
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

bool profile_expectation_read_serials(struct profile_reader *reader, struct profile_tree *value,
                                      void *target) {
    struct profile_expectation *expectation = target;
    bool is_list = value->kind == PROFILE_TREE_LIST;
    struct profile_tree *item = is_list ? value->first : value;
    uint32_t count = is_list ? value->count : 1;
    if (count < 1 || count > PROFILE_LIST_MAX) {
        return profile_reader_unexpected(reader, value, "at least one serial");
    }
    expectation->peer_serials =
        profile_reader_array(reader, count, sizeof *expectation->peer_serials);
    if (expectation->peer_serials == NULL) {
        return false;
    }
    for (; expectation->peer_serial_count < count; item = item->next) {
        struct profile_serial *serial = &expectation->peer_serials[expectation->peer_serial_count];
        if (item->kind != PROFILE_TREE_SCALAR ||
            !profile_value_serial(item->text, serial->octets, &serial->length)) {
            return profile_reader_unexpected(
                reader, item,
                "a serial of 1 to 20 octets in hexadecimal such as 46:df:76:aa:00:00:00:00:00:29");
        }
        expectation->peer_serial_count++;
    }
    return true;
}

static uint32_t find_listener(const struct profile_plan *plan, const char *full_name) {
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (strcmp(plan->listeners[i].full_name, full_name) == 0) {
            return i;
        }
    }
    return PROFILE_NONE;
}

static bool find_subject(const struct profile_reader *reader, const struct profile_tree *value,
                         struct profile_expectation *out) {
    const struct profile_plan *plan = reader->plan;
    struct base_nearest nearest = base_nearest_begin(value->key);
    char hint[BASE_NEAREST_SIZE];
    out->zone = profile_plan_find_zone(plan, value->key);
    out->listener = out->zone != PROFILE_NONE ? PROFILE_NONE : find_listener(plan, value->key);
    if (out->zone != PROFILE_NONE || out->listener != PROFILE_NONE) {
        return true;
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        base_nearest_offer(&nearest, plan->zones[i].full_name);
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        base_nearest_offer(&nearest, plan->listeners[i].full_name);
    }
    return profile_complain(reader->document, value, reader->error, "no such zone or listener%s",
                            nearest.best == NULL ? "; expected node.zone"
                                                 : base_nearest_hint(&nearest, hint));
}

static bool read_one(struct profile_reader *reader, struct profile_tree *value,
                     struct profile_expectation *out) {
    static const char *const zone_keys[] = {"state", "faults", NULL};
    out->line = value->line;
    if (!find_subject(reader, value, out) ||
        !profile_section_read(reader, &profile_section_expectation, value, out)) {
        return false;
    }
    out->has_faults = profile_tree_find(value, "faults") != NULL;
    if (value->count == 0) {
        return profile_complain(reader->document, value, reader->error,
                                "expected state, faults or peer_serials");
    }
    return out->zone != PROFILE_NONE ||
           profile_reader_refuse(reader, value, zone_keys,
                                 "is said of a zone, and this is a listener");
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
        if (!read_one(reader, value, &plan->expectations[plan->expectation_count])) {
            return false;
        }
        plan->expectation_count++;
    }
    return true;
}
