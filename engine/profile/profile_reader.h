/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_READER_H
#define PROFILE_READER_H

#include "profile_plan.h"
#include "profile_tree.h"

/* What every function that turns a part of the tree into a part of the plan needs. */
struct profile_reader {
    struct profile_document *document;
    struct profile_plan *plan;
    const char *folder;  /* of the file, absolute; relative paths in it start here */
    const char *working; /* the working directory: those of settings start here */
    int64_t now;
    bool is_survey; /* settings follow that may make use of keys that do nothing yet */
    struct base_error *error;
};

/* "expected a mapping, not ...": false, unless it is one. */
bool profile_reader_expect(const struct profile_reader *reader, const struct profile_tree *at,
                           enum profile_tree_kind kind);

/* "expected <expected>, not <what stands there>"; always false. */
bool profile_reader_unexpected(const struct profile_reader *reader, const struct profile_tree *at,
                               const char *expected);

/* Copies the key of a named thing (a node, a zone). False when it is no sound name. */
bool profile_reader_name(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out);

/* A text of one line, 1 to PROFILE_TEXT_MAX octets, no control characters. */
enum { PROFILE_TEXT_MAX = 255 };
bool profile_reader_text(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out);

/* The same for a file name, which may be longer. */
bool profile_reader_path(const struct profile_reader *reader, const struct profile_tree *at,
                         char **out);

/* A copy in the plan's memory; false without memory. */
bool profile_reader_copy(const struct profile_reader *reader, const char *text, char **out);

/* A zeroed array in the plan's memory; NULL, with the error set, without memory. */
void *profile_reader_array(const struct profile_reader *reader, uint32_t count, size_t size);

/* False when `mapping` has one of the keys (NULL at the end): "<key>: <reason>". */
bool profile_reader_refuse(const struct profile_reader *reader, const struct profile_tree *mapping,
                           const char *const *keys, const char *reason);

/* The index of an authority of the plan by name; false with the nearest one named. */
bool profile_reader_authority(const struct profile_reader *reader, const struct profile_tree *at,
                              uint32_t *out);

#endif
