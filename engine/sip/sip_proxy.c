/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_proxy.h"

#include "sip_branch.h"
#include "sip_header.h"
#include "sip_list.h"
#include "sip_route.h"
#include "sip_uri.h"
#include "sip_via.h"

#include <string.h>

#define MAX_FORWARDS_ADDED 70

bool sip_proxy_next_hop(const struct sip_message *request, const char *own_name,
                        struct sip_next_hop *out) {
    struct bytes own_host = base_bytes_of_text(own_name);
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header header;
    *out = (struct sip_next_hop){0};
    while (sip_header_find(&reader, SIP_HEADER_ROUTE, &header)) {
        struct bytes rest = header.value;
        struct bytes value;
        enum sip_read read;
        while ((read = sip_list_next(&rest, &value)) == SIP_READ_OK) {
            if (!sip_route_host(value, &out->host)) {
                return false;
            }
            if (!sip_text_equals_caseless(out->host, own_host)) {
                return true;
            }
            out->had_own_route = true;
        }
        if (read != SIP_READ_END) {
            return false;
        }
    }
    out->is_last = true;
    return sip_uri_host(request->request_uri, &out->host);
}

static void put_own_lines(struct sip_pen *pen, const struct sip_message *request,
                          const struct sip_forward *forward) {
    sip_pen_bytes(pen, request->method);
    SIP_PEN_LITERAL(pen, " ");
    sip_pen_bytes(pen, request->request_uri);
    SIP_PEN_LITERAL(pen, " SIP/2.0\r\nVia: SIP/2.0/TLS ");
    sip_pen_text(pen, forward->own_name);
    SIP_PEN_LITERAL(pen, ";branch=");
    sip_branch_put(pen, request, forward->token);
    SIP_PEN_LITERAL(pen, "\r\n");
    if (forward->record_route) {
        bool is_secure = sip_uri_is_secure(request->request_uri); /* RFC 3261 section 16.6 */
        sip_pen_text(pen, is_secure ? "Record-Route: <sips:" : "Record-Route: <sip:");
        sip_pen_text(pen, forward->own_name);
        sip_pen_text(pen, is_secure ? ";lr>\r\n" : ";transport=tls;lr>\r\n");
    }
}

static void put_max_forwards(struct sip_pen *pen, unsigned max_forwards) {
    SIP_PEN_LITERAL(pen, "Max-Forwards: ");
    sip_pen_decimal(pen, max_forwards);
    SIP_PEN_LITERAL(pen, "\r\n");
}

/* False when something of the line, or all of it, is not ours: what comes below stays. */
static bool put_route(struct sip_pen *pen, const struct sip_header *header, struct bytes own_host) {
    struct bytes left = sip_route_without_own(header->value, own_host);
    if (left.length == 0) {
        return true;
    }
    if (left.length == header->value.length) {
        sip_pen_bytes(pen, header->line);
        return false;
    }
    SIP_PEN_LITERAL(pen, "Route: ");
    sip_pen_bytes(pen, left);
    SIP_PEN_LITERAL(pen, "\r\n");
    return false;
}

static void put_lines_below(struct sip_pen *pen, const struct sip_message *request,
                            struct bytes own_host) {
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header header;
    bool is_own_route = true;
    bool has_max_forwards = false;
    while (sip_header_next(&reader, &header) == SIP_READ_OK) {
        if (header.name == SIP_HEADER_MAX_FORWARDS) {
            has_max_forwards = true;
            put_max_forwards(pen, request->max_forwards - 1);
        } else if (header.name == SIP_HEADER_ROUTE && is_own_route) {
            is_own_route = put_route(pen, &header, own_host);
        } else {
            sip_pen_bytes(pen, header.line);
        }
    }
    if (!has_max_forwards) {
        put_max_forwards(pen, MAX_FORWARDS_ADDED);
    }
}

bool sip_proxy_forward_request(struct base_buffer *out, const struct sip_message *request,
                               const struct sip_forward *forward) {
    if (request->max_forwards == 0) {
        return false;
    }
    struct sip_pen pen = sip_pen_take_up(out);
    put_own_lines(&pen, request, forward);
    put_lines_below(&pen, request, base_bytes_of_text(forward->own_name));
    SIP_PEN_LITERAL(&pen, "\r\n");
    sip_pen_bytes(&pen, request->body);
    return sip_pen_put_down(&pen, out);
}

bool sip_proxy_read_token(const struct sip_message *response, const char *own_name,
                          uint64_t *token) {
    struct sip_header_reader reader = sip_header_read_again(response->headers);
    struct sip_header header;
    struct sip_via via;
    return sip_header_find(&reader, SIP_HEADER_VIA, &header) && sip_via_read(&header.value, &via) &&
           sip_text_equals_caseless(via.host, base_bytes_of_text(own_name)) &&
           sip_branch_read_token(via.branch, token);
}

/* Whoever gets the response reads the next Via first: one that it could not read ends here. */
static bool is_readable(struct bytes value) {
    struct sip_via via;
    return sip_via_read(&value, &via);
}

/* What of a topmost Via line stands behind its first value. */
static struct bytes vias_below(struct bytes value) {
    struct sip_via via;
    const uint8_t *end = value.data + value.length;
    if (!sip_via_read(&value, &via)) {
        return base_bytes(NULL, 0);
    }
    const uint8_t *at = value.data;
    while (at < end && (*at == ',' || sip_text_is(*at, SIP_TEXT_LWS))) {
        at++;
    }
    return sip_text_span(at, end);
}

/* True when a Via stands on top now that can be read. */
static bool put_lines_without_own_via(struct sip_pen *pen, struct bytes headers) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    bool is_own = true;
    bool is_top = true;
    while (sip_header_next(&reader, &header) == SIP_READ_OK) {
        struct bytes line = header.line;
        if (header.name == SIP_HEADER_VIA && is_own) {
            is_own = false;
            header.value = vias_below(header.value);
            if (header.value.length == 0) {
                continue;
            }
            SIP_PEN_LITERAL(pen, "Via: ");
            line = sip_text_span(header.value.data, line.data + line.length);
        }
        if (header.name == SIP_HEADER_VIA && is_top) {
            is_top = false;
            if (!is_readable(header.value)) {
                return false;
            }
        }
        sip_pen_bytes(pen, line);
    }
    return !is_top;
}

bool sip_proxy_forward_response(struct base_buffer *out, const struct sip_message *response) {
    struct sip_pen pen = sip_pen_take_up(out);
    SIP_PEN_LITERAL(&pen, "SIP/2.0 ");
    sip_pen_decimal(&pen, response->status);
    SIP_PEN_LITERAL(&pen, " ");
    sip_pen_bytes(&pen, response->reason);
    SIP_PEN_LITERAL(&pen, "\r\n");
    if (!put_lines_without_own_via(&pen, response->headers)) {
        return false;
    }
    SIP_PEN_LITERAL(&pen, "\r\n");
    sip_pen_bytes(&pen, response->body);
    return sip_pen_put_down(&pen, out);
}
