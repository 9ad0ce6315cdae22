/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SECTION_H
#define PROFILE_SECTION_H

#include "profile_plan.h"
#include "profile_reader.h"

/*
 * Options as data: a section per kind of mapping, a row per key. The rows drive loading, the error
 * texts and the reference (docs/profiles.md).
 */
enum profile_option_type {                              /* what lies at `offset` */
                           PROFILE_OPTION_TEXT,         /* char *: one line */
                           PROFILE_OPTION_PROSE,        /* char *: several lines */
                           PROFILE_OPTION_TEXT_OR_NONE, /* char *: NULL for `none` */
                           PROFILE_OPTION_ADDRESS,      /* char *: an IP literal */
                           PROFILE_OPTION_PATH,         /* char *: made absolute */
                           PROFILE_OPTION_WORD,         /* char *: one of `choices` */
                           PROFILE_OPTION_CHOICE,  /* an enumeration: the position in `choices` */
                           PROFILE_OPTION_INTEGER, /* uint32_t */
                           PROFILE_OPTION_LONG_INTEGER, /* uint64_t */
                           PROFILE_OPTION_BOOLEAN,      /* bool */
                           PROFILE_OPTION_DURATION,     /* uint64_t, nanoseconds */
                           PROFILE_OPTION_RATE,         /* double, per second */
                           PROFILE_OPTION_DATE,         /* int64_t, seconds since 1970 */
                           PROFILE_OPTION_TEXTS,        /* struct profile_texts */
                           PROFILE_OPTION_SOURCES,  /* struct profile_texts: addresses and ranges */
                           PROFILE_OPTION_FAULTS,   /* struct profile_texts: fault keys */
                           PROFILE_OPTION_USAGES,   /* struct profile_eku */
                           PROFILE_OPTION_VERSIONS, /* unsigned, enum profile_tls_version bits */
                           PROFILE_OPTION_SERIAL,   /* see `read` */
                           PROFILE_OPTION_AUTHORITY, /* uint32_t, index */
                           PROFILE_OPTION_OWN,  /* what `read` makes of it; offset is that of the
                                                   whole */
                           PROFILE_OPTION_PART, /* a mapping of its own that the loader reads later
                                                 */
                           PROFILE_OPTION_TYPES
};

struct profile_option {
    const char *key;
    enum profile_option_type type;
    size_t offset;
    bool required;
    const char *fallback; /* the default, as a profile would say it; NULL: none, or see `derived` */
    const char *derived;  /* the default in words, where the loader derives it */
    const char *min;      /* as a profile would say it; NULL: no bound */
    const char *max;
    const char *unit;           /* of a plain number */
    const char *const *choices; /* by enumeration value, NULL at the end; "" cannot be said */
    bool (*read)(struct profile_reader *reader, struct profile_tree *value, void *target);
    const char *form; /* what an own value looks like, for the reference */
    const char *help;
};

struct profile_section {
    const char *title;
    const char *path; /* where it stands: "nodes.<node>" */
    const char *help;
    const struct profile_option *options;
    size_t option_count;
    const struct profile_section *also; /* rows of another section that stand here, too */
    size_t also_offset;
    bool also_is_inherited; /* those rows' defaults are already in the target */
};

/* In the order of the reference, NULL at the end. */
extern const struct profile_section *const profile_sections[];
extern const struct profile_section profile_section_profile;
extern const struct profile_section profile_section_authority;
extern const struct profile_section profile_section_node;
extern const struct profile_section profile_section_store;
extern const struct profile_section profile_section_tls;
extern const struct profile_section profile_section_listener;
extern const struct profile_section profile_section_zone;
extern const struct profile_section profile_section_zone_load;
extern const struct profile_section profile_section_load;
extern const struct profile_section profile_section_stage;
extern const struct profile_section profile_section_retry;
extern const struct profile_section profile_section_expectation;
extern const struct profile_section profile_section_threshold;
extern const struct profile_section profile_section_addresses;
extern const struct profile_section profile_section_route;
extern const struct profile_section profile_section_credentials;
extern const struct profile_section profile_section_peer;
extern const struct profile_section profile_section_variant;

struct profile_thresholds {
    struct profile_threshold *items;
    uint32_t count;
};
/* What the keys of the profile's own mapping fill. */
struct profile_head {
    char *name;
    char *proves;
    uint64_t seed;
    bool authorized;
    char *dns;
    struct profile_thresholds thresholds;
};
/* Those of one variant. */
struct profile_variant_head {
    char *proves;
    struct profile_thresholds thresholds;
};
/* Those of an identity. */
struct profile_store_head {
    struct profile_identity identity; /* first: most rows have its offsets */
    char *folder;
    char *csv;
};
/* And those of `load`. */
struct profile_head_load {
    uint64_t duration_ns;
    uint64_t window_ns;
    uint64_t checkpoint_ns;
    uint64_t renew_ns;
    uint64_t warm_up_ns;
    struct profile_zone_load zone;
};
/* How much load: a rate, or a number of connections. */
struct profile_level {
    double value;
    bool is_rate;
    bool is_given;
};
/* Those of one stage. */
struct profile_stage_head {
    uint64_t duration_ns;
    struct profile_level from;
    struct profile_level target;
};

/*
 * Fills `target` from `mapping` by the section's rows: what is given, then the defaults of what is
 * not. Required keys are demanded.
 */
bool profile_section_read(struct profile_reader *reader, const struct profile_section *section,
                          struct profile_tree *mapping, void *target);

/* "duration", "list of texts": for the reference. */
const char *profile_option_type_name(enum profile_option_type type);

#endif
