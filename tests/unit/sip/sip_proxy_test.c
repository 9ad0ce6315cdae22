/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_proxy.h"
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define OWN "Edge.Example.test"
#define REQUEST(uri, lines)                                                                        \
    "INVITE " uri " SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKnashds8\r\n" lines                 \
    "From: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nl: 2\r\n\r\nhi"

static uint8_t area[2 * SIP_MESSAGE_MAX];

static struct base_buffer empty_buffer(void) {
    return (struct base_buffer){.data = area, .capacity = sizeof(area)};
}

struct hop_case {
    const char *text;
    const char *host; /* NULL: refused */
    bool had_own_route;
    bool is_last;
};

Test(sip_proxy, finds_the_next_hop) {
    static const struct hop_case cases[] = {
        {REQUEST("sip:b@cucm.test", ""), "cucm.test", false, true},
        {REQUEST("sips:cucm.test:5061;transport=tls?x=y", ""), "cucm.test", false, true},
        {REQUEST("SIP:a;b?c/d:e@cucm.test;x", ""), "cucm.test", false, true},
        {REQUEST("sip:[2001:db8::1]:5061", ""), "[2001:db8::1]", false, true},
        {REQUEST("sip:b@[2001:db8::1];lr", ""), "[2001:db8::1]", false, true},
        {REQUEST("sip:b@x", "Route: <sip:core.test;lr>\r\n"), "core.test", false, false},
        {REQUEST("sip:b@x", "Route: <sip:edge.example.TEST:5061;lr>\r\n"), "x", true, true},
        {REQUEST("sip:b@x",
                 "Route: \"A, <b>\" <sip:edge.example.test;lr>;p=1, sip:core.test;lr\r\n"),
         "core.test", true, false},
        {REQUEST("sip:b@x", "route: <sip:core.test;lr>, <sip:edge.example.test>,<sip:c>\r\n"),
         "core.test", false, false},
        {REQUEST("sip:b@x", "Route: <sip:edge.example.test;lr>\r\nX: y\r\nRoute:\r\n ,,\r\n\t"
                            "<sip:u@Edge.example.test;lr> ,<sip:core.test;lr>\r\nRoute: <bad\r\n"),
         "core.test", true, false},
        {REQUEST("sip:b@x", "Route:\r\n"), "x", false, true},
        {REQUEST("tel:+1234", "Route: <sip:core.test;lr>\r\n"), "core.test", false, false},
        {REQUEST("tel:+1234", ""), NULL, false, false},
        {REQUEST("sip:b@", ""), NULL, false, false},
        {REQUEST("sip:@x", ""), NULL, false, false},
        {REQUEST("sip:a@b@c", ""), NULL, false, false},
        {REQUEST("sip:x:0", ""), NULL, false, false},
        {REQUEST("sip:x:65536", ""), NULL, false, false},
        {REQUEST("sip:x:", ""), NULL, false, false},
        {REQUEST("sip:x:5061x", ""), NULL, false, false},
        {REQUEST("sip:[::1", ""), NULL, false, false},
        {REQUEST("sip:[]", ""), NULL, false, false},
        {REQUEST("sip:[::1]x", ""), NULL, false, false},
        {REQUEST("sip:[x]", ""), NULL, false, false},
        {REQUEST("sip:a+b", ""), NULL, false, false},
        {REQUEST("sip:x", "Route: <sip:core.test;lr\r\n"), NULL, false, false},
        {REQUEST("sip:x", "Route: \"x <sip:core.test;lr>\r\n"), NULL, false, false},
        {REQUEST("sip:x", "Route: <tel:1>\r\n"), NULL, false, false},
        {REQUEST("sip:x", "Route: <sip:a b>\r\n"), NULL, false, false},
        {REQUEST("sip:x", "Route: <sip:edge.example.test;lr>, <>\r\n"), NULL, false, false},
    };
    for (const struct hop_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message request;
        struct sip_next_hop hop;
        SAMPLE_READ(base_bytes_of_text(row->text), &request);
        cr_assert_eq(sip_proxy_next_hop(&request, OWN, &hop), row->host != NULL, "%s", row->text);
        if (row->host != NULL) {
            SAMPLE_ASSERT_TEXT(hop.host, row->host);
            cr_expect_eq(hop.had_own_route, row->had_own_route, "%s", row->text);
            cr_expect_eq(hop.is_last, row->is_last, "%s", row->text);
        }
    }
}

#define BRANCH  "z9hG4bKedd589cafe315dfe"
#define TOKEN   ".0000000000000abc"
#define OWN_VIA "Via: SIP/2.0/TLS " OWN ";branch=" BRANCH TOKEN "\r\n"

struct forward_case {
    const char *lines; /* of the request */
    const char *forwarded;
    bool record_route;
};

Test(sip_proxy, forwards_a_request_as_it_came_but_for_its_own_lines) {
    static const struct forward_case cases[] = {
        {"X: 1\r\nMax-Forwards: 70\r\nX: 2\r\n", "X: 1\r\nMax-Forwards: 69\r\nX: 2\r\n", false},
        {"X: 1\r\nMAX-forwards :\r\n 0001\r\n", "X: 1\r\nMax-Forwards: 0\r\n", true},
        {"Max-Forwards: 255\r\nRoute: <sip:edge.example.test;lr>\r\nX: 1\r\n",
         "Max-Forwards: 254\r\nX: 1\r\n", false},
        {"Max-Forwards: 9\r\nRoute: <sip:EDGE.example.test;lr>,\r\n <sip:core.test;lr>;x , <sip:d>"
         " \r\n",
         "Max-Forwards: 8\r\nRoute: <sip:core.test;lr>;x , <sip:d>\r\n", false},
        {"Max-Forwards: 9\r\nROUTE:  <sip:core.test;lr> ,<sip:edge.example.test;lr>\r\n"
         "Route: <sip:edge.example.test;lr>\r\n",
         "Max-Forwards: 8\r\nROUTE:  <sip:core.test;lr> ,<sip:edge.example.test;lr>\r\n"
         "Route: <sip:edge.example.test;lr>\r\n",
         false},
        {"Max-Forwards: 9\r\nRoute: <sip:edge.example.test>, <sip:edge.example.test>\r\nX: y\r\n"
         "Route: <sip:edge.example.test>,<sip:core.test>\r\nRoute: <sip:edge.example.test>\r\n",
         "Max-Forwards: 8\r\nX: y\r\nRoute: <sip:core.test>\r\nRoute: <sip:edge.example.test>\r\n",
         false},
        {"Max-Forwards: 9\r\nRoute: <sip:edge.example.test>, <sip:core.test\r\n",
         "Max-Forwards: 8\r\nRoute: <sip:core.test\r\n", false},
        {"Max-Forwards: 9\r\nRoute: \"\r\nRoute: <sip:edge.example.test>\r\n",
         "Max-Forwards: 8\r\nRoute: \"\r\nRoute: <sip:edge.example.test>\r\n", false},
        {"Max-Forwards: 9\r\nRecord-Route: <sip:p;lr>\r\nv: SIP/2.0/TLS z ,\r\n SIP/2.0/UDP y\r\n",
         "Max-Forwards: 8\r\nRecord-Route: <sip:p;lr>\r\nv: SIP/2.0/TLS z ,\r\n SIP/2.0/UDP y\r\n",
         true},
    };
    for (const struct forward_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[1024];
        struct sip_message request;
        const struct sip_forward forward = {
            .own_name = OWN, .token = 0xabc, .record_route = row->record_route};
        struct base_buffer out = empty_buffer();
        snprintf(text, sizeof(text), REQUEST("sip:b@x", "%s"), row->lines);
        SAMPLE_READ(base_bytes_of_text(text), &request);
        cr_assert(sip_proxy_forward_request(&out, &request, &forward));
        snprintf(text, sizeof(text),
                 "INVITE sip:b@x SIP/2.0\r\n" OWN_VIA "%s"
                 "Via: SIP/2.0/TLS a;branch=z9hG4bKnashds8\r\n%sFrom: <sip:a>;tag=1\r\n"
                 "To: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nl: 2\r\n\r\nhi",
                 row->record_route ? "Record-Route: <sip:" OWN ";transport=tls;lr>\r\n" : "",
                 row->forwarded);
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), text);
        SAMPLE_READ(base_buffer_bytes(&out), &request);
    }
}

/* RFC 3261 section 16.6. */
Test(sip_proxy, stays_on_a_route_as_securely_as_the_request_goes) {
    struct sip_message message;
    const struct sip_forward forward = {.own_name = OWN, .record_route = true};
    struct base_buffer out = empty_buffer();
    SAMPLE_READ(base_bytes_of_text(REQUEST("sips:b@x", "")), &message);
    cr_assert(sip_proxy_forward_request(&out, &message, &forward));
    static const char line[] = "\r\nRecord-Route: <sips:" OWN ";lr>\r\n";
    cr_assert_not_null(memmem(out.data, out.length, line, sizeof(line) - 1));
}

Test(sip_proxy, adds_max_forwards_where_it_is_missing) {
    struct sip_message message;
    const struct sip_forward forward = {.own_name = OWN};
    struct base_buffer out = empty_buffer();
    SAMPLE_READ(base_bytes_of_text(REQUEST("sip:b@x", "")), &message);
    cr_assert(sip_proxy_forward_request(&out, &message, &forward));
    cr_assert_not_null(memmem(out.data, out.length, "\r\nMax-Forwards: 70\r\n", 20));
}

Test(sip_proxy, forwards_nothing_that_has_no_hop_left) {
    struct sip_message message;
    const struct sip_forward forward = {.own_name = OWN};
    struct base_buffer out = empty_buffer();
    SAMPLE_READ(base_bytes_of_text(REQUEST("sip:b@x", "Max-Forwards: 0\r\n")), &message);
    cr_assert_not(sip_proxy_forward_request(&out, &message, &forward));
    cr_assert_eq(out.length, 0);
}

/* The branch that a request's text gets; a block of its own per call is not needed. */
static struct bytes branch_of(const char *text, uint64_t token, uint8_t out[64]) {
    struct sip_message message;
    const struct sip_forward forward = {.own_name = OWN, .token = token};
    struct base_buffer buffer = empty_buffer();
    SAMPLE_READ(base_bytes_of_text(text), &message);
    cr_assert(sip_proxy_forward_request(&buffer, &message, &forward));
    SAMPLE_READ(base_buffer_bytes(&buffer), &message);
    cr_assert_eq(message.via_branch.length, strlen(BRANCH TOKEN));
    memcpy(out, message.via_branch.data, message.via_branch.length);
    return base_bytes(out, message.via_branch.length);
}

#define OF_TRANSACTION(method, via, call_id, tag)                                                  \
    method " sip:b@x SIP/2.0\r\nVia: SIP/2.0/TLS " via                                             \
           "\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>" tag "\r\nCall-ID: " call_id                    \
           "\r\nCSeq: 1 " method "\r\nl: 0\r\n\r\n"

struct branch_case {
    const char *first;
    const char *second;
    bool is_same;
};

Test(sip_proxy, repeats_its_branch_within_a_transaction_only) {
    static const struct branch_case cases[] = {
        {OF_TRANSACTION("INVITE", "a;branch=z9hG4bK1", "c", ""),
         OF_TRANSACTION("INVITE", "a;branch=z9hG4bK1", "c", ""), true},
        {OF_TRANSACTION("INVITE", "a;branch=z9hG4bK1", "c", ""),
         OF_TRANSACTION("ACK", "a;branch=z9hG4bK1", "c", ";tag=2"), true},
        {OF_TRANSACTION("INVITE", "a;branch=z9hG4bK1", "c", ""),
         OF_TRANSACTION("CANCEL", "a;branch=z9hG4bK1", "c", ""), true},
        {OF_TRANSACTION("INVITE", "a;branch=z9hG4bK1", "c", ""),
         OF_TRANSACTION("INVITE", "a;branch=z9hG4bK2", "c", ""), false},
        {OF_TRANSACTION("INVITE", "a", "c", ""), OF_TRANSACTION("ACK", "a", "c", ";tag=2"), true},
        {OF_TRANSACTION("INVITE", "a", "c", ""), OF_TRANSACTION("INVITE", "b", "c", ""), false},
        {OF_TRANSACTION("INVITE", "a;branch=1", "c", ""),
         OF_TRANSACTION("INVITE", "a;branch=1", "d", ""), false},
        {OF_TRANSACTION("INVITE", "a;branch=z9hG4bK", "c", ""),
         OF_TRANSACTION("INVITE", "a;branch=z9hG4bK", "d", ""), false},
    };
    for (const struct branch_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        uint8_t first[64];
        uint8_t second[64];
        cr_expect_eq(
            base_bytes_equal(branch_of(row->first, 7, first), branch_of(row->second, 7, second)),
            row->is_same, "%s%s", row->first, row->second);
        cr_expect_not(
            base_bytes_equal(branch_of(row->first, 7, first), branch_of(row->first, 8, second)));
    }
}

Test(sip_proxy, forwards_all_of_a_message_or_nothing) {
    struct sip_message message;
    const struct sip_forward forward = {.own_name = OWN, .token = 1, .record_route = true};
    struct base_buffer whole = empty_buffer();
    SAMPLE_READ(base_bytes_of_text(REQUEST("sip:b@x", "Route: <sip:edge.example.test>\r\n")),
                &message);
    cr_assert(sip_proxy_forward_request(&whole, &message, &forward));
    for (size_t capacity = 0; capacity <= whole.length; capacity++) {
        uint8_t *block = malloc(capacity + 3);
        cr_assert_not_null(block);
        struct base_buffer out = {.data = block, .length = 3, .capacity = capacity + 3};
        bool fits = capacity == whole.length;
        cr_assert_eq(sip_proxy_forward_request(&out, &message, &forward), fits);
        cr_assert_eq(out.length, fits ? capacity + 3 : 3);
        free(block);
    }
}

Test(sip_proxy, forwards_nothing_that_a_framer_would_refuse) {
    static char text[SIP_MESSAGE_MAX + 1];
    static char filler[SIP_MESSAGE_MAX];
    const struct sip_forward forward = {.own_name = OWN};
    for (int shorter = 0; shorter <= 200; shorter += 200) {
        memset(filler, 'x', sizeof(filler));
        int length = SIP_MESSAGE_MAX - shorter -
                     (int)strlen(REQUEST("sip:b@x", "Max-Forwards: 9\r\nX: \r\n"));
        struct sip_message message;
        struct base_buffer out = empty_buffer();
        snprintf(text, sizeof(text), REQUEST("sip:b@x", "Max-Forwards: 9\r\nX: %.*s\r\n"), length,
                 filler);
        cr_assert_eq(strlen(text), (size_t)(SIP_MESSAGE_MAX - shorter));
        SAMPLE_READ(base_bytes_of_text(text), &message);
        cr_assert_eq(sip_proxy_forward_request(&out, &message, &forward), shorter != 0);
    }
}
