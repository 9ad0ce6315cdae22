/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_part.h"

#define YEAR "8760h"

static const char *const eku_checks[] = {"node", "always", "never", NULL};
static const char *const client_certificates[] = {"require", "request", "none", NULL};
static const char *const arrivals[] = {"constant", "poisson", NULL};
static const char *const dialogs[] = {"none", "options", "register", "invite", "http", NULL};
static const char *const closes[] = {"graceful", "reset", NULL};

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
     .help = "whose requests are accepted: others are challenged (digest MD5, qop=auth)"},
    {PROFILE_OPTIONS_LATER("identity")},
};

const struct profile_section profile_section_listener = {
    .title = "Listener",
    .path = "nodes.<node>.listeners.<listener>",
    .help = "A port alone stands for `{ port: PORT }`.",
    PROFILE_OPTIONS_ROWS(listener_rows),
};

static const struct profile_option zone_rows[] = {
    {.key = "type",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone, type),
     .choices = profile_plan_zone_types,
     .derived = "from the service of the peer's listener, else `neighbor`",
     .help = "what kind of zone it is: what is spoken, and how its status is worded"},
    {PROFILE_OPTIONS_PART("peer", "`node.listener` or `HOST:PORT`"), .required = true,
     .help = "to whom it dials; an IPv6 address stands in brackets and quotes"},
    {.key = "verify_name",
     .type = PROFILE_OPTION_TEXT_OR_NONE,
     .offset = offsetof(struct profile_zone, verify_name),
     .fallback = "none",
     .help = "the name that the peer's certificate must carry"},
    {.key = "source",
     .type = PROFILE_OPTION_SOURCES,
     .offset = offsetof(struct profile_zone, sources),
     .derived = "the node's address, its neighbours on loopback when ports run short",
     .help = "whence it dials; `internal` and `external` are the node's own"},
    {.key = "retry",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone, retry),
     .read = profile_retry_read,
     .form = "mapping, or `none`",
     .derived = "`{ burst: 2, gap: 20ms, every: 40s }`; a tunnel's: `{ pauses: [32s, 32s, 180s, "
                "76s] }`",
     .help = "what follows a refusal while connections are kept open"},
    {.key = "close",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone, close),
     .choices = closes,
     .fallback = "graceful",
     .help = "close_notify and FIN, or RST"},
    {.key = "credentials",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone, credentials),
     .read = profile_credentials_read,
     .form = "mapping, or `none`",
     .derived = "those of its peer in the profile; else traversal, uc-traversal: `{}`",
     .help = "answers the peer's challenge"},
    {.key = "target",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_zone, target),
     .derived = "the peer",
     .help = "whom its requests are for: `HOST`, `USER@HOST`, or for an HTTPS zone "
             "`https://HOST[:PORT]/PATH`"},
    {.key = "user",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_zone, user),
     .derived = "none",
     .help = "the user part of its own address is this and a number, another one on each "
             "connection"},
    {.key = "domain",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_zone, domain),
     .derived = "none",
     .help = "of a tunnel: the domain whose traffic it carries"},
    {PROFILE_OPTIONS_PART("after", "list of zones, as `<zone>` of the same node or "
                                   "`<node>.<zone>`"),
     .help = "zones that come first: of the same node, each connection waits for one that was "
             "answered there (an endpoint registers after it was provisioned); of another node, "
             "until each of its connections was answered or refused. All of them keep "
             "`connections`"},
};

const struct profile_section profile_section_zone = {
    .title = "Zone",
    .path = "nodes.<node>.zones.<zone>",
    .help = "All keys of *Load of a zone* stand here, too, and override those of `load`; one of "
            "`connections`, "
            "`rate` and `concurrency` replaces whichever `load` gives.",
    PROFILE_OPTIONS_ROWS(zone_rows),
    .also = &profile_section_zone_load,
    .also_offset = offsetof(struct profile_zone, load),
    .also_is_inherited = true,
};

static const struct profile_option retry_rows[] = {
    {.key = "burst",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_retry, burst),
     .fallback = "2",
     .min = "1",
     .max = "1000",
     .unit = "attempts",
     .help = "in a row, the first one included"},
    {.key = "gap",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_retry, gap_ns),
     .fallback = "20ms",
     .min = "0",
     .max = "1h",
     .help = "between the attempts of a burst"},
    {.key = "every",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_retry, every_ns),
     .fallback = "40s",
     .min = "1ms",
     .max = "24h",
     .help = "from burst to burst"},
    {.key = "pauses",
     .type = PROFILE_OPTION_OWN,
     .read = profile_retry_read_pauses,
     .form = "list of 1 to 16 durations",
     .derived = "a tunnel's: `[32s, 32s, 180s, 76s]`",
     .help = "between attempts, in turn and over again; instead of the other three"},
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
};

const struct profile_section profile_section_credentials = {
    .title = "Credentials",
    .path = "nodes.<node>.listeners.<listener>.credentials, nodes.<node>.zones.<zone>.credentials",
    .help = "For SIP only. A zone has those of the listener that it dials, unless it says "
            "otherwise.",
    PROFILE_OPTIONS_ROWS(credentials_rows),
};

const struct profile_section profile_section_retry = {
    .title = "Retry",
    .path = "nodes.<node>.zones.<zone>.retry",
    .help = "After a refusal a zone dials in bursts, as the product does.",
    PROFILE_OPTIONS_ROWS(retry_rows),
};

static const struct profile_option load_rows[] = {
    {.key = "duration",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, duration_ns),
     .fallback = "10s",
     .min = "1ms",
     .max = YEAR,
     .help = "how long the run lasts"},
};

const struct profile_section profile_section_load = {
    .title = "Load",
    .path = "load",
    .help =
        "All keys of *Load of a zone* stand here, too, for every zone that does not say otherwise.",
    PROFILE_OPTIONS_ROWS(load_rows),
    .also = &profile_section_zone_load,
    .also_offset = offsetof(struct profile_head_load, zone),
};

static const struct profile_option zone_load_rows[] = {
    {.key = "connections",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, connections),
     .fallback = "1",
     .min = "1",
     .max = "1000000",
     .unit = "connections",
     .help = "keep that many open"},
    {.key = "rate",
     .type = PROFILE_OPTION_RATE,
     .offset = offsetof(struct profile_zone_load, rate_per_s),
     .min = "1/h",
     .max = "1000000/s",
     .help = "new connections, whatever became of the earlier ones (open loop)"},
    {.key = "concurrency",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, concurrency),
     .min = "1",
     .max = "1000000",
     .unit = "connections",
     .help = "at once, a new one as soon as one is done (closed loop)"},
    {.key = "opening",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, opening),
     .fallback = "64",
     .min = "1",
     .max = "100000",
     .unit = "handshakes",
     .help = "with `connections`: at once while filling up"},
    {.key = "arrival",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone_load, arrival),
     .choices = arrivals,
     .fallback = "constant",
     .help = "with `rate`: evenly spaced, or a Poisson process"},
    {.key = "hold",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, hold_ns),
     .fallback = "0s",
     .min = "0",
     .max = YEAR,
     .help = "with `rate` or `concurrency`: how long a connection stays after its dialog; of an "
             "`invite`, in every case, the length of the call"},
    {.key = "dialog",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone_load, dialog),
     .choices = dialogs,
     .fallback = "options",
     .derived = "`options`; in a tunnel zone `none`, in an HTTPS zone `http`, whatever `load` says",
     .help = "what is said on a connection: a keep-alive only, OPTIONS requests, a REGISTER, a "
             "call, or a GET"},
    {.key = "options_interval",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, options_interval_ns),
     .fallback = "1s",
     .min = "0",
     .max = "24h",
     .help = "between requests; 0: the next as soon as the answer is there"},
    {.key = "timeout",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, timeout_ns),
     .fallback = "10s",
     .min = "1ms",
     .max = "1h",
     .help = "for the connect with its handshake, and for each response"},
    {PROFILE_OPTIONS_LATER("stages")},
};

const struct profile_section profile_section_zone_load = {
    .title = "Load of a zone",
    .path = "load, nodes.<node>.zones.<zone>",
    .help = "At most one of `connections`, `rate` and `concurrency` in a place.",
    PROFILE_OPTIONS_ROWS(zone_load_rows),
};

static const struct profile_option expectation_rows[] = {
    {.key = "state",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_expectation, state),
     .choices = profile_plan_states,
     .derived = "any",
     .help = "the zone's last state"},
    {.key = "faults",
     .type = PROFILE_OPTION_FAULTS,
     .offset = offsetof(struct profile_expectation, faults),
     .derived = "any",
     .help = "every fault observed must be one of these; `[]`: none may be observed"},
    {.key = "peer_serials",
     .type = PROFILE_OPTION_OWN,
     .offset = 0,
     .read = profile_expectation_read_serials,
     .form = "list of serials",
     .derived = "any",
     .help = "the peer presents certificates with these serials, in hexadecimal, and no other"},
};

const struct profile_section profile_section_expectation = {
    .title = "Expectation",
    .path = "expect.<node>.<zone>",
    .help = "At least one of its keys must be given. A listener, `expect.<node>.<listener>`, takes "
            "`peer_serials` alone.",
    PROFILE_OPTIONS_ROWS(expectation_rows),
};
