/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_part.h"
#include "profile_users.h"

#define YEAR "8760h"

static const char *const closes[] = {"graceful", "reset", NULL};

static const struct profile_option zone_rows[] = {
    {.key = "type",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone, type),
     .choices = profile_plan_zone_types,
     .derived = "from the service of the peer's listener, else `neighbor`",
     .help = "what kind of zone it is: what is spoken, and how its status is worded"},
    {PROFILE_OPTIONS_PART("peer", "`node.listener`, `HOST:PORT`, a domain, or a list of them"),
     .required = true,
     .help = "to whom it dials; an IPv6 address stands in brackets and quotes. Without a port, a "
             "SIP domain's servers are found as RFC 3263 says (NAPTR, SRV, port 5061), written "
             "`sips:DOMAIN` where it could be a listener; elsewhere the port is the service's. "
             "Connections are spread over all targets, and go to the others while one cannot be "
             "reached"},
    {.key = "verify_name",
     .type = PROFILE_OPTION_TEXT_OR_NONE,
     .offset = offsetof(struct profile_zone, verify_name),
     .derived = "the domain, when the peer is one; else `none`",
     .help = "the name that the peer's certificate must carry"},
    {.key = "sni",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_zone, sni),
     .derived = "`verify_name`, else the peer's host name",
     .help = "the server name that it asks for (RFC 6066), or `none`; an IP address is never sent"},
    {.key = "source",
     .type = PROFILE_OPTION_SOURCES,
     .offset = offsetof(struct profile_zone, sources),
     .derived = "the node's address, its neighbours on loopback when ports run short",
     .help = "whence it dials; `internal` and `external` are the node's own"},
    {.key = "retry",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone, retry),
     .read = profile_retry_read,
     .form = "mapping, `immediate`, `rfc5626`, or `none`",
     .derived = "`{ burst: 2, gap: 20ms, every: 40s }`; a tunnel's: `{ pauses: [32s, 32s, 180s, "
                "76s] }`",
     .help = "what follows a refusal while connections are kept open"},
    {.key = "keep_alive",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone, keep_alive_ns),
     .read = profile_flow_read,
     .form = "duration from 1s to 24h, or `none`",
     .derived =
         "`120s` where nothing else is said on an open connection (`dialog: none`, a tunnel), "
         "and with `outbound`; else `none`",
     .help = "CRLF CRLF when nothing was asked for 80% to 100% of that time, at random; a flow "
             "whose peer does not answer within 10 s has failed (RFC 5626)"},
    {.key = "alias",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_zone, alias),
     .fallback = "off",
     .help = "`;alias` in Via: the peer may send its own requests over our connections (RFC 5923)"},
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
    {.key = "users",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone, users),
     .read = profile_users_read,
     .form = PROFILE_USERS_FORM,
     .derived = "none",
     .help = "who its connections are, a line of a file each"},
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
            "`rate`, `concurrency` and `stages` replaces whichever `load` gives.",
    PROFILE_OPTIONS_ROWS(zone_rows),
    .also = &profile_section_zone_load,
    .also_offset = offsetof(struct profile_zone, load),
    .also_is_inherited = true,
};

static const struct profile_option peer_rows[] = {
    {PROFILE_OPTIONS_PART("to", "as `peer`, but no list"), .required = true, .help = "to whom"},
    {.key = "weight",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_peer, weight),
     .fallback = "1",
     .min = "1",
     .max = "1000",
     .help = "its part of the connections, among the others'"},
};

const struct profile_section profile_section_peer = {
    .title = "Peer of several",
    .path = "nodes.<node>.zones.<zone>.peer",
    .help = "An item of the list that is no mapping has the weight 1.",
    PROFILE_OPTIONS_ROWS(peer_rows),
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
    {.key = "first",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_retry, first_ns),
     .min = "1ms",
     .max = "24h",
     .derived = "no back-off",
     .help = "back-off instead of all that: the pause after the first refusal"},
    {.key = "factor",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_retry, factor),
     .read = profile_retry_read_factor,
     .form = "number from 1 to 100",
     .fallback = "2",
     .help = "with `first`: how much longer each pause is than the one before"},
    {.key = "longest",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_retry, longest_ns),
     .fallback = "60s",
     .min = "1ms",
     .max = "24h",
     .help = "with `first`: no pause is longer, but for its jitter"},
    {.key = "jitter",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_retry, jitter),
     .read = profile_retry_read_jitter,
     .form = "number from 0 to 1",
     .fallback = "0",
     .help = "with `first`: the share by which a pause is shorter or longer, at random"},
};

const struct profile_section profile_section_retry = {
    .title = "Retry",
    .path = "nodes.<node>.zones.<zone>.retry",
    .help =
        "After a refusal a zone dials in bursts, as the product does, unless it is told pauses or "
        "a back-off. `immediate` is no pause at all. `rfc5626` replaces a connection that "
        "was lost at once, and waits after each attempt that fails, in a row, half of to all of "
        "60s, 120s, 240s ... 1800s, three times that while others of the zone are open; one "
        "that did not live to a keep-alive's answer, nor for 30 s, counts as failed.",
    PROFILE_OPTIONS_ROWS(retry_rows),
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

static const struct profile_option threshold_rows[] = {
    {.key = "threshold",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_threshold, expression),
     .required = true,
     .help = "the bound itself, such as `core.uc.failed.share < 1%`"},
    {.key = "abort_on_fail",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_threshold, abort_on_fail),
     .fallback = "off",
     .help = "does the run end, in order, as soon as it is not met: looked at once a second"},
    {.key = "delay",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_threshold, delay_ns),
     .fallback = "0s",
     .min = "0",
     .max = YEAR,
     .help = "with `abort_on_fail`: not before the run is this old"},
};

const struct profile_section profile_section_threshold = {
    .title = "Threshold",
    .path = "thresholds, variants.<variant>.thresholds",
    .help = "A text alone stands for `{ threshold: TEXT }`. What can be said is listed in "
            "[results](results.md#thresholds).",
    PROFILE_OPTIONS_ROWS(threshold_rows),
};

const struct profile_section profile_section_expectation = {
    .title = "Expectation",
    .path = "expect.<node>.<zone>",
    .help = "At least one of its keys must be given. A listener, `expect.<node>.<listener>`, takes "
            "`peer_serials` alone.",
    PROFILE_OPTIONS_ROWS(expectation_rows),
};
