/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "profile_part.h"

#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

/* What the product's event log shows of a tunnel that does not come up. */
static const uint64_t tunnel_pauses_ns[] = {32 * NS_PER_S, 32 * NS_PER_S, 180 * NS_PER_S,
                                            76 * NS_PER_S};

static const char *const rhythm_keys[] = {"burst", "gap", "every", NULL};

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

bool profile_retry_read(struct profile_reader *reader, struct profile_tree *value, void *target) {
    struct profile_retry *retry = target;
    *retry = (struct profile_retry){0};
    if (value->kind == PROFILE_TREE_SCALAR) {
        return strcmp(value->text, "none") == 0 ||
               profile_reader_unexpected(reader, value,
                                         "none, or a mapping of burst, gap and every, or pauses");
    }
    retry->enabled = true;
    return profile_section_read(reader, &profile_section_retry, value, retry) &&
           (retry->pause_count == 0 ||
            profile_reader_refuse(reader, value, rhythm_keys,
                                  "pauses is given, too: expected it, or burst, gap and every"));
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
        !has_rhythm(value)) {
        memcpy(retry->pauses_ns, tunnel_pauses_ns, sizeof tunnel_pauses_ns);
        retry->pause_count = sizeof tunnel_pauses_ns / sizeof tunnel_pauses_ns[0];
    }
    return true;
}
