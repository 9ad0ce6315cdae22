/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_alias.h"

#include "sip_header.h"
#include "sip_parameter.h"
#include "sip_via.h"

#include <string.h>

static struct bytes without_brackets(struct bytes host) {
    bool bracketed = host.length >= 2 && host.data[0] == '[';
    return bracketed ? base_bytes(host.data + 1, host.length - 2) : host;
}

bool sip_alias_read(const struct sip_message *request, char *host, size_t host_size) {
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header header;
    struct sip_via via;
    if (!sip_header_find(&reader, SIP_HEADER_VIA, &header)) {
        return false;
    }
    const uint8_t *end = header.value.data + header.value.length;
    const uint8_t *semicolon = memchr(header.value.data, ';', header.value.length);
    struct bytes rest = header.value;
    if (semicolon == NULL || !sip_via_read(&rest, &via) || via.host.length == 0 ||
        !sip_parameter_is_given(sip_text_span(semicolon, end), base_bytes("alias", 5))) {
        return false;
    }
    struct bytes name = without_brackets(via.host);
    if (name.length >= host_size) {
        return false;
    }
    memcpy(host, name.data, name.length);
    host[name.length] = '\0';
    return true;
}
