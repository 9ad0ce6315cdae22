/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_via.h"

#include "sip_parameter.h"

/* Past a token and the white space around it. */
static const uint8_t *skip_word(const uint8_t *at, const uint8_t *end) {
    at = sip_text_skip(at, end, SIP_TEXT_LWS);
    at = sip_text_skip(at, end, SIP_TEXT_TOKEN);
    return sip_text_skip(at, end, SIP_TEXT_LWS);
}

/* `text` is "SIP / 2.0 / TLS host : port": with white space wherever it may stand. */
static struct bytes host_of(struct bytes text) {
    const uint8_t *end = text.data + text.length;
    const uint8_t *at = text.data;
    for (unsigned slashes = 0; slashes < 2; slashes++) {
        at = skip_word(at, end);
        if (at == end || *at != '/') {
            return base_bytes(NULL, 0);
        }
        at++;
    }
    at = skip_word(at, end);
    const uint8_t *begin = at;
    bool is_bracketed = at < end && *at == '[';
    while (at < end && sip_text_is(*at, SIP_TEXT_URI) && (is_bracketed || *at != ':')) {
        if (*at++ == ']') {
            break;
        }
    }
    return sip_text_span(begin, at);
}

bool sip_via_read(struct bytes *rest, struct sip_via *out) {
    const uint8_t *end = rest->data + rest->length;
    const uint8_t *at = rest->data;
    while (at < end && *at != ';' && *at != ',') {
        at++;
    }
    struct bytes sent_by = sip_text_span(rest->data, at);
    *out = (struct sip_via){.host = host_of(sent_by)};
    *rest = sip_text_span(at, end);
    return sent_by.length != 0 && sip_parameter_find(rest, base_bytes("branch", 6), &out->branch) &&
           (rest->length == 0 || rest->data[0] == ',');
}
