/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_framer.h"

#include "http_body.h"

static struct http_frame frame(enum http_frame_kind kind, size_t length) {
    return (struct http_frame){.kind = kind, .length = length};
}

static struct http_frame frame_without_message(enum http_read read) {
    return frame(read == HTTP_READ_INCOMPLETE ? HTTP_FRAME_NEEDS_MORE : HTTP_FRAME_MALFORMED, 0);
}

/*
 * `stream` begins with CR. A pong is taken at once, because a peer may send nothing after it;
 * otherwise two more octets tell a ping from a stray line break.
 */
static struct http_frame frame_line_break(struct bytes stream, bool awaits_pong) {
    if (stream.length >= 2 && stream.data[1] != '\n') {
        return frame(HTTP_FRAME_MALFORMED, 0);
    }
    if (stream.length >= 2 && awaits_pong) {
        return frame(HTTP_FRAME_PONG, 2);
    }
    if (stream.length >= 3 && stream.data[2] != '\r') {
        return frame(HTTP_FRAME_SKIP, 2);
    }
    if (stream.length >= 4) {
        return stream.data[3] == '\n' ? frame(HTTP_FRAME_PING, 4) : frame(HTTP_FRAME_SKIP, 2);
    }
    return frame(HTTP_FRAME_NEEDS_MORE, 0);
}

static struct http_frame frame_message(struct bytes stream) {
    struct http_head head;
    enum http_read read = http_head_read(stream, &head);
    if (read != HTTP_READ_OK) {
        return frame_without_message(read);
    }
    size_t length;
    read = http_body_measure(stream, &head, &length);
    if (read != HTTP_READ_OK) {
        return frame_without_message(read);
    }
    return length <= stream.length ? frame(HTTP_FRAME_MESSAGE, length)
                                   : frame(HTTP_FRAME_NEEDS_MORE, 0);
}

struct http_frame http_framer_next(struct bytes stream, bool awaits_pong) {
    if (stream.length == 0) {
        return frame(HTTP_FRAME_NEEDS_MORE, 0);
    }
    if (stream.data[0] == '\r') {
        return frame_line_break(stream, awaits_pong);
    }
    /* What a message may hold is all that is looked at, so a cut elsewhere changes nothing. */
    bool is_full = stream.length >= HTTP_MESSAGE_MAX;
    if (is_full) {
        stream.length = HTTP_MESSAGE_MAX;
    }
    struct http_frame result = frame_message(stream);
    if (result.kind == HTTP_FRAME_NEEDS_MORE && is_full) {
        return frame(HTTP_FRAME_MALFORMED, 0);
    }
    return result;
}
