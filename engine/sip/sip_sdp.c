/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sdp.h"

#include <string.h>

/* A stream of an offer: "m=MEDIA PORT PROTOCOL FORMATS" (RFC 8866 section 5.14). */
struct stream {
    struct bytes media;
    struct bytes port;
    struct bytes protocol;
    struct bytes formats;
};

static void put_address(struct sip_pen *pen, struct bytes host) {
    if (host.length == 0) {
        SIP_PEN_LITERAL(pen, "IN IP4 0.0.0.0\r\n");
        return;
    }
    bool is_ipv6 = host.length > 2 && host.data[0] == '[' && host.data[host.length - 1] == ']';
    if (is_ipv6) {
        SIP_PEN_LITERAL(pen, "IN IP6 ");
        sip_pen_put(pen, host.data + 1, host.length - 2);
    } else {
        SIP_PEN_LITERAL(pen, "IN IP4 ");
        sip_pen_bytes(pen, host);
    }
    SIP_PEN_LITERAL(pen, "\r\n");
}

/* Version 1 throughout: a description of ours never changes during a call. */
static void put_session(struct sip_pen *pen, const struct sip_sdp_origin *origin) {
    SIP_PEN_LITERAL(pen, "v=0\r\no=- ");
    sip_pen_decimal(pen, origin->session);
    SIP_PEN_LITERAL(pen, " 1 ");
    put_address(pen, origin->host);
    SIP_PEN_LITERAL(pen, "s=-\r\nc=");
    put_address(pen, origin->host);
    SIP_PEN_LITERAL(pen, "t=0 0\r\n");
}

static void put_audio(struct sip_pen *pen, struct bytes protocol) {
    SIP_PEN_LITERAL(pen, "m=audio 9 ");
    sip_pen_bytes(pen, protocol);
    SIP_PEN_LITERAL(pen, " 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n");
}

void sip_sdp_put_offer(struct sip_pen *pen, const struct sip_sdp_origin *origin) {
    put_session(pen, origin);
    put_audio(pen, base_bytes_of_text("RTP/AVP"));
}

/* The octets up to `separator`, which is taken off too; all of them when there is none. */
static struct bytes take_until(struct bytes *rest, uint8_t separator) {
    const uint8_t *found = rest->length == 0 ? NULL : memchr(rest->data, separator, rest->length);
    size_t length = found != NULL ? (size_t)(found - rest->data) : rest->length;
    struct bytes taken = base_bytes(rest->data, length);
    *rest = base_bytes_after(*rest, found != NULL ? length + 1 : length);
    return taken;
}

static bool is_printable(struct bytes text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool read_stream(struct bytes line, struct stream *out) {
    if (line.length > 0 && line.data[line.length - 1] == '\r') {
        line.length--;
    }
    if (line.length < 2 || memcmp(line.data, "m=", 2) != 0 || !is_printable(line)) {
        return false;
    }
    line = base_bytes_after(line, 2);
    out->media = take_until(&line, ' ');
    out->port = take_until(&line, ' ');
    out->protocol = take_until(&line, ' ');
    out->formats = line;
    return out->media.length != 0 && out->protocol.length != 0 && out->formats.length != 0;
}

static bool is_text(struct bytes span, const char *text) {
    return base_bytes_equal(span, base_bytes_of_text(text));
}

static bool has_pcmu(const struct stream *stream) {
    struct bytes formats = stream->formats;
    bool is_offered = is_text(stream->media, "audio") && !is_text(stream->port, "0") &&
                      stream->protocol.length > 4 && memcmp(stream->protocol.data, "RTP/", 4) == 0;
    while (is_offered && formats.length != 0) {
        if (is_text(take_until(&formats, ' '), "0")) {
            return true;
        }
    }
    return false;
}

static void put_refusal(struct sip_pen *pen, const struct stream *stream) {
    SIP_PEN_LITERAL(pen, "m=");
    sip_pen_bytes(pen, stream->media);
    SIP_PEN_LITERAL(pen, " 0 ");
    sip_pen_bytes(pen, stream->protocol);
    SIP_PEN_LITERAL(pen, " ");
    sip_pen_bytes(pen, stream->formats);
    SIP_PEN_LITERAL(pen, "\r\n");
}

void sip_sdp_put_answer(struct sip_pen *pen, const struct sip_sdp_origin *origin,
                        struct bytes offer) {
    bool has_streams = false;
    bool is_taken = false;
    put_session(pen, origin);
    while (offer.length != 0) {
        struct stream stream;
        if (!read_stream(take_until(&offer, '\n'), &stream)) {
            continue;
        }
        has_streams = true;
        if (!is_taken && has_pcmu(&stream)) {
            is_taken = true;
            put_audio(pen, stream.protocol);
        } else {
            put_refusal(pen, &stream);
        }
    }
    if (!has_streams) {
        put_audio(pen, base_bytes_of_text("RTP/AVP"));
    }
}
