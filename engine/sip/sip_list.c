/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_list.h"

#include "sip_parameter.h"

#include <string.h>

/* The comma behind the value that begins at `at`, or `end`. NULL: something does not end. */
static const uint8_t *value_end(const uint8_t *at, const uint8_t *end) {
    while (at < end && *at != ',') {
        if (*at == '"') {
            at = sip_parameter_skip_quoted(at, end);
        } else if (*at == '<') {
            at = memchr(at, '>', (size_t)(end - at));
        } else {
            at++;
        }
        if (at == NULL) {
            return NULL;
        }
    }
    return at;
}

enum sip_read sip_list_next(struct bytes *rest, struct bytes *value) {
    const uint8_t *end = rest->data + rest->length;
    const uint8_t *at = rest->data;
    do {
        at = sip_text_skip(at, end, SIP_TEXT_LWS);
        if (at == end) {
            *rest = sip_text_span(at, end);
            return SIP_READ_END;
        }
    } while (*at == ',' && at++ < end);
    const uint8_t *comma = value_end(at, end);
    if (comma == NULL) {
        return SIP_READ_MALFORMED;
    }
    *value = sip_text_trim(sip_text_span(at, comma));
    *rest = sip_text_span(comma == end ? end : comma + 1, end);
    return SIP_READ_OK;
}
