/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "sip_framer.h"

#include <stdio.h>
#include <string.h>

#define HOST "example.test"

/* What a message that came has in any case; of other headers it may have none. */
static void fill_state(const struct sip_script *script, struct sip_script_state *state) {
    static const char lines[] = "Via: SIP/2.0/TLS " HOST ";branch=z9hG4bK1\r\n"
                                "From: <sip:a@" HOST ">;tag=1\r\nTo: <sip:b@" HOST ">\r\n"
                                "Call-ID: 1\r\n";
    sip_script_begin(state, 1);
    state->written_cseq = 1;
    memcpy(state->quoted, lines, sizeof(lines) - 1);
    state->quoted_length = sizeof(lines) - 1;
    state->text[0] = '1';
    state->text_length = 1;
    for (uint32_t i = 0; i < script->variable_count; i++) {
        state->variable_length[i] = 1;
    }
}

/* The method of a response is its request's, which only runs show. */
static void quote_cseq(struct sip_script_state *state) {
    static const char line[] = "CSeq: 1 OPTIONS\r\n";
    memcpy(state->quoted + state->quoted_length, line, sizeof(line) - 1);
    state->quoted_length = (uint16_t)(state->quoted_length + sizeof(line) - 1);
}

/* A whole URI may come from a variable; in a start line it must look like one. */
static void use_uris(struct sip_script_state *state) {
    static const char uri[] = "sip:1";
    memcpy(state->text, uri, sizeof(uri) - 1);
    for (uint32_t i = 0; i < SIP_SCRIPT_VARIABLES_MAX; i++) {
        state->variable_length[i] = sizeof(uri) - 1;
    }
}

static void fill_fields(const char **fields, const char *text) {
    for (uint32_t i = 0; i < SIP_SCRIPT_FIELDS_MAX; i++) {
        fields[i] = text;
    }
}

static bool has_header(struct bytes text, enum sip_header_name name) {
    const uint8_t *line = memchr(text.data, '\n', text.length);
    struct sip_header header;
    if (line == NULL) {
        return false;
    }
    struct sip_header_reader reader = {.at = line + 1, .end = text.data + text.length};
    return sip_header_find(&reader, name, &header);
}

static bool check_headers(struct bytes text, struct sip_script_mistake *mistake) {
    static const struct {
        enum sip_header_name name;
        const char *text;
    } needed[] = {{SIP_HEADER_VIA, "Via"},
                  {SIP_HEADER_FROM, "From"},
                  {SIP_HEADER_TO, "To"},
                  {SIP_HEADER_CALL_ID, "Call-ID"},
                  {SIP_HEADER_CSEQ, "CSeq"}};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (!has_header(text, needed[i].name)) {
            return sip_script_complain(mistake, 0, "the header %s is missing", needed[i].text);
        }
    }
    return true;
}

static bool reads(struct bytes text) {
    struct sip_message message;
    struct sip_frame frame = sip_framer_next(text, false);
    return frame.kind == SIP_FRAME_MESSAGE && frame.length == text.length &&
           sip_message_parse(text, &message);
}

bool sip_script_trial(const struct sip_script *script, const struct sip_script_template *template,
                      struct sip_script_mistake *mistake) {
    const char *fields[SIP_SCRIPT_FIELDS_MAX];
    struct sip_script_speaker speaker = {.local_ip = "127.0.0.1",
                                         .local_port = "5061",
                                         .local_host = HOST,
                                         .remote_ip = "127.0.0.1",
                                         .remote_port = "5061",
                                         .remote_host = HOST,
                                         .user = "a",
                                         .target = "sip:b@" HOST,
                                         .service = "b",
                                         .fields = fields};
    struct sip_script_state state;
    uint8_t octets[SIP_MESSAGE_MAX];
    struct base_buffer out = {.data = octets, .capacity = sizeof(octets)};
    fill_state(script, &state);
    fill_fields(fields, "1");
    if (template->method.length == 0) {
        quote_cseq(&state);
    }
    if (!sip_script_put(&out, script, template, &state, &speaker)) {
        return sip_script_complain(mistake, 0, "longer than %u octets", SIP_MESSAGE_MAX);
    }
    if (!check_headers(base_buffer_bytes(&out), mistake)) {
        return false;
    }
    if (reads(base_buffer_bytes(&out))) {
        return true;
    }
    use_uris(&state);
    fill_fields(fields, "sip:1");
    out.length = 0;
    return (sip_script_put(&out, script, template, &state, &speaker) &&
            reads(base_buffer_bytes(&out))) ||
           sip_script_complain(mistake, 0,
                               "this is no SIP: expected a start line, headers of the form "
                               "\"Name: value\", a CSeq of the same method, and an empty line "
                               "before a body");
}
