/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define REQUEST  "OPTIONS sip:edge.example.test SIP/2.0\r\n"
#define RESPONSE "SIP/2.0 200 OK\r\n"

struct frame_case {
    const char *text;
    enum sip_frame_kind kind;
    size_t length;
};

static void check(const struct frame_case *expected, bool awaits_pong) {
    struct sip_frame frame = sample_frame(expected->text, strlen(expected->text), awaits_pong);
    cr_assert_eq(frame.kind, expected->kind, "kind %d for: %s", frame.kind, expected->text);
    cr_assert_eq(frame.length, expected->length, "length %zu for: %s", frame.length,
                 expected->text);
}

#define WHOLE(text)                                                                                \
    { text, SIP_FRAME_MESSAGE, sizeof(text) - 1 }
#define BROKEN(text)                                                                               \
    { text, SIP_FRAME_MALFORMED, 0 }
#define SHORT(text)                                                                                \
    { text, SIP_FRAME_NEEDS_MORE, 0 }

Test(sip_framer, cuts_by_content_length) {
    static const struct frame_case cases[] = {
        WHOLE(REQUEST "Content-Length: 0\r\n\r\n"),
        WHOLE(RESPONSE "Content-Length: 0\r\n\r\n"),
        WHOLE(REQUEST "Content-Length: 4\r\n\r\nbody"),
        WHOLE(REQUEST "l: 4\r\n\r\nbody"),
        WHOLE(REQUEST "L:4\r\n\r\nbody"),
        WHOLE(REQUEST "cONTENT-lENGTH \t :\t 4 \t\r\n\r\nbody"),
        WHOLE(REQUEST "Content-Length:\r\n  4\r\n \r\n\r\nbody"),
        WHOLE(REQUEST "Content-Length: 0000000000000000004\r\n\r\nbody"),
        WHOLE(REQUEST "Content-Length: 4\r\nl: 04\r\n\r\nbody"),
        WHOLE(REQUEST "X-Content-Length: 9\r\nContent-Length: 4\r\nY:\r\n l: 9\r\n\r\nbody"),
        WHOLE(REQUEST "Content-Length: 4\r\n\r\n\r\n\r\n"),
        WHOLE("sip/2.0 200 OK\r\nl:0\r\n\r\n"),
        WHOLE("SIP/2.0 200 \r\nl:0\r\n\r\n"),
        WHOLE("SIP/2.0 200\r\nl:0\r\n\r\n"),
        WHOLE("A a:b sip/2.0\r\nl:0\r\n\r\n"),
        {REQUEST "l: 0\r\n\r\n" RESPONSE "l: 0\r\n\r\n", SIP_FRAME_MESSAGE,
         sizeof(REQUEST "l: 0\r\n\r\n") - 1},
        {REQUEST "l: 2\r\n\r\n\r\n\r\n\r\n", SIP_FRAME_MESSAGE,
         sizeof(REQUEST "l: 2\r\n\r\n\r\n") - 1},
        {REQUEST "l: 0\r\n\r\n\x16\x03\x01", SIP_FRAME_MESSAGE, sizeof(REQUEST "l: 0\r\n\r\n") - 1},
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        check(row, true);
    }
}

Test(sip_framer, refuses_unsure_lengths) {
    static const struct frame_case cases[] = {
        BROKEN(REQUEST "\r\n"),
        BROKEN(RESPONSE "\r\n"),
        BROKEN(REQUEST "Via: SIP/2.0/TLS a\r\n\r\n"),
        BROKEN(RESPONSE "Via: SIP/2.0/TLS a\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbodyx"),
        BROKEN(REQUEST "Content-Length: 4\r\nl: 0\r\n"
                       "\r\nbody"),
        BROKEN(REQUEST "Content-Length: -4\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: +4\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 4, 4\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 4;x\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 0x4\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 1\r\n 2\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length:\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: four\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 16385\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: 16384\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: 4294967296\r\n\r\n"),
        BROKEN(REQUEST "Content-Length: 18446744073709551620\r\n\r\nbody"),
        BROKEN(REQUEST "Content-Length: 99999999999999999999999999999999999999\r\n\r\n"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
    }
}

/* Each ends with the octet that proves it; without that octet SIP may still follow. */
Test(sip_framer, refuses_other_protocols_at_the_first_proof) {
    static const struct frame_case cases[] = {
        BROKEN("\x16"),
        BROKEN("\x80"),
        BROKEN("\n"),
        BROKEN(" "),
        BROKEN("{"),
        BROKEN("<"),
        BROKEN("\rO"),
        BROKEN("GET /"),
        BROKEN("OPTIONS *"),
        BROKEN("HTTP/"),
        BROKEN("GET http://a/ H"),
        BROKEN("CONNECT a:443 H"),
        BROKEN("SSH-2.0-OpenSSH_9.2\r"),
        BROKEN("220 mail.example.test "),
        BROKEN("SIP/3"),
        BROKEN("SIP/2.0\r"),
        BROKEN("SIP/2.0  "),
        BROKEN("SIP/2.0 0"),
        BROKEN("SIP/2.0 7"),
        BROKEN("SIP/2.0 20O"),
        BROKEN("SIP/2.0 2000"),
        BROKEN("SIP/2.0 200 OK\rx"),
        BROKEN("SIP/2.0 200 OK\n"),
        BROKEN("OPTIONS  "),
        BROKEN("OPTIONS\t"),
        BROKEN("OPTIONS sip: "),
        BROKEN("OPTIONS 1"),
        BROKEN("OPTIONS sip;"),
        BROKEN("OPTIONS sip:a<"),
        BROKEN("OPTIONS sip:a\r"),
        BROKEN("OPTIONS sip:a SIP/7"),
        BROKEN("OPTIONS sip:a SIP/2.0 "),
        BROKEN("OPTIONS sip:a SIP/2.0\n"),
        BROKEN("OPTIONS sip:a SIP/2.0\r\r"),
        BROKEN(REQUEST " "),
        BROKEN(REQUEST ":"),
        BROKEN(REQUEST "\n"),
        BROKEN(REQUEST "\r\r"),
        BROKEN(REQUEST "\x01"),
        BROKEN(REQUEST "Via S"),
        BROKEN(REQUEST "Via\r"),
        BROKEN(REQUEST "Via: a\n"),
        BROKEN(REQUEST "Via: a\rb"),
        BROKEN(REQUEST "Via: a\r\n\r\r"),
        BROKEN(REQUEST "Via: a\r\n b\n"),
        BROKEN(REQUEST "l: 1x\r\na"),
        BROKEN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        size_t before = strlen(row->text) - 1;
        struct sip_frame frame = sample_frame(row->text, before, false);
        cr_assert_eq(frame.kind, SIP_FRAME_NEEDS_MORE,
                     "already proven before the last octet of: %s", row->text);
    }
}

Test(sip_framer, waits_while_sip_may_follow) {
    static const struct frame_case cases[] = {
        SHORT(""),
        SHORT("O"),
        SHORT("SIP"),
        SHORT("SIP/2.0 200 O"),
        SHORT("HTTP"),
        SHORT("OPTIONS sip:a SIP/2.0\r"),
        SHORT(REQUEST),
        SHORT(REQUEST "Content-Le"),
        SHORT(REQUEST "Content-Length "),
        SHORT(REQUEST "Content-Length: 4\r"),
        SHORT(REQUEST "Content-Length: 4\r\n"),
        SHORT(REQUEST "Content-Length: 4\r\n\r"),
        SHORT(REQUEST "Content-Length: 4\r\n\r\nbod"),
        SHORT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    };
    for (const struct frame_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        check(row, false);
        check(row, true);
    }
}

struct break_case {
    const char *text;
    struct sip_frame quiet;   /* no pong is awaited */
    struct sip_frame waiting; /* one is */
};

Test(sip_framer, tells_pings_from_pongs) {
    static const struct break_case cases[] = {
        {"\r", {SIP_FRAME_NEEDS_MORE, 0}, {SIP_FRAME_NEEDS_MORE, 0}},
        {"\r\n", {SIP_FRAME_NEEDS_MORE, 0}, {SIP_FRAME_PONG, 2}},
        {"\r\n\r", {SIP_FRAME_NEEDS_MORE, 0}, {SIP_FRAME_PONG, 2}},
        {"\r\n\r\n", {SIP_FRAME_PING, 4}, {SIP_FRAME_PONG, 2}},
        {"\r\n\r\n\r\n", {SIP_FRAME_PING, 4}, {SIP_FRAME_PONG, 2}},
        {"\r\nO", {SIP_FRAME_SKIP, 2}, {SIP_FRAME_PONG, 2}},
        {"\r\n\x16", {SIP_FRAME_SKIP, 2}, {SIP_FRAME_PONG, 2}},
        {"\r\n\rO", {SIP_FRAME_SKIP, 2}, {SIP_FRAME_PONG, 2}},
        {"\r\r", {SIP_FRAME_MALFORMED, 0}, {SIP_FRAME_MALFORMED, 0}},
    };
    for (const struct break_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct frame_case quiet = {row->text, row->quiet.kind, row->quiet.length};
        struct frame_case waiting = {row->text, row->waiting.kind, row->waiting.length};
        check(&quiet, false);
        check(&waiting, true);
    }
}

/* `head`, then as many of `filler` as make the text `length` octets long, then `tail`. */
static struct bytes filled(const char *head, char filler, const char *tail, size_t length) {
    static uint8_t text[2 * SIP_MESSAGE_MAX];
    size_t tail_length = strlen(tail);
    memset(text, filler, length);
    memcpy(text, head, strlen(head));
    memcpy(text + length - tail_length, tail, tail_length);
    return base_bytes(text, length);
}

static enum sip_frame_kind kind_of(struct bytes text) {
    return sample_frame(text.data, text.length, false).kind;
}

Test(sip_framer, holds_messages_to_the_maximum) {
    const char *head = REQUEST "l: 0\r\nX: ";
    struct bytes text = filled(head, 'x', "\r\n\r\n", SIP_MESSAGE_MAX);
    cr_expect_eq(kind_of(text), SIP_FRAME_MESSAGE);
    text = filled(head, 'x', "\r\n\r\n", SIP_MESSAGE_MAX + 1);
    cr_expect_eq(kind_of(text), SIP_FRAME_MALFORMED);
    text = filled(REQUEST "l: 16000\r\n\r\n", 'x', "", SIP_MESSAGE_MAX);
    cr_expect_eq(kind_of(text), SIP_FRAME_MESSAGE);
    text = filled(REQUEST "l: 16384\r\n\r\n", 'x', "", 2 * SIP_MESSAGE_MAX);
    cr_expect_eq(kind_of(text), SIP_FRAME_MALFORMED);
}

Test(sip_framer, refuses_an_announced_excess_before_it_arrives) {
    char text[128];
    int head = snprintf(text, sizeof(text), REQUEST "l: %05d\r\n\r\n", 0);
    for (int excess = 0; excess < 3; excess++) {
        snprintf(text, sizeof(text), REQUEST "l: %05d\r\n\r\n", SIP_MESSAGE_MAX - head + excess);
        cr_expect_eq(sample_frame(text, (size_t)head, false).kind,
                     excess == 0 ? SIP_FRAME_NEEDS_MORE : SIP_FRAME_MALFORMED, "%d", excess);
    }
}

struct endless_case {
    const char *head;
    char filler;
};

Test(sip_framer, gives_up_on_headers_without_end) {
    static const struct endless_case cases[] = {
        {REQUEST "l: 0\r\nX: ", 'x'},
        {REQUEST "l: 0\r\nX", 'x'},
        {REQUEST "l: 0\r\nX: y\r\n ", ' '},
        {"OPTIONS sip:", 'a'},
        {"OPTIONS s", 'a'},
        {"SIP/2.0 200 ", 'a'},
    };
    for (const struct endless_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        cr_expect_eq(kind_of(filled(row->head, row->filler, "", SIP_MESSAGE_MAX - 1)),
                     SIP_FRAME_NEEDS_MORE);
        cr_expect_eq(kind_of(filled(row->head, row->filler, "", SIP_MESSAGE_MAX)),
                     SIP_FRAME_MALFORMED);
        cr_expect_eq(kind_of(filled(row->head, row->filler, "", 2 * SIP_MESSAGE_MAX)),
                     SIP_FRAME_MALFORMED);
    }
}
