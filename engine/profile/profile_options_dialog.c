/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_script.h"
#include "profile_users.h"
#include "sip_script.h"

static const struct profile_option dialog_rows[] = {
    {.key = "name",
     .type = PROFILE_OPTION_TEXT,
     .offset = 0,
     .required = true,
     .help = "for people"},
    {PROFILE_OPTIONS_PART("steps", "list of steps"), .required = true,
     .help = "1 to 64, played in order"},
};

const struct profile_section profile_section_dialog = {
    .title = "Dialog file",
    .path = "a file that `dialog` names",
    .help = "Messages of one's own: see [dialogs.md](dialogs.md).",
    PROFILE_OPTIONS_ROWS(dialog_rows),
};

static const struct profile_option step_rows[] = {
    {.key = "send",
     .type = PROFILE_OPTION_OWN,
     .read = profile_script_read_message,
     .form = "a message",
     .help = "a request or a response with `[variables]`"},
    {.key = "authenticate",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct sip_script_draft, authenticate),
     .derived = "`off`",
     .help = "with `send`: answers a 401 or 407 to it and sends it again"},
    {.key = "expect",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct sip_script_draft, expect),
     .help = "a status such as `200`, a class such as `2xx`, or the method of a request"},
    {.key = "method",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct sip_script_draft, method),
     .derived = "any",
     .help = "with `expect` of a response: that of the request it answers"},
    {.key = "optional",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct sip_script_draft, optional),
     .derived = "`off`",
     .help = "with `expect`: may come before what the next `expect` waits for, even several times"},
    {.key = "timeout",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct sip_script_draft, timeout_ns),
     .derived = "the zone's",
     .min = "1ms",
     .max = "24h",
     .help = "with `expect`: how long it is waited for"},
    {.key = "extract",
     .type = PROFILE_OPTION_OWN,
     .read = profile_script_read_extracts,
     .form = "mapping of variables to what they are",
     .help = "with `expect`: texts of the message, for `[$variable]` in later steps"},
    {.key = "pause",
     .type = PROFILE_OPTION_OWN,
     .read = profile_script_read_pause,
     .form = "duration, `{ exponential: MEAN }` or `{ uniform: [LEAST, MOST] }`",
     .help = "nothing is sent for that long"},
};

const struct profile_section profile_section_step = {
    .title = "Step of a dialog file",
    .path = "steps",
    .help = "Each has one of `send`, `expect` and `pause`.",
    PROFILE_OPTIONS_ROWS(step_rows),
};

static const struct profile_option extract_rows[] = {
    {.key = "header",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct sip_script_draft_extract, header),
     .derived = "all headers and the body",
     .help = "the first header of that name"},
    {.key = "match",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct sip_script_draft_extract, match),
     .derived = "the whole value",
     .help = "a POSIX extended regular expression: its first group, or all that it matches"},
};

const struct profile_section profile_section_extract = {
    .title = "Extracted text",
    .path = "steps.<step>.extract.<variable>",
    .help = "At least one of both.",
    PROFILE_OPTIONS_ROWS(extract_rows),
};

static const struct profile_option users_rows[] = {
    {.key = "file",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_users_head, path),
     .required = true,
     .help = "as SIPp's injection file: `SEQUENTIAL`, `RANDOM` or `USER` in the first line, then a "
             "line per user, fields with `;` between them, `#` in front of comments"},
    {.key = "username",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_users_head, users.username),
     .min = "0",
     .max = "63",
     .derived = "none",
     .help = "which field is the user part of the own address, and answers challenges"},
    {.key = "password",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_users_head, users.password),
     .min = "0",
     .max = "63",
     .derived = "none",
     .help = "which field is the password to it"},
};

const struct profile_section profile_section_users = {
    .title = "Users",
    .path = "nodes.<node>.zones.<zone>.users",
    .help = "The file alone stands for `{ file: FILE }`. Each connection is one of them; "
            "`SEQUENTIAL` takes the next one, `RANDOM` any, `USER` the one with the connection's "
            "number, also when it dials again.",
    PROFILE_OPTIONS_ROWS(users_rows),
};
