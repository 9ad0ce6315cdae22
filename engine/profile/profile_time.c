/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

#define NS_PER_HOUR UINT64_C(3600000000000)

/* A time that may be drawn: where its two parts go, and how long it may be. */
struct time_row {
    uint64_t *ns;
    struct profile_spread *spread;
    uint64_t max_ns;
    const char *expected;
};

static bool read_duration(struct profile_reader *reader, const struct time_row *row,
                          const struct profile_tree *value, uint64_t *out) {
    return (value->kind == PROFILE_TREE_SCALAR && profile_parse_duration(value->text, out) &&
            *out <= row->max_ns) ||
           profile_reader_unexpected(reader, value, row->expected);
}

static bool read_exponential(struct profile_reader *reader, const struct time_row *row,
                             const struct profile_tree *value) {
    *row->spread = (struct profile_spread){.kind = PROFILE_SPREAD_EXPONENTIAL};
    return read_duration(reader, row, value, row->ns);
}

static bool read_uniform(struct profile_reader *reader, const struct time_row *row,
                         const struct profile_tree *value) {
    *row->spread = (struct profile_spread){.kind = PROFILE_SPREAD_UNIFORM};
    if (value->kind != PROFILE_TREE_LIST || value->count != 2) {
        return profile_reader_unexpected(reader, value, "two durations, such as [2s, 8s]");
    }
    if (!read_duration(reader, row, value->first, row->ns) ||
        !read_duration(reader, row, value->last, &row->spread->longest_ns)) {
        return false;
    }
    return *row->ns <= row->spread->longest_ns ||
           profile_complain(reader->document, value, reader->error,
                            "expected the shorter of the two durations first");
}

static bool read_time(struct profile_reader *reader, const struct time_row *row,
                      const struct profile_tree *value) {
    *row->spread = (struct profile_spread){.kind = PROFILE_SPREAD_NONE};
    if (value->kind == PROFILE_TREE_SCALAR) {
        return read_duration(reader, row, value, row->ns);
    }
    const struct profile_tree *only =
        value->kind == PROFILE_TREE_MAPPING && value->count == 1 ? value->first : NULL;
    if (only != NULL && strcmp(only->key, "exponential") == 0) {
        return read_exponential(reader, row, only);
    }
    if (only != NULL && strcmp(only->key, "uniform") == 0) {
        return read_uniform(reader, row, only);
    }
    return profile_complain(reader->document, value, reader->error,
                            "expected a duration, { exponential: 5s } or { uniform: [2s, 8s] }");
}

bool profile_time_read_hold(struct profile_reader *reader, struct profile_tree *value,
                            void *target) {
    struct profile_zone_load *load = target;
    const struct time_row row = {&load->hold_ns, &load->hold_spread, 8760 * NS_PER_HOUR,
                                 "a duration such as 100us, 20ms, 5s, 3m or 24h, up to 8760h"};
    return read_time(reader, &row, value);
}

bool profile_time_read_interval(struct profile_reader *reader, struct profile_tree *value,
                                void *target) {
    struct profile_zone_load *load = target;
    const struct time_row row = {&load->options_interval_ns, &load->options_interval_spread,
                                 24 * NS_PER_HOUR,
                                 "a duration such as 100us, 20ms, 5s or 3m, up to 24h"};
    return read_time(reader, &row, value);
}

bool profile_time_read_pause(struct profile_reader *reader, const struct profile_tree *value,
                             uint64_t *ns, struct profile_spread *spread) {
    const struct time_row row = {ns, spread, 24 * NS_PER_HOUR,
                                 "a duration such as 100us, 20ms, 5s or 3m, up to 24h"};
    return read_time(reader, &row, value);
}
