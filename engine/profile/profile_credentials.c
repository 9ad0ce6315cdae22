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

bool profile_credentials_finish_zone(const struct profile_reader *reader,
                                     const struct profile_tree *mapping,
                                     struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "credentials");
    if (value != NULL && zone->credentials.algorithm_count != 0) {
        return profile_complain(reader->document, value, reader->error,
                                "algorithm is for listeners: a zone answers what it is asked for");
    }
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
