/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_JSON_PART_H
#define REPORT_JSON_PART_H

#include "report.h"
#include "report_tree.h"

/* What zones and listeners have in common in result.json. Each gives a new value, or NULL. */

/* `unit`: "us" or "ns". */
json_t *report_json_latency(const struct metrics_histogram *histogram, const char *unit);
json_t *report_json_faults(const metrics_counter faults[FAULT_COUNT]);
json_t *report_json_reasons(const struct metrics_reasons *reasons);
json_t *report_json_peer_certificate(const struct metrics_serials *serials, uint64_t mismatches);
json_t *report_json_counter(const metrics_counter *counter);

json_t *report_json_zone(const struct report_facts *facts, uint32_t index);
json_t *report_json_listener(const struct report_facts *facts, uint32_t index);
json_t *report_json_windows(const struct report_facts *facts);
json_t *report_json_drift(const struct report_facts *facts);

#endif
