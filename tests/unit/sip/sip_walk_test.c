/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call through two proxies, after the trapezoid of RFC 3261 section 16.12.1.1: U1, P1, P2, U2.
 * Each step reads what the one before it wrote.
 */
#include "sip_dialog.h"
#include "sip_proxy.h"
#include "sip_sample.h"
#include "sip_writer.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define P1 "p1.example.com"
#define P2 "p2.domain.com"
#define U2 "u2.domain.com"

/* The connection that a request came from, as its proxy names it. */
#define TOKEN_AT_P1 0x0000000000000001
#define TOKEN_AT_P2 0xffffffff00000002

#define U1_VIA "Via: SIP/2.0/TLS u1.example.com;branch=z9hG4bK00000000000000b1;rport\r\n"
#define U1_END                                                                                     \
    "From: <sip:caller@u1.example.com>;tag=00000000000000d1\r\nTo: <sip:callee@domain.com>"

static const struct sip_endpoints caller = {.local_name = "u1.example.com", .remote_name = P1};

/* One message on its way, and the area for what comes of it: they change places at each hop. */
struct walk {
    uint8_t areas[2][4096];
    unsigned here;
    struct sip_message message;
};

static struct base_buffer next_area(struct walk *walk) {
    walk->here ^= 1;
    return (struct base_buffer){.data = walk->areas[walk->here],
                                .capacity = sizeof(walk->areas[0])};
}

static struct sip_request request_of(enum sip_method method, const char *uri) {
    return (struct sip_request){
        .method = method,
        .endpoints = &caller,
        .transaction = {.dialog = 0xd1, .branch = 0xb1, .cseq = 1},
        .local_user = "caller",
        .uri = base_bytes_of_text(uri),
        .to_uri = base_bytes_of_text("sip:callee@domain.com"),
    };
}

static void send(struct walk *walk, const struct sip_request *request) {
    struct base_buffer out = next_area(walk);
    cr_assert(sip_writer_request(&out, request));
    SAMPLE_READ(base_buffer_bytes(&out), &walk->message);
}

static void pass(struct walk *walk, const char *own_name, uint64_t token, const char *next_host) {
    struct base_buffer out = next_area(walk);
    struct sip_next_hop hop;
    cr_assert(sip_proxy_next_hop(&walk->message, own_name, &hop));
    SAMPLE_ASSERT_TEXT(hop.host, next_host);
    const struct sip_forward forward = {
        .own_name = own_name,
        .token = token,
        .record_route = sample_is(walk->message.method, "INVITE"),
    };
    cr_assert(sip_proxy_forward_request(&out, &walk->message, &forward));
    SAMPLE_READ(base_buffer_bytes(&out), &walk->message);
}

static void pass_back(struct walk *walk, const char *own_name, const char *other_name,
                      uint64_t expected) {
    struct base_buffer out = next_area(walk);
    uint64_t token = 0;
    cr_assert_not(sip_proxy_read_token(&walk->message, other_name, &token));
    cr_assert(sip_proxy_read_token(&walk->message, own_name, &token));
    cr_assert_eq(token, expected);
    cr_assert(sip_proxy_forward_response(&out, &walk->message));
    SAMPLE_READ(base_buffer_bytes(&out), &walk->message);
}

static void answer(struct walk *walk, unsigned status) {
    struct base_buffer out = next_area(walk);
    bool is_invite = sample_is(walk->message.method, "INVITE");
    const struct sip_reply reply = {
        .status = status,
        .to_tag = 0xd2,
        .contact_host = is_invite ? "callee@" U2 : NULL,
        .copies_record_route = is_invite,
        .has_sdp = is_invite && status == 200,
    };
    cr_assert(sip_writer_reply(&out, &walk->message, &reply));
    SAMPLE_READ(base_buffer_bytes(&out), &walk->message);
}

static void assert_text(const struct walk *walk, const char *expected) {
    const struct sip_message *message = &walk->message;
    char text[4096];
    snprintf(text, sizeof(text), "%.*s", (int)message->headers.length,
             (const char *)message->headers.data);
    cr_assert_str_eq(text, expected);
}

/* The whole INVITE up to U2, who answers with `status`, and the answer back to U1. */
static void call(struct walk *walk, unsigned status) {
    const struct sip_request invite = request_of(SIP_INVITE, "sip:callee@" U2);
    send(walk, &invite);
    pass(walk, P1, TOKEN_AT_P1, U2);
    pass(walk, P2, TOKEN_AT_P2, U2);
    answer(walk, status);
    pass_back(walk, P2, P1, TOKEN_AT_P2);
    pass_back(walk, P1, P2, TOKEN_AT_P1);
}

#define ROUTES "Route: <sip:" P1 ";transport=tls;lr>\r\nRoute: <sip:" P2 ";transport=tls;lr>\r\n"

Test(sip_walk, an_invite_arrives_with_the_way_it_took) {
    struct walk walk = {.here = 0};
    const struct sip_request invite = request_of(SIP_INVITE, "sip:callee@" U2);
    send(&walk, &invite);
    struct bytes sent = walk.message.body;
    char offer[1024];
    snprintf(offer, sizeof(offer), "%.*s", (int)sent.length, (const char *)sent.data);
    pass(&walk, P1, TOKEN_AT_P1, U2);
    pass(&walk, P2, TOKEN_AT_P2, U2);
    SAMPLE_ASSERT_TEXT(walk.message.body, offer);
    SAMPLE_ASSERT_TEXT(walk.message.request_uri, "sip:callee@" U2);
    cr_assert_eq(walk.message.max_forwards, 68);
    assert_text(&walk, "Via: SIP/2.0/TLS " P2 ";branch=z9hG4bK063cb58a20f9acef.ffffffff00000002\r\n"
                       "Record-Route: <sip:" P2 ";transport=tls;lr>\r\n"
                       "Via: SIP/2.0/TLS " P1 ";branch=z9hG4bK65aa897206595dc2.0000000000000001\r\n"
                       "Record-Route: <sip:" P1 ";transport=tls;lr>\r\n" U1_VIA
                       "Max-Forwards: 68\r\n" U1_END
                       "\r\nCall-ID: 00000000000000d1@u1.example.com\r\nCSeq: 1 INVITE\r\n"
                       "Contact: <sip:caller@u1.example.com;transport=tls>\r\n"
                       "Content-Type: application/sdp\r\nContent-Length: 130\r\n");
}

Test(sip_walk, answers_find_the_way_back) {
    static const unsigned statuses[] = {100, 180, 200, 486};
    for (size_t i = 0; i < LENGTH_OF(statuses); i++) {
        struct walk walk = {.here = 0};
        const struct sip_transaction transaction = {.dialog = 0xd1, .branch = 0xb1, .cseq = 1};
        call(&walk, statuses[i]);
        cr_assert_eq(walk.message.status, statuses[i]);
        cr_assert(sip_transaction_matches(&walk.message, &transaction, SIP_INVITE));
        uint64_t token;
        cr_assert_not(sip_proxy_read_token(&walk.message, "u1.example.com", &token));
    }
}

Test(sip_walk, requests_of_the_dialog_take_the_same_way) {
    struct walk walk = {.here = 0};
    struct sip_dialog dialog;
    call(&walk, 200);
    cr_assert(sip_dialog_from_response(&dialog, &walk.message));
    SAMPLE_ASSERT_TEXT(base_bytes(dialog.target, dialog.target_length),
                       "sip:callee@" U2 ";transport=tls");
    SAMPLE_ASSERT_TEXT(base_bytes(dialog.routes, dialog.routes_length), ROUTES);
    static const enum sip_method methods[] = {SIP_ACK, SIP_BYE};
    for (size_t i = 0; i < LENGTH_OF(methods); i++) {
        struct sip_request request = request_of(methods[i], "");
        request.uri = base_bytes(dialog.target, dialog.target_length);
        request.to_tag = base_bytes(dialog.remote_tag, dialog.remote_tag_length);
        request.routes = base_bytes(dialog.routes, dialog.routes_length);
        send(&walk, &request);
        pass(&walk, P1, TOKEN_AT_P1, P2);
        pass(&walk, P2, TOKEN_AT_P2, U2);
        char expected[1024];
        snprintf(expected, sizeof(expected),
                 "Via: SIP/2.0/TLS " P2 ";branch=z9hG4bK063cb58a20f9acef.ffffffff00000002\r\n"
                 "Via: SIP/2.0/TLS " P1
                 ";branch=z9hG4bK65aa897206595dc2.0000000000000001\r\n" U1_VIA
                 "Max-Forwards: 68\r\n" U1_END ";tag=00000000000000d2\r\n"
                 "Call-ID: 00000000000000d1@u1.example.com\r\nCSeq: 1 %s\r\n"
                 "Content-Length: 0\r\n",
                 sip_method_name(methods[i]));
        assert_text(&walk, expected);
    }
    answer(&walk, 200);
    pass_back(&walk, P2, P1, TOKEN_AT_P2);
    pass_back(&walk, P1, P2, TOKEN_AT_P1);
    SAMPLE_ASSERT_TEXT(walk.message.to_tag, "00000000000000d2");
}

/* Through one proxy more often than once: its own Vias do not mix up. */
Test(sip_walk, a_spiral_unwinds) {
    struct walk walk = {.here = 0};
    const struct sip_request invite = request_of(SIP_INVITE, "sip:callee@" U2);
    send(&walk, &invite);
    for (uint64_t token = 0; token < 5; token++) {
        pass(&walk, P1, token, U2);
    }
    answer(&walk, 180);
    for (uint64_t token = 5; token-- > 0;) {
        pass_back(&walk, P1, P2, token);
    }
    cr_assert_eq(walk.message.status, 180);
}
