/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_service.h"

#include <string.h>

static const char usual[] = "traversal";

/* They stand between quotes in a header line. */
static bool check_text(const struct profile_reader *reader, const struct profile_tree *mapping,
                       const char *key, const char *text) {
    const struct profile_tree *found = profile_tree_find(mapping, key);
    return strpbrk(text, "\"\\") == NULL ||
           profile_reader_unexpected(reader, found == NULL ? mapping : found,
                                     "a text without quotes and backslashes");
}

bool profile_credentials_read(struct profile_reader *reader, struct profile_tree *value,
                              void *target) {
    struct profile_credentials *credentials = target;
    *credentials = (struct profile_credentials){0};
    if (value->kind == PROFILE_TREE_SCALAR) {
        return strcmp(value->text, "none") == 0 ||
               profile_reader_unexpected(reader, value,
                                         "none, or a mapping of username and password");
    }
    return profile_section_read(reader, &profile_section_credentials, value, credentials) &&
           check_text(reader, value, "username", credentials->username) &&
           check_text(reader, value, "password", credentials->password);
}

static bool use_usual(const struct profile_reader *reader,
                      struct profile_credentials *credentials) {
    return profile_reader_copy(reader, usual, &credentials->username) &&
           profile_reader_copy(reader, usual, &credentials->password);
}

/* Only SIP is challenged. */
static bool check_protocol(const struct profile_reader *reader, const struct profile_tree *value,
                           enum profile_protocol protocol, const char *what) {
    return protocol == PROFILE_PROTOCOL_SIP ||
           profile_complain(reader->document, value, reader->error, "are for SIP: %s %s has none",
                            profile_protocol_name(protocol), what);
}

bool profile_credentials_finish_listener(const struct profile_reader *reader,
                                         const struct profile_tree *mapping,
                                         struct profile_listener *listener) {
    const struct profile_tree *value = profile_tree_find(mapping, "credentials");
    if (value != NULL) {
        return check_protocol(reader, value, profile_listener_protocol(listener), "listener");
    }
    return !profile_service_row(listener->service)->authenticates ||
           use_usual(reader, &listener->credentials);
}

bool profile_credentials_finish_zone(const struct profile_reader *reader,
                                     const struct profile_tree *mapping,
                                     struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "credentials");
    if (value != NULL) {
        return check_protocol(reader, value, profile_zone_protocol(zone), "zone");
    }
    if (zone->peer_listener != PROFILE_NONE) {
        zone->credentials = reader->plan->listeners[zone->peer_listener].credentials;
        return true;
    }
    return !profile_zone_type_row(zone->type)->authenticates ||
           use_usual(reader, &zone->credentials);
}
