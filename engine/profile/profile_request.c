/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_service.h"
#include "profile_uri.h"

static bool check_target(const struct profile_reader *reader, const struct profile_tree *mapping,
                         const struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "target");
    enum profile_protocol protocol = profile_zone_protocol(zone);
    if (value == NULL) {
        return true;
    }
    if (protocol == PROFILE_PROTOCOL_TUNNEL) {
        return profile_complain(reader->document, value, reader->error,
                                "a tunnel zone makes no requests of its own");
    }
    if (protocol == PROFILE_PROTOCOL_HTTP) {
        return profile_uri_is_https_target(zone->target) ||
               profile_reader_unexpected(reader, value,
                                         "https://HOST[:PORT]/PATH: this is an HTTPS zone");
    }
    return profile_uri_is_sip_target(zone->target) ||
           profile_reader_unexpected(reader, value, "HOST or USER@HOST: this is a SIP zone");
}

static bool check_user(const struct profile_reader *reader, const struct profile_tree *mapping,
                       const struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "user");
    if (value == NULL) {
        return true;
    }
    if (profile_zone_protocol(zone) != PROFILE_PROTOCOL_SIP) {
        return profile_complain(reader->document, value, reader->error,
                                "is for SIP: %s zone has no users",
                                profile_protocol_name(profile_zone_protocol(zone)));
    }
    return profile_uri_is_user(zone->user) ||
           profile_reader_unexpected(reader, value,
                                     "at most 63 letters, digits and -_.!~*'()&=+$, such as mra-");
}

static bool check_domain(const struct profile_reader *reader, const struct profile_tree *mapping,
                         const struct profile_zone *zone) {
    const struct profile_tree *value = profile_tree_find(mapping, "domain");
    if (value == NULL) {
        return true;
    }
    if (zone->type != PROFILE_ZONE_TUNNEL) {
        return profile_complain(reader->document, value, reader->error,
                                "is for tunnels: this is %s zone",
                                profile_protocol_name(profile_zone_protocol(zone)));
    }
    return profile_uri_is_host(zone->domain) ||
           profile_reader_unexpected(reader, value, "a domain such as example.test");
}

/* What `load` says is for SIP zones: HTTPS knows one dialog, and a tunnel none. */
static bool choose_dialog(const struct profile_reader *reader, const struct profile_tree *mapping,
                          struct profile_zone *zone) {
    static const enum profile_dialog only[] = {
        [PROFILE_PROTOCOL_HTTP] = PROFILE_DIALOG_HTTP,
        [PROFILE_PROTOCOL_TUNNEL] = PROFILE_DIALOG_NONE,
    };
    const struct profile_tree *value = profile_tree_find(mapping, "dialog");
    enum profile_protocol protocol = profile_zone_protocol(zone);
    if (protocol == PROFILE_PROTOCOL_SIP) {
        return zone->load.dialog != PROFILE_DIALOG_HTTP ||
               profile_complain(reader->document, value == NULL ? mapping : value, reader->error,
                                "http is no dialog of a SIP zone: expected none, options, register "
                                "or invite");
    }
    if (value == NULL) {
        zone->load.dialog = only[protocol];
    }
    return zone->load.dialog == only[protocol] ||
           profile_complain(reader->document, value, reader->error,
                            "%s is the one dialog of %s zone",
                            protocol == PROFILE_PROTOCOL_HTTP ? "http" : "none",
                            profile_protocol_name(protocol));
}

/* A registration is refreshed as the registrar asks, unless the profile says how often. */
static void choose_refresh(const struct profile_reader *reader, const struct profile_tree *mapping,
                           struct profile_zone *zone) {
    static const char key[] = "options_interval";
    const struct profile_tree *load = profile_tree_find(reader->document->root, "load");
    if (zone->load.dialog == PROFILE_DIALOG_REGISTER && zone->load.dialogs == 0 &&
        profile_tree_find(mapping, key) == NULL && profile_tree_find(load, key) == NULL) {
        zone->load.options_interval_ns = PROFILE_AS_GRANTED;
        zone->load.options_interval_spread.kind = PROFILE_SPREAD_NONE;
    }
}

bool profile_request_check(const struct profile_reader *reader, const struct profile_tree *mapping,
                           struct profile_zone *zone) {
    bool good = check_target(reader, mapping, zone) && check_user(reader, mapping, zone) &&
                check_domain(reader, mapping, zone) && choose_dialog(reader, mapping, zone);
    if (good) {
        choose_refresh(reader, mapping, zone);
    }
    return good;
}
