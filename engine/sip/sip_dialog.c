/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_dialog.h"

#include "sip_header.h"
#include "sip_list.h"
#include "sip_parameter.h"
#include "sip_route.h"
#include "sip_uri.h"

#include <string.h>

#define ROUTE "Route: "
#define CRLF  "\r\n"

/* The first Contact's URI, which becomes a Request-URI. */
static bool take_target(struct sip_dialog *out, struct bytes headers) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    struct bytes value;
    struct bytes uri;
    if (!sip_header_find(&reader, SIP_HEADER_CONTACT, &header) ||
        sip_list_next(&header.value, &value) != SIP_READ_OK ||
        !sip_parameter_take_address(&value, &uri) || !sip_uri_fits_request_line(uri) ||
        uri.length > sizeof(out->target)) {
        return false;
    }
    memcpy(out->target, uri.data, uri.length);
    out->target_length = (uint16_t)uri.length;
    return true;
}

/* In front of the routes that lie at the end of out->routes: the last one is visited first. */
static bool prepend_route(struct sip_dialog *out, struct bytes value) {
    const size_t frame = sizeof(ROUTE) - 1 + sizeof(CRLF) - 1;
    size_t room = sizeof(out->routes) - out->routes_length;
    struct bytes host;
    if (!sip_route_host(value, &host) || room < frame || room - frame < value.length) {
        return false;
    }
    size_t length = value.length + frame;
    char *at = out->routes + room - length;
    memcpy(at, ROUTE, sizeof(ROUTE) - 1);
    memcpy(at + sizeof(ROUTE) - 1, value.data, value.length);
    memcpy(at + sizeof(ROUTE) - 1 + value.length, CRLF, sizeof(CRLF) - 1);
    out->routes_length = (uint16_t)(out->routes_length + length);
    return true;
}

static bool take_routes(struct sip_dialog *out, struct bytes headers) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    while (sip_header_find(&reader, SIP_HEADER_RECORD_ROUTE, &header)) {
        struct bytes value;
        enum sip_read read;
        while ((read = sip_list_next(&header.value, &value)) == SIP_READ_OK) {
            if (!prepend_route(out, value)) {
                return false;
            }
        }
        if (read != SIP_READ_END) {
            return false;
        }
    }
    memmove(out->routes, out->routes + sizeof(out->routes) - out->routes_length,
            out->routes_length);
    return true;
}

bool sip_dialog_from_response(struct sip_dialog *out, const struct sip_message *response) {
    out->routes_length = 0;
    if (response->is_request || response->to_tag.length == 0 ||
        response->to_tag.length > sizeof(out->remote_tag)) {
        return false;
    }
    memcpy(out->remote_tag, response->to_tag.data, response->to_tag.length);
    out->remote_tag_length = (uint16_t)response->to_tag.length;
    return take_target(out, response->headers) && take_routes(out, response->headers);
}

void sip_dialog_refresh(struct sip_dialog *dialog, const struct sip_message *response) {
    (void)take_target(dialog, response->headers);
}
