/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_family.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

/* Which of an array's counters a member is: `first` and how many. */
typedef bool (*reader)(const char *member, uint32_t *first, uint32_t *count);

struct row {
    const char *name;
    const char *members; /* in words */
    size_t position;
    size_t whole;
    reader read;
};

static bool read_fault(const char *member, uint32_t *first, uint32_t *count) {
    enum fault fault = base_fault_from_key(member);
    *first = fault;
    *count = 1;
    return fault != FAULT_NONE;
}

/* "503", or "5xx". */
static bool read_status(const char *member, uint32_t *first, uint32_t *count) {
    static const char digits[] = "0123456789";
    if (strlen(member) != 3 || member[0] < '1' || member[0] > '6') {
        return false;
    }
    *first = (uint32_t)(member[0] - '0') * 100;
    *count = 100;
    if (strcmp(member + 1, "xx") == 0) {
        return true;
    }
    *first = (uint32_t)strtoul(member, NULL, 10);
    *count = 1;
    return strspn(member, digits) == 3;
}

static bool read_method(const char *member, uint32_t *first, uint32_t *count) {
    *count = 1;
    for (*first = 0; *first < METRICS_METHODS; ++*first) {
        if (strcmp(metrics_method_name((enum metrics_method) * first), member) == 0) {
            return true;
        }
    }
    return false;
}

#define FAULTS    "one of the keys in docs/faults.md, as in faults.tls_timeout"
#define RESPONSES "a status such as 503, or 5xx"

static const struct row zone_rows[] = {
    {"faults", FAULTS, offsetof(struct metrics_zone, faults),
     offsetof(struct metrics_zone, attempts), read_fault},
    {"lost_faults", FAULTS, offsetof(struct metrics_zone, lost_faults),
     offsetof(struct metrics_zone, established), read_fault},
    {"sip_responses", RESPONSES, offsetof(struct metrics_zone, sip_responses),
     offsetof(struct metrics_zone, sip_requests), read_status},
    {"http_responses", RESPONSES, offsetof(struct metrics_zone, sip_responses),
     offsetof(struct metrics_zone, sip_requests), read_status},
};

static const struct row listener_rows[] = {
    {"faults", FAULTS, offsetof(struct metrics_listener, faults),
     offsetof(struct metrics_listener, accepted), read_fault},
    {"sip_methods", "a method such as OPTIONS", offsetof(struct metrics_listener, sip_methods),
     offsetof(struct metrics_listener, sip_requests), read_method},
};

#define EKU_CHECK "eku_check"

static bool find_eku(struct verdict_metric *out, const char *member) {
    if (strcmp(member, "ns") == 0) {
        *out = (struct verdict_metric){.kind = VERDICT_METRIC_LATENCY,
                                       .position = offsetof(struct metrics_listener, eku_ns),
                                       .is_ns = true};
        return true;
    }
    bool refused = strcmp(member, "refused") == 0;
    *out = (struct verdict_metric){.kind = VERDICT_METRIC_COUNTER,
                                   .position = refused
                                                   ? offsetof(struct metrics_listener, eku_refused)
                                                   : offsetof(struct metrics_listener, eku_checked),
                                   .count = 1,
                                   .whole = offsetof(struct metrics_listener, eku_checked)};
    return refused || strcmp(member, "checked") == 0;
}

static const struct row *find_row(bool of_listener, const char *name) {
    const struct row *rows = of_listener ? listener_rows : zone_rows;
    size_t count = of_listener ? LENGTH_OF(listener_rows) : LENGTH_OF(zone_rows);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

bool verdict_family_find(struct verdict_metric *out, bool of_listener, const char *name,
                         const char *member) {
    const struct row *row = find_row(of_listener, name);
    uint32_t first;
    uint32_t count;
    if (row == NULL) {
        return of_listener && strcmp(name, EKU_CHECK) == 0 && find_eku(out, member);
    }
    if (!row->read(member, &first, &count)) {
        return false;
    }
    *out = (struct verdict_metric){.kind = VERDICT_METRIC_COUNTER,
                                   .position = row->position + first * sizeof(metrics_counter),
                                   .count = count,
                                   .whole = row->whole};
    return true;
}

bool verdict_family_exists(bool of_listener, const char *name, const char **members) {
    const struct row *row = find_row(of_listener, name);
    if (row != NULL) {
        *members = row->members;
        return true;
    }
    *members = "one of checked, refused and ns";
    return of_listener && strcmp(name, EKU_CHECK) == 0;
}

void verdict_family_offer_members(struct base_nearest *nearest, const char *name) {
    const struct row *row = find_row(false, name);
    if (row == NULL || row->read != read_fault) {
        return;
    }
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        base_nearest_offer(nearest, base_fault_key((enum fault)fault));
    }
}

void verdict_family_offer_names(struct base_nearest *nearest, bool of_listener) {
    const struct row *rows = of_listener ? listener_rows : zone_rows;
    size_t count = of_listener ? LENGTH_OF(listener_rows) : LENGTH_OF(zone_rows);
    for (size_t i = 0; i < count; i++) {
        base_nearest_offer(nearest, rows[i].name);
    }
    if (of_listener) {
        base_nearest_offer(nearest, EKU_CHECK);
    }
}
