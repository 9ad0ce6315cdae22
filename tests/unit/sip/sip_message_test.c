/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* RFC 3261 section 24.2, without the body. */
#define INVITE                                                                                     \
    "INVITE sip:bob@biloxi.com SIP/2.0\r\n"                                                        \
    "Via: SIP/2.0/TCP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"                                  \
    "Max-Forwards: 70\r\n"                                                                         \
    "To: Bob <sip:bob@biloxi.com>\r\n"                                                             \
    "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"                                       \
    "Call-ID: a84b4c76e66710\r\n"                                                                  \
    "CSeq: 314159 INVITE\r\n"                                                                      \
    "Contact: <sip:alice@pc33.atlanta.com>\r\n"                                                    \
    "Content-Type: application/sdp\r\n"                                                            \
    "Content-Length: 4\r\n\r\nbody"

#define RINGING                                                                                    \
    "SIP/2.0 180 Ringing\r\n"                                                                      \
    "Via: SIP/2.0/TCP server10.biloxi.com;branch=z9hG4bK4b43c2ff8.1;received=192.0.2.3\r\n"        \
    "Via: SIP/2.0/TCP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1\r\n"                 \
    "Via: SIP/2.0/TCP pc33.atlanta.com;branch=z9hG4bKnashds8;received=192.0.2.1\r\n"               \
    "To: Bob <sip:bob@biloxi.com>;tag=a6c85cf\r\n"                                                 \
    "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"                                       \
    "Call-ID: a84b4c76e66710\r\n"                                                                  \
    "Contact: <sip:bob@192.0.2.4>\r\n"                                                             \
    "CSeq: 314159 INVITE\r\n"                                                                      \
    "Content-Length: 0\r\n\r\n"

/* A message of nothing but the mandatory headers; a row of a table varies one of them. */
#define WITH_LINE(line, via, from, to, call_id, cseq)                                              \
    line "\r\n" via "\r\n" from "\r\n" to "\r\n" call_id "\r\n" cseq "\r\n\r\n"
#define LINE          "OPTIONS sip:b SIP/2.0"
#define VIA           "Via: SIP/2.0/TLS a;branch=z9hG4bK1"
#define FROM          "From: <sip:a>;tag=1"
#define TO            "To: <sip:b>"
#define CALL_ID       "Call-ID: 1@a"
#define CSEQ          "CSeq: 1 OPTIONS"
#define OF_VIA(text)  WITH_LINE(LINE, text, FROM, TO, CALL_ID, CSEQ)
#define OF_FROM(text) WITH_LINE(LINE, VIA, text, TO, CALL_ID, CSEQ)
#define OF_CSEQ(text) WITH_LINE(LINE, VIA, FROM, TO, CALL_ID, text)
#define OF_MORE(text) WITH_LINE(LINE, VIA, FROM, TO, CALL_ID, CSEQ "\r\n" text)

static struct sip_message parsed(const char *text) {
    struct sip_message message;
    cr_assert(sample_parses(base_bytes_of_text(text), &message), "refused: %s", text);
    return message;
}

static void assert_text(struct bytes span, const char *expected) {
    cr_assert(sample_is(span, expected), "'%.*s', not '%s'", (int)span.length,
              (const char *)span.data, expected);
}

Test(sip_message, reads_a_request) {
    struct sip_message message = parsed(INVITE);
    cr_assert(message.is_request);
    cr_assert_eq(message.status, 0);
    assert_text(message.method, "INVITE");
    assert_text(message.request_uri, "sip:bob@biloxi.com");
    assert_text(message.via_branch, "z9hG4bKnashds8");
    assert_text(message.from, "Alice <sip:alice@atlanta.com>;tag=1928301774");
    assert_text(message.from_tag, "1928301774");
    assert_text(message.to, "Bob <sip:bob@biloxi.com>");
    assert_text(message.to_tag, "");
    assert_text(message.call_id, "a84b4c76e66710");
    cr_assert_eq(message.cseq, 314159);
    cr_assert_eq(message.max_forwards, 70);
    assert_text(message.body, "body");
}

Test(sip_message, reads_a_response) {
    struct sip_message message = parsed(RINGING);
    cr_assert_not(message.is_request);
    cr_assert_eq(message.status, 180);
    assert_text(message.method, "INVITE");
    assert_text(message.request_uri, "");
    assert_text(message.via_branch, "z9hG4bK4b43c2ff8.1");
    assert_text(message.from_tag, "1928301774");
    assert_text(message.to_tag, "a6c85cf");
    cr_assert_eq(message.cseq, 314159);
    assert_text(message.body, "");
}

Test(sip_message, headers_are_all_lines_without_the_empty_one) {
    struct sip_message message = parsed(LINE "\r\n" VIA "\r\n" FROM "\r\n" TO "\r\n" CALL_ID
                                             "\r\n" CSEQ "\r\nX:\r\n y\r\n\r\nbody");
    assert_text(message.headers,
                VIA "\r\n" FROM "\r\n" TO "\r\n" CALL_ID "\r\n" CSEQ "\r\nX:\r\n y\r\n");
}

Test(sip_message, reads_compact_forms_in_either_case) {
    struct sip_message message =
        parsed("OPTIONS sip:b SIP/2.0\r\nv: SIP/2.0/TLS a;branch=z9hG4bK1\r\nF: <sip:a>;tag=1\r\n"
               "t: <sip:b>;tag=2\r\nI: 1@a\r\nm: <sip:a>\r\nc: text/plain\r\nk: path\r\ns: x\r\n"
               "e: gzip\r\ncseq: 7 OPTIONS\r\nMAX-FORWARDS: 9\r\nL: 2\r\n\r\nhi");
    assert_text(message.via_branch, "z9hG4bK1");
    assert_text(message.from_tag, "1");
    assert_text(message.to_tag, "2");
    assert_text(message.call_id, "1@a");
    cr_assert_eq(message.cseq, 7);
    cr_assert_eq(message.max_forwards, 9);
    assert_text(message.body, "hi");
}

Test(sip_message, is_refused_wherever_its_headers_break_off) {
    struct sip_message message;
    size_t whole = strlen(INVITE) - strlen("body");
    for (size_t length = 0; length < whole; length++) {
        cr_assert_not(sample_parses(base_bytes(INVITE, length), &message), "at %zu", length);
    }
    cr_assert(sample_parses(base_bytes(INVITE, whole), &message));
}

struct reason_case {
    const char *line;
    const char *reason; /* NULL: refused */
};

Test(sip_message, reads_a_reason_without_control_characters) {
    static const struct reason_case cases[] = {
        {"SIP/2.0 503 no tunnel is open on edge.tunnel: alert 43",
         "no tunnel is open on edge.tunnel: alert 43"},
        {"SIP/2.0 200 \t \xc3\xa9t\xc3\xa9\t2**3 ", "\xc3\xa9t\xc3\xa9\t2**3"},
        {"SIP/2.0 200 ", ""},
        {"SIP/2.0 200", ""},
        {"SIP/2.0 200 \x1b[2J", NULL},
        {"SIP/2.0 200 a\x7f", NULL},
        {"SIP/2.0 200 a\x01z", NULL},
    };
    for (const struct reason_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[512];
        struct sip_message message;
        snprintf(text, sizeof(text), WITH_LINE("%s", VIA, FROM, TO, CALL_ID, CSEQ), row->line);
        cr_assert_eq(sample_parses(base_bytes_of_text(text), &message), row->reason != NULL, "%s",
                     row->line);
        if (row->reason != NULL) {
            assert_text(message.reason, row->reason);
        }
    }
}

struct branch_case {
    const char *text;
    const char *branch;
};

Test(sip_message, finds_the_topmost_branch) {
    static const struct branch_case cases[] = {
        {OF_VIA("Via: SIP/2.0/TLS a;branch=1"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a;rport;alias;branch=1;received=1.2.3.4"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a;BRANCH=Ab"), "Ab"},
        {OF_VIA("Via: SIP/2.0/TLS a ; branch = 1 ; x"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a\r\n ;\r\n\tbranch\r\n =\r\n 1"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a;branch=1,SIP/2.0/TLS b;branch=2"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a;branch=1\r\nVia: SIP/2.0/TLS b;branch=2"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a,SIP/2.0/TLS b;branch=2"), ""},
        {OF_VIA("Via: SIP/2.0/TLS a;x=\"b;branch=0,\\\"\";branch=1"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a;x=branch;mybranch=0;branch=1"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS [2001:db8::1]:5061;received=2001:db8::2;branch=1"), "1"},
        {OF_VIA("Via: SIP / 2.0 / TLS  a : 5061;branch=1"), "1"},
        {OF_VIA("Via: SIP/2.0/TLS a"), ""},
        {OF_VIA("Via: SIP/2.0/TLS a;;branch=1;"), "1"},
    };
    for (const struct branch_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        assert_text(parsed(row->text).via_branch, row->branch);
    }
}

struct tag_case {
    const char *text;
    const char *value;
    const char *tag;
};

Test(sip_message, finds_the_tag_of_the_header_only) {
    static const struct tag_case cases[] = {
        {OF_FROM("From: <sip:a>;tag=1"), "<sip:a>;tag=1", "1"},
        {OF_FROM("From: <sip:a>"), "<sip:a>", ""},
        {OF_FROM("From: <sip:a;tag=0>;tag=1"), "<sip:a;tag=0>;tag=1", "1"},
        {OF_FROM("From: <sip:a;tag=0>"), "<sip:a;tag=0>", ""},
        {OF_FROM("From: \"x;tag=0\" <sip:a>;tag=1"), "\"x;tag=0\" <sip:a>;tag=1", "1"},
        {OF_FROM("From: \"<sip:x>;tag=0\"<sip:a>"), "\"<sip:x>;tag=0\"<sip:a>", ""},
        {OF_FROM("From: \"\\\"<x>;tag=0\" <sip:a>;tag=1"), "\"\\\"<x>;tag=0\" <sip:a>;tag=1", "1"},
        {OF_FROM("From: \"\\\\\" <sip:a>;tag=1"), "\"\\\\\" <sip:a>;tag=1", "1"},
        {OF_FROM("From: sip:a;tag=1"), "sip:a;tag=1", "1"},
        {OF_FROM("From: sip:a"), "sip:a", ""},
        {OF_FROM("From: <sip:a>;x=\";tag=0\";tag=1"), "<sip:a>;x=\";tag=0\";tag=1", "1"},
        {OF_FROM("From: <sip:a> ; TAG = 1~a"), "<sip:a> ; TAG = 1~a", "1~a"},
        {OF_FROM("From: <sip:a>;x;tag=1;y=tag"), "<sip:a>;x;tag=1;y=tag", "1"},
        {OF_FROM("From  :\t A B<sip:a>;\r\n tag=1 "), "A B<sip:a>;\r\n tag=1", "1"},
        {OF_FROM("From: \xc3\xa9t\xc3\xa9 <sip:a>;tag=1"), "\xc3\xa9t\xc3\xa9 <sip:a>;tag=1", "1"},
    };
    for (const struct tag_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message message = parsed(row->text);
        assert_text(message.from, row->value);
        assert_text(message.from_tag, row->tag);
        assert_text(message.to_tag, "");
    }
}

struct number_case {
    const char *text;
    uint32_t cseq;
    unsigned max_forwards;
};

Test(sip_message, reads_numbers) {
    static const struct number_case cases[] = {
        {OF_CSEQ("CSeq: 0 OPTIONS"), 0, 70},
        {OF_CSEQ("CSeq: 2147483647 OPTIONS"), 2147483647, 70},
        {OF_CSEQ("CSeq: 00000000000000000009 OPTIONS"), 9, 70},
        {OF_CSEQ("CSeq: 1 \t\r\n OPTIONS"), 1, 70},
        {OF_MORE("Max-Forwards: 0"), 1, 0},
        {OF_MORE("Max-Forwards: 0068"), 1, 68},
        {OF_MORE("Max-Forwards: 255"), 1, 255},
    };
    for (const struct number_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message message = parsed(row->text);
        cr_assert_eq(message.cseq, row->cseq);
        cr_assert_eq(message.max_forwards, row->max_forwards);
    }
}

struct refused_case {
    const char *text;
};

Test(sip_message, refuses) {
    static const struct refused_case cases[] = {
        {WITH_LINE(LINE, "X: y", FROM, TO, CALL_ID, CSEQ)},
        {WITH_LINE(LINE, VIA, "X: y", TO, CALL_ID, CSEQ)},
        {WITH_LINE(LINE, VIA, FROM, "X: y", CALL_ID, CSEQ)},
        {WITH_LINE(LINE, VIA, FROM, TO, "X: y", CSEQ)},
        {WITH_LINE(LINE, VIA, FROM, TO, CALL_ID, "X: y")},
        {WITH_LINE("OPTIONS sip:b HTTP/1.1", VIA, FROM, TO, CALL_ID, CSEQ)},
        {WITH_LINE("SIP/2.0 099 Low", VIA, FROM, TO, CALL_ID, CSEQ)},
        {WITH_LINE("SIP/2.0 700 High", VIA, FROM, TO, CALL_ID, CSEQ)},
        {OF_MORE(FROM)},
        {OF_MORE(TO)},
        {OF_MORE(CALL_ID)},
        {OF_MORE(CSEQ)},
        {OF_MORE("Max-Forwards: 7\r\nMax-Forwards: 7")},
        {OF_MORE("Max-Forwards: 256")},
        {OF_MORE("Max-Forwards: -1")},
        {OF_MORE("Max-Forwards:")},
        {OF_MORE("no colon")},
        {OF_MORE(": no name")},
        {OF_MORE("X: a\rb")},
        {OF_MORE("X: a\nb: c")},
        {OF_CSEQ("CSeq: 2147483648 OPTIONS")},
        {OF_CSEQ("CSeq: 18446744073709551617 OPTIONS")},
        {OF_CSEQ("CSeq: -1 OPTIONS")},
        {OF_CSEQ("CSeq: 1")},
        {OF_CSEQ("CSeq: OPTIONS")},
        {OF_CSEQ("CSeq: 1OPTIONS")},
        {OF_CSEQ("CSeq: 1 OPTIONS x")},
        {OF_CSEQ("CSeq: 1 OPTIONS;x")},
        {OF_CSEQ("CSeq: 1 INVITE")},
        {OF_CSEQ("CSeq: 1 options")},
        {OF_CSEQ("CSeq:")},
        {OF_VIA("Via:")},
        {OF_VIA("Via: ;branch=1")},
        {OF_VIA("Via: SIP/2.0/TLS a;branch")},
        {OF_VIA("Via: SIP/2.0/TLS a;branch=")},
        {OF_VIA("Via: SIP/2.0/TLS a;branch=1;branch=2")},
        {OF_VIA("Via: SIP/2.0/TLS a;branch=1 2")},
        {OF_VIA("Via: SIP/2.0/TLS a;x=\"b;branch=1")},
        {OF_FROM("From:")},
        {OF_FROM("From: ;tag=1")},
        {OF_FROM("From: <>;tag=1")},
        {OF_FROM("From: <sip:a;tag=1")},
        {OF_FROM("From: \"A\";tag=1")},
        {OF_FROM("From: \"A <sip:a>;tag=1")},
        {OF_FROM("From: \"A\\")},
        {OF_FROM("From: <sip:a>;tag")},
        {OF_FROM("From: <sip:a>;tag=")},
        {OF_FROM("From: <sip:a>;tag=1;tag=2")},
        {OF_FROM("From: <sip:a>;tag=1, <sip:b>;tag=2")},
        {OF_FROM("From: <sip:a> tag=1")},
        {OF_FROM("From: <sip:a>;=1")},
        {WITH_LINE(LINE, VIA, FROM, TO, "Call-ID: ", CSEQ)},
    };
    for (const struct refused_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message message;
        cr_assert_not(sample_parses(base_bytes_of_text(row->text), &message), "taken: %s",
                      row->text);
    }
}
