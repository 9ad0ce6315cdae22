/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_part.h"
#include "profile_users.h"

static const char *const reuses[] = {"any", "alias", NULL};
static const char *const eku_checks[] = {"node", "always", "never", NULL};
static const char *const client_certificates[] = {"require", "request", "none", NULL};

static const struct profile_option listener_rows[] = {
    {.key = "port",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_listener, port),
     .derived = "sip: 5061, sip-mtls: 5062, traversal: 7002, uc-traversal: 7001, tunnel: 2222, "
                "tftp: 6972, provisioning: 8443, webrtc: 443; else required",
     .min = "1",
     .max = "65535",
     .help = "TCP port"},
    {.key = "address",
     .type = PROFILE_OPTION_OWN,
     .read = profile_address_read_listener,
     .form = "IP address, `internal` or `external`",
     .derived = "the node's, with two the internal one",
     .help = "where it listens"},
    {.key = "service",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_listener, service),
     .choices = profile_plan_services,
     .derived = "the listener's name, if it is one; else required",
     .help = "what is served there: SIP, but for `tunnel` and the HTTPS services `tftp`, "
             "`provisioning` and `webrtc`"},
    {.key = "client_certificate",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_listener, client_certificate),
     .choices = client_certificates,
     .derived = "provisioning, webrtc: `none`, else `require`",
     .help = "is a certificate of the initiator demanded, asked for, or not asked for"},
    {.key = "eku_check",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_listener, eku_check),
     .choices = eku_checks,
     .derived = "tunnel: `always`, else `node`",
     .help = "as the node's `eku_checking` says, as if it were on, or no check at all"},
    {.key = "reuse",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_listener, reuse),
     .choices = reuses,
     .derived = "`alias` for `sip` and `sip-mtls` where a certificate is required, else `any`",
     .help = "over which of its connections requests go back to those who opened them: with "
             "`alias`, those whose peer says `;alias` in Via and has a certificate that names its "
             "host there (RFC 5923, RFC 5922)"},
    {.key = "verify_name",
     .type = PROFILE_OPTION_TEXT_OR_NONE,
     .offset = offsetof(struct profile_listener, verify_name),
     .fallback = "none",
     .help = "the name that the initiator's certificate must carry"},
    {.key = "credentials",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_listener, credentials),
     .read = profile_credentials_read,
     .form = "mapping, or `none`",
     .derived = "traversal, uc-traversal: `{}`, else `none`",
     .help = "whose OPTIONS, registrations and messages are accepted: others are challenged "
             "(digest, qop=auth)"},
    {.key = "limit",
     .type = PROFILE_OPTION_RATE,
     .offset = offsetof(struct profile_listener, limit_per_s),
     .min = "1/h",
     .max = "1000000/s",
     .derived = "no limit",
     .help = "emulates small equipment: sessions that begin faster (the first request of a "
             "connection, a REGISTER, an INVITE) get 503 with Retry-After"},
    {.key = "check_delay",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_listener, check_delay_ns),
     .fallback = "0s",
     .min = "0",
     .max = "1s",
     .help = "emulates slow equipment: a check of usages that is On computes for that much "
             "longer"},
    {.key = "identity",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_listener, identity),
     .min = "0",
     .max = "99999",
     .derived = "the one that the initiator's server name asks for, else the first",
     .help = "which identity of the node's `server_store` it presents: its position in the list, "
             "the first is 0"},
};

const struct profile_section profile_section_listener = {
    .title = "Listener",
    .path = "nodes.<node>.listeners.<listener>",
    .help = "A port alone stands for `{ port: PORT }`.",
    PROFILE_OPTIONS_ROWS(listener_rows),
};

static const struct profile_option credentials_rows[] = {
    {.key = "username",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_credentials, username),
     .fallback = "traversal",
     .help = "without quotes and backslashes"},
    {.key = "password",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_credentials, password),
     .fallback = "traversal",
     .help = "without quotes and backslashes"},
    {.key = "users",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_credentials, users),
     .read = profile_users_read_known,
     .form = PROFILE_USERS_FORM,
     .derived = "none",
     .help = "of a listener, instead of the two: everybody in the list is accepted, each with the "
             "own password; written as a zone's `users`, and `username` and `password` are fields "
             "0 and 1 unless given"},
    {.key = "algorithm",
     .type = PROFILE_OPTION_OWN,
     .read = profile_credentials_read_algorithms,
     .form = "`md5`, `sha-256` or `sha-512-256`, or a list of them",
     .derived = "`md5`",
     .help = "of a listener: what it challenges with, the preferred first (RFC 8760)"},
};

const struct profile_section profile_section_credentials = {
    .title = "Credentials",
    .path = "nodes.<node>.listeners.<listener>.credentials, nodes.<node>.zones.<zone>.credentials",
    .help =
        "For SIP only. A zone has those of the listener that it dials, unless it says "
        "otherwise; with `users` its connections are these users, unless it has `user` or `users`.",
    PROFILE_OPTIONS_ROWS(credentials_rows),
};
