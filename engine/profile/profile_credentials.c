/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_service.h"

#include <string.h>
#include <strings.h>

static const char usual[] = "traversal";

/* They stand between quotes in a header line. */
static bool check_text(const struct profile_reader *reader, const struct profile_tree *mapping,
                       const char *key, const char *text) {
    const struct profile_tree *found = profile_tree_find(mapping, key);
    return strpbrk(text, "\"\\") == NULL ||
           profile_reader_unexpected(reader, found == NULL ? mapping : found,
                                     "a text without quotes and backslashes");
}

/* The names and passwords of a list stand instead of the one pair. */
static bool take_users(const struct profile_reader *reader, const struct profile_tree *value,
                       struct profile_credentials *credentials) {
    static const char *const keys[] = {"username", "password", NULL};
    credentials->username = credentials->password = NULL;
    return profile_reader_refuse(reader, value, keys, "users are given, who have their own");
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
    if (!profile_section_read(reader, &profile_section_credentials, value, credentials)) {
        return false;
    }
    if (credentials->users != NULL) {
        return take_users(reader, value, credentials);
    }
    return check_text(reader, value, "username", credentials->username) &&
           check_text(reader, value, "password", credentials->password);
}

static bool add_algorithm(const struct profile_reader *reader, const struct profile_tree *item,
                          struct profile_credentials *credentials) {
    static const char *const names[PROFILE_DIGESTS] = {
        [PROFILE_DIGEST_MD5] = "md5",
        [PROFILE_DIGEST_SHA_256] = "sha-256",
        [PROFILE_DIGEST_SHA_512_256] = "sha-512-256",
    };
    unsigned found = 0;
    while (found < PROFILE_DIGESTS &&
           (item->kind != PROFILE_TREE_SCALAR || strcasecmp(item->text, names[found]) != 0)) {
        found++;
    }
    if (found == PROFILE_DIGESTS) {
        return profile_reader_unexpected(reader, item, "md5, sha-256 or sha-512-256");
    }
    for (uint32_t i = 0; i < credentials->algorithm_count; i++) {
        if (credentials->algorithms[i] == (enum profile_digest)found) {
            return profile_complain(reader->document, item, reader->error, "%s stands there twice",
                                    names[found]);
        }
    }
    credentials->algorithms[credentials->algorithm_count++] = (enum profile_digest)found;
    return true;
}

bool profile_credentials_read_algorithms(struct profile_reader *reader, struct profile_tree *value,
                                         void *target) {
    struct profile_credentials *credentials = target;
    credentials->algorithm_count = 0;
    if (value->kind != PROFILE_TREE_LIST) {
        return add_algorithm(reader, value, credentials);
    }
    for (const struct profile_tree *item = value->first; item != NULL; item = item->next) {
        if (!add_algorithm(reader, item, credentials)) {
            return false;
        }
    }
    return value->first != NULL ||
           profile_reader_unexpected(reader, value, "md5, sha-256 or sha-512-256");
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

/* Whom the listener knows is whom the zone plays, unless it says otherwise. */
static void inherit(const struct profile_credentials *credentials, struct profile_zone *zone) {
    zone->credentials = *credentials;
    zone->credentials.users = NULL;
    if (credentials->users != NULL && zone->users.table == NULL && zone->user == NULL) {
        zone->users = *credentials->users;
    }
}

bool profile_credentials_finish_zone(const struct profile_reader *reader,
                                     const struct profile_tree *mapping,
                                     struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "credentials");
    if (value != NULL && zone->credentials.algorithm_count != 0) {
        return profile_complain(reader->document, value, reader->error,
                                "algorithm is for listeners: a zone answers what it is asked for");
    }
    if (value != NULL && zone->credentials.users != NULL) {
        return profile_complain(reader->document, value, reader->error,
                                "users is for listeners: those that a zone plays stand in its own "
                                "key \"users\"");
    }
    if (value != NULL) {
        return check_protocol(reader, value, profile_zone_protocol(zone), "zone");
    }
    if (zone->peer_listener != PROFILE_NONE) {
        inherit(&reader->plan->listeners[zone->peer_listener].credentials, zone);
        return true;
    }
    return !profile_zone_type_row(zone->type)->authenticates ||
           use_usual(reader, &zone->credentials);
}
