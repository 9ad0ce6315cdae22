/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

#include "base_bytes.h"

#include <string.h>

static bool is_state(enum profile_state expected, enum metrics_state observed) {
    switch (expected) {
    case PROFILE_STATE_IDLE:
        return observed == METRICS_IDLE;
    case PROFILE_STATE_FAILED:
        return observed == METRICS_FAILED;
    case PROFILE_STATE_DEGRADED:
        return observed == METRICS_DEGRADED;
    case PROFILE_STATE_ACTIVE:
        return observed == METRICS_ACTIVE;
    case PROFILE_STATE_ANY:
    default:
        return true;
    }
}

static bool lists(const struct profile_texts *texts, const char *wanted) {
    for (uint32_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], wanted) == 0) {
            return true;
        }
    }
    return false;
}

static bool state_is_met(const struct verdict_expectation *row, struct verdict_reason *reason) {
    enum profile_state expected = row->expected->state;
    if (is_state(expected, row->observed_state)) {
        return true;
    }
    verdict_reason_say(reason, "%s is %s, expected %s", row->subject,
                       metrics_state_key(row->observed_state), profile_state_key(expected));
    return false;
}

/* A zone that is to fail with certain faults must have met one: failing without any proves nothing.
 */
static bool faults_are_met(const struct verdict_expectation *row, struct verdict_reason *reason) {
    const struct profile_texts *expected = &row->expected->faults;
    bool observed_any = false;
    if (!row->expected->has_faults) {
        return true;
    }
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        const char *key = base_fault_key((enum fault)fault);
        if (row->observed_faults[fault] && !lists(expected, key)) {
            verdict_reason_say(reason, "%s met the fault %s, which is not among those expected",
                               row->subject, key);
            return false;
        }
        observed_any |= row->observed_faults[fault];
    }
    if (row->expected->state == PROFILE_STATE_FAILED && expected->count > 0 && !observed_any) {
        verdict_reason_say(reason, "%s failed without any of the expected faults", row->subject);
        return false;
    }
    return true;
}

static bool is_expected(const struct profile_expectation *expected,
                        const struct metrics_serial *serial) {
    for (uint32_t i = 0; i < expected->peer_serial_count; i++) {
        const struct profile_serial *row = &expected->peer_serials[i];
        if (row->length == serial->length &&
            memcmp(row->octets, serial->octets, serial->length) == 0) {
            return true;
        }
    }
    return false;
}

/* A peer that presented nothing proves nothing. */
static bool serials_are_met(const struct verdict_expectation *row,
                            const struct metrics_serials *serials, struct verdict_reason *reason) {
    bool presented = false;
    for (uint32_t i = 0; i < serials->capacity; i++) {
        const struct metrics_serial *cell = &serials->cells[i];
        char text[2 * METRICS_SERIAL_MAX + 1];
        if (cell->length == 0) {
            continue;
        }
        presented = true;
        base_bytes_to_hex(base_bytes(cell->octets, cell->length), text, sizeof text);
        if (!is_expected(row->expected, cell)) {
            verdict_reason_say(reason,
                               "%s was presented the certificate with the serial %s, which is not "
                               "among those expected",
                               row->subject, text);
            return false;
        }
    }
    if (serials->other > 0) {
        verdict_reason_say(reason, "%s was presented more certificates than those expected",
                           row->subject);
        return false;
    }
    if (!presented) {
        verdict_reason_say(reason, "%s was presented no certificate", row->subject);
    }
    return presented;
}

static void judge_zone(struct verdict_expectation *out, const struct metrics_summary *summary,
                       struct verdict_reason *reason) {
    uint32_t index = out->expected->zone;
    const struct metrics_zone *zone = &summary->total.zones[index];
    out->observed_state = summary->zones[index].state;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        out->observed_faults[fault] = metrics_read(&zone->faults[fault]) > 0;
    }
    out->observed_serials = &zone->serials;
    out->met =
        state_is_met(out, reason) && faults_are_met(out, reason) &&
        (out->expected->peer_serial_count == 0 || serials_are_met(out, &zone->serials, reason));
}

void verdict_expectation_judge(struct verdict_expectation *out, const struct profile_plan *plan,
                               uint32_t index, const struct metrics_summary *summary,
                               struct verdict_reason *reason) {
    const struct profile_expectation *expected = &plan->expectations[index];
    bool is_zone = expected->zone != PROFILE_NONE;
    *out = (struct verdict_expectation){
        .expected = expected,
        .subject = is_zone ? plan->zones[expected->zone].full_name
                           : plan->listeners[expected->listener].full_name,
        .applies = is_zone ? summary->zones[expected->zone].ran
                           : summary->listeners[expected->listener].ran,
    };
    if (!out->applies) {
        return;
    }
    if (is_zone) {
        judge_zone(out, summary, reason);
        return;
    }
    out->observed_serials = &summary->total.listeners[expected->listener].serials;
    out->met = serials_are_met(out, out->observed_serials, reason);
}
