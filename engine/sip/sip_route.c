/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_route.h"

#include "sip_list.h"
#include "sip_parameter.h"
#include "sip_uri.h"

bool sip_route_host(struct bytes value, struct bytes *host) {
    struct bytes uri;
    return sip_parameter_take_address(&value, &uri) && sip_uri_host(uri, host);
}

struct bytes sip_route_without_own(struct bytes values, struct bytes own_host) {
    struct bytes rest = values;
    for (;;) {
        struct bytes before = rest;
        struct bytes value;
        struct bytes host;
        enum sip_read read = sip_list_next(&rest, &value);
        if (read == SIP_READ_END) {
            return base_bytes(NULL, 0);
        }
        if (read != SIP_READ_OK) {
            return sip_text_trim(before);
        }
        if (!sip_route_host(value, &host) || !sip_text_equals_caseless(host, own_host)) {
            return sip_text_span(value.data, values.data + values.length);
        }
    }
}
