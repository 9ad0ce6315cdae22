/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_sample.h"

#include <criterion/criterion.h>

/* A connection's stream: stray line breaks, pipelined messages, a ping inside and after. */
#define STREAM                                                                                     \
    "\r\nGET /phone.cnf.xml HTTP/1.1\r\nHost: edge.example.test\r\n\r\n"                           \
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \t4\r\n\r\n\r\n\r\n"                            \
    "\r\n\r\n"                                                                                     \
    "HTTP/1.1 100 Continue\r\n\r\n"                                                                \
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"                                        \
    "c;x=y\r\nHTTP/1.1 404\r\n1\r\n\r\r\n0\r\nTrailer: t\r\n\r\n"                                  \
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"                                       \
    "\r\n\r\n\r\n\r\n"

#define FRAMES_MAX 16

struct frames {
    struct http_frame list[FRAMES_MAX];
    size_t count;
};

/* What a connection sees that receives `stream` up to `cut`, then `step` octets at a time. */
static struct frames deliver(struct bytes stream, size_t cut, size_t step, bool awaits_pong) {
    struct frames frames = {.count = 0};
    size_t offset = 0;
    size_t there = cut;
    for (;;) {
        struct http_frame frame = sample_frame(stream.data + offset, there - offset, awaits_pong);
        cr_assert_leq(frame.length, there - offset);
        if (frame.kind == HTTP_FRAME_NEEDS_MORE && there < stream.length) {
            there = there + step < stream.length ? there + step : stream.length;
            continue;
        }
        cr_assert_lt(frames.count, FRAMES_MAX);
        frames.list[frames.count++] = frame;
        if (frame.kind == HTTP_FRAME_NEEDS_MORE || frame.kind == HTTP_FRAME_MALFORMED) {
            return frames;
        }
        offset += frame.length;
    }
}

static void assert_same(const struct frames *expected, const struct frames *frames, size_t cut) {
    cr_assert_eq(frames->count, expected->count, "%zu frames when cut at %zu", frames->count, cut);
    for (size_t i = 0; i < frames->count; i++) {
        cr_assert_eq(frames->list[i].kind, expected->list[i].kind, "frame %zu, cut %zu", i, cut);
        cr_assert_eq(frames->list[i].length, expected->list[i].length, "frame %zu, cut %zu", i,
                     cut);
    }
}

Test(http_framer_cut, a_stream_is_a_known_row_of_frames) {
    static const enum http_frame_kind kinds[] = {
        HTTP_FRAME_SKIP,    HTTP_FRAME_MESSAGE,    HTTP_FRAME_MESSAGE, HTTP_FRAME_PING,
        HTTP_FRAME_MESSAGE, HTTP_FRAME_MESSAGE,    HTTP_FRAME_MESSAGE, HTTP_FRAME_PING,
        HTTP_FRAME_PING,    HTTP_FRAME_NEEDS_MORE,
    };
    struct bytes stream = base_bytes_of_text(STREAM);
    struct frames frames = deliver(stream, stream.length, 1, false);
    cr_assert_eq(frames.count, LENGTH_OF(kinds));
    for (size_t i = 0; i < frames.count; i++) {
        cr_expect_eq(frames.list[i].kind, kinds[i], "frame %zu is %d", i, frames.list[i].kind);
    }
}

struct cut_case {
    const char *text;
    bool awaits_pong;
};

Test(http_framer_cut, every_cut_gives_the_same_frames) {
    static const struct cut_case cases[] = {
        {STREAM, false},
        {STREAM, true},
        {STREAM "OPTIONS sip:a SIP/2.0\r\n", false},
        {STREAM "\r\n\rGET / HTTP/1.1\r\n\r\n", false},
        {STREAM "CONNECT a:443 HTTP/1.1\r\n\r\n", false},
        {STREAM "HTTP/1.1 200\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0", false},
        {STREAM "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nchunk\n0\r\n\r\n", false},
        {STREAM "GET / HTTP/1.1\r\nHost: a@b\r\nX: y\r\n\r\n", false},
        {STREAM "HTTP/1.1 200\r\nContent-Length: 50\r\n\r\nhalf", false},
    };
    for (const struct cut_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct bytes stream = base_bytes_of_text(row->text);
        struct frames whole = deliver(stream, stream.length, 1, row->awaits_pong);
        for (size_t cut = 0; cut < stream.length; cut++) {
            struct frames two = deliver(stream, cut, stream.length, row->awaits_pong);
            assert_same(&whole, &two, cut);
        }
        for (size_t step = 1; step < 20; step++) {
            struct frames many = deliver(stream, 0, step, row->awaits_pong);
            assert_same(&whole, &many, step);
        }
    }
}
