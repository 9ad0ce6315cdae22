/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_registration.h"

#include "sip_header.h"
#include "sip_list.h"
#include "sip_parameter.h"

/* What the bindings in a 200 say. */
struct listed {
    bool has_ours;
    bool has_any;
    uint32_t ours_s;
    uint32_t shortest_s;
};

static void take_binding(struct listed *listed, struct bytes value, struct bytes contact,
                         uint32_t usual_s) {
    struct bytes uri;
    struct bytes expires;
    uint32_t seconds = usual_s;
    if (!sip_parameter_take_address(&value, &uri) ||
        !sip_parameter_find(&value, base_bytes_of_text("expires"), &expires) ||
        (expires.length != 0 && !sip_text_decimal(expires, UINT32_MAX, &seconds))) {
        return;
    }
    if (base_bytes_equal(uri, contact)) {
        listed->has_ours = true;
        listed->ours_s = seconds;
    }
    if (!listed->has_any || seconds < listed->shortest_s) {
        listed->shortest_s = seconds;
    }
    listed->has_any = true;
}

/* False, and `out` as it was, when there is none of this name, or it is no number. */
static bool read_seconds(struct bytes headers, enum sip_header_name name, uint32_t *out) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    uint32_t seconds;
    if (!sip_header_find(&reader, name, &header) ||
        !sip_text_decimal(header.value, UINT32_MAX, &seconds)) {
        return false;
    }
    *out = seconds;
    return true;
}

uint32_t sip_registration_granted_s(const struct sip_message *response, struct bytes contact,
                                    uint32_t asked_s) {
    struct sip_header_reader reader = sip_header_read_again(response->headers);
    struct sip_header header;
    struct listed listed = {0};
    uint32_t usual_s = asked_s;
    (void)read_seconds(response->headers, SIP_HEADER_EXPIRES, &usual_s);
    while (sip_header_find(&reader, SIP_HEADER_CONTACT, &header)) {
        struct bytes value;
        while (sip_list_next(&header.value, &value) == SIP_READ_OK) {
            take_binding(&listed, value, contact, usual_s);
        }
    }
    if (listed.has_ours) {
        return listed.ours_s;
    }
    return listed.has_any ? listed.shortest_s : usual_s;
}

uint32_t sip_registration_minimum_s(const struct sip_message *response) {
    uint32_t minimum_s = 0;
    (void)read_seconds(response->headers, SIP_HEADER_MIN_EXPIRES, &minimum_s);
    return minimum_s;
}
