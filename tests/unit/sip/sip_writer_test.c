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

#define OPTIONS_HEAD                                                                               \
    "OPTIONS sip:[2001:db8::31];transport=tls SIP/2.0\r\n"                                         \
    "Via: SIP/2.0/TLS core.example.test;branch=z9hG4bKfedcba9876543210;rport\r\n"                  \
    "Max-Forwards: 70\r\n"                                                                         \
    "From: <sip:ekuload@core.example.test>;tag=0123456789abcdef\r\n"                               \
    "To: <sip:[2001:db8::31]>\r\n"                                                                 \
    "Call-ID: 0123456789abcdef@core.example.test\r\n"                                              \
    "CSeq: 2147483647 OPTIONS\r\n"                                                                 \
    "Contact: <sip:ekuload@core.example.test;transport=tls>\r\n"                                   \
    "Accept: application/sdp\r\n"
#define USER_AGENT "User-Agent: ekuload/1\r\n"
#define NO_BODY    "Content-Length: 0\r\n\r\n"

static uint8_t area[2 * SIP_MESSAGE_MAX];

static struct base_buffer empty_buffer(void) {
    return (struct base_buffer){.data = area, .capacity = sizeof(area)};
}

static void assert_text(const struct base_buffer *buffer, const char *expected) {
    cr_assert(sample_is(base_buffer_bytes(buffer), expected), "wrote:\n%.*s\nnot:\n%s",
              (int)buffer->length, (const char *)buffer->data, expected);
}

static void assert_is_one_message(struct bytes text, struct sip_message *message) {
    struct sip_frame frame = sample_frame(text.data, text.length, false);
    cr_assert_eq(frame.kind, SIP_FRAME_MESSAGE);
    cr_assert_eq(frame.length, text.length);
    cr_assert(sample_parses(text, message));
}

Test(sip_writer, writes_options) {
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_options(&out, &endpoints, &transaction));
    assert_text(&out, OPTIONS_HEAD USER_AGENT NO_BODY);
    struct sip_message message;
    assert_is_one_message(base_buffer_bytes(&out), &message);
    cr_assert(sample_is(message.request_uri, "sip:[2001:db8::31];transport=tls"));
    cr_assert_eq(message.cseq, 2147483647);
}

Test(sip_writer, leaves_out_a_user_agent_that_is_not_given) {
    struct sip_endpoints anonymous = endpoints;
    anonymous.user_agent = NULL;
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_options(&out, &anonymous, &transaction));
    assert_text(&out, OPTIONS_HEAD NO_BODY);
}

Test(sip_writer, appends_behind_what_is_there) {
    struct base_buffer out = empty_buffer();
    cr_assert(base_buffer_append(&out, base_bytes_of_text(SIP_PING)));
    cr_assert(sip_writer_options(&out, &endpoints, &transaction));
    assert_text(&out, SIP_PING OPTIONS_HEAD USER_AGENT NO_BODY);
}

#define VIAS                                                                                       \
    "Via: SIP/2.0/TLS edge;branch=z9hG4bK2;received=192.0.2.1 ,\r\n\tSIP/2.0/TLS x;branch=z9\r\n"  \
    "v  :SIP / 2.0 / TCP  core:5060;branch=z9hG4bK1;x=\"a,b\"  \r\n"
#define REQUEST(method, to)                                                                        \
    method " sip:b SIP/2.0\r\nRecord-Route: <sip:edge;lr>\r\n"                                     \
           "Via: SIP/2.0/TLS edge;branch=z9hG4bK2;received=192.0.2.1 ,\r\n\tSIP/2.0/TLS x;"        \
           "branch=z9\r\nmax-forwards: 3\r\nf:A <sip:a>\r\n ;tag=1\r\nX-Via: y\r\n"                \
           "v  :SIP / 2.0 / TCP  core:5060;branch=z9hG4bK1;x=\"a,b\"  \r\nTO:   " to               \
           "\r\ni:c@d\r\nCSeq:  0007  " method "\r\nl:0\r\n\r\n"
#define ANSWER(line, to, cseq)                                                                     \
    line "\r\n" VIAS "From: A <sip:a>\r\n ;tag=1\r\nTo: " to "\r\nCall-ID: c@d\r\nCSeq: " cseq     \
         "\r\n"
#define ALLOW "Allow: OPTIONS\r\n"

struct answer_case {
    const char *request;
    unsigned status;
    uint64_t to_tag;
    const char *response;
};

Test(sip_writer, mirrors_the_request_in_a_response) {
    static const struct answer_case cases[] = {
        {REQUEST("OPTIONS", "<sip:b>"), 200, 0xabc,
         ANSWER("SIP/2.0 200 OK", "<sip:b>;tag=0000000000000abc", "7 OPTIONS") ALLOW NO_BODY},
        {REQUEST("OPTIONS", "sip:b;x=y"), 200, UINT64_MAX,
         ANSWER("SIP/2.0 200 OK", "sip:b;x=y;tag=ffffffffffffffff", "7 OPTIONS") ALLOW NO_BODY},
        {REQUEST("OPTIONS", "<sip:b>;tag=kept"), 200, 1,
         ANSWER("SIP/2.0 200 OK", "<sip:b>;tag=kept", "7 OPTIONS") ALLOW NO_BODY},
        {REQUEST("OPTIONS", "<sip:b;tag=uri>"), 403, 1,
         ANSWER("SIP/2.0 403 Forbidden", "<sip:b;tag=uri>;tag=0000000000000001", "7 OPTIONS")
             NO_BODY},
        {REQUEST("OPTIONS", "<sip:b>"), 100, 1,
         ANSWER("SIP/2.0 100 Trying", "<sip:b>", "7 OPTIONS") NO_BODY},
        {REQUEST("INVITE", "<sip:b>"), 200, 1,
         ANSWER("SIP/2.0 200 OK", "<sip:b>;tag=0000000000000001", "7 INVITE") NO_BODY},
        {REQUEST("FOO", "<sip:b>"), 405, 1,
         ANSWER("SIP/2.0 405 Method Not Allowed", "<sip:b>;tag=0000000000000001", "7 FOO")
             ALLOW NO_BODY},
        {REQUEST("INVITE", "<sip:b>"), 199, 1,
         ANSWER("SIP/2.0 199 Provisional", "<sip:b>;tag=0000000000000001", "7 INVITE") NO_BODY},
        {REQUEST("INVITE", "<sip:b>"), 699, 1,
         ANSWER("SIP/2.0 699 Global Failure", "<sip:b>;tag=0000000000000001", "7 INVITE") NO_BODY},
    };
    for (const struct answer_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message request;
        assert_is_one_message(base_bytes_of_text(row->request), &request);
        struct base_buffer out = empty_buffer();
        cr_assert(sip_writer_response(&out, &request, row->status, row->to_tag));
        assert_text(&out, row->response);
        struct sip_message response;
        assert_is_one_message(base_buffer_bytes(&out), &response);
        cr_assert_eq(response.status, row->status);
        cr_assert(base_bytes_equal(response.via_branch, request.via_branch));
        cr_assert_eq(response.to_tag.length == 0, row->status == 100);
    }
}

Test(sip_writer, has_a_reason_for_every_status) {
    struct sip_message request;
    assert_is_one_message(base_bytes_of_text(REQUEST("INVITE", "<sip:b>")), &request);
    for (unsigned status = 100; status <= 699; status++) {
        struct base_buffer out = empty_buffer();
        struct sip_message response;
        cr_assert(sip_writer_response(&out, &request, status, 1));
        assert_is_one_message(base_buffer_bytes(&out), &response);
        cr_assert_eq(response.status, status);
        cr_assert_neq(out.data[12], '\r', "status %u", status);
    }
}

/* The block is as large as the capacity says: the sanitizer sees an octet too many. */
static bool writes_into(size_t capacity, size_t used, const struct sip_message *request) {
    uint8_t *block = malloc(capacity != 0 ? capacity : 1);
    cr_assert_not_null(block);
    struct base_buffer out = {.data = block, .length = used, .capacity = capacity};
    bool is_written = request != NULL ? sip_writer_response(&out, request, 200, 1)
                                      : sip_writer_options(&out, &endpoints, &transaction);
    cr_assert_eq(out.length, is_written ? capacity : used, "capacity %zu", capacity);
    free(block);
    return is_written;
}

Test(sip_writer, appends_everything_or_nothing) {
    struct sip_message request;
    assert_is_one_message(base_bytes_of_text(REQUEST("OPTIONS", "<sip:b>")), &request);
    const struct sip_message *const choices[] = {NULL, &request};
    for (size_t choice = 0; choice < LENGTH_OF(choices); choice++) {
        struct base_buffer out = empty_buffer();
        cr_assert(choice == 0 ? sip_writer_options(&out, &endpoints, &transaction)
                              : sip_writer_response(&out, &request, 200, 1));
        for (size_t capacity = 0; capacity < out.length; capacity++) {
            cr_assert_not(writes_into(capacity, 0, choices[choice]));
            cr_assert_not(writes_into(capacity + 5, 5, choices[choice]));
        }
        cr_assert(writes_into(out.length, 0, choices[choice]));
        cr_assert(writes_into(out.length + 5, 5, choices[choice]));
    }
}
