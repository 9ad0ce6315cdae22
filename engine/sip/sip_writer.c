/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_writer.h"

#include "sip_pen.h"
#include "sip_sdp.h"

/* What of a method is more than its name (RFC 3261 section 20, table 2). */
static const struct {
    bool has_contact;
    bool has_accept;
    bool has_expires;
    bool has_offer;
} traits[SIP_METHODS] = {
    [SIP_OPTIONS] = {.has_contact = true, .has_accept = true},
    [SIP_REGISTER] = {.has_contact = true, .has_expires = true},
    [SIP_INVITE] = {.has_contact = true, .has_offer = true},
};

static void put_own_address(struct sip_pen *pen, const struct sip_endpoints *endpoints,
                            const char *local_user) {
    sip_pen_text(pen, endpoints->is_secure ? "sips:" : "sip:");
    if (local_user != NULL) {
        sip_pen_text(pen, local_user);
        SIP_PEN_LITERAL(pen, "@");
    }
    sip_pen_text(pen, endpoints->local_name);
}

/* With sips: the transport is implied, and "tls" deprecated (RFC 3261 section 26.2.2). */
static void put_contact_uri(struct sip_pen *pen, const struct sip_endpoints *endpoints,
                            const char *local_user) {
    put_own_address(pen, endpoints, local_user);
    if (!endpoints->is_secure) {
        SIP_PEN_LITERAL(pen, ";transport=tls");
    }
}

static void put_contact(struct sip_pen *pen, const struct sip_request *request) {
    SIP_PEN_LITERAL(pen, "Contact: <");
    put_contact_uri(pen, request->endpoints, request->local_user);
    SIP_PEN_LITERAL(pen, ">");
    if (request->instance.length != 0) {
        SIP_PEN_LITERAL(pen, ";reg-id=1;+sip.instance=\"<");
        sip_pen_bytes(pen, request->instance);
        SIP_PEN_LITERAL(pen, ">\"");
    }
    SIP_PEN_LITERAL(pen, "\r\n");
    if (request->instance.length != 0) {
        SIP_PEN_LITERAL(pen, "Supported: path, outbound\r\n");
    }
}

static void put_routing(struct sip_pen *pen, const struct sip_request *request) {
    sip_pen_text(pen, sip_method_name(request->method));
    SIP_PEN_LITERAL(pen, " ");
    sip_pen_bytes(pen, request->uri);
    SIP_PEN_LITERAL(pen, " SIP/2.0\r\nVia: SIP/2.0/TLS ");
    sip_pen_text(pen, request->endpoints->local_name);
    SIP_PEN_LITERAL(pen, ";branch=" SIP_BRANCH_COOKIE);
    sip_pen_identifier(pen, request->transaction.branch);
    SIP_PEN_LITERAL(pen, ";rport");
    if (request->endpoints->is_alias) {
        SIP_PEN_LITERAL(pen, ";alias");
    }
    SIP_PEN_LITERAL(pen, "\r\n");
    sip_pen_bytes(pen, request->routes);
    SIP_PEN_LITERAL(pen, "Max-Forwards: 70\r\n");
}

static void put_parties(struct sip_pen *pen, const struct sip_request *request) {
    SIP_PEN_LITERAL(pen, "From: <");
    if (request->method == SIP_REGISTER) {
        sip_pen_bytes(pen, request->to_uri);
    } else {
        put_own_address(pen, request->endpoints, request->local_user);
    }
    SIP_PEN_LITERAL(pen, ">;tag=");
    sip_pen_identifier(pen, request->transaction.dialog);
    SIP_PEN_LITERAL(pen, "\r\nTo: <");
    sip_pen_bytes(pen, request->to_uri);
    SIP_PEN_LITERAL(pen, ">");
    if (request->to_tag.length != 0) {
        SIP_PEN_LITERAL(pen, ";tag=");
        sip_pen_bytes(pen, request->to_tag);
    }
    SIP_PEN_LITERAL(pen, "\r\nCall-ID: ");
    sip_pen_identifier(pen, request->transaction.dialog);
    SIP_PEN_LITERAL(pen, "@");
    sip_pen_text(pen, request->endpoints->local_name);
    SIP_PEN_LITERAL(pen, "\r\nCSeq: ");
    sip_pen_decimal(pen, request->transaction.cseq);
    SIP_PEN_LITERAL(pen, " ");
    sip_pen_text(pen, sip_method_name(request->method));
    SIP_PEN_LITERAL(pen, "\r\n");
}

static void put_abilities(struct sip_pen *pen, const struct sip_request *request) {
    if (traits[request->method].has_contact) {
        put_contact(pen, request);
    }
    if (traits[request->method].has_accept) {
        SIP_PEN_LITERAL(pen, "Accept: application/sdp\r\n");
    }
    if (traits[request->method].has_expires) {
        SIP_PEN_LITERAL(pen, "Expires: ");
        sip_pen_decimal(pen, request->expires);
        SIP_PEN_LITERAL(pen, "\r\n");
    }
    sip_pen_bytes(pen, request->authorization);
    if (request->endpoints->user_agent != NULL) {
        SIP_PEN_LITERAL(pen, "User-Agent: ");
        sip_pen_text(pen, request->endpoints->user_agent);
        SIP_PEN_LITERAL(pen, "\r\n");
    }
}

static void put_body(struct sip_pen *pen, const struct sip_request *request) {
    uint8_t area[1024];
    struct base_buffer body = {.data = area, .capacity = sizeof(area)};
    if (traits[request->method].has_offer) {
        const struct sip_sdp_origin origin = {
            .host = base_bytes_of_text(request->endpoints->local_name),
            .session = request->transaction.dialog,
        };
        struct sip_pen draft = sip_pen_take_up(&body);
        sip_sdp_put_offer(&draft, &origin);
        pen->fits = sip_pen_put_down(&draft, &body) && pen->fits;
    }
    sip_pen_body(pen, base_buffer_bytes(&body));
}

bool sip_writer_request(struct base_buffer *out, const struct sip_request *request) {
    struct sip_pen pen = sip_pen_take_up(out);
    put_routing(&pen, request);
    put_parties(&pen, request);
    put_abilities(&pen, request);
    put_body(&pen, request);
    return sip_pen_put_down(&pen, out);
}

bool sip_writer_contact(struct base_buffer *out, const struct sip_endpoints *endpoints,
                        const char *local_user) {
    struct sip_pen pen = sip_pen_take_up(out);
    put_contact_uri(&pen, endpoints, local_user);
    return sip_pen_put_down(&pen, out);
}
