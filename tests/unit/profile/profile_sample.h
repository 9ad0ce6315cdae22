/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SAMPLE_H
#define PROFILE_SAMPLE_H

#include "profile_load.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

/* 2026-01-01 00:00:00 UTC: what "now" is to the tests. */
#define SAMPLE_NOW INT64_C(1767225600)
#define DAY        INT64_C(86400)

/* Two nodes with one of everything; the tests change it by settings. Its lines are counted on. */
extern const char sample_profile[];

/* NULL when refused. At most one setting here; NULL: none. */
struct profile_plan *sample_load(const char *yaml, const char *setting, struct base_error *error);

/* Octets that need not be text. */
bool sample_load_octets(struct profile_plan **out, const void *octets, size_t length,
                        const char *const *settings, size_t setting_count,
                        struct base_error *error);

/* Ends the test when refused. */
struct profile_plan *sample_must_load(const char *yaml, const char *setting);

/*
 * Line `line` of the sample (without its indent) becomes `text`; 0: one is appended. The error is
 * what follows the file's name; NULL: the changed sample loads.
 */
struct sample_error {
    unsigned line;
    const char *text;
    const char *error;
};
void sample_check_errors(const struct sample_error *cases, size_t count);

#endif
