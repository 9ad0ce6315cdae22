/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_proxy.h"
#include "sip_sample.h"

#include <criterion/criterion.h>

#define OWN       "edge.example.test"
#define BRANCH    "z9hG4bK00112233445566ff.0123456789abcdef"
#define OWN_VALUE "SIP/2.0/TLS " OWN ";branch=" BRANCH
#define OWN_VIA   "Via: " OWN_VALUE "\r\n"
#define REST                                                                                       \
    "From: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nl: 2\r\n\r\nhi"
#define RINGING(vias) "SIP/2.0 180 Ringing\r\n" vias REST

static uint8_t area[2 * SIP_MESSAGE_MAX];

struct token_case {
    const char *text;
    bool is_ours;
};

Test(sip_proxy_response, finds_its_token_in_its_own_via_only) {
    static const struct token_case cases[] = {
        {RINGING(OWN_VIA), true},
        {RINGING("Via: SIP/2.0/TLS " OWN ":5061;branch=" BRANCH "\r\n"), true},
        {RINGING("X: y\r\nv: " OWN_VALUE ", SIP/2.0/TLS a\r\n"), true},
        {RINGING("Via: SIP / 2.0\r\n / TLS EDGE.example.TEST : 5061 ;received=1.2.3.4;rport=1\r\n"
                 " ; branch = " BRANCH "\r\n"),
         true},
        {RINGING("Via: SIP/2.0/TLS edge.example.tes;branch=" BRANCH "\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS edge.example.test.x;branch=" BRANCH "\r\n"), false},
        {RINGING("Via: " OWN ";branch=" BRANCH "\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS;branch=" BRANCH "\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS a;branch=z9hG4bK1\r\n" OWN_VIA), false},
        {RINGING("Via: SIP/2.0/TLS a, " OWN_VALUE "\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS " OWN "\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=z9hG4bK0123456789abcdef\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=" BRANCH "0\r\n"), false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=Z9hG4bK00112233445566ff.0123456789abcdef\r\n"),
         false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=z9hG4bK00112233445566ff.0123456789ABCDEF\r\n"),
         false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=z9hG4bK00112233445566fg.0123456789abcdef\r\n"),
         false},
        {RINGING("Via: SIP/2.0/TLS " OWN ";branch=z9hG4bK00112233445566ff-0123456789abcdef\r\n"),
         false},
    };
    for (const struct token_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message response;
        uint64_t token = 0;
        SAMPLE_READ(base_bytes_of_text(row->text), &response);
        cr_expect_eq(sip_proxy_read_token(&response, OWN, &token), row->is_ours, "%s", row->text);
        cr_expect_eq(token, row->is_ours ? 0x0123456789abcdef : 0, "%s", row->text);
    }
}

Test(sip_proxy_response, compares_an_ipv6_address_with_its_brackets) {
    struct sip_message response;
    uint64_t token;
    SAMPLE_READ(
        base_bytes_of_text(RINGING("Via: SIP/2.0/TLS [2001:DB8::1]:5061;branch=" BRANCH "\r\n")),
        &response);
    cr_assert(sip_proxy_read_token(&response, "[2001:db8::1]", &token));
    cr_assert_not(sip_proxy_read_token(&response, "[2001:db8::2]", &token));
    cr_assert_not(sip_proxy_read_token(&response, "2001:db8::1", &token));
}

struct forward_case {
    const char *text;
    const char *forwarded; /* NULL: refused */
};

Test(sip_proxy_response, goes_on_without_the_topmost_via) {
    static const struct forward_case cases[] = {
        {RINGING(OWN_VIA "Via: SIP/2.0/TLS a;branch=1\r\n"),
         RINGING("Via: SIP/2.0/TLS a;branch=1\r\n")},
        {RINGING("X: 1\r\nv:  " OWN_VALUE " ,\r\n\t SIP/2.0/TLS a;branch=1, SIP/2.0/UDP b \r\nX: "
                 "2\r\nVIA : SIP/2.0/TCP c\r\n"),
         RINGING("X: 1\r\nVia: SIP/2.0/TLS a;branch=1, SIP/2.0/UDP b \r\nX: 2\r\n"
                 "VIA : SIP/2.0/TCP c\r\n")},
        {RINGING("Via: " OWN_VALUE " , \r\nVia: SIP/2.0/TLS a\r\n"),
         RINGING("Via: SIP/2.0/TLS a\r\n")},
        {"sip/2.0 200\r\n" OWN_VIA "Via: SIP/2.0/TLS a\r\n" REST,
         "SIP/2.0 200 \r\nVia: SIP/2.0/TLS a\r\n" REST},
        {"SIP/2.0 404  \xc3\xa9t\xc3\xa9 2**3 \r\n" OWN_VIA "Via: SIP/2.0/TLS a\r\n" REST,
         "SIP/2.0 404 \xc3\xa9t\xc3\xa9 2**3\r\nVia: SIP/2.0/TLS a\r\n" REST},
        /* What the next hop would take for a broken message must not end its connection. */
        {RINGING(OWN_VIA), NULL},
        {RINGING("Via: " OWN_VALUE ",\r\n"), NULL},
        {RINGING(OWN_VIA "Via: ;branch=1\r\n"), NULL},
        {RINGING(OWN_VIA "Via:\r\n"), NULL},
        {RINGING("Via: " OWN_VALUE ", SIP/2.0/TLS a;branch=1;branch=2\r\n"), NULL},
        {RINGING("Via: " OWN_VALUE ", SIP/2.0/TLS a;x=\"y\r\n"), NULL},
        {RINGING("Via: " OWN_VALUE ", <x\r\n"), RINGING("Via: <x\r\n")},
        {RINGING(OWN_VIA "Via: SIP/2.0/TLS a\r\nVia: ;x\r\n"),
         RINGING("Via: SIP/2.0/TLS a\r\nVia: ;x\r\n")},
    };
    for (const struct forward_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message response;
        struct base_buffer out = {.data = area, .capacity = sizeof(area)};
        SAMPLE_READ(base_bytes_of_text(row->text), &response);
        cr_assert_eq(sip_proxy_forward_response(&out, &response), row->forwarded != NULL, "%s",
                     row->text);
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), row->forwarded != NULL ? row->forwarded : "");
        if (row->forwarded != NULL) {
            SAMPLE_READ(base_buffer_bytes(&out), &response);
        }
    }
}

Test(sip_proxy_response, goes_on_whole_or_not_at_all) {
    struct sip_message response;
    struct base_buffer whole = {.data = area, .capacity = sizeof(area)};
    SAMPLE_READ(base_bytes_of_text(RINGING(OWN_VIA "Via: SIP/2.0/TLS a\r\n")), &response);
    cr_assert(sip_proxy_forward_response(&whole, &response));
    for (size_t capacity = 0; capacity <= whole.length; capacity++) {
        uint8_t *block = malloc(capacity + 3);
        cr_assert_not_null(block);
        struct base_buffer out = {.data = block, .length = 3, .capacity = capacity + 3};
        bool fits = capacity == whole.length;
        cr_assert_eq(sip_proxy_forward_response(&out, &response), fits);
        cr_assert_eq(out.length, fits ? capacity + 3 : 3);
        free(block);
    }
}
