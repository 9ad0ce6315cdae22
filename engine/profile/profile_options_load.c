/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_part.h"
#include "profile_script.h"

#define YEAR "8760h"

static const char *const arrivals[] = {"constant", "poisson", NULL};
static const char *const schemes[] = {"sip", "sips", NULL};
static const char *const resumptions[] = {"off", "tickets", "session-id", NULL};

static const struct profile_option load_rows[] = {
    {.key = "duration",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, duration_ns),
     .min = "1ms",
     .max = YEAR,
     .derived = "`10s`, or as long as the longest `stages`",
     .help = "how long the run lasts, after the warm-up"},
    {.key = "warm_up",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, warm_up_ns),
     .fallback = "0s",
     .min = "0",
     .max = "24h",
     .help =
         "comes before `duration` and is not counted: then counting begins anew with what is open "
         "and under way. `stages` begin with it. What peers present as certificates is watched "
         "from the beginning"},
    {.key = "window",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, window_ns),
     .fallback = "60s",
     .min = "1s",
     .max = "24h",
     .help = "a run longer than this is told, and judged, in windows of this length, too"},
    {.key = "checkpoint",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, checkpoint_ns),
     .fallback = "60s",
     .min = "1s",
     .max = "24h",
     .help = "how often `result.json` is written while the run goes on"},
    {.key = "renew",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_head_load, renew_ns),
     .derived = "never",
     .min = "1s",
     .max = YEAR,
     .help = "how often every certificate that is issued for the run is replaced by a new one, "
             "while connections go on"},
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
    {.key = "stages",
     .type = PROFILE_OPTION_OWN,
     .read = profile_shape_read_stages,
     .form = "list of mappings",
     .help = "a load that changes, each stage from where the one before ended: a rate, or a plain "
             "number of connections at once (closed loop); the last target stays"},
    {.key = "at_once",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, at_once),
     .min = "1",
     .max = "1000000",
     .unit = "connections",
     .derived = "two seconds' worth and what `hold` and the dialogs take",
     .help = "with `rate`: at the most; what falls due beyond starts late, and says so in "
             "`late` and `establish_from_intended`"},
    {.key = "dialogs",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, dialogs),
     .min = "1",
     .max = "1000000",
     .unit = "dialogs",
     .derived = "one, and what `options_interval` brings while it is held; with `connections` no "
                "limit",
     .help = "so many on each connection, `options_interval` from one to the next; then it closes, "
             "after `hold`, and with `connections` dials anew"},
    {.key = "hold",
     .type = PROFILE_OPTION_OWN,
     .read = profile_time_read_hold,
     .form = PROFILE_TIME_FORM,
     .fallback = "0s",
     .help = "with `rate` or `concurrency`: how long a connection stays after its dialog; of an "
             "`invite`, in every case, the length of the call"},
    {.key = "dialog",
     .type = PROFILE_OPTION_OWN,
     .read = profile_script_read_dialog,
     .form = PROFILE_SCRIPT_FORM,
     .fallback = "options",
     .derived = "`options`; in a tunnel zone `none`, in an HTTPS zone `http`, whatever `load` says",
     .help = "what is said on a connection: a keep-alive only, OPTIONS requests, a REGISTER, a "
             "call, or a GET"},
    {.key = "options_interval",
     .type = PROFILE_OPTION_OWN,
     .read = profile_time_read_interval,
     .form = PROFILE_TIME_FORM,
     .fallback = "1s",
     .help = "think time, from the begin of one dialog to the next; 0: the next as soon as the "
             "answer is there"},
    {.key = "resumption",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone_load, resumption),
     .choices = resumptions,
     .fallback = "off",
     .help = "does it resume TLS sessions of its own earlier connections: by tickets (TLS 1.2 and "
             "1.3), or by session ID (TLS 1.2 alone). A resumed session shows no certificate, so "
             "that nobody checks one"},
    {.key = "resume_ratio",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_zone_load, resume_ratio),
     .read = profile_resumption_read_ratio,
     .form = "number from 0 to 1",
     .fallback = "1",
     .help = "with `resumption`: the share of the attempts that offer a session, if there is one; "
             "the others are full handshakes"},
    {.key = "timeout",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, timeout_ns),
     .fallback = "10s",
     .min = "1ms",
     .max = "1h",
     .help = "for the connect with its handshake, and for each response; it stands for the timers "
             "B and F of RFC 3261, which are `32s` each; H ends nothing here, where acceptors keep "
             "no transaction"},
    {.key = "expires",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, expires_ns),
     .fallback = "3600s",
     .min = "1s",
     .max = YEAR,
     .help = "of a `register`: what it asks for, in whole seconds. A 423 raises it to the "
             "registrar's Min-Expires. It is refreshed every `options_interval`, without one after "
             "80% to 90% of what was granted, and never later than that"},
    {.key = "deregister",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_zone_load, deregister),
     .fallback = "off",
     .help = "of a `register`: is it taken back (Expires: 0) before its connection is closed in "
             "order, at the end of `hold` or of the run"},
    {.key = "outbound",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_zone_load, outbound),
     .fallback = "off",
     .help = "of a `register`: does it set up a flow (RFC 5626): `+sip.instance` and `reg-id` in "
             "Contact, `Supported: path, outbound`"},
    {.key = "reinvite",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, reinvite_ns),
     .fallback = "0s",
     .min = "0",
     .max = "24h",
     .help = "of an `invite`: how often a call that is held is invited again, within its dialog; "
             "0: never"},
    {.key = "cancel_after",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_zone_load, cancel_after_ns),
     .fallback = "0s",
     .min = "0",
     .max = "1h",
     .help = "of an `invite`: a call that rings for so long is cancelled, and its 487 is as good "
             "as a call; 0: none is"},
    {.key = "scheme",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_zone_load, scheme),
     .choices = schemes,
     .fallback = "sip",
     .help = "of the URIs in its requests: `sip` (Contact with `;transport=tls`), or `sips`"},
    {.key = "attempts",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_zone_load, attempts),
     .min = "1",
     .max = "1000000000",
     .unit = "attempts",
     .derived = "no end",
     .help = "with `rate` or `concurrency`: no more connections than these are begun"},
};

static const struct profile_option stage_rows[] = {
    {.key = "duration",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_stage_head, duration_ns),
     .required = true,
     .min = "0",
     .max = YEAR,
     .help = "0: a step"},
    {.key = "target",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_stage_head, target),
     .read = profile_shape_read_level,
     .form = PROFILE_LEVEL_FORM,
     .required = true,
     .help = "where the stage ends, in a straight line"},
    {.key = "from",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_stage_head, from),
     .read = profile_shape_read_level,
     .form = PROFILE_LEVEL_FORM,
     .derived = "the target before it, at first 0",
     .help = "where the stage begins"},
};

const struct profile_section profile_section_stage = {
    .title = "Stage",
    .path = "load.stages.<n>, nodes.<node>.zones.<zone>.stages.<n>",
    .help =
        "For example `stages: [ { duration: 30s, target: 500/s }, { duration: 1m, target: 500/s }, "
        "{ duration: 0, target: 50/s } ]`: a ramp, a level, a step. All targets of a zone are "
        "rates, or all are numbers of connections.",
    PROFILE_OPTIONS_ROWS(stage_rows),
};

const struct profile_section profile_section_zone_load = {
    .title = "Load of a zone",
    .path = "load, nodes.<node>.zones.<zone>",
    .help =
        "At most one of `connections`, `rate`, `concurrency` and `stages` in a place. A key that "
        "goes *with* another is refused where that one is not given, unless it was taken away by "
        "`--set`. "
        "`{ exponential: 5s }` draws a time with that mean, `{ uniform: [2s, 8s] }` one between "
        "the two.",
    PROFILE_OPTIONS_ROWS(zone_load_rows),
};
