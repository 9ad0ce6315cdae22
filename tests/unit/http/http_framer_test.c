/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define REQUEST  "GET /phone.cnf.xml HTTP/1.1\r\nHost: edge.example.test:8443\r\n"
#define RESPONSE "HTTP/1.1 200 OK\r\n"
#define CHUNKED  RESPONSE "Transfer-Encoding: chunked\r\n\r\n"

struct frame_case {
    const char *text;
    enum http_frame_kind kind;
    size_t length;
};

static void check(const struct frame_case *expected, bool awaits_pong) {
    struct http_frame frame = sample_frame(expected->text, strlen(expected->text), awaits_pong);
    cr_expect_eq(frame.kind, expected->kind, "kind %d for: %s", frame.kind, expected->text);
    cr_expect_eq(frame.length, expected->length, "length %zu for: %s", frame.length,
                 expected->text);
}

#define WHOLE(text)                                                                                \
    { text, HTTP_FRAME_MESSAGE, sizeof(text) - 1 }
#define HEAD_OF(text, rest)                                                                        \
    { text rest, HTTP_FRAME_MESSAGE, sizeof(text) - 1 }
#define BROKEN(text)                                                                               \
    { text, HTTP_FRAME_MALFORMED, 0 }
#define SHORT(text)                                                                                \
    { text, HTTP_FRAME_NEEDS_MORE, 0 }

Test(http_framer, cuts_by_content_length) {
    static const struct frame_case cases[] = {
        WHOLE(REQUEST "\r\n"),
        WHOLE(RESPONSE "\r\n"),
        WHOLE(RESPONSE "Content-Length: 0\r\n\r\n"),
        WHOLE(RESPONSE "Content-Length: 4\r\n\r\nbody"),
        WHOLE(RESPONSE "content-LENGTH:4\r\n\r\nbody"),
        WHOLE(RESPONSE "Content-Length: \t 4 \t\r\n\r\nbody"),
        WHOLE(RESPONSE "Content-Length: 00000000000000000000000004\r\n\r\nbody"),
        WHOLE(RESPONSE "X-Content-Length: 9\r\nContent-Length: 4\r\n\r\nbody"),
        WHOLE(RESPONSE "Content-Length: 4\r\n\r\n\r\n\r\n"),
        WHOLE("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"),
        WHOLE("GET / HTTP/1.0\r\n\r\n"),
        WHOLE("GET https://a.example.test/x?y HTTP/1.1\r\nHost: b\r\n\r\n"),
        WHOLE("OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n"),
        WHOLE("VERSION-CONTROL / HTTP/1.1\r\n\r\n"),
        WHOLE("HTTP/1.1 200 \r\n\r\n"),
        WHOLE("HTTP/1.1 200\r\n\r\n"),
        WHOLE("HTTP/1.0 599 Caf\xc3\xa9\tclosed\r\n\r\n"),
        HEAD_OF(REQUEST "\r\n", REQUEST "\r\n"),
        HEAD_OF(RESPONSE "Content-Length: 2\r\n\r\n\r\n", "\r\n"),
        HEAD_OF(RESPONSE "\r\n", "\x16\x03\x01"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        check(row, true);
    }
}

Test(http_framer, cuts_by_chunks) {
    static const struct frame_case cases[] = {
        WHOLE(CHUNKED "0\r\n\r\n"),
        WHOLE(CHUNKED "4\r\nbody\r\n0\r\n\r\n"),
        WHOLE(CHUNKED "2\r\nbo\r\n02\r\ndy\r\n000\r\n\r\n"),
        WHOLE(CHUNKED "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"),
        WHOLE(CHUNKED "4;name=value;other=\"a b\"\r\nbody\r\n0;last\r\n\r\n"),
        WHOLE(CHUNKED "5\r\n\r\n0\r\n\r\n0\r\n\r\n"),
        WHOLE(CHUNKED "0\r\nExpires: never\r\nX: y\r\n\r\n"),
        WHOLE(RESPONSE "transfer-encoding:CHUNKED \r\n\r\n0\r\n\r\n"),
        WHOLE(REQUEST "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
        HEAD_OF(CHUNKED "0\r\n\r\n", "0\r\n\r\n"),
        SHORT(CHUNKED),
        SHORT(CHUNKED "4"),
        SHORT(CHUNKED "4;"),
        SHORT(CHUNKED "4\r"),
        SHORT(CHUNKED "4\r\nbod"),
        SHORT(CHUNKED "4\r\nbody"),
        SHORT(CHUNKED "4\r\nbody\r"),
        SHORT(CHUNKED "4\r\nbody\r\n"),
        SHORT(CHUNKED "4\r\nbody\r\n0\r\n"),
        SHORT(CHUNKED "4\r\nbody\r\n0\r\n\r"),
        SHORT(CHUNKED "4\r\nbody\r\n0\r\nExpires: never\r\n"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
    }
}

/* RFC 9112 section 6.3: these end with their head, whatever it says. */
Test(http_framer, some_responses_have_no_body) {
    static const struct frame_case cases[] = {
        HEAD_OF("HTTP/1.1 100 Continue\r\n\r\n", RESPONSE "\r\n"),
        HEAD_OF("HTTP/1.1 103 Early Hints\r\nContent-Length: 4\r\n\r\n", "body"),
        HEAD_OF("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", "body"),
        HEAD_OF("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", "body"),
        HEAD_OF("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"),
        HEAD_OF("HTTP/1.1 304 Not Modified\r\nContent-Length: 16384\r\n\r\n", ""),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
    }
}

Test(http_framer, refuses_unsure_lengths) {
    static const struct frame_case cases[] = {
        BROKEN(RESPONSE "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbodyx"),
        BROKEN(RESPONSE "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 4, 4\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: -4\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: +4\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 0x4\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 4;x\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 1 2\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length:\r\n\r\n"),
        BROKEN(RESPONSE "Content-Length: 16384\r\n\r\n"),
        BROKEN(RESPONSE "Content-Length: 16385\r\n\r\n"),
        BROKEN(RESPONSE "Content-Length: 4294967300\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 18446744073709551620\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 99999999999999999999999999999999999\r\n\r\nbody"),
        BROKEN(RESPONSE "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: identity\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding: \x0b"
                        "chunked\r\n\r\n0\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding:\r\n\r\n"),
        BROKEN(RESPONSE "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        BROKEN("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        BROKEN("HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n"),
        BROKEN(REQUEST "Host: other\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: 4\r\n Content-Length: 5\r\n\r\nbody"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
    }
}

Test(http_framer, refuses_broken_chunks) {
    static const struct frame_case cases[] = {
        BROKEN(CHUNKED "\r\n"),
        BROKEN(CHUNKED "g\r\n"),
        BROKEN(CHUNKED "-1\r\n"),
        BROKEN(CHUNKED "0x4\r\nbody\r\n"),
        BROKEN(CHUNKED " 4\r\nbody\r\n"),
        BROKEN(CHUNKED "4 \r\nbody\r\n"),
        BROKEN(CHUNKED "4\nbody\n"),
        BROKEN(CHUNKED "4\rx"),
        BROKEN(CHUNKED "4;a\nx"),
        BROKEN(CHUNKED "4\r\nbodyx"),
        BROKEN(CHUNKED "4\r\nbody\n"),
        BROKEN(CHUNKED "4001"),
        BROKEN(CHUNKED "ffffffffffffffff"),
        BROKEN(CHUNKED "10000000000000004"),
        BROKEN(CHUNKED "0\r\nx\r\n\r\n"),
        BROKEN(CHUNKED "0\r\nContent-Length: 4\r\n\r\n"),
        BROKEN(CHUNKED "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        BROKEN(CHUNKED "0\r\nHost: other\r\n\r\n"),
        BROKEN(CHUNKED "0\r\ntunnel-channel: 7\r\n\r\n"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
    }
}

/* Each ends with the octet that proves it; without that octet HTTP may still follow. */
Test(http_framer, refuses_other_protocols_at_the_first_proof) {
    static const struct frame_case cases[] = {
        BROKEN("\x16"),
        BROKEN("\x80"),
        BROKEN("\n"),
        BROKEN(" "),
        BROKEN("{"),
        BROKEN("g"),
        BROKEN("\rG"),
        BROKEN("CONNECT "),
        BROKEN("PRI *"),
        BROKEN("GET *"),
        BROKEN("GET a"),
        BROKEN("GET  "),
        BROKEN("GET\t"),
        BROKEN("GET\r"),
        BROKEN("GET hx"),
        BROKEN("GET httpq"),
        BROKEN("GET f"),
        BROKEN("GET /a\""),
        BROKEN("GET /\x01"),
        BROKEN("GET /\r"),
        BROKEN("GET / S"),
        BROKEN("OPTIONS s"),
        BROKEN("SIP/"),
        BROKEN("SSH-2"),
        BROKEN("GET / HTTP/2"),
        BROKEN("GET / HTTP/1.2"),
        BROKEN("GET / HTTP/1.1 "),
        BROKEN("GET / HTTP/1.1\n"),
        BROKEN("HTTP/2"),
        BROKEN("HTTP/1.1\r"),
        BROKEN("HTTP/1.1  "),
        BROKEN("HTTP/1.1 0"),
        BROKEN("HTTP/1.1 6"),
        BROKEN("HTTP/1.1 101"),
        BROKEN("HTTP/1.1 20O"),
        BROKEN("HTTP/1.1 2000"),
        BROKEN("HTTP/1.1 200 O\n"),
        BROKEN("HTTP/1.1 200 O\rx"),
        BROKEN(RESPONSE " "),
        BROKEN(RESPONSE ":"),
        BROKEN(RESPONSE "\n"),
        BROKEN(RESPONSE "\r\r"),
        BROKEN(RESPONSE "X "),
        BROKEN(RESPONSE "X\r"),
        BROKEN(RESPONSE "X: a\n"),
        BROKEN(RESPONSE "X: a\rb"),
        BROKEN(RESPONSE "X: \x7f"),
        BROKEN(RESPONSE "X: a\r\n "),
        BROKEN(REQUEST "Upgrade: websocket\r\n"),
        BROKEN("AAAAAAAAAAAAAAAAAAAAAAAAA"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        struct http_frame frame = sample_frame(row->text, strlen(row->text) - 1, false);
        cr_expect_eq(frame.kind, HTTP_FRAME_NEEDS_MORE,
                     "already proven before the last octet of: %s", row->text);
    }
}

Test(http_framer, waits_while_http_may_follow) {
    static const struct frame_case cases[] = {
        SHORT(""),
        SHORT("G"),
        SHORT("CONNECT"),
        SHORT("H"),
        SHORT("HTTP"),
        SHORT("HTTP/1.1 10"),
        SHORT("HTTP/1.1 200 O"),
        SHORT("GET https:/"),
        SHORT("GET / HTTP/1."),
        SHORT("GET / HTTP/1.1\r"),
        SHORT(REQUEST),
        SHORT(REQUEST "Content-Le"),
        SHORT(REQUEST "Content-Length: 4\r"),
        SHORT(REQUEST "Content-Length: 4\r\n"),
        SHORT(REQUEST "Content-Length: 4\r\n\r"),
        SHORT(REQUEST "Content-Length: 4\r\n\r\nbod"),
        SHORT("AAAAAAAAAAAAAAAAAAAAAAAA"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        check(row, true);
    }
}

struct break_case {
    const char *text;
    struct http_frame quiet;   /* no pong is awaited */
    struct http_frame waiting; /* one is */
};

Test(http_framer, tells_pings_from_pongs) {
    static const struct break_case cases[] = {
        {"\r", {HTTP_FRAME_NEEDS_MORE, 0}, {HTTP_FRAME_NEEDS_MORE, 0}},
        {"\r\n", {HTTP_FRAME_NEEDS_MORE, 0}, {HTTP_FRAME_PONG, 2}},
        {"\r\n\r", {HTTP_FRAME_NEEDS_MORE, 0}, {HTTP_FRAME_PONG, 2}},
        {"\r\n\r\n", {HTTP_FRAME_PING, 4}, {HTTP_FRAME_PONG, 2}},
        {"\r\n\r\n\r\n", {HTTP_FRAME_PING, 4}, {HTTP_FRAME_PONG, 2}},
        {"\r\nG", {HTTP_FRAME_SKIP, 2}, {HTTP_FRAME_PONG, 2}},
        {"\r\n\rG", {HTTP_FRAME_SKIP, 2}, {HTTP_FRAME_PONG, 2}},
        {"\r\r", {HTTP_FRAME_MALFORMED, 0}, {HTTP_FRAME_MALFORMED, 0}},
    };
    for (const struct break_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct frame_case quiet = {row->text, row->quiet.kind, row->quiet.length};
        struct frame_case waiting = {row->text, row->waiting.kind, row->waiting.length};
        check(&quiet, false);
        check(&waiting, true);
    }
}

/* `head`, then as many of `filler` as make the text `length` octets long, then `tail`. */
static enum http_frame_kind kind_of_filled(const char *head, char filler, const char *tail,
                                           size_t length) {
    static uint8_t text[2 * HTTP_MESSAGE_MAX];
    size_t tail_length = strlen(tail);
    memset(text, filler, length);
    memcpy(text, head, strlen(head));
    memcpy(text + length - tail_length, tail, tail_length);
    return sample_frame(text, length, false).kind;
}

Test(http_framer, holds_messages_to_the_maximum) {
    const char *head = REQUEST "X: ";
    cr_expect_eq(kind_of_filled(head, 'x', "\r\n\r\n", HTTP_MESSAGE_MAX), HTTP_FRAME_MESSAGE);
    cr_expect_eq(kind_of_filled(head, 'x', "\r\n\r\n", HTTP_MESSAGE_MAX + 1), HTTP_FRAME_MALFORMED);
    head = CHUNKED "3f00\r\n";
    size_t whole = strlen(head) + 0x3f00;
    cr_expect_eq(kind_of_filled(head, 'x', "\r\n0\r\n\r\n", whole + 7), HTTP_FRAME_MESSAGE);
    head = CHUNKED "4000\r\n";
    cr_expect_eq(kind_of_filled(head, 'x', "", HTTP_MESSAGE_MAX - 1), HTTP_FRAME_NEEDS_MORE);
    cr_expect_eq(kind_of_filled(head, 'x', "", HTTP_MESSAGE_MAX), HTTP_FRAME_MALFORMED);
}

Test(http_framer, refuses_an_announced_excess_before_it_arrives) {
    char text[128];
    int head = snprintf(text, sizeof(text), REQUEST "Content-Length: %05d\r\n\r\n", 0);
    for (int excess = 0; excess < 3; excess++) {
        snprintf(text, sizeof(text), REQUEST "Content-Length: %05d\r\n\r\n",
                 HTTP_MESSAGE_MAX - head + excess);
        cr_expect_eq(sample_frame(text, (size_t)head, false).kind,
                     excess == 0 ? HTTP_FRAME_NEEDS_MORE : HTTP_FRAME_MALFORMED, "%d", excess);
    }
}

struct endless_case {
    const char *head;
    char filler;
};

Test(http_framer, gives_up_on_what_has_no_end) {
    static const struct endless_case cases[] = {
        {REQUEST "X: ", 'x'},   {REQUEST "X", 'x'},    {REQUEST "X: ", ' '},
        {"GET /", 'a'},         {"GET https://", 'a'}, {"HTTP/1.1 200 ", 'a'},
        {CHUNKED, '0'},         {CHUNKED "1;", 'a'},   {CHUNKED "0\r\nX: ", 'a'},
        {CHUNKED "0\r\n", 'a'},
    };
    for (const struct endless_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        cr_expect_eq(kind_of_filled(row->head, row->filler, "", HTTP_MESSAGE_MAX - 1),
                     HTTP_FRAME_NEEDS_MORE, "%s", row->head);
        cr_expect_eq(kind_of_filled(row->head, row->filler, "", HTTP_MESSAGE_MAX),
                     HTTP_FRAME_MALFORMED, "%s", row->head);
        cr_expect_eq(kind_of_filled(row->head, row->filler, "", 2 * HTTP_MESSAGE_MAX),
                     HTTP_FRAME_MALFORMED, "%s", row->head);
    }
}
