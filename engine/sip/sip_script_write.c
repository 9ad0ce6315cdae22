/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "sip_message.h"
#include "sip_pen.h"

/* What is written, and what with. */
struct scribe {
    struct sip_pen pen;
    const struct sip_script *script;
    const struct sip_script_state *state;
    const struct sip_script_speaker *speaker;
    size_t body_length;
    bool owes_nothing; /* a variable of whole lines was empty: so is its line, which must go */
};

static bool is_ipv6(const struct scribe *scribe) {
    return scribe->speaker->local_ip[0] == '[';
}

/* As SDP wants it, without brackets. */
static struct bytes media_address(const struct scribe *scribe) {
    struct bytes address = base_bytes_of_text(scribe->speaker->local_ip);
    return is_ipv6(scribe) ? base_bytes(address.data + 1, address.length - 2) : address;
}

static void put_call_id(struct scribe *scribe) {
    sip_pen_identifier(&scribe->pen, scribe->state->call);
    SIP_PEN_LITERAL(&scribe->pen, "@");
    sip_pen_text(&scribe->pen, scribe->speaker->local_host);
}

static void put_branch(struct scribe *scribe) {
    SIP_PEN_LITERAL(&scribe->pen, SIP_BRANCH_COOKIE);
    sip_pen_identifier(&scribe->pen, scribe->state->branch);
}

static void put_next_url(struct scribe *scribe) {
    const struct sip_dialog *dialog = &scribe->state->dialog;
    if (dialog->target_length == 0) {
        sip_pen_text(&scribe->pen, scribe->speaker->target);
        return;
    }
    sip_pen_bytes(&scribe->pen, base_bytes(dialog->target, dialog->target_length));
}

static void put_peer_tag(struct scribe *scribe) {
    const struct sip_dialog *dialog = &scribe->state->dialog;
    if (dialog->remote_tag_length > 0) {
        SIP_PEN_LITERAL(&scribe->pen, ";tag=");
        sip_pen_bytes(&scribe->pen, base_bytes(dialog->remote_tag, dialog->remote_tag_length));
    }
}

/* Lines, but for the CRLF of the last one: the text goes on behind them. */
static void put_lines(struct scribe *scribe, struct bytes lines) {
    scribe->owes_nothing = lines.length == 0;
    if (lines.length > 0) {
        sip_pen_bytes(&scribe->pen, base_bytes(lines.data, lines.length - 2));
    }
}

static void put_quoted(struct scribe *scribe, uint32_t index) {
    const struct sip_script_state *state = scribe->state;
    struct sip_header_reader reader =
        sip_header_read_again(base_bytes(state->quoted, state->quoted_length));
    struct sip_header header;
    struct bytes before = {0};
    while (sip_header_next(&reader, &header) == SIP_READ_OK) {
        if (sip_script_is_header(&scribe->script->quoted[index], &header)) {
            sip_pen_bytes(&scribe->pen, before);
            before = header.line;
        }
    }
    put_lines(scribe, before);
}

static void put_literal(struct scribe *scribe, struct bytes text) {
    bool begins_with_break = text.length >= 2 && text.data[0] == '\r';
    if (scribe->owes_nothing && begins_with_break) {
        text = base_bytes_after(text, 2);
    }
    sip_pen_bytes(&scribe->pen, text);
}

static const char *text_of(const struct scribe *scribe, enum sip_script_variable variable) {
    const struct sip_script_speaker *speaker = scribe->speaker;
    const char *const texts[SIP_SCRIPT_NAMED] = {
        [SIP_SCRIPT_LOCAL_HOST] = speaker->local_host,
        [SIP_SCRIPT_LOCAL_IP] = speaker->local_ip,
        [SIP_SCRIPT_LOCAL_IP_TYPE] = is_ipv6(scribe) ? "6" : "4",
        [SIP_SCRIPT_LOCAL_PORT] = speaker->local_port,
        [SIP_SCRIPT_MEDIA_IP_TYPE] = is_ipv6(scribe) ? "6" : "4",
        [SIP_SCRIPT_MEDIA_PORT] = "9",
        [SIP_SCRIPT_REMOTE_HOST] = speaker->remote_host,
        [SIP_SCRIPT_REMOTE_IP] = speaker->remote_ip,
        [SIP_SCRIPT_REMOTE_PORT] = speaker->remote_port,
        [SIP_SCRIPT_SERVICE] = speaker->service,
        [SIP_SCRIPT_TARGET] = speaker->target,
        [SIP_SCRIPT_TRANSPORT] = "TLS",
        [SIP_SCRIPT_USER] = speaker->user,
    };
    return texts[variable] != NULL ? texts[variable] : "";
}

static void put_part(struct scribe *scribe, const struct sip_script_part *part) {
    const struct sip_script_state *state = scribe->state;
    switch (part->variable) {
    case SIP_SCRIPT_LITERAL:
        put_literal(scribe, part->text);
        return;
    case SIP_SCRIPT_CALL_ID:
        put_call_id(scribe);
        return;
    case SIP_SCRIPT_CALL_NUMBER:
        sip_pen_decimal(&scribe->pen, scribe->speaker->number);
        return;
    case SIP_SCRIPT_CSEQ:
        sip_pen_decimal(&scribe->pen, state->written_cseq);
        return;
    case SIP_SCRIPT_BRANCH:
        put_branch(scribe);
        return;
    case SIP_SCRIPT_FROM_TAG:
        sip_pen_identifier(&scribe->pen, state->call);
        return;
    case SIP_SCRIPT_LEN:
        sip_pen_decimal(&scribe->pen, scribe->body_length);
        return;
    case SIP_SCRIPT_MEDIA_IP:
        sip_pen_bytes(&scribe->pen, media_address(scribe));
        return;
    case SIP_SCRIPT_NEXT_URL:
        put_next_url(scribe);
        return;
    case SIP_SCRIPT_PEER_TAG_PARAM:
        put_peer_tag(scribe);
        return;
    case SIP_SCRIPT_PID:
        sip_pen_decimal(&scribe->pen, scribe->speaker->process);
        return;
    case SIP_SCRIPT_ROUTES:
        put_lines(scribe, base_bytes(state->dialog.routes, state->dialog.routes_length));
        return;
    case SIP_SCRIPT_LAST:
        put_quoted(scribe, part->argument);
        return;
    case SIP_SCRIPT_FIELD:
        sip_pen_text(&scribe->pen, scribe->speaker->fields[part->argument]);
        return;
    case SIP_SCRIPT_EXTRACTED:
        sip_pen_bytes(&scribe->pen, base_bytes(state->text + state->variable_at[part->argument],
                                               state->variable_length[part->argument]));
        return;
    default:
        sip_pen_text(&scribe->pen, text_of(scribe, part->variable));
    }
}

static void put_parts(struct scribe *scribe, const struct sip_script_template *template,
                      uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++) {
        const struct sip_script_part *part = &template->parts[i];
        put_part(scribe, part);
        scribe->owes_nothing = scribe->owes_nothing && (part->variable == SIP_SCRIPT_LAST ||
                                                        part->variable == SIP_SCRIPT_ROUTES);
    }
}

bool sip_script_put(struct base_buffer *out, const struct sip_script *script,
                    const struct sip_script_template *template,
                    const struct sip_script_state *state,
                    const struct sip_script_speaker *speaker) {
    uint8_t area[SIP_MESSAGE_MAX];
    struct base_buffer body = {.data = area, .capacity = sizeof(area)};
    struct scribe scribe = {
        .pen = sip_pen_take_up(&body), .script = script, .state = state, .speaker = speaker};
    put_parts(&scribe, template, template->body_first, template->part_count);
    if (!sip_pen_put_down(&scribe.pen, &body)) {
        return false;
    }
    scribe.pen = sip_pen_take_up(out);
    scribe.body_length = body.length;
    put_parts(&scribe, template, 0, template->body_first);
    sip_pen_bytes(&scribe.pen, base_buffer_bytes(&body));
    return sip_pen_put_down(&scribe.pen, out);
}
