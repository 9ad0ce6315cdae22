/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_writer.h"

#include "sip_bindings.h"
#include "sip_header.h"
#include "sip_pen.h"
#include "sip_reason.h"
#include "sip_sdp.h"
#include "sip_uri.h"

#include <assert.h>

/* A reason may quote what somebody else said: it must not begin a line of its own. */
static void put_status_line(struct sip_pen *pen, const struct sip_reply *reply) {
    const char *reason = reply->reason != NULL ? reply->reason : sip_reason_of(reply->status);
    SIP_PEN_LITERAL(pen, "SIP/2.0 ");
    sip_pen_decimal(pen, reply->status);
    SIP_PEN_LITERAL(pen, " ");
    for (; *reason != '\0'; reason++) {
        bool is_control = (uint8_t)*reason < ' ' || *reason == 0x7f;
        sip_pen_put(pen, is_control ? " " : reason, 1);
    }
    SIP_PEN_LITERAL(pen, "\r\n");
}

static void put_lines(struct sip_pen *pen, struct bytes headers, enum sip_header_name name) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    while (sip_header_find(&reader, name, &header)) {
        sip_pen_bytes(pen, header.line);
    }
}

static void put_identity(struct sip_pen *pen, const struct sip_message *request,
                         const struct sip_reply *reply) {
    SIP_PEN_LITERAL(pen, "From: ");
    sip_pen_bytes(pen, request->from);
    SIP_PEN_LITERAL(pen, "\r\nTo: ");
    sip_pen_bytes(pen, request->to);
    if (request->to_tag.length == 0 && reply->status > 100) {
        SIP_PEN_LITERAL(pen, ";tag=");
        sip_pen_identifier(pen, reply->to_tag);
    }
    SIP_PEN_LITERAL(pen, "\r\nCall-ID: ");
    sip_pen_bytes(pen, request->call_id);
    SIP_PEN_LITERAL(pen, "\r\nCSeq: ");
    sip_pen_decimal(pen, request->cseq);
    SIP_PEN_LITERAL(pen, " ");
    sip_pen_bytes(pen, request->method);
    SIP_PEN_LITERAL(pen, "\r\n");
}

/* Of those that we never send ourselves. */
static const char *const also_answered[] = {"MESSAGE", "INFO", "PRACK", "UPDATE", "NOTIFY"};

/* RFC 3261 sections 11.2 and 21.4.6. */
static void put_allow(struct sip_pen *pen, const struct sip_message *request, unsigned status) {
    bool is_options =
        base_bytes_equal(request->method, base_bytes_of_text(sip_method_name(SIP_OPTIONS)));
    if (status != 405 && !(status == 200 && is_options)) {
        return;
    }
    for (unsigned method = 0; method < SIP_METHODS; method++) {
        sip_pen_text(pen, method == 0 ? "Allow: " : ", ");
        sip_pen_text(pen, sip_method_name((enum sip_method)method));
    }
    for (size_t i = 0; i < sizeof(also_answered) / sizeof(also_answered[0]); i++) {
        SIP_PEN_LITERAL(pen, ", ");
        sip_pen_text(pen, also_answered[i]);
    }
    SIP_PEN_LITERAL(pen, "\r\n");
}

static void put_contact(struct sip_pen *pen, const struct sip_message *request,
                        const struct sip_reply *reply) {
    if (reply->contact_host != NULL) {
        bool is_secure = sip_uri_is_secure(request->request_uri);
        sip_pen_text(pen, is_secure ? "Contact: <sips:" : "Contact: <sip:");
        sip_pen_text(pen, reply->contact_host);
        sip_pen_text(pen, is_secure ? ">\r\n" : ";transport=tls>\r\n");
    }
    if (reply->copies_contact) {
        sip_bindings_put(pen, request->headers);
    }
}

static void put_body(struct sip_pen *pen, const struct sip_message *request,
                     const struct sip_reply *reply) {
    /* An answer has a line for each of the offer's, so it may be as long. */
    uint8_t area[SIP_MESSAGE_MAX];
    struct base_buffer body = {.data = area, .capacity = sizeof(area)};
    if (reply->has_sdp) {
        struct sip_sdp_origin origin = {.session = reply->to_tag};
        if (reply->contact_host != NULL) {
            origin.host = base_bytes_of_text(reply->contact_host);
        }
        struct sip_pen draft = sip_pen_take_up(&body);
        sip_sdp_put_answer(&draft, &origin, request->body);
        pen->fits = sip_pen_put_down(&draft, &body) && pen->fits;
    }
    sip_pen_body(pen, base_buffer_bytes(&body));
}

bool sip_writer_reply(struct base_buffer *out, const struct sip_message *request,
                      const struct sip_reply *reply) {
    assert(request->is_request && reply->status >= 100 && reply->status <= 699);
    struct sip_pen pen = sip_pen_take_up(out);
    put_status_line(&pen, reply);
    put_lines(&pen, request->headers, SIP_HEADER_VIA);
    if (reply->copies_record_route) {
        put_lines(&pen, request->headers, SIP_HEADER_RECORD_ROUTE);
    }
    put_identity(&pen, request, reply);
    put_allow(&pen, request, reply->status);
    put_contact(&pen, request, reply);
    sip_pen_bytes(&pen, reply->header_lines);
    put_body(&pen, request, reply);
    return sip_pen_put_down(&pen, out);
}
