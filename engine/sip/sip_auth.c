/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_auth.h"

#include "sip_parameter.h"

#include <string.h>

static const char *const field_names[SIP_AUTH_FIELDS] = {
    [SIP_AUTH_REALM] = "realm",
    [SIP_AUTH_NONCE] = "nonce",
    [SIP_AUTH_OPAQUE] = "opaque",
    [SIP_AUTH_ALGORITHM] = "algorithm",
    [SIP_AUTH_QOP] = "qop",
    [SIP_AUTH_STALE] = "stale",
    [SIP_AUTH_USERNAME] = "username",
    [SIP_AUTH_URI] = "uri",
    [SIP_AUTH_RESPONSE] = "response",
    [SIP_AUTH_CNONCE] = "cnonce",
    [SIP_AUTH_NC] = "nc",
};

static void keep_field(struct sip_auth *out, struct bytes name, struct bytes value) {
    for (unsigned field = 0; field < SIP_AUTH_FIELDS; field++) {
        if (sip_text_equals_lower(name, field_names[field], strlen(field_names[field]))) {
            out->is_sound = out->is_sound && !out->has[field];
            out->has[field] = true;
            out->fields[field] = value;
            return;
        }
    }
}

static const uint8_t *skip_gap(const uint8_t *at, const uint8_t *end) {
    while (at < end && (*at == ',' || sip_text_is(*at, SIP_TEXT_LWS))) {
        at++;
    }
    return at;
}

/* `at` stands behind "=". NULL when there is no value, or something behind it but a comma. */
static const uint8_t *read_value(const uint8_t *at, const uint8_t *end, struct bytes *value) {
    const uint8_t *begin = sip_text_skip(at, end, SIP_TEXT_LWS);
    const uint8_t *after = sip_parameter_skip_value(begin, end);
    if (after == NULL || after == begin) {
        return NULL;
    }
    *value = *begin == '"' ? sip_text_span(begin + 1, after - 1) : sip_text_span(begin, after);
    after = sip_text_skip(after, end, SIP_TEXT_LWS);
    return after == end || *after == ',' ? after : NULL;
}

/* The parameters up to the next scheme, which is a token without "=". NULL: unreadable. */
static const uint8_t *read_fields(const uint8_t *at, const uint8_t *end, struct sip_auth *out) {
    for (;;) {
        const uint8_t *begin = skip_gap(at, end);
        const uint8_t *after = sip_text_skip(begin, end, SIP_TEXT_TOKEN);
        const uint8_t *sign = sip_text_skip(after, end, SIP_TEXT_LWS);
        if (begin == end) {
            return end;
        }
        if (after == begin) {
            return NULL;
        }
        if (sign == end || *sign != '=') {
            return begin;
        }
        struct bytes value;
        at = read_value(sign + 1, end, &value);
        if (at == NULL) {
            return NULL;
        }
        keep_field(out, sip_text_span(begin, after), value);
    }
}

bool sip_auth_next(struct bytes *rest, struct sip_auth *out) {
    const uint8_t *end = rest->data + rest->length;
    const uint8_t *begin = skip_gap(rest->data, end);
    const uint8_t *after = sip_text_skip(begin, end, SIP_TEXT_TOKEN);
    *out = (struct sip_auth){
        .is_digest = sip_text_equals_lower(sip_text_span(begin, after), "digest", 6),
        .is_sound = true,
    };
    const uint8_t *next = after == begin ? NULL : read_fields(after, end, out);
    *rest = sip_text_span(next != NULL ? next : end, end);
    return next != NULL;
}

bool sip_auth_copy(struct bytes field, char *out, size_t size) {
    size_t length = 0;
    for (size_t i = 0; i < field.length; i++) {
        if (field.data[i] == '\\' && i + 1 < field.length) {
            i++;
        }
        if (field.data[i] < ' ' || field.data[i] == 0x7f || length + 1 >= size) {
            return false;
        }
        out[length++] = (char)field.data[i];
    }
    out[length] = '\0';
    return true;
}

bool sip_auth_equals(struct bytes field, struct bytes text) {
    size_t length = 0;
    unsigned difference = 0;
    for (size_t i = 0; i < field.length; i++, length++) {
        if (field.data[i] == '\\' && i + 1 < field.length) {
            i++;
        }
        difference |= length < text.length ? field.data[i] ^ text.data[length] : 1u;
    }
    return length == text.length && difference == 0;
}
