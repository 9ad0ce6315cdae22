/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json_part.h"
#include "report_text.h"

/* A mode that changed while load ran shows as two policies. */
static json_t *policies_of(const struct metrics_listener *listener) {
    json_t *object = json_object();
    for (unsigned i = 0; i < METRICS_POLICIES && report_text_policy(i) != NULL; i++) {
        if (metrics_read(&listener->eku_checked_by_policy[i]) > 0) {
            json_t *counts = report_tree_with(
                json_object(), "checked", report_json_counter(&listener->eku_checked_by_policy[i]));
            counts = report_tree_with(counts, "refused",
                                      report_json_counter(&listener->eku_refused_by_policy[i]));
            object = report_tree_with(object, report_text_policy(i), counts);
        }
    }
    return object;
}

static json_t *methods_of(const struct metrics_listener *listener) {
    json_t *object = json_object();
    for (unsigned i = 0; i < METRICS_METHODS; i++) {
        if (metrics_read(&listener->sip_methods[i]) > 0) {
            object = report_tree_with(object, metrics_method_name((enum metrics_method)i),
                                      report_json_counter(&listener->sip_methods[i]));
        }
    }
    return object;
}

static json_t *eku_check_of(const struct metrics_listener *listener,
                            const struct metrics_listener_summary *end) {
    json_t *object =
        report_tree_with(json_object(), "mode", report_tree_text(end->checks_eku ? "on" : "off"));
    object = report_tree_with(object, "policy", report_tree_text(end->eku_policy));
    object = report_tree_with(object, "checked", report_json_counter(&listener->eku_checked));
    object = report_tree_with(object, "refused", report_json_counter(&listener->eku_refused));
    object = report_tree_with(object, "by_policy", policies_of(listener));
    return report_tree_with(object, "ns", report_json_latency(&listener->eku_ns, "ns"));
}

static json_t *latencies_of(const struct metrics_listener *listener) {
    json_t *object = json_object();
    for (unsigned i = 0; i < METRICS_LISTENER_LATENCIES; i++) {
        object =
            report_tree_with(object, metrics_listener_latency_key((enum metrics_listener_latency)i),
                             report_json_latency(&listener->latency[i], "us"));
    }
    return object;
}

json_t *report_json_listener(const struct report_facts *facts, uint32_t index) {
    const struct metrics_listener *listener = &facts->summary->total.listeners[index];
    const struct metrics_listener_summary *end = &facts->summary->listeners[index];
    json_t *object = report_tree_with(json_object(), "address", report_tree_text(end->address));
    object = report_tree_with(object, "accepted", report_json_counter(&listener->accepted));
    object = report_tree_with(object, "admitted", report_json_counter(&listener->admitted));
    object = report_tree_with(object, "refused", report_json_counter(&listener->refused));
    object = report_tree_with(object, "aborted", report_json_counter(&listener->aborted));
    object =
        report_tree_with(object, "in_flight_at_end", report_tree_integer(end->in_flight_at_end));
    object = report_tree_with(object, "faults", report_json_faults(listener->faults));
    object = report_tree_with(object, "reasons", report_json_reasons(&listener->reasons));
    object = report_tree_with(object, "closed", report_json_counter(&listener->closed));
    object = report_tree_with(object, "resumed", report_json_counter(&listener->resumed));
    object = report_tree_with(object, "sip_requests", report_json_counter(&listener->sip_requests));
    object = report_tree_with(object, "sip_methods", methods_of(listener));
    object = report_tree_with(object, "relayed", report_json_counter(&listener->relayed));
    object = report_tree_with(object, "unroutable", report_json_counter(&listener->unroutable));
    if (metrics_read(&listener->aliased) + metrics_read(&listener->alias_refused) > 0) {
        object = report_tree_with(object, "aliased", report_json_counter(&listener->aliased));
        object = report_tree_with(object, "alias_refused",
                                  report_json_counter(&listener->alias_refused));
    }
    object = report_tree_with(object, "keepalives_answered",
                              report_json_counter(&listener->keepalives_answered));
    object = report_tree_with(object, "eku_check", eku_check_of(listener, end));
    object = report_tree_with(object, "latency", latencies_of(listener));
    return report_tree_with(
        object, "peer_certificate",
        report_json_peer_certificate(&listener->serials, metrics_read(&listener->mismatches)));
}
