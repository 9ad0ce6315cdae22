/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_bindings.h"

#include "sip_header.h"
#include "sip_list.h"
#include "sip_parameter.h"
#include "sip_uri.h"

/* RFC 3261 section 20.10 for a value that is malformed, and our choice when none is given. */
#define EXPIRES_DEFAULT_S 3600

static uint32_t expires_of(struct bytes text) {
    uint32_t expires_s;
    return sip_text_decimal(text, UINT32_MAX, &expires_s) ? expires_s : EXPIRES_DEFAULT_S;
}

static uint32_t default_expires(struct bytes headers) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    return sip_header_find(&reader, SIP_HEADER_EXPIRES, &header) ? expires_of(header.value)
                                                                 : EXPIRES_DEFAULT_S;
}

static void put_binding(struct sip_pen *pen, struct bytes value, uint32_t default_s) {
    struct bytes rest = value;
    struct bytes uri;
    struct bytes expires;
    if (!sip_parameter_take_address(&rest, &uri) || !sip_uri_fits_request_line(uri) ||
        !sip_parameter_find(&rest, base_bytes_of_text("expires"), &expires) || rest.length != 0) {
        return;
    }
    if ((expires.length != 0 ? expires_of(expires) : default_s) == 0) {
        return;
    }
    SIP_PEN_LITERAL(pen, "Contact: ");
    sip_pen_bytes(pen, value);
    if (expires.length == 0) {
        SIP_PEN_LITERAL(pen, ";expires=");
        sip_pen_decimal(pen, default_s);
    }
    SIP_PEN_LITERAL(pen, "\r\n");
}

void sip_bindings_put(struct sip_pen *pen, struct bytes headers) {
    uint32_t default_s = default_expires(headers);
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    while (sip_header_find(&reader, SIP_HEADER_CONTACT, &header)) {
        struct bytes rest = header.value;
        struct bytes value;
        while (sip_list_next(&rest, &value) == SIP_READ_OK) {
            put_binding(pen, value, default_s);
        }
    }
}
