/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json_part.h"
#include "report_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "serverAuth, clientAuth" to an array of names; "none", an absent extension, to an empty one. */
static json_t *usages_of(const char *text) {
    static const char separators[] = ", ";
    json_t *array = json_array();
    if (text == NULL || strcmp(text, "none") == 0) {
        return array;
    }
    char *copy = strdup(text);
    char *rest = NULL;
    if (copy == NULL) {
        json_decref(array);
        return NULL;
    }
    for (char *usage = strtok_r(copy, separators, &rest); usage != NULL;
         usage = strtok_r(NULL, separators, &rest)) {
        array = report_tree_append(array, report_tree_text(usage));
    }
    free(copy);
    return array;
}

static const struct metrics_identity_summary *identity_of(const struct metrics_zone_summary *end,
                                                          uint32_t index) {
    static const struct metrics_identity_summary unknown = {.usages = "none"};
    return end->identities == NULL ? &unknown : &end->identities[index];
}

static json_t *identities_of(const struct metrics_zone *zone,
                             const struct metrics_zone_summary *end) {
    json_t *object = json_object();
    for (uint32_t i = 0; i < zone->identity_count; i++) {
        const struct metrics_identity_summary *row = identity_of(end, i);
        const struct metrics_identity *counts = &zone->identities[i];
        char key[16];
        snprintf(key, sizeof key, "%u", i);
        json_t *identity = report_tree_with(json_object(), "eku", usages_of(row->usages));
        identity =
            report_tree_with(identity, "certificates", report_tree_integer(row->certificates));
        identity = report_tree_with(identity, "name", report_tree_text(row->name));
        identity = report_tree_with(identity, "serial", report_tree_text(row->serial));
        identity = report_tree_with(identity, "file", report_tree_text(row->file));
        identity = report_tree_with(identity, "attempts", report_json_counter(&counts->attempts));
        identity =
            report_tree_with(identity, "established", report_json_counter(&counts->established));
        identity = report_tree_with(identity, "failed", report_json_counter(&counts->failed));
        object = report_tree_with(object, key, identity);
    }
    return object;
}

static json_t *with_target(json_t *object, const char *address, const metrics_counter *attempts,
                           const metrics_counter *established, const metrics_counter *failed) {
    json_t *target = report_tree_with(json_object(), "attempts", report_json_counter(attempts));
    target = report_tree_with(target, "established", report_json_counter(established));
    target = report_tree_with(target, "failed", report_json_counter(failed));
    return report_tree_with(object, address, target);
}

static json_t *targets_of(const struct metrics_zone *zone, const struct metrics_zone_summary *end) {
    json_t *object = json_object();
    for (uint32_t i = 0; end->target_addresses != NULL && i < zone->target_count; i++) {
        const struct metrics_target *target = &zone->targets[i];
        object = with_target(object, end->target_addresses[i], &target->attempts,
                             &target->established, &target->failed);
    }
    return end->target_addresses != NULL ? object
                                         : with_target(object, end->peer_address, &zone->attempts,
                                                       &zone->established, &zone->failed);
}

static json_t *responses_of(const struct metrics_zone *zone) {
    json_t *object = json_object();
    for (unsigned status = 0; status < METRICS_SIP_STATUS_MAX; status++) {
        char key[16];
        if (metrics_read(&zone->sip_responses[status]) > 0) {
            snprintf(key, sizeof key, "%u", status);
            object =
                report_tree_with(object, key, report_json_counter(&zone->sip_responses[status]));
        }
    }
    return object;
}

static bool tells_of_resumption(enum metrics_zone_latency latency) {
    return latency == METRICS_TLS_HANDSHAKE_FULL || latency == METRICS_TLS_HANDSHAKE_RESUMED;
}

static json_t *latencies_of(const struct metrics_zone *zone, const struct profile_zone *plan) {
    json_t *object = json_object();
    bool resumes = plan->load.resumption != PROFILE_RESUMPTION_OFF;
    for (unsigned i = 0; i < METRICS_ZONE_LATENCIES; i++) {
        if (!resumes && tells_of_resumption((enum metrics_zone_latency)i)) {
            continue;
        }
        object = report_tree_with(object, metrics_zone_latency_key((enum metrics_zone_latency)i),
                                  report_json_latency(&zone->latency[i], "us"));
    }
    return object;
}

static json_t *versions_of(const struct metrics_zone *zone) {
    json_t *object = json_object();
    if (metrics_read(&zone->tls_1_2) > 0) {
        object = report_tree_with(object, "1.2", report_json_counter(&zone->tls_1_2));
    }
    if (metrics_read(&zone->tls_1_3) > 0) {
        object = report_tree_with(object, "1.3", report_json_counter(&zone->tls_1_3));
    }
    return object;
}

static json_t *suites_of(const struct report_facts *facts, const struct metrics_zone *zone) {
    json_t *object = json_object();
    for (unsigned i = 0; i < METRICS_SUITES_MAX; i++) {
        const struct metrics_suite *suite = &zone->suites[i];
        char name[REPORT_SUITE_SIZE];
        if (suite->number != 0) {
            report_text_suite(facts, suite->number, name);
            object = report_tree_with(object, name, report_tree_integer(suite->count));
        }
    }
    return object;
}

/* An object's members in the order of the contract. */
struct counter_row {
    const char *key;
    const metrics_counter *counter;
};

static json_t *with_counters(json_t *object, const struct counter_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        object = report_tree_with(object, rows[i].key, report_json_counter(rows[i].counter));
    }
    return object;
}
#define WITH(object, rows) with_counters(object, rows, sizeof(rows) / sizeof *(rows))

static json_t *with_outcomes(json_t *object, const struct metrics_zone *zone,
                             const struct metrics_zone_summary *end) {
    const struct counter_row attempts[] = {
        {"attempts", &zone->attempts},
        {"established", &zone->established},
        {"failed", &zone->failed},
        {"unconfirmed", &zone->unconfirmed},
    };
    const struct counter_row lost[] = {{"lost", &zone->lost}};
    const struct counter_row ends[] = {{"recovered", &zone->recovered}, {"closed", &zone->closed}};
    const struct counter_row schedule[] = {{"late", &zone->late}, {"dropped", &zone->dropped}};
    object = WITH(object, attempts);
    object =
        report_tree_with(object, "in_flight_at_end", report_tree_integer(end->in_flight_at_end));
    object = report_tree_with(object, "faults", report_json_faults(zone->faults));
    object = WITH(object, lost);
    object = report_tree_with(object, "lost_faults", report_json_faults(zone->lost_faults));
    object = WITH(object, ends);
    object = report_tree_with(object, "open_at_end", report_tree_integer(end->open_at_end));
    object = report_tree_with(object, "peak_open", report_tree_integer(end->peak_open));
    object = report_tree_with(object, "wanted", report_tree_integer(end->wanted));
    return WITH(object, schedule);
}

static json_t *with_counter(json_t *object, const char *key, const metrics_counter *counter) {
    return report_tree_with(object, key, report_json_counter(counter));
}

/* One set of counters, under the name of what the zone speaks. */
static json_t *with_requests(json_t *object, const struct metrics_zone *zone, bool is_http) {
    static const metrics_counter none;
    object = with_counter(object, "sip_requests", is_http ? &none : &zone->sip_requests);
    object =
        report_tree_with(object, "sip_responses", is_http ? json_object() : responses_of(zone));
    object = with_counter(object, "sip_timeouts", is_http ? &none : &zone->sip_timeouts);
    if (!is_http) {
        return object;
    }
    object = with_counter(object, "http_requests", &zone->sip_requests);
    object = report_tree_with(object, "http_responses", responses_of(zone));
    return with_counter(object, "http_timeouts", &zone->sip_timeouts);
}

static json_t *with_dialog(json_t *object, const struct profile_zone *plan,
                           const struct metrics_zone *zone) {
    object = with_counter(object, "resumed", &zone->resumed);
    object = with_counter(object, "answered", &zone->answered);
    object = with_requests(object, zone, profile_zone_protocol(plan) == PROFILE_PROTOCOL_HTTP);
    if (plan->load.dialog == PROFILE_DIALOG_INVITE || plan->load.dialog == PROFILE_DIALOG_SCRIPT) {
        object = with_counter(object, "calls", &zone->calls);
    }
    object = report_tree_with(object, "reasons", report_json_reasons(&zone->reasons));
    if (metrics_read(&zone->relayed) > 0) {
        object = with_counter(object, "relayed", &zone->relayed);
    }
    if (metrics_read(&zone->unroutable) > 0) {
        object = with_counter(object, "unroutable", &zone->unroutable);
    }
    return with_counter(object, "keepalives_sent", &zone->keepalives_sent);
}

json_t *report_json_zone(const struct report_facts *facts, uint32_t index) {
    const struct metrics_zone *zone = &facts->summary->total.zones[index];
    const struct metrics_zone_summary *end = &facts->summary->zones[index];
    char peer[REPORT_PEER_SIZE];
    report_text_peer(facts->plan, &facts->plan->zones[index], peer);
    json_t *object =
        report_tree_with(json_object(), "state", report_tree_text(metrics_state_key(end->state)));
    object = report_tree_with(object, "peer", report_tree_text(peer));
    object = report_tree_with(object, "peer_address", report_tree_text(end->peer_address));
    object = with_outcomes(object, zone, end);
    object = report_tree_with(object, "targets", targets_of(zone, end));
    object = with_dialog(object, &facts->plan->zones[index], zone);
    object = report_tree_with(object, "latency", latencies_of(zone, &facts->plan->zones[index]));
    object = report_tree_with(object, "identities", identities_of(zone, end));
    object = report_tree_with(
        object, "peer_certificate",
        report_json_peer_certificate(&zone->serials, metrics_read(&zone->mismatches)));
    object = report_tree_with(object, "tls_versions", versions_of(zone));
    return report_tree_with(object, "cipher_suites", suites_of(facts, zone));
}
