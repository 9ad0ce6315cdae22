/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

enum {
    STAGES_MAX = 1000,
    CONNECTIONS_MAX = 1000000,
};
#define RATE_MAX_PER_S 1e6
#define TOTAL_MAX_NS   (8760 * UINT64_C(3600000000000))

bool profile_shape_read_level(struct profile_reader *reader, struct profile_tree *value,
                              void *target) {
    struct profile_level *level = target;
    uint64_t number;
    level->is_given = true;
    if (value->kind == PROFILE_TREE_SCALAR && profile_value_integer(value->text, &number) &&
        number <= CONNECTIONS_MAX) {
        level->value = (double)number;
        level->is_rate = false;
        return true;
    }
    level->is_rate = true;
    return (value->kind == PROFILE_TREE_SCALAR && profile_value_rate(value->text, &level->value) &&
            level->value <= RATE_MAX_PER_S) ||
           profile_reader_unexpected(reader, value,
                                     "a rate up to 1000000/s, such as 500/s, or up to 1000000 "
                                     "connections");
}

/* What has been read so far. */
struct progress {
    uint64_t total_ns;
    double level;
    double peak;
    bool is_rate;
};

/* `from: 0` says neither. */
static bool is_other_kind(const struct profile_level *level, bool is_rate) {
    return level->is_given && level->value > 0 && level->is_rate != is_rate;
}

static bool read_stage(struct profile_reader *reader, struct profile_tree *item,
                       struct progress *progress, struct profile_stage *out, bool is_first) {
    struct profile_stage_head head = {0};
    if (!profile_section_read(reader, &profile_section_stage, item, &head)) {
        return false;
    }
    progress->is_rate = is_first ? head.target.is_rate : progress->is_rate;
    if (head.target.is_rate != progress->is_rate || is_other_kind(&head.from, progress->is_rate)) {
        return profile_complain(reader->document, item, reader->error,
                                "expected %s, as in the first stage: all targets of a zone are of "
                                "one kind",
                                progress->is_rate ? "a rate, such as 500/s"
                                                  : "a number of connections");
    }
    double from = head.from.is_given ? head.from.value : progress->level;
    *out = (struct profile_stage){
        .duration_ns = head.duration_ns, .from = from, .target = head.target.value};
    progress->level = head.target.value;
    progress->peak = from > progress->peak ? from : progress->peak;
    progress->peak = progress->level > progress->peak ? progress->level : progress->peak;
    progress->total_ns += head.duration_ns;
    return progress->total_ns <= TOTAL_MAX_NS ||
           profile_complain(reader->document, item, reader->error,
                            "the stages last longer than 8760h");
}

static bool check_whole(const struct profile_reader *reader, const struct profile_tree *value,
                        const struct progress *progress) {
    if (progress->total_ns == 0) {
        return profile_complain(reader->document, value, reader->error,
                                "the stages last no time at all: expected a duration above 0 in "
                                "one of them");
    }
    return progress->peak > 0 ||
           profile_complain(reader->document, value, reader->error,
                            "the stages begin nothing: expected a target above 0 in one of them");
}

bool profile_shape_read_stages(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    struct profile_zone_load *load = target;
    struct progress progress = {0};
    if (value->kind != PROFILE_TREE_LIST) {
        return profile_reader_unexpected(reader, value,
                                         "a list of stages, such as [ { duration: 30s, target: "
                                         "500/s } ]");
    }
    if (value->count < 1 || value->count > STAGES_MAX) {
        return profile_complain(reader->document, value, reader->error, "expected 1 to %d stages",
                                STAGES_MAX);
    }
    load->stages = profile_reader_array(reader, value->count, sizeof *load->stages);
    if (load->stages == NULL) {
        return false;
    }
    load->stage_count = 0;
    for (struct profile_tree *item = value->first; item != NULL; item = item->next) {
        bool is_first = load->stage_count == 0;
        if (!read_stage(reader, item, &progress, &load->stages[load->stage_count++], is_first)) {
            return false;
        }
    }
    /* Fields that another key of the same mapping would have filled: one of them alone is given. */
    load->rate_per_s = progress.is_rate ? progress.peak : 0;
    load->concurrency = progress.is_rate ? 0 : (uint32_t)progress.peak;
    return check_whole(reader, value, &progress);
}
