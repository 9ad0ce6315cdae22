/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"

enum {
    AUTHORITIES_MAX = 1000,
};

static bool check(const struct profile_reader *reader, const struct profile_tree *mapping,
                  const struct profile_authority *authority) {
    static const char *const made_keys[] = {"key", "intermediates", "root_eku", "intermediate_eku",
                                            NULL};
    static const char *const public_keys[] = {"client_auth_until", NULL};
    if (authority->certificate_path == NULL && authority->key_path != NULL) {
        return profile_complain(reader->document, mapping, reader->error,
                                "key_file needs its certificate: the key \"cert\" is missing");
    }
    if (authority->certificate_path != NULL &&
        !profile_reader_refuse(reader, mapping, made_keys,
                               "says how to make an authority, and cert names one that exists")) {
        return false;
    }
    return authority->kind == PROFILE_AUTHORITY_PUBLIC ||
           profile_reader_refuse(
               reader, mapping, public_keys,
               "is for public authorities: an internal one always issues clientAuth");
}

bool profile_authority_read_all(struct profile_reader *reader, struct profile_tree *authorities) {
    struct profile_plan *plan = reader->plan;
    if (authorities == NULL) {
        return true;
    }
    if (!profile_reader_expect(reader, authorities, PROFILE_TREE_MAPPING)) {
        return false;
    }
    if (authorities->count > AUTHORITIES_MAX) {
        return profile_complain(reader->document, authorities, reader->error,
                                "expected at most %d authorities", AUTHORITIES_MAX);
    }
    plan->authorities = profile_reader_array(reader, authorities->count, sizeof *plan->authorities);
    if (plan->authorities == NULL) {
        return false;
    }
    for (struct profile_tree *value = authorities->first; value != NULL; value = value->next) {
        struct profile_authority *authority = &plan->authorities[plan->authority_count];
        if (!profile_reader_name(reader, value, &authority->name) ||
            !profile_section_read(reader, &profile_section_authority, value, authority) ||
            !check(reader, value, authority)) {
            return false;
        }
        plan->authority_count++;
    }
    return true;
}
