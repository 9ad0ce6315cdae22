/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_metric.h"

#include "verdict_family.h"
#include "verdict_item.h"

#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

struct row {
    const char *name;
    struct verdict_metric metric;
};

#define PART(of, member, whole_member)                                                             \
    {                                                                                              \
        .kind = VERDICT_METRIC_COUNTER, .position = offsetof(struct of, member), .count = 1,       \
        .whole = offsetof(struct of, whole_member)                                                 \
    }
#define OF_ATTEMPTS(member)                                                                        \
    { #member, PART(metrics_zone, member, attempts) }
#define OF_ESTABLISHED(member)                                                                     \
    { #member, PART(metrics_zone, member, established) }
#define OF_REQUESTS(member)                                                                        \
    { #member, PART(metrics_zone, member, sip_requests) }
#define AT_END(of, member)                                                                         \
    {                                                                                              \
#        member, {                                                                                 \
            .kind = VERDICT_METRIC_AT_END, .position = offsetof(struct of, member)                 \
        }                                                                                          \
    }
#define OF_ACCEPTED(member)                                                                        \
    { #member, PART(metrics_listener, member, accepted) }

static const struct row zone_rows[] = {
    OF_ATTEMPTS(attempts),
    OF_ATTEMPTS(established),
    OF_ATTEMPTS(failed),
    OF_ATTEMPTS(unconfirmed),
    OF_ESTABLISHED(lost),
    OF_ESTABLISHED(closed),
    OF_ATTEMPTS(late),
    OF_ATTEMPTS(dropped),
    OF_ATTEMPTS(resumed),
    OF_ESTABLISHED(answered),
    OF_REQUESTS(sip_requests),
    OF_REQUESTS(sip_timeouts),
    {"http_requests", PART(metrics_zone, sip_requests, sip_requests)},
    {"http_timeouts", PART(metrics_zone, sip_timeouts, sip_requests)},
    OF_REQUESTS(calls),
    OF_REQUESTS(relayed),
    OF_REQUESTS(unroutable),
    OF_ESTABLISHED(keepalives_sent),
    {"recovered", PART(metrics_zone, recovered, lost)},
    OF_ATTEMPTS(mismatches),
    OF_ATTEMPTS(tls_1_2),
    OF_ATTEMPTS(tls_1_3),
    AT_END(metrics_zone_summary, peak_open),
    AT_END(metrics_zone_summary, open_at_end),
    AT_END(metrics_zone_summary, in_flight_at_end),
    AT_END(metrics_zone_summary, wanted),
};

static const struct row listener_rows[] = {
    OF_ACCEPTED(accepted),
    OF_ACCEPTED(admitted),
    OF_ACCEPTED(refused),
    OF_ACCEPTED(aborted),
    OF_ACCEPTED(closed),
    OF_ACCEPTED(resumed),
    OF_ACCEPTED(sip_requests),
    OF_ACCEPTED(keepalives_answered),
    {"relayed", PART(metrics_listener, relayed, sip_requests)},
    {"unroutable", PART(metrics_listener, unroutable, sip_requests)},
    OF_ACCEPTED(aliased),
    OF_ACCEPTED(alias_refused),
    OF_ACCEPTED(mismatches),
    AT_END(metrics_listener_summary, in_flight_at_end),
};

struct rows {
    const struct row *first;
    size_t count;
    size_t latencies;
};

static struct rows rows_of(bool of_listener) {
    return of_listener
               ? (struct rows){listener_rows, LENGTH_OF(listener_rows), METRICS_LISTENER_LATENCIES}
               : (struct rows){zone_rows, LENGTH_OF(zone_rows), METRICS_ZONE_LATENCIES};
}

static const char *latency_key(bool of_listener, size_t index) {
    return of_listener ? metrics_listener_latency_key((enum metrics_listener_latency)index)
                       : metrics_zone_latency_key((enum metrics_zone_latency)index);
}

static struct verdict_metric latency_at(bool of_listener, size_t index) {
    size_t first = of_listener ? offsetof(struct metrics_listener, latency)
                               : offsetof(struct metrics_zone, latency);
    return (struct verdict_metric){.kind = VERDICT_METRIC_LATENCY,
                                   .position = first + index * sizeof(struct metrics_histogram)};
}

bool verdict_metric_find(struct verdict_metric *out, bool of_listener, const char *name,
                         const char *member, bool *takes_member) {
    struct rows rows = rows_of(of_listener);
    *takes_member = member != NULL && verdict_family_find(out, of_listener, name, member);
    if (*takes_member) {
        return true;
    }
    for (size_t i = 0; i < rows.latencies; i++) {
        if (strcmp(latency_key(of_listener, i), name) == 0) {
            *out = latency_at(of_listener, i);
            return true;
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (strcmp(rows.first[i].name, name) == 0) {
            *out = rows.first[i].metric;
            return true;
        }
    }
    return false;
}

void verdict_metric_offer_names(struct base_nearest *nearest, bool of_listener) {
    struct rows rows = rows_of(of_listener);
    for (size_t i = 0; i < rows.latencies; i++) {
        base_nearest_offer(nearest, latency_key(of_listener, i));
    }
    for (size_t i = 0; i < rows.count; i++) {
        base_nearest_offer(nearest, rows.first[i].name);
    }
    verdict_family_offer_names(nearest, of_listener);
    if (!of_listener) {
        verdict_item_offer_names(nearest);
    }
}

static uint64_t counters_at(const void *counters, size_t offset, uint32_t count) {
    const metrics_counter *first = (const void *)((const char *)counters + offset);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += metrics_read(&first[i]);
    }
    return sum;
}

static bool observe_latency(const struct verdict_metric *metric,
                            const struct verdict_statistic *statistic, const void *subject,
                            double *out) {
    const struct metrics_histogram *histogram =
        (const void *)((const char *)subject + metric->position);
    bool is_time = statistic->kind != VERDICT_COUNT;
    *out = (double)verdict_statistic_observe(statistic, histogram) /
           (metric->is_ns && is_time ? 1e3 : 1);
    return histogram->count > 0 || !is_time;
}

static bool observe_counter(const struct verdict_metric *metric,
                            const struct verdict_statistic *statistic, const void *subject,
                            double seconds, double *out) {
    double count = (double)counters_at(subject, metric->position, metric->count);
    double of = 1;
    if (statistic->kind == VERDICT_RATE) {
        of = seconds;
    }
    if (statistic->kind == VERDICT_SHARE) {
        of = (double)counters_at(subject, metric->whole, 1);
    }
    *out = of > 0 ? count / of : 0;
    return of > 0;
}

static double at_end(const struct verdict_metric *metric, const struct metrics_summary *summary,
                     struct metrics_place place) {
    const void *end = place.is_listener ? (const void *)&summary->listeners[place.index]
                                        : (const void *)&summary->zones[place.index];
    return (double)*(const uint64_t *)(const void *)((const char *)end + metric->position);
}

bool verdict_metric_observe(const struct verdict_metric *metric,
                            const struct verdict_statistic *statistic,
                            const struct metrics_summary *summary, struct metrics_place place,
                            double *out) {
    const struct metrics_shard *total = &summary->total;
    const void *subject = place.is_listener ? (const void *)&total->listeners[place.index]
                                            : (const void *)&total->zones[place.index];
    switch (metric->kind) {
    case VERDICT_METRIC_LATENCY:
        return observe_latency(metric, statistic, subject, out);
    case VERDICT_METRIC_IDENTITY:
    case VERDICT_METRIC_TARGET:
        subject = verdict_item_counters(metric, subject);
        return subject != NULL &&
               observe_counter(metric, statistic, subject, summary->duration_s, out);
    case VERDICT_METRIC_COUNTER:
        return observe_counter(metric, statistic, subject, summary->duration_s, out);
    case VERDICT_METRIC_AT_END:
    default:
        *out = at_end(metric, summary, place);
        return true;
    }
}
