/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Torture messages of RFC 4475, by the names it gives them, as far as they concern framing and
 * parsing. Shortened, and with a Content-Length where the original leaves it to UDP.
 */
#include "sip_proxy.h"
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define REST                                                                                       \
    "Via: SIP/2.0/TLS host.example.com;branch=z9hG4bKkdjuw\r\n"                                    \
    "From: <sip:caller@example.com>;tag=3\r\nTo: <sip:user@example.com>\r\nCall-ID: t@example\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"

struct torture_case {
    const char *name;
    const char *text;
    enum sip_frame_kind kind;
    bool is_understood;
    const char *method;
    const char *branch;
    const char *from_tag;
    const char *to_tag;
    uint32_t cseq;
};

/* 3.1.1.1: folds and white space wherever the grammar has them. */
#define WSINV                                                                                      \
    "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"                            \
    "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"                      \
    "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = "         \
    "98asjd8\r\nMaX-fOrWaRdS: 0068\r\nCall-ID: wsinv.ndaksdj@192.0.2.1\r\n"                        \
    "Content-Length   : 3\r\ncseq: 0009\r\n  INVITE\r\n"                                           \
    "Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\ns :\r\n"                    \
    "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"                      \
    "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"                 \
    "Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"              \
    "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"       \
    " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"                     \
    "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam\r\n      =\r\n"             \
    "      newvalue ;\r\n  secondparam ; q = 0.33\r\n\r\nv=0"

/* 3.1.1.2: every character the grammar allows. */
#define INTMETH_METHOD "!interesting-Method0123456789_*+`.%indeed'~"
#define INTMETH                                                                                    \
    INTMETH_METHOD " sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$"   \
                   "wo~d_too.(doesn't-it)@example.com SIP/2.0\r\n"                                 \
                   "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\n"             \
                   "To: \"BEL:\\\x07 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$"       \
                   "/crazy?,/;;*@example.com>\r\n"                                                 \
                   "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*" \
                   "_!.-%=\"\xd1\x80\xd0\xb0\";tag=_token~1'+`*%!-.\r\n"                           \
                   "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\r\n"                     \
                   "CSeq: 139122385 " INTMETH_METHOD "\r\nMax-Forwards: 255\r\n"                   \
                   "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\r\n" EMPTY

/* 3.1.2.1: superfluous separators; a recipient may infer what was meant. */
#define BADINV01                                                                                   \
    "INVITE sip:user@example.com SIP/2.0\r\nTo: sip:j.user@example.com\r\n"                        \
    "From: sip:caller@example.net;tag=134161461246\r\nCall-ID: badinv01.0ha0isndaksdjasdf3234nas"  \
    "\r\nCSeq: 8 INVITE\r\nVia: SIP/2.0/UDP 192.0.2.15;;,;,,\r\n"                                  \
    "Contact: \"Joe\" <sip:joe@example.org>;;;;\r\n" EMPTY

#define TAKEN(name, text, method, branch, from_tag, to_tag, cseq)                                  \
    { name, text, SIP_FRAME_MESSAGE, true, method, branch, from_tag, to_tag, cseq }
#define LIKE_REST(name, text, method, cseq) TAKEN(name, text, method, "z9hG4bKkdjuw", "3", "", cseq)
#define REFUSED(name, text)                                                                        \
    { name, text, SIP_FRAME_MESSAGE, false, "", "", "", "", 0 }
#define CUT_OFF(name, text)                                                                        \
    { name, text, SIP_FRAME_MALFORMED, false, "", "", "", "", 0 }

static struct sip_message read_again(const struct base_buffer *text, const char *name) {
    struct bytes alone = base_buffer_bytes(text);
    struct sip_message message;
    struct sip_frame frame = sample_frame(alone.data, alone.length, false);
    cr_assert_eq(frame.kind, SIP_FRAME_MESSAGE, "%s", name);
    cr_assert_eq(frame.length, alone.length, "%s", name);
    cr_assert(sample_parses(alone, &message), "%s", name);
    return message;
}

/* Three proxies on, a request says what it said; a response of theirs finds back. */
static void assert_passes_proxies(const struct torture_case *row, struct sip_message message) {
    static uint8_t areas[2][SIP_MESSAGE_MAX];
    uint64_t token = 0;
    for (unsigned hop = 0; hop < 3; hop++) {
        const struct sip_forward forward = {
            .own_name = "[::1]", .token = hop, .record_route = true};
        struct base_buffer out = {.data = areas[hop & 1], .capacity = sizeof(areas[0])};
        cr_assert(sip_proxy_forward_request(&out, &message, &forward), "%s", row->name);
        struct sip_message next = read_again(&out, row->name);
        cr_expect(sample_is(next.method, row->method), "%s: method", row->name);
        cr_expect(base_bytes_equal(next.request_uri, message.request_uri), "%s: URI", row->name);
        cr_expect(base_bytes_equal(next.from, message.from), "%s: From", row->name);
        cr_expect(base_bytes_equal(next.to, message.to), "%s: To", row->name);
        cr_expect(base_bytes_equal(next.call_id, message.call_id), "%s: Call-ID", row->name);
        cr_expect(base_bytes_equal(next.body, message.body), "%s: body", row->name);
        cr_expect_eq(next.cseq, row->cseq, "%s: CSeq", row->name);
        cr_expect(sip_proxy_read_token(&next, "[::1]", &token) && token == hop, "%s", row->name);
        message = next;
    }
}

static void assert_goes_nowhere(const struct torture_case *row, const struct sip_message *message) {
    static uint8_t area[SIP_MESSAGE_MAX];
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    cr_assert_not(sip_proxy_forward_response(&out, message), "%s", row->name);
    cr_expect_eq(out.length, 0, "%s", row->name);
}

Test(sip_torture, is_judged_as_the_rfc_says) {
    static const struct torture_case cases[] = {
        TAKEN("wsinv", WSINV, "INVITE", "390skdjuw", "98asjd8", "1918181833n", 9),
        TAKEN("intmeth", INTMETH, INTMETH_METHOD, "z9hG4bK-.!%66*_+`'~", "_token~1'+`*%!-.", "",
              139122385),
        TAKEN("badinv01", BADINV01, "INVITE", "", "134161461246", "", 8),
        LIKE_REST("esc02",
                  "RE%47IST%45R sip:registrar.example.com SIP/2.0\r\n" REST
                  "CSeq: 234902 RE%47IST%45R\r\n" EMPTY,
                  "RE%47IST%45R", 234902),
        LIKE_REST("escnull",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST
                  "CSeq: 1 REGISTER\r\nContact: <sip:%00@host5.example.com>\r\n" EMPTY,
                  "REGISTER", 1),
        TAKEN("lwsdisp",
              "OPTIONS sip:user@example.com SIP/2.0\r\nTo: sip:user@example.com\r\n"
              "From: caller<sip:caller@example.com>;tag=323\r\nCall-ID: l@funky.example.com\r\n"
              "CSeq: 60 OPTIONS\r\nVia: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw\r\n"
              "l: 0\r\n\r\n",
              "OPTIONS", "z9hG4bKkdjuw", "323", "", 60),
        TAKEN("semiuri",
              "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\r\n"
              "To: sip:j_user@example.com\r\nFrom: <sip:caller;tag=x@example.org>;tag=33242\r\n"
              "Call-ID: semiuri.0ha0isndaksdj\r\nCSeq: 8 OPTIONS\r\n"
              "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw\r\nl: 0\r\n\r\n",
              "OPTIONS", "z9hG4bKkdjuw", "33242", "", 8),
        LIKE_REST("transports",
                  "OPTIONS sip:user@example.com SIP/2.0\r\n" REST
                  "Via: SIP/2.0/SCTP a;branch=z9hG4bK1\r\nVia: SIP/2.0/UNKNOWN b;branch=2\r\n"
                  "CSeq: 60 OPTIONS\r\n" EMPTY,
                  "OPTIONS", 60),
        LIKE_REST("unreason",
                  "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe\xd1\x81\xd1\x82\xd0\xbe\r\n" REST
                  "CSeq: 35 INVITE\r\n" EMPTY,
                  "INVITE", 35),
        LIKE_REST("noreason", "SIP/2.0 100 \r\n" REST "CSeq: 35 INVITE\r\n" EMPTY, "INVITE", 35),
        LIKE_REST("scalarlg_reg",
                  "SIP/2.0 503 Service Unavailable\r\n" REST
                  "CSeq: 9 REGISTER\r\nRetry-After: 949302838503028349304023988\r\n" EMPTY,
                  "REGISTER", 9),
        TAKEN(
            "baddn",
            "OPTIONS sip:t.watson@example.org SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKkdju\r\n"
            "From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\r\n"
            "To: Watson, Thomas <sip:t.watson@example.org>\r\nCall-ID: baddn.31415@c\r\n"
            "CSeq: 3923239 OPTIONS\r\nl: 0\r\n\r\n",
            "OPTIONS", "z9hG4bKkdju", "43", "", 3923239),
        TAKEN("inv2543",
              "INVITE sip:UserB@example.com SIP/2.0\r\nVia: SIP/2.0/UDP iftgw.example.com\r\n"
              "From: <sip:+13035551111@ift.client.example.net;user=phone>\r\n"
              "Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\r\n"
              "To: sip:+16505552222@ss1.example.net;user=phone\r\nCall-ID: inv2543.1717@ift\r\n"
              "CSeq: 56 INVITE\r\nContent-Length: 5\r\n\r\nv=0\r\n",
              "INVITE", "", "", "", 56),
        LIKE_REST("esc01",
                  "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\r\n" REST
                  "CSeq: 29344 INVITE\r\nContact: <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v"
                  "%61lue%25%34%31>\r\n" EMPTY,
                  "INVITE", 29344),
        /* Malformed for those whom it concerns (400), or what is wrong in it may be passed over:
         * 3.1.2.11 to 3.1.2.14. */
        LIKE_REST("escruri",
                  "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0\r\n" REST
                  "CSeq: 149209342 INVITE\r\n" EMPTY,
                  "INVITE", 149209342),
        LIKE_REST("baddate",
                  "INVITE sip:user@example.com SIP/2.0\r\n" REST
                  "CSeq: 392934 INVITE\r\nDate: Fri, 01 Jan 2010 16:00:00 EST\r\n" EMPTY,
                  "INVITE", 392934),
        LIKE_REST("regbadct",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 998332 REGISTER\r\n"
                  "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\r\n" EMPTY,
                  "REGISTER", 998332),
        TAKEN("badaspec",
              "OPTIONS sip:user@example.org SIP/2.0\r\n"
              "Via: SIP/2.0/UDP host4.example.com:5060;branch=z9hG4bKkdju43234\r\n"
              "From: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=433423\r\n"
              "To: \"Watson, Thomas\" < sip:t.watson@example.org >\r\nCall-ID: badaspec\r\n"
              "CSeq: 3923239 OPTIONS\r\nl: 0\r\n\r\n",
              "OPTIONS", "z9hG4bKkdju43234", "433423", "", 3923239),
        /* 3.2.1: no less a message; only the branch identifies nothing. */
        TAKEN("badbranch",
              "OPTIONS sip:user@example.com SIP/2.0\r\nTo: sip:user@example.com\r\n"
              "From: sip:caller@example.org;tag=33242\r\nMax-Forwards: 4\r\n"
              "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\r\nCall-ID: badbranch\r\n"
              "CSeq: 8 OPTIONS\r\nl: 0\r\n\r\n",
              "OPTIONS", "z9hG4bK", "33242", "", 8),
        /* 3.3: well-formed; what is wrong with them is for the application to say. */
        LIKE_REST("unkscm",
                  "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\r\n" REST
                  "CSeq: 3923423 OPTIONS\r\n" EMPTY,
                  "OPTIONS", 3923423),
        LIKE_REST("novelsc",
                  "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n" REST
                  "CSeq: 3923423 OPTIONS\r\n" EMPTY,
                  "OPTIONS", 3923423),
        TAKEN("unksm2",
              "REGISTER sip:example.com SIP/2.0\r\nTo: isbn:2983792873\r\n"
              "From: <http://www.example.com>;tag=3234233\r\nCall-ID: unksm2\r\n"
              "CSeq: 234902 REGISTER\r\nVia: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKkdjuw\r\n"
              "Contact: <name:John_Smith>\r\nl: 0\r\n\r\n",
              "REGISTER", "z9hG4bKkdjuw", "3234233", "", 234902),
        LIKE_REST("bext01",
                  "OPTIONS sip:user@example.com SIP/2.0\r\n" REST
                  "CSeq: 8 OPTIONS\r\nRequire: nothingSupportsThis, nothingSupportsThisEither\r\n"
                  "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\r\n" EMPTY,
                  "OPTIONS", 8),
        LIKE_REST("invut",
                  "INVITE sip:user@example.com SIP/2.0\r\n" REST
                  "CSeq: 235448 INVITE\r\nContent-Type: application/unknownformat\r\n"
                  "Content-Length: 13\r\n\r\n<audio>\r\n </>",
                  "INVITE", 235448),
        LIKE_REST("regaut01",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 9338 REGISTER\r\n"
                  "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n" EMPTY,
                  "REGISTER", 9338),
        LIKE_REST("cparam01",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 79 REGISTER\r\n"
                  "Contact: sip:+19725552222@gw1.example.net;unknownparam\r\n" EMPTY,
                  "REGISTER", 79),
        LIKE_REST("cparam02",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 80 REGISTER\r\n"
                  "Contact: <sip:+19725552222@gw1.example.net;unknownparam>\r\n" EMPTY,
                  "REGISTER", 80),
        LIKE_REST("regescrt",
                  "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 14398234 REGISTER\r\n"
                  "Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\r\n" EMPTY,
                  "REGISTER", 14398234),
        LIKE_REST("sdp01",
                  "INVITE sip:user@example.com SIP/2.0\r\n" REST
                  "CSeq: 5 INVITE\r\nAccept: text/nobodyKnowsThis\r\nContent-Length: 0\r\n\r\n",
                  "INVITE", 5),
        REFUSED("multi01", "INVITE sip:user@company.com SIP/2.0\r\n" REST
                           "CSeq: 59 INVITE\r\nCSeq: 5 INVITE\r\nFrom: sip:x;tag=4\r\n" EMPTY),
        REFUSED("insuf", "INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\n"
                         "Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\r\n" EMPTY),
        REFUSED("scalar02: CSeq", "REGISTER sip:example.com SIP/2.0\r\n" REST
                                  "CSeq: 36893488147419103232 REGISTER\r\n" EMPTY),
        REFUSED("scalar02: Max-Forwards", "REGISTER sip:example.com SIP/2.0\r\n" REST
                                          "CSeq: 3 REGISTER\r\nMax-Forwards: 300\r\n" EMPTY),
        REFUSED("scalarlg", "SIP/2.0 503 Service Unavailable\r\n" REST
                            "CSeq: 9292394834772304023312 OPTIONS\r\n"
                            "Retry-After: 949302838503028349304023988\r\n"
                            "Warning: 1812 overture \"In Progress\"\r\n" EMPTY),
        REFUSED("mismatch01",
                "OPTIONS sip:user@example.com SIP/2.0\r\n" REST "CSeq: 8 INVITE\r\n" EMPTY),
        REFUSED("mismatch02",
                "NEWMETHOD sip:user@example.com SIP/2.0\r\n" REST "CSeq: 8 INVITE\r\n" EMPTY),
        REFUSED("quotbal", "INVITE sip:user@example.com SIP/2.0\r\n"
                           "To: \"Mr. J. User <sip:j.user@example.com>\r\n"
                           "From: sip:caller@example.net;tag=93334\r\nCall-ID: q\r\n"
                           "CSeq: 8 INVITE\r\nVia: SIP/2.0/UDP 192.0.2.59;branch=z9hG4bKkdjuw\r\n"
                           "l: 0\r\n\r\n"),
        CUT_OFF("ncl", "INVITE sip:user@example.com SIP/2.0\r\n" REST
                       "CSeq: 8 INVITE\r\nContent-Length: -999\r\n\r\n"),
        CUT_OFF("mcl01", "OPTIONS sip:user@example.com SIP/2.0\r\n" REST
                         "CSeq: 59 OPTIONS\r\nContent-Length: 13\r\nContent-Length: 5\r\n\r\n"
                         "There's no way to know how many octets are supposed to be here.\r\n"),
        CUT_OFF("ltgtruri", "INVITE <sip:user@example.com> SIP/2.0\r\n"),
        CUT_OFF("lwsruri", "INVITE sip:user@example.com; lr SIP/2.0\r\n"),
        CUT_OFF("lwsstart", "INVITE  sip:user@example.com  SIP/2.0\r\n"),
        CUT_OFF("trws", "OPTIONS sip:remote-target@example.com SIP/2.0  \r\n"),
        CUT_OFF("badvers", "OPTIONS sip:t.watson@example.org SIP/7.0\r\n"),
        CUT_OFF("bigcode", "SIP/2.0 4294967301 better not break the receiver\r\n"),
    };
    for (const struct torture_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct bytes text = base_bytes_of_text(row->text);
        struct sip_frame frame = sample_frame(text.data, text.length, false);
        cr_assert_eq(frame.kind, row->kind, "%s: kind %d", row->name, frame.kind);
        cr_assert_eq(frame.length, row->kind == SIP_FRAME_MESSAGE ? text.length : 0, "%s",
                     row->name);
        if (frame.kind != SIP_FRAME_MESSAGE) {
            continue;
        }
        struct sip_message message;
        cr_assert_eq(sample_parses(text, &message), row->is_understood, "%s", row->name);
        if (!row->is_understood) {
            continue;
        }
        cr_expect(sample_is(message.method, row->method), "%s: method", row->name);
        cr_expect(sample_is(message.via_branch, row->branch), "%s: branch", row->name);
        cr_expect(sample_is(message.from_tag, row->from_tag), "%s: tag of From", row->name);
        cr_expect(sample_is(message.to_tag, row->to_tag), "%s: tag of To", row->name);
        cr_expect_eq(message.cseq, row->cseq, "%s: CSeq", row->name);
        if (message.is_request) {
            assert_passes_proxies(row, message);
        } else {
            assert_goes_nowhere(row, &message);
        }
    }
}

/* 3.1.1.11: a signed multipart body may hold any octet. */
Test(sip_torture, mpart01_has_a_body_of_octets) {
    static const char text[] =
        "MESSAGE sip:kumiko@example.org SIP/2.0\r\n" REST "CSeq: 127 MESSAGE\r\n"
        "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\r\n"
        "Content-Length: 54\r\n\r\n"
        "--7a9cbec02ceef655\r\n\r\n\x30\x82\x00\x80\xff\r\n\r\n\0"
        "--7a9cbec02ceef655--\r\n";
    struct sip_message message;
    SAMPLE_READ(base_bytes(text, sizeof(text) - 1), &message);
    cr_expect(sample_is(message.method, "MESSAGE"));
    cr_expect_eq(message.body.length, 54);
}

/* 3.3.10: it must not be broadcast; a response that we did not send on is nobody's. */
Test(sip_torture, bcast_is_no_answer_to_anything_of_ours) {
    static const char text[] =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\n"
        "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\r\n"
        "Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf\r\nCSeq: 35 INVITE\r\n"
        "From: sip:user@example.com;tag=11141343\r\nTo: sip:user@example.edu;tag=2229\r\n" EMPTY;
    struct sip_message message;
    uint64_t token;
    SAMPLE_READ(base_bytes(text, sizeof(text) - 1), &message);
    cr_expect_not(sip_proxy_read_token(&message, "192.0.2.198", &token));
}

/* 3.3.11: well-formed, and answered by whom it reaches; a proxy does not send it on. */
Test(sip_torture, zeromf_ends_here) {
    static const char text[] = "OPTIONS sip:user@example.com SIP/2.0\r\n" REST
                               "CSeq: 39234321 OPTIONS\r\nMax-Forwards: 0\r\n" EMPTY;
    const struct sip_forward forward = {.own_name = "edge.example.test"};
    static uint8_t area[SIP_MESSAGE_MAX];
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    struct sip_message message;
    SAMPLE_READ(base_bytes(text, sizeof(text) - 1), &message);
    cr_expect_eq(message.max_forwards, 0);
    cr_expect_not(sip_proxy_forward_request(&out, &message, &forward));
}

/* 3.1.2.2: the body is shorter than announced, and the stream goes on. */
Test(sip_torture, clerr_waits_for_the_announced_body) {
    const char *text = "INVITE sip:user@example.com SIP/2.0\r\n" REST
                       "CSeq: 8 INVITE\r\nContent-Length: 9999\r\n\r\nv=0\r\n";
    cr_assert_eq(sample_frame(text, strlen(text), false).kind, SIP_FRAME_NEEDS_MORE);
}

/* 3.1.1.8: two requests in one packet; the second begins where the first one's length says. */
Test(sip_torture, dblreq_is_two_messages) {
    const char *first = "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 8 REGISTER\r\n" EMPTY;
    const char *both = "REGISTER sip:example.com SIP/2.0\r\n" REST "CSeq: 8 REGISTER\r\n" EMPTY
                       "INVITE sip:joe@example.com SIP/2.0\r\n" REST
                       "CSeq: 8 INVITE\r\nContent-Length: 3\r\n\r\nv=0";
    struct sip_frame frame = sample_frame(both, strlen(both), false);
    cr_assert_eq(frame.kind, SIP_FRAME_MESSAGE);
    cr_assert_eq(frame.length, strlen(first));
    frame = sample_frame(both + frame.length, strlen(both) - frame.length, false);
    cr_assert_eq(frame.kind, SIP_FRAME_MESSAGE);
    cr_assert_eq(frame.length, strlen(both) - strlen(first));
}

/* 3.1.1.7: values longer than a reader's private buffers. */
Test(sip_torture, longreq_has_no_limit_but_the_messages_own) {
    static char text[SIP_MESSAGE_MAX];
    static char name[4001];
    memset(name, 'a', sizeof(name) - 1);
    int length = snprintf(text, sizeof(text),
                          "INVITE sip:%s@example.com SIP/2.0\r\nTo: \"%s\" <sip:b>;tag=2\r\n"
                          "From: sip:a;x=%s;tag=1\r\nVia: SIP/2.0/TLS a;branch=b\r\n"
                          "Call-ID: c\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n",
                          name, name, name);
    struct sip_message message;
    cr_assert_eq(sample_frame(text, (size_t)length, false).kind, SIP_FRAME_MESSAGE);
    cr_assert(sample_parses(base_bytes(text, (size_t)length), &message));
    cr_assert(sample_is(message.to_tag, "2"));
    cr_assert(sample_is(message.from_tag, "1"));
    cr_assert_eq(message.request_uri.length, strlen("sip:@example.com") + 4000);
}
