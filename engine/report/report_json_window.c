/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_json_part.h"

#include "report_drift.h"

static json_t *with_count(json_t *object, const char *key, uint64_t count) {
    return report_tree_with(object, key, report_tree_integer(count));
}

/* Only what was timed within. */
static json_t *latencies_of(const struct metrics_window_latency *latencies, unsigned count,
                            bool of_listener) {
    json_t *object = json_object();
    for (unsigned i = 0; i < count; i++) {
        if (latencies[i].count > 0) {
            const char *key = of_listener
                                  ? metrics_listener_latency_key((enum metrics_listener_latency)i)
                                  : metrics_zone_latency_key((enum metrics_zone_latency)i);
            json_t *latency = with_count(json_object(), "count", latencies[i].count);
            latency = with_count(latency, "p50", latencies[i].p50);
            latency = with_count(latency, "p99", latencies[i].p99);
            object = report_tree_with(object, key, latency);
        }
    }
    return object;
}

static json_t *zone_of(const struct metrics_window_zone *zone) {
    json_t *object =
        report_tree_with(json_object(), "state", report_tree_text(metrics_state_key(zone->state)));
    object = with_count(object, "attempts", zone->attempts);
    object = with_count(object, "established", zone->established);
    object = with_count(object, "failed", zone->failed);
    object = with_count(object, "unconfirmed", zone->unconfirmed);
    object = with_count(object, "lost", zone->lost);
    object = with_count(object, "closed", zone->closed);
    object = with_count(object, "late", zone->late);
    object = with_count(object, "dropped", zone->dropped);
    object = with_count(object, "open", zone->open);
    object = with_count(object, "peak_open", zone->peak_open);
    object = with_count(object, "sip_requests", zone->sip_requests);
    object = with_count(object, "sip_responses_2xx", zone->sip_responses_2xx);
    object = with_count(object, "sip_timeouts", zone->sip_timeouts);
    return report_tree_with(object, "latency",
                            latencies_of(zone->latency, METRICS_ZONE_LATENCIES, false));
}

static json_t *listener_of(const struct metrics_window_listener *listener) {
    json_t *object = with_count(json_object(), "accepted", listener->accepted);
    object = with_count(object, "admitted", listener->admitted);
    object = with_count(object, "refused", listener->refused);
    object = with_count(object, "aborted", listener->aborted);
    object = with_count(object, "closed", listener->closed);
    object = with_count(object, "open", listener->open);
    object = with_count(object, "sip_requests", listener->sip_requests);
    return report_tree_with(object, "latency",
                            latencies_of(listener->latency, METRICS_LISTENER_LATENCIES, true));
}

static json_t *usage_of(const struct metrics_usage *usage) {
    json_t *object =
        report_tree_with(json_object(), "cpu_share", report_tree_real(usage->cpu_share));
    object = with_count(object, "rss_kib", usage->rss_kib);
    object = with_count(object, "heap_kib", usage->heap_kib);
    object = with_count(object, "descriptors", usage->descriptors);
    object = with_count(object, "slots", usage->slots);
    return usage->peer_rss_kib == 0 ? object
                                    : with_count(object, "peer_rss_kib", usage->peer_rss_kib);
}

static json_t *window_of(const struct report_facts *facts, uint32_t index) {
    const struct metrics_summary *summary = facts->summary;
    const struct metrics_windows *windows = &summary->windows;
    const struct metrics_window *window = &windows->items[index];
    json_t *zones = json_object();
    json_t *listeners = json_object();
    for (uint32_t i = 0; i < windows->zone_count; i++) {
        if (summary->zones[i].ran) {
            zones = report_tree_with(zones, facts->plan->zones[i].full_name,
                                     zone_of(metrics_windows_zone(windows, index, i)));
        }
    }
    for (uint32_t i = 0; i < windows->listener_count; i++) {
        if (summary->listeners[i].ran) {
            listeners = report_tree_with(listeners, facts->plan->listeners[i].full_name,
                                         listener_of(metrics_windows_listener(windows, index, i)));
        }
    }
    json_t *object = report_tree_with(json_object(), "begin_s", report_tree_real(window->begin_s));
    object = report_tree_with(object, "end_s", report_tree_real(window->end_s));
    object = report_tree_with(object, "verdict", report_tree_text(window->met ? "pass" : "fail"));
    object =
        report_tree_with(object, "reason", report_tree_text(window->met ? NULL : window->reason));
    object = report_tree_with(object, "zones", zones);
    object = report_tree_with(object, "listeners", listeners);
    return report_tree_with(object, "resources", usage_of(&window->usage));
}

json_t *report_json_windows(const struct report_facts *facts) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < facts->summary->windows.count; i++) {
        array = report_tree_append(array, window_of(facts, i));
    }
    return array;
}

static json_t *drift_of(const struct metrics_drift *drift) {
    static const char *const findings[] = {[METRICS_DRIFT_NONE] = "none",
                                           [METRICS_DRIFT_GROWS] = "grows",
                                           [METRICS_DRIFT_SHRINKS] = "shrinks"};
    json_t *object = with_count(json_object(), "windows", drift->points);
    object = report_tree_with(object, "slope", report_tree_real(drift->slope));
    object = report_tree_with(object, "low", report_tree_real(drift->low));
    object = report_tree_with(object, "high", report_tree_real(drift->high));
    return report_tree_with(object, "finding",
                            report_tree_text(findings[metrics_drift_finding(drift)]));
}

static void add_drift(void *context, const char *name, struct metrics_series series,
                      const struct metrics_drift *drift) {
    json_t **object = context;
    (void)series;
    *object = report_tree_with(*object, name, drift_of(drift));
}

json_t *report_json_drift(const struct report_facts *facts) {
    json_t *object = json_object();
    report_drift_each(facts, add_drift, (void *)&object);
    return object;
}
