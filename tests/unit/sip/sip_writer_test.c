/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"
#include "sip_writer.h"

#include <criterion/criterion.h>

static const struct sip_endpoints endpoints = {
    .local_name = "core.example.test",
    .remote_name = "[2001:db8::31]",
    .user_agent = "ekuload/1",
};

static const struct sip_transaction transaction = {
    .dialog = 0x0123456789abcdef,
    .branch = 0xfedcba9876543210,
    .cseq = 2147483647,
};

#define VIA        "Via: SIP/2.0/TLS core.example.test;branch=z9hG4bKfedcba9876543210;rport\r\n"
#define HOPS       "Max-Forwards: 70\r\n"
#define FROM       "From: <sip:alice@core.example.test>;tag=0123456789abcdef\r\n"
#define CALL       "Call-ID: 0123456789abcdef@core.example.test\r\nCSeq: 2147483647 "
#define CONTACT    "Contact: <sip:alice@core.example.test;transport=tls>\r\n"
#define USER_AGENT "User-Agent: ekuload/1\r\n"
#define NO_BODY    "Content-Length: 0\r\n\r\n"
#define OFFER                                                                                      \
    "v=0\r\no=- 81985529216486895 1 IN IP4 core.example.test\r\ns=-\r\n"                           \
    "c=IN IP4 core.example.test\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"       \
    "a=inactive\r\n"
#define ROUTES                                                                                     \
    "Route: <sip:p1.example.test;transport=tls;lr>\r\nRoute: <sip:p2.example.test;lr>\r\n"
#define AUTHORIZATION "Authorization: Digest username=\"x\"\r\n"

static uint8_t area[2 * SIP_MESSAGE_MAX];

static struct base_buffer empty_buffer(void) {
    return (struct base_buffer){.data = area, .capacity = sizeof(area)};
}

/* With everything that a request may carry, a BYE's To tag included. */
static struct sip_request request_of(enum sip_method method) {
    return (struct sip_request){
        .method = method,
        .endpoints = &endpoints,
        .transaction = transaction,
        .local_user = "alice",
        .uri = base_bytes_of_text("sip:bob@[2001:db8::31];transport=tls"),
        .to_uri = base_bytes_of_text("sip:bob@b.test"),
        .to_tag = base_bytes_of_text(method == SIP_ACK || method == SIP_BYE ? "their-tag" : ""),
        .expires = 600,
    };
}

struct request_case {
    enum sip_method method;
    const char *text;
};

#define LINE(method) method " sip:bob@[2001:db8::31];transport=tls SIP/2.0\r\n" VIA HOPS
#define TO           "To: <sip:bob@b.test>\r\n"
#define TO_TAGGED    "To: <sip:bob@b.test>;tag=their-tag\r\n"

Test(sip_writer, writes_each_method) {
    static const struct request_case cases[] = {
        {SIP_OPTIONS, LINE("OPTIONS") FROM TO CALL
         "OPTIONS\r\n" CONTACT "Accept: application/sdp\r\n" USER_AGENT NO_BODY},
        {SIP_REGISTER,
         LINE("REGISTER") "From: <sip:bob@b.test>;tag=0123456789abcdef\r\n" TO CALL
                          "REGISTER\r\n" CONTACT "Expires: 600\r\n" USER_AGENT NO_BODY},
        {SIP_INVITE, LINE("INVITE") FROM TO CALL
         "INVITE\r\n" CONTACT USER_AGENT
         "Content-Type: application/sdp\r\nContent-Length: 150\r\n\r\n" OFFER},
        {SIP_ACK, LINE("ACK") FROM TO_TAGGED CALL "ACK\r\n" USER_AGENT NO_BODY},
        {SIP_BYE, LINE("BYE") FROM TO_TAGGED CALL "BYE\r\n" USER_AGENT NO_BODY},
        {SIP_CANCEL, LINE("CANCEL") FROM TO CALL "CANCEL\r\n" USER_AGENT NO_BODY},
    };
    cr_assert_eq(LENGTH_OF(cases), SIP_METHODS);
    for (const struct request_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct base_buffer out = empty_buffer();
        const struct sip_request request = request_of(row->method);
        struct sip_message message;
        cr_assert(sip_writer_request(&out, &request));
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), row->text);
        SAMPLE_READ(base_buffer_bytes(&out), &message);
        cr_assert(sample_is(message.method, sip_method_name(row->method)));
        cr_assert_eq(message.cseq, 2147483647);
    }
}

Test(sip_writer, puts_routes_and_authorization_where_they_belong) {
    struct base_buffer out = empty_buffer();
    struct sip_request request = request_of(SIP_BYE);
    request.routes = base_bytes_of_text(ROUTES);
    request.authorization = base_bytes_of_text(AUTHORIZATION);
    cr_assert(sip_writer_request(&out, &request));
    SAMPLE_ASSERT_TEXT(
        base_buffer_bytes(&out),
        "BYE sip:bob@[2001:db8::31];transport=tls SIP/2.0\r\n" VIA ROUTES HOPS FROM TO_TAGGED CALL
        "BYE\r\n" AUTHORIZATION USER_AGENT NO_BODY);
}

Test(sip_writer, leaves_out_what_is_not_given) {
    struct sip_endpoints anonymous = endpoints;
    anonymous.user_agent = NULL;
    struct sip_request request = request_of(SIP_OPTIONS);
    request.endpoints = &anonymous;
    request.local_user = NULL;
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_request(&out, &request));
    SAMPLE_ASSERT_TEXT(
        base_buffer_bytes(&out),
        LINE("OPTIONS") "From: <sip:core.example.test>;tag=0123456789abcdef\r\n" TO CALL
                        "OPTIONS\r\nContact: <sip:core.example.test;transport=tls>\r\n"
                        "Accept: application/sdp\r\n" NO_BODY);
}

Test(sip_writer, appends_behind_what_is_there) {
    struct base_buffer out = empty_buffer();
    const struct sip_request request = request_of(SIP_ACK);
    cr_assert(base_buffer_append(&out, base_bytes_of_text(SIP_PING)));
    cr_assert(sip_writer_request(&out, &request));
    SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out),
                       SIP_PING LINE("ACK") FROM TO_TAGGED CALL "ACK\r\n" USER_AGENT NO_BODY);
}

struct origin_case {
    const char *local_name;
    const char *line;
};

static bool holds(struct bytes text, const char *part) {
    return memmem(text.data, text.length, part, strlen(part)) != NULL;
}

/* RFC 5626 section 4.2.1. */
Test(sip_writer, registers_a_flow) {
    struct sip_request request = request_of(SIP_REGISTER);
    request.instance = base_bytes_of_text("urn:uuid:00000000-0000-5000-8000-000000000000");
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_request(&out, &request));
    cr_expect(holds(base_buffer_bytes(&out),
                    "\r\nContact: <sip:alice@core.example.test;transport=tls>;reg-id=1;"
                    "+sip.instance=\"<urn:uuid:00000000-0000-5000-8000-000000000000>\"\r\n"
                    "Supported: path, outbound\r\n"));
}

Test(sip_writer, writes_secure_addresses) {
    struct sip_endpoints secure = endpoints;
    struct sip_request request = request_of(SIP_INVITE);
    struct base_buffer out = empty_buffer();
    secure.is_secure = true;
    request.endpoints = &secure;
    cr_assert(sip_writer_request(&out, &request));
    cr_expect(holds(base_buffer_bytes(&out), "\r\nFrom: <sips:alice@core.example.test>;tag="));
    cr_expect(holds(base_buffer_bytes(&out), "\r\nContact: <sips:alice@core.example.test>\r\n"));
}

Test(sip_writer, says_what_its_contact_is) {
    static const struct {
        bool is_secure;
        const char *user;
        const char *contact;
    } rows[] = {
        {false, "alice", "sip:alice@core.example.test;transport=tls"},
        {false, NULL, "sip:core.example.test;transport=tls"},
        {true, "alice", "sips:alice@core.example.test"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct sip_endpoints own = endpoints;
        struct base_buffer out = empty_buffer();
        own.is_secure = rows[i].is_secure;
        cr_assert(sip_writer_contact(&out, &own, rows[i].user));
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), rows[i].contact);
    }
    struct base_buffer small = {.data = area, .length = 1, .capacity = 20};
    cr_assert_not(sip_writer_contact(&small, &endpoints, "alice"));
    cr_assert_eq(small.length, 1);
}

Test(sip_writer, names_the_origin_of_an_offer_by_its_kind_of_address) {
    static const struct origin_case cases[] = {
        {"core.example.test", "\r\nc=IN IP4 core.example.test\r\n"},
        {"192.0.2.1", "\r\nc=IN IP4 192.0.2.1\r\n"},
        {"[2001:db8::1]", "\r\nc=IN IP6 2001:db8::1\r\n"},
    };
    for (const struct origin_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_endpoints named = endpoints;
        named.local_name = row->local_name;
        struct sip_request request = request_of(SIP_INVITE);
        request.endpoints = &named;
        struct base_buffer out = empty_buffer();
        struct sip_message message;
        cr_assert(sip_writer_request(&out, &request));
        SAMPLE_READ(base_buffer_bytes(&out), &message);
        cr_assert_not_null(
            memmem(message.body.data, message.body.length, row->line, strlen(row->line)), "%s",
            row->local_name);
    }
}

/* The block is as large as the capacity says: the sanitizer sees an octet too many. */
static bool writes_into(size_t capacity, size_t used, const struct sip_request *request) {
    uint8_t *block = malloc(capacity != 0 ? capacity : 1);
    cr_assert_not_null(block);
    struct base_buffer out = {.data = block, .length = used, .capacity = capacity};
    bool is_written = sip_writer_request(&out, request);
    cr_assert_eq(out.length, is_written ? capacity : used, "capacity %zu", capacity);
    free(block);
    return is_written;
}

Test(sip_writer, appends_everything_or_nothing) {
    for (unsigned method = 0; method < SIP_METHODS; method++) {
        const struct sip_request request = request_of((enum sip_method)method);
        struct base_buffer out = empty_buffer();
        cr_assert(sip_writer_request(&out, &request));
        for (size_t capacity = 0; capacity < out.length; capacity++) {
            cr_assert_not(writes_into(capacity, 0, &request));
            cr_assert_not(writes_into(capacity + 5, 5, &request));
        }
        cr_assert(writes_into(out.length, 0, &request));
        cr_assert(writes_into(out.length + 5, 5, &request));
    }
}

Test(sip_writer, writes_nothing_that_a_framer_would_refuse) {
    static uint8_t routes[SIP_MESSAGE_MAX];
    memset(routes, 'r', sizeof(routes));
    struct sip_request request = request_of(SIP_BYE);
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_request(&out, &request));
    size_t room = SIP_MESSAGE_MAX - out.length;
    request.routes = base_bytes(routes, room);
    out.length = 0;
    cr_assert(sip_writer_request(&out, &request));
    cr_assert_eq(out.length, SIP_MESSAGE_MAX);
    request.routes = base_bytes(routes, room + 1);
    out.length = 0;
    cr_assert_not(sip_writer_request(&out, &request));
    cr_assert_eq(out.length, 0);
}
