/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_framer.h"

#include "sip_header.h"
#include "sip_start_line.h"

static struct sip_frame frame(enum sip_frame_kind kind, size_t length) {
    return (struct sip_frame){.kind = kind, .length = length};
}

static struct sip_frame frame_without_message(enum sip_read read) {
    return frame(read == SIP_READ_INCOMPLETE ? SIP_FRAME_NEEDS_MORE : SIP_FRAME_MALFORMED, 0);
}

/*
 * `stream` begins with CR. A pong is taken at once, because a peer may send nothing after it;
 * otherwise two more octets tell a ping from a stray line break.
 */
static struct sip_frame frame_line_break(struct bytes stream, bool awaits_pong) {
    if (stream.length >= 2 && stream.data[1] != '\n') {
        return frame(SIP_FRAME_MALFORMED, 0);
    }
    if (stream.length >= 2 && awaits_pong) {
        return frame(SIP_FRAME_PONG, 2);
    }
    if (stream.length >= 3 && stream.data[2] != '\r') {
        return frame(SIP_FRAME_SKIP, 2);
    }
    if (stream.length >= 4) {
        return stream.data[3] == '\n' ? frame(SIP_FRAME_PING, 4) : frame(SIP_FRAME_SKIP, 2);
    }
    return frame(SIP_FRAME_NEEDS_MORE, 0);
}

/* END with the body's length when the header section is whole and states exactly one. */
static enum sip_read read_headers(struct sip_header_reader *reader, uint32_t *body_length) {
    bool is_known = false;
    struct sip_header header;
    enum sip_read read;
    while ((read = sip_header_next(reader, &header)) == SIP_READ_OK) {
        if (header.name != SIP_HEADER_CONTENT_LENGTH) {
            continue;
        }
        uint32_t value;
        if (!sip_text_decimal(header.value, SIP_MESSAGE_MAX, &value) ||
            (is_known && value != *body_length)) {
            return SIP_READ_MALFORMED;
        }
        *body_length = value;
        is_known = true;
    }
    return read == SIP_READ_END && !is_known ? SIP_READ_MALFORMED : read;
}

static struct sip_frame frame_message(struct bytes stream) {
    struct sip_start_line start;
    enum sip_read read = sip_start_line_read(stream, &start);
    if (read != SIP_READ_OK) {
        return frame_without_message(read);
    }
    struct sip_header_reader reader = {
        .at = stream.data + start.length,
        .end = stream.data + stream.length,
    };
    uint32_t body_length = 0;
    read = read_headers(&reader, &body_length);
    if (read != SIP_READ_END) {
        return frame_without_message(read);
    }
    size_t length = (size_t)(reader.at - stream.data) + body_length;
    if (length > SIP_MESSAGE_MAX) {
        return frame(SIP_FRAME_MALFORMED, 0);
    }
    return length <= stream.length ? frame(SIP_FRAME_MESSAGE, length)
                                   : frame(SIP_FRAME_NEEDS_MORE, 0);
}

struct sip_frame sip_framer_next(struct bytes stream, bool awaits_pong) {
    if (stream.length == 0) {
        return frame(SIP_FRAME_NEEDS_MORE, 0);
    }
    if (stream.data[0] == '\r') {
        return frame_line_break(stream, awaits_pong);
    }
    /* What a message may hold is all that is looked at, so a cut elsewhere changes nothing. */
    bool is_full = stream.length >= SIP_MESSAGE_MAX;
    if (is_full) {
        stream.length = SIP_MESSAGE_MAX;
    }
    struct sip_frame result = frame_message(stream);
    if (result.kind == SIP_FRAME_NEEDS_MORE && is_full) {
        return frame(SIP_FRAME_MALFORMED, 0);
    }
    return result;
}
