/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_parameter.h"

#include <string.h>

const uint8_t *sip_parameter_skip_quoted(const uint8_t *at, const uint8_t *end) {
    for (at++; at < end; at++) {
        if (*at == '"') {
            return at + 1;
        }
        if (*at == '\\' && at + 1 < end) {
            at++;
        }
    }
    return NULL;
}

const uint8_t *sip_parameter_skip_value(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '"') {
        return sip_parameter_skip_quoted(at, end);
    }
    while (at < end && sip_text_is(*at, SIP_TEXT_URI) && *at != ';' && *at != ',') {
        at++;
    }
    return at;
}

/* One parameter behind its semicolon; `name` is empty when there is none. */
static bool read_parameter(const uint8_t **at, const uint8_t *end, struct bytes *name,
                           struct bytes *value) {
    const uint8_t *begin = sip_text_skip(*at, end, SIP_TEXT_LWS);
    const uint8_t *here = sip_text_skip(begin, end, SIP_TEXT_TOKEN);
    *name = sip_text_span(begin, here);
    *value = base_bytes(NULL, 0);
    here = sip_text_skip(here, end, SIP_TEXT_LWS);
    if (here < end && *here == '=') {
        begin = sip_text_skip(here + 1, end, SIP_TEXT_LWS);
        here = sip_parameter_skip_value(begin, end);
        if (here == NULL || name->length == 0) {
            return false;
        }
        *value = sip_text_span(begin, here);
        here = sip_text_skip(here, end, SIP_TEXT_LWS);
    }
    *at = here;
    return true;
}

bool sip_parameter_find(struct bytes *rest, struct bytes lower_name, struct bytes *value) {
    const uint8_t *end = rest->data + rest->length;
    const uint8_t *at = sip_text_skip(rest->data, end, SIP_TEXT_LWS);
    *value = base_bytes(NULL, 0);
    while (at < end && *at == ';') {
        struct bytes name;
        struct bytes found;
        at++;
        if (!read_parameter(&at, end, &name, &found)) {
            return false;
        }
        if (!sip_text_equals_lower(name, (const char *)lower_name.data, lower_name.length)) {
            continue;
        }
        if (found.length == 0 || value->length != 0) {
            return false;
        }
        *value = found;
    }
    *rest = sip_text_span(at, end);
    return true;
}

bool sip_parameter_is_given(struct bytes parameters, struct bytes lower_name) {
    const uint8_t *end = parameters.data + parameters.length;
    const uint8_t *at = sip_text_skip(parameters.data, end, SIP_TEXT_LWS);
    while (at < end && *at == ';') {
        struct bytes name;
        struct bytes value;
        at++;
        if (!read_parameter(&at, end, &name, &value)) {
            return false;
        }
        if (sip_text_equals_lower(name, (const char *)lower_name.data, lower_name.length)) {
            return true;
        }
    }
    return false;
}

bool sip_parameter_take_address(struct bytes *rest, struct bytes *uri) {
    const uint8_t *end = rest->data + rest->length;
    const uint8_t *at = rest->data;
    bool needs_brackets = false;
    while (at < end && *at != ';') {
        if (*at == '<') {
            const uint8_t *close = memchr(at, '>', (size_t)(end - at));
            if (close == NULL || close == at + 1) {
                return false;
            }
            *uri = sip_text_span(at + 1, close);
            *rest = sip_text_span(close + 1, end);
            return true;
        }
        if (*at == '"') {
            at = sip_parameter_skip_quoted(at, end);
            if (at == NULL) {
                return false;
            }
            needs_brackets = true;
            continue;
        }
        at++;
    }
    bool is_address = at != rest->data && !needs_brackets;
    *uri = sip_text_trim(sip_text_span(rest->data, at));
    *rest = sip_text_span(at, end);
    return is_address;
}
