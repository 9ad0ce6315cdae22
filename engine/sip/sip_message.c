/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_message.h"

#include "sip_header.h"
#include "sip_parameter.h"
#include "sip_start_line.h"
#include "sip_via.h"

#define CSEQ_MAX             INT32_MAX
#define MAX_FORWARDS_MAX     255
#define MAX_FORWARDS_DEFAULT 70

#define BIT(name) (1u << (name))
#define MANDATORY                                                                                  \
    (BIT(SIP_HEADER_VIA) | BIT(SIP_HEADER_FROM) | BIT(SIP_HEADER_TO) | BIT(SIP_HEADER_CALL_ID) |   \
     BIT(SIP_HEADER_CSEQ))
#define SINGLE ((MANDATORY & ~BIT(SIP_HEADER_VIA)) | BIT(SIP_HEADER_MAX_FORWARDS))

static bool read_via(struct bytes value, struct bytes *branch) {
    struct sip_via via;
    bool is_via = sip_via_read(&value, &via);
    *branch = via.branch;
    return is_via;
}

static bool read_address(struct bytes value, struct bytes *whole, struct bytes *tag) {
    *whole = value;
    struct bytes uri;
    return sip_parameter_take_address(&value, &uri) &&
           sip_parameter_find(&value, base_bytes("tag", 3), tag) && value.length == 0;
}

static bool read_cseq(struct bytes value, uint32_t *number, struct bytes *method) {
    const uint8_t *end = value.data + value.length;
    const uint8_t *gap = value.data;
    while (gap < end && !sip_text_is(*gap, SIP_TEXT_LWS)) {
        gap++;
    }
    const uint8_t *name = sip_text_skip(gap, end, SIP_TEXT_LWS);
    *method = sip_text_span(name, end);
    return method->length != 0 && sip_text_skip(name, end, SIP_TEXT_TOKEN) == end &&
           sip_text_decimal(sip_text_span(value.data, gap), CSEQ_MAX, number);
}

static bool take_header(struct sip_message *out, const struct sip_header *header,
                        struct bytes *cseq_method) {
    switch (header->name) {
    case SIP_HEADER_VIA:
        return read_via(header->value, &out->via_branch);
    case SIP_HEADER_FROM:
        return read_address(header->value, &out->from, &out->from_tag);
    case SIP_HEADER_TO:
        return read_address(header->value, &out->to, &out->to_tag);
    case SIP_HEADER_CALL_ID:
        out->call_id = header->value;
        return header->value.length != 0;
    case SIP_HEADER_CSEQ:
        return read_cseq(header->value, &out->cseq, cseq_method);
    case SIP_HEADER_MAX_FORWARDS:
        return sip_text_decimal(header->value, MAX_FORWARDS_MAX, &out->max_forwards);
    default:
        return true;
    }
}

/* True when the section is whole, every header in it is right, and none is missing. */
static bool read_headers(struct sip_header_reader *reader, struct sip_message *out,
                         struct bytes *cseq_method) {
    unsigned seen = 0;
    struct sip_header header;
    enum sip_read read;
    while ((read = sip_header_next(reader, &header)) == SIP_READ_OK) {
        unsigned bit = BIT(header.name);
        if ((seen & bit & SINGLE) != 0) {
            return false;
        }
        bool is_lower_via = header.name == SIP_HEADER_VIA && (seen & bit) != 0;
        if (!is_lower_via && !take_header(out, &header, cseq_method)) {
            return false;
        }
        seen |= bit;
    }
    return read == SIP_READ_END && (seen & MANDATORY) == MANDATORY;
}

/* RFC 3261 section 25.1 has none, and a reason ends up on somebody's terminal. */
static bool has_control(struct bytes reason) {
    for (size_t i = 0; i < reason.length; i++) {
        if ((reason.data[i] < ' ' && reason.data[i] != '\t') || reason.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

bool sip_message_parse(struct bytes text, struct sip_message *out) {
    struct sip_start_line start;
    if (sip_start_line_read(text, &start) != SIP_READ_OK || has_control(start.reason)) {
        return false;
    }
    *out = (struct sip_message){
        .is_request = start.status == 0,
        .request_uri = start.request_uri,
        .status = start.status,
        .reason = start.reason,
        .max_forwards = MAX_FORWARDS_DEFAULT,
    };
    const uint8_t *end = text.data + text.length;
    const uint8_t *headers = text.data + start.length;
    struct sip_header_reader reader = {.at = headers, .end = end};
    struct bytes cseq_method = {0};
    if (!read_headers(&reader, out, &cseq_method)) {
        return false;
    }
    out->headers = sip_text_span(headers, reader.at - 2);
    out->body = sip_text_span(reader.at, end);
    out->method = out->is_request ? start.method : cseq_method;
    return base_bytes_equal(out->method, cseq_method);
}
