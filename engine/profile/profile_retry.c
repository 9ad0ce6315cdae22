/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

/* What the product's event log shows of a tunnel that does not come up. */
static const uint64_t tunnel_pauses_ns[] = {32 * NS_PER_S, 32 * NS_PER_S, 180 * NS_PER_S,
                                            76 * NS_PER_S};

static const char *const rhythm_keys[] = {"burst", "gap", "every", NULL};
static const char *const back_off_keys[] = {"factor", "longest", "jitter", NULL};

bool profile_retry_read_pauses(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    struct profile_retry *retry = target;
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    const struct profile_tree *item = is_list ? value->first : value;
    if (count < 1 || count > PROFILE_PAUSES_MAX) {
        return profile_complain(reader->document, value, reader->error,
                                "expected 1 to %d durations", PROFILE_PAUSES_MAX);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *pause_ns = &retry->pauses_ns[i];
        if (item->kind != PROFILE_TREE_SCALAR || !profile_parse_duration(item->text, pause_ns) ||
            *pause_ns < NS_PER_MS || *pause_ns > 24 * 3600 * NS_PER_S) {
            return profile_reader_unexpected(reader, item, "a duration from 1ms to 24h");
        }
        item = item->next;
    }
    retry->pause_count = count;
    return true;
}

static bool read_number(struct profile_reader *reader, const struct profile_tree *value, double min,
                        double max, const char *expected, double *out) {
    return (value->kind == PROFILE_TREE_SCALAR && profile_value_decimal(value->text, out) &&
            *out >= min && *out <= max) ||
           profile_reader_unexpected(reader, value, expected);
}

bool profile_retry_read_factor(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    return read_number(reader, value, 1, 100, "a number from 1 to 100", target);
}

bool profile_retry_read_jitter(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    return read_number(reader, value, 0, 1, "a number from 0 to 1", target);
}

static bool read_word(struct profile_reader *reader, const struct profile_tree *value,
                      struct profile_retry *retry) {
    if (strcmp(value->text, "immediate") == 0) {
        retry->enabled = true;
        retry->pause_count = 1; /* of no length */
        return true;
    }
    if (strcmp(value->text, "rfc5626") == 0) {
        retry->enabled = true;
        retry->by_flow = true;
        return true;
    }
    return strcmp(value->text, "none") == 0 ||
           profile_reader_unexpected(
               reader, value,
               "none, immediate, rfc5626, or a mapping of burst, gap and every, of "
               "pauses, or of first, factor, longest and jitter");
}

/* One of three ways to say it. */
static bool check_mapping(struct profile_reader *reader, const struct profile_tree *value,
                          const struct profile_retry *retry) {
    static const char *const pauses_key[] = {"pauses", NULL};
    if (retry->first_ns > 0) {
        static const char reason[] = "first is given, too: expected a back-off (first, factor, "
                                     "longest, jitter), or burst, gap and every, or pauses";
        return profile_reader_refuse(reader, value, rhythm_keys, reason) &&
               profile_reader_refuse(reader, value, pauses_key, reason) &&
               (retry->first_ns <= retry->longest_ns ||
                profile_complain(reader->document, value, reader->error,
                                 "expected the first pause not to be longer than the longest"));
    }
    return profile_reader_refuse(reader, value, back_off_keys,
                                 "expected first, too: the first pause of the back-off") &&
           (retry->pause_count == 0 ||
            profile_reader_refuse(reader, value, rhythm_keys,
                                  "pauses is given, too: expected it, or burst, gap and every"));
}

bool profile_retry_read(struct profile_reader *reader, struct profile_tree *value, void *target) {
    struct profile_retry *retry = target;
    *retry = (struct profile_retry){0};
    if (value->kind == PROFILE_TREE_SCALAR) {
        return read_word(reader, value, retry);
    }
    retry->enabled = true;
    return profile_section_read(reader, &profile_section_retry, value, retry) &&
           check_mapping(reader, value, retry);
}

static bool has_rhythm(const struct profile_tree *mapping) {
    for (unsigned i = 0; rhythm_keys[i] != NULL; i++) {
        if (profile_tree_find(mapping, rhythm_keys[i]) != NULL) {
            return true;
        }
    }
    return false;
}

bool profile_retry_finish(struct profile_reader *reader, const struct profile_tree *zone_mapping,
                          struct profile_zone *zone) {
    struct profile_tree nothing = {.kind = PROFILE_TREE_MAPPING};
    struct profile_retry *retry = &zone->retry;
    const struct profile_tree *value = profile_tree_find(zone_mapping, "retry");
    if (value == NULL && !profile_retry_read(reader, &nothing, retry)) {
        return false;
    }
    if (zone->type == PROFILE_ZONE_TUNNEL && retry->enabled && retry->pause_count == 0 &&
        !retry->by_flow && retry->first_ns == 0 && !has_rhythm(value)) {
        memcpy(retry->pauses_ns, tunnel_pauses_ns, sizeof tunnel_pauses_ns);
        retry->pause_count = sizeof tunnel_pauses_ns / sizeof tunnel_pauses_ns[0];
    }
    return true;
}
