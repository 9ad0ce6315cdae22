/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "base_hash.h"
#include "sip_framer.h"

#include <string.h>

/* A Call-ID is remembered, not kept. */
static uint64_t hash_of(struct bytes call_id) {
    return base_hash(BASE_HASH_BEGIN, call_id);
}

static bool is_invite(struct bytes method) {
    return base_bytes_equal(method, base_bytes_of_text("INVITE"));
}

void sip_script_begin(struct sip_script_state *state, uint64_t call) {
    /* What has a length need not be cleared. */
    memset(state, 0, offsetof(struct sip_script_state, text));
    state->call = call;
    state->dialog.target_length = 0;
}

void sip_script_prepare(struct sip_script_state *state, const struct sip_script_step *step,
                        uint64_t random) {
    struct bytes method = step->template->method;
    if (method.length == 0) {
        return;
    }
    state->branch = random;
    if (base_bytes_equal(method, base_bytes_of_text("CANCEL")) ||
        base_bytes_equal(method, base_bytes_of_text("ACK"))) {
        /* RFC 3261 sections 9.1 and 17.1.1.3; the ACK of a 2xx is a transaction of its own. */
        bool is_ack_of_success = method.data[0] == 'A' && !state->invite_failed;
        state->branch = is_ack_of_success ? random : state->invite_branch;
        state->written_cseq = state->invite_cseq;
        return;
    }
    state->written_cseq = ++state->cseq;
    if (is_invite(method)) {
        state->invite_branch = random;
        state->invite_cseq = state->cseq;
        state->invite_failed = false;
    }
}

bool sip_script_write(struct base_buffer *out, const struct sip_script *script,
                      const struct sip_script_step *step, struct sip_script_state *state,
                      const struct sip_script_speaker *speaker, struct sip_message *written) {
    size_t before = out->length;
    if (!sip_script_put(out, script, step->template, state, speaker)) {
        return false;
    }
    /* A user's field may hold anything. */
    struct bytes text = base_bytes(out->data + before, out->length - before);
    if (sip_framer_next(text, false).length != text.length || !sip_message_parse(text, written)) {
        out->length = before;
        return false;
    }
    if (written->is_request) {
        state->call_id_hash = hash_of(written->call_id);
    }
    return true;
}

bool sip_script_owns(const struct sip_script_state *state, const struct sip_message *response) {
    return !response->is_request && hash_of(response->call_id) == state->call_id_hash;
}

bool sip_script_is_late(const struct sip_script_state *state, const struct sip_message *response) {
    return response->cseq <= state->concluded_cseq;
}

bool sip_script_expects(const struct sip_script_step *step, const struct sip_message *message) {
    if (step->kind != SIP_SCRIPT_EXPECT || message->is_request != (step->status_min == 0)) {
        return false;
    }
    bool is_method = step->method[0] == '\0' ||
                     base_bytes_equal(message->method, base_bytes_of_text(step->method));
    return is_method && (message->is_request || (message->status >= step->status_min &&
                                                 message->status <= step->status_max));
}

/* The lines that some step quotes. False when they are too long. */
static bool keep_quoted(struct sip_script_state *state, const struct sip_script *script,
                        const struct sip_message *message) {
    struct sip_header_reader reader = sip_header_read_again(message->headers);
    struct sip_header header;
    state->quoted_length = 0;
    while (script->quoted_count > 0 && sip_header_next(&reader, &header) == SIP_READ_OK) {
        bool is_quoted = false;
        for (uint32_t i = 0; i < script->quoted_count; i++) {
            is_quoted = is_quoted || sip_script_is_header(&script->quoted[i], &header);
        }
        if (!is_quoted) {
            continue;
        }
        if (header.line.length > sizeof(state->quoted) - state->quoted_length) {
            return false;
        }
        memcpy(state->quoted + state->quoted_length, header.line.data, header.line.length);
        state->quoted_length = (uint16_t)(state->quoted_length + header.line.length);
    }
    return true;
}

/* Where ACK and BYE go: as far as the response says. */
static void keep_dialog(struct sip_script_state *state, const struct sip_message *response) {
    struct sip_dialog dialog;
    if (sip_dialog_from_response(&dialog, response)) {
        state->dialog = dialog;
        return;
    }
    if (response->to_tag.length > 0 && response->to_tag.length <= sizeof(dialog.remote_tag)) {
        memcpy(state->dialog.remote_tag, response->to_tag.data, response->to_tag.length);
        state->dialog.remote_tag_length = (uint16_t)response->to_tag.length;
    }
}

/* Whatever came may stand in a line of ours: neither a fold nor a control character. */
static bool keep_text(struct sip_script_state *state, uint32_t variable, struct bytes text) {
    if (text.length > sizeof(state->text) - state->text_length) {
        return false;
    }
    state->variable_at[variable] = state->text_length;
    state->variable_length[variable] = (uint16_t)text.length;
    for (size_t i = 0; i < text.length; i++) {
        uint8_t octet = text.data[i];
        state->text[state->text_length++] = octet < ' ' || octet == 0x7f ? ' ' : (char)octet;
    }
    return true;
}

/* The one text that a variable has; what it had before makes room. */
static void forget_text(struct sip_script_state *state, uint32_t variable) {
    uint16_t at = state->variable_at[variable];
    uint16_t length = state->variable_length[variable];
    memmove(state->text + at, state->text + at + length,
            (size_t)(state->text_length - at - length));
    state->text_length = (uint16_t)(state->text_length - length);
    state->variable_length[variable] = 0;
    for (uint32_t i = 0; i < SIP_SCRIPT_VARIABLES_MAX; i++) {
        if (state->variable_at[i] > at) {
            state->variable_at[i] = (uint16_t)(state->variable_at[i] - length);
        }
    }
}

static bool find_value(const struct sip_script_extract *extract, const struct sip_message *message,
                       struct bytes *out) {
    struct sip_header_reader reader = sip_header_read_again(message->headers);
    struct sip_header header;
    if (!extract->has_header) {
        const uint8_t *end = message->body.data + message->body.length;
        *out = sip_text_span(message->headers.data, end);
        return true;
    }
    while (sip_header_next(&reader, &header) == SIP_READ_OK) {
        if (sip_script_is_header(&extract->header, &header)) {
            *out = header.value;
            return true;
        }
    }
    return false;
}

/* A copy with a NUL behind it: not every regexec() stops at the end that REG_STARTEND names. */
static bool narrow(const struct sip_script_extract *extract, struct bytes *text) {
    char copy[SIP_MESSAGE_MAX + 1];
    regmatch_t found[2];
    if (!extract->has_match) {
        return true;
    }
    if (text->length > SIP_MESSAGE_MAX) {
        return false; /* no framer lets it through */
    }
    memcpy(copy, text->data, text->length);
    copy[text->length] = '\0';
    if (regexec(&extract->match, copy, 2, found, 0) != 0) {
        return false;
    }
    const regmatch_t *part = extract->match.re_nsub > 0 ? &found[1] : &found[0];
    if (part->rm_so < 0) {
        return false;
    }
    *text = base_bytes(text->data + part->rm_so, (size_t)(part->rm_eo - part->rm_so));
    return true;
}

static bool extract_all(struct sip_script_state *state, const struct sip_script *script,
                        const struct sip_script_step *step, const struct sip_message *message,
                        const char **missing) {
    for (uint32_t i = 0; i < step->extract_count; i++) {
        const struct sip_script_extract *extract = &step->extracts[i];
        struct bytes text;
        *missing = script->variables[extract->variable];
        forget_text(state, extract->variable);
        if (!find_value(extract, message, &text) || !narrow(extract, &text) ||
            !keep_text(state, extract->variable, text)) {
            return false;
        }
    }
    return true;
}

bool sip_script_take(struct sip_script_state *state, const struct sip_script *script,
                     const struct sip_script_step *step, const struct sip_message *message,
                     const char **missing) {
    *missing = "[last_NAME:]";
    if (!message->is_request) {
        keep_dialog(state, message);
        if (message->status >= 200) {
            bool is_newer = message->cseq > state->concluded_cseq;
            state->concluded_cseq = is_newer ? message->cseq : state->concluded_cseq;
            state->invite_failed |= is_invite(message->method) && message->status >= 300;
        }
    }
    return keep_quoted(state, script, message) &&
           extract_all(state, script, step, message, missing);
}
