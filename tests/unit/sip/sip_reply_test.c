/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"
#include "sip_writer.h"

#include <criterion/criterion.h>
#include <stdio.h>

static uint8_t area[2 * SIP_MESSAGE_MAX];

static struct base_buffer empty_buffer(void) {
    return (struct base_buffer){.data = area, .capacity = sizeof(area)};
}

#define VIAS                                                                                       \
    "Via: SIP/2.0/TLS edge;branch=z9hG4bK2;received=192.0.2.1 ,\r\n\tSIP/2.0/TLS x;branch=z9\r\n"  \
    "v  :SIP / 2.0 / TCP  core:5060;branch=z9hG4bK1;x=\"a,b\"  \r\n"
#define REQUEST(method, to)                                                                        \
    method " sip:b SIP/2.0\r\nRecord-Route: <sip:edge;lr>\r\n"                                     \
           "Via: SIP/2.0/TLS edge;branch=z9hG4bK2;received=192.0.2.1 ,\r\n\tSIP/2.0/TLS x;"        \
           "branch=z9\r\nmax-forwards: 3\r\nf:A <sip:a>\r\n ;tag=1\r\nX-Via: y\r\n"                \
           "v  :SIP / 2.0 / TCP  core:5060;branch=z9hG4bK1;x=\"a,b\"  \r\nTO:   " to               \
           "\r\ni:c@d\r\nCSeq:  0007  " method                                                     \
           "\r\nrecord-ROUTE: <sip:core;lr>,\r\n <sip:x;lr>\r\nl:0\r\n\r\n"
#define ANSWER(line, to, cseq)                                                                     \
    line "\r\n" VIAS "From: A <sip:a>\r\n ;tag=1\r\nTo: " to "\r\nCall-ID: c@d\r\nCSeq: " cseq     \
         "\r\n"
#define ALLOW                                                                                      \
    "Allow: OPTIONS, REGISTER, INVITE, ACK, BYE, CANCEL, MESSAGE, INFO, PRACK, UPDATE, NOTIFY\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"

struct answer_case {
    const char *request;
    unsigned status;
    uint64_t to_tag;
    const char *response;
};

Test(sip_reply, mirrors_the_request) {
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
        {REQUEST("INVITE", "<sip:b>"), 198, 1,
         ANSWER("SIP/2.0 198 Provisional", "<sip:b>;tag=0000000000000001", "7 INVITE") NO_BODY},
        {REQUEST("INVITE", "<sip:b>"), 699, 1,
         ANSWER("SIP/2.0 699 Global Failure", "<sip:b>;tag=0000000000000001", "7 INVITE") NO_BODY},
    };
    for (const struct answer_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message request;
        SAMPLE_READ(base_bytes_of_text(row->request), &request);
        const struct sip_reply reply = {.status = row->status, .to_tag = row->to_tag};
        struct base_buffer out = empty_buffer();
        cr_assert(sip_writer_reply(&out, &request, &reply));
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), row->response);
        struct sip_message response;
        SAMPLE_READ(base_buffer_bytes(&out), &response);
        cr_assert_eq(response.status, row->status);
        cr_assert(base_bytes_equal(response.via_branch, request.via_branch));
        cr_assert_eq(response.to_tag.length == 0, row->status == 100);
    }
}

Test(sip_reply, has_a_reason_for_every_status) {
    struct sip_message request;
    SAMPLE_READ(base_bytes_of_text(REQUEST("INVITE", "<sip:b>")), &request);
    for (unsigned status = 100; status <= 699; status++) {
        const struct sip_reply reply = {.status = status};
        struct base_buffer out = empty_buffer();
        struct sip_message response;
        cr_assert(sip_writer_reply(&out, &request, &reply));
        SAMPLE_READ(base_buffer_bytes(&out), &response);
        cr_assert_eq(response.status, status);
        cr_assert_neq(response.reason.length, 0, "status %u", status);
    }
}

Test(sip_reply, puts_the_reason_it_is_given_on_one_line) {
    struct sip_message request;
    SAMPLE_READ(base_bytes_of_text(REQUEST("INVITE", "<sip:b>")), &request);
    static const char *const reasons[][2] = {
        {"no tunnel is open on edge.tunnel: unsupported certificate purpose",
         "no tunnel is open on edge.tunnel: unsupported certificate purpose"},
        {"a\r\nVia: b\x1b[0m\x7f\tc", "a  Via: b [0m  c"},
        {"\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
        {"", ""},
    };
    for (size_t i = 0; i < LENGTH_OF(reasons); i++) {
        const struct sip_reply reply = {.status = 503, .reason = reasons[i][0]};
        struct base_buffer out = empty_buffer();
        struct sip_message response;
        cr_assert(sip_writer_reply(&out, &request, &reply));
        SAMPLE_READ(base_buffer_bytes(&out), &response);
        SAMPLE_ASSERT_TEXT(response.reason, reasons[i][1]);
    }
}

#define TAGGED "<sip:b>;tag=0000000000000002"

Test(sip_reply, puts_further_lines_in_front_of_the_length) {
    struct sip_message request;
    SAMPLE_READ(base_bytes_of_text(REQUEST("OPTIONS", "<sip:b>")), &request);
    const struct sip_reply reply = {
        .status = 401, .to_tag = 2, .header_lines = base_bytes_of_text("X: 1\r\nY: 2\r\n")};
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_reply(&out, &request, &reply));
    SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), ANSWER("SIP/2.0 401 Unauthorized", TAGGED,
                                                       "7 OPTIONS") "X: 1\r\nY: 2\r\n" NO_BODY);
}

Test(sip_reply, copies_every_record_route_in_order) {
    struct sip_message request;
    SAMPLE_READ(base_bytes_of_text(REQUEST("INVITE", "<sip:b>")), &request);
    const struct sip_reply reply = {
        .status = 180, .to_tag = 2, .contact_host = "cucm.test", .copies_record_route = true};
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_reply(&out, &request, &reply));
    SAMPLE_ASSERT_TEXT(
        base_buffer_bytes(&out),
        "SIP/2.0 180 Ringing\r\n" VIAS "Record-Route: <sip:edge;lr>\r\n"
        "record-ROUTE: <sip:core;lr>,\r\n <sip:x;lr>\r\nFrom: A <sip:a>\r\n ;tag=1\r\nTo: " TAGGED
        "\r\nCall-ID: c@d\r\nCSeq: 7 INVITE\r\nContact: <sip:cucm.test;transport=tls>\r\n" NO_BODY);
}

struct binding_case {
    const char *lines; /* of the REGISTER */
    const char *contacts;
};

/* RFC 3261 section 12.1.1. */
Test(sip_reply, is_reached_as_securely_as_it_was_asked_for) {
    static const struct {
        const char *uri;
        const char *contact;
    } rows[] = {
        {"sip:b", "\r\nContact: <sip:cucm.test;transport=tls>\r\n"},
        {"sips:b", "\r\nContact: <sips:cucm.test>\r\n"},
        {"SIPS:b@c", "\r\nContact: <sips:cucm.test>\r\n"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char text[512];
        struct sip_message request;
        struct base_buffer out = empty_buffer();
        snprintf(text, sizeof(text),
                 "INVITE %s SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
                 "To: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n",
                 rows[i].uri);
        SAMPLE_READ(base_bytes_of_text(text), &request);
        const struct sip_reply reply = {.status = 180, .contact_host = "cucm.test"};
        cr_assert(sip_writer_reply(&out, &request, &reply));
        cr_expect_not_null(memmem(out.data, out.length, rows[i].contact, strlen(rows[i].contact)),
                           "%s", rows[i].uri);
    }
}

Test(sip_reply, lists_the_bindings_that_a_registration_leaves) {
    static const struct binding_case cases[] = {
        {"", ""},
        {"Contact: <sip:a@b>\r\n", "Contact: <sip:a@b>;expires=3600\r\n"},
        {"m: <sip:a@b>\r\nEXPIRES: 60\r\n", "Contact: <sip:a@b>;expires=60\r\n"},
        {"Expires: 60\r\nContact: <sip:a@b>;q=1;Expires=7\r\n",
         "Contact: <sip:a@b>;q=1;Expires=7\r\n"},
        {"Contact: sip:a@b\r\nExpires: 60\r\n", "Contact: sip:a@b;expires=60\r\n"},
        {"Contact: \"A, B\" <sip:a@b>, <sips:c@d>;expires=9,\r\n <sip:e>\r\nContact: <sip:f>\r\n",
         "Contact: \"A, B\" <sip:a@b>;expires=3600\r\nContact: <sips:c@d>;expires=9\r\n"
         "Contact: <sip:e>;expires=3600\r\nContact: <sip:f>;expires=3600\r\n"},
        {"Contact: <sip:a;expires=0>\r\n", "Contact: <sip:a;expires=0>;expires=3600\r\n"},
        {"Contact: *\r\nExpires: 0\r\n", ""},
        {"Contact: <sip:a>;expires=0, <sip:b>\r\n", "Contact: <sip:b>;expires=3600\r\n"},
        {"Contact: <sip:a>\r\nExpires: 0\r\n", ""},
        {"Contact: <sip:a>\r\nExpires: soon\r\n", "Contact: <sip:a>;expires=3600\r\n"},
        {"Contact: <sip:a>;expires=99999999999999999999\r\n",
         "Contact: <sip:a>;expires=99999999999999999999\r\n"},
        {"Contact: <sip:a b>, <>, <sip:c>;expires, <sip:d>;x=\"y, <sip:e>\r\n", ""},
        {"Contact: <sip:a\r\n", ""},
        {"Contact: <sip:a,b@c>, <sip:d>;expires=5 e\r\n", "Contact: <sip:a,b@c>;expires=3600\r\n"},
        {"Contact:\r\n", ""},
    };
    for (const struct binding_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[1024];
        struct sip_message request;
        snprintf(text, sizeof(text),
                 "REGISTER sip:b SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
                 "To: <sip:a>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n%sl: 0\r\n\r\n",
                 row->lines);
        SAMPLE_READ(base_bytes_of_text(text), &request);
        const struct sip_reply reply = {.status = 200, .copies_contact = true};
        struct base_buffer out = empty_buffer();
        cr_assert(sip_writer_reply(&out, &request, &reply));
        snprintf(text, sizeof(text),
                 "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
                 "To: <sip:a>;tag=0000000000000000\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n%s" NO_BODY,
                 row->contacts);
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), text);
    }
}

struct sdp_case {
    const char *offer;
    const char *streams; /* of the answer */
};

#define PCMU(protocol) "m=audio 9 " protocol " 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n"

Test(sip_reply, answers_every_offered_stream) {
    static const struct sdp_case cases[] = {
        {"", PCMU("RTP/AVP")},
        {"v=0\r\nt=0 0\r\n", PCMU("RTP/AVP")},
        {"m=audio 4000 RTP/AVP 0\r\n", PCMU("RTP/AVP")},
        {"m=audio 4000 RTP/AVP 0", PCMU("RTP/AVP")},
        {"m=audio 4000 RTP/SAVP 8 101 0\nm=video 9 RTP/AVP 96\n",
         PCMU("RTP/SAVP") "m=video 0 RTP/AVP 96\r\n"},
        {"m=video 9 RTP/AVP 0\r\na=x\r\nm=audio 7/2 RTP/AVP 8 0\r\nm=audio 8 RTP/AVP 0\r\n",
         "m=video 0 RTP/AVP 0\r\n" PCMU("RTP/AVP") "m=audio 0 RTP/AVP 0\r\n"},
        {"m=audio 0 RTP/AVP 0\r\n", "m=audio 0 RTP/AVP 0\r\n"},
        {"m=audio 9 RTP/AVP 8 10\r\n", "m=audio 0 RTP/AVP 8 10\r\n"},
        {"m=audio 9 udp 0\r\n", "m=audio 0 udp 0\r\n"},
        {"m=\r\nm=audio\r\nm=audio 9\r\nm=a\rb 9 RTP/AVP 0\r\nm=audio 9 RTP/AVP \x01\r\n",
         PCMU("RTP/AVP")},
    };
    for (const struct sdp_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[1024];
        struct sip_message request;
        struct sip_message response;
        snprintf(text, sizeof(text),
                 "INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
                 "To: <sip:a>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nl: %zu\r\n\r\n%s",
                 strlen(row->offer), row->offer);
        SAMPLE_READ(base_bytes_of_text(text), &request);
        const struct sip_reply reply = {
            .status = 200, .to_tag = 10, .contact_host = "[::1]", .has_sdp = true};
        struct base_buffer out = empty_buffer();
        cr_assert(sip_writer_reply(&out, &request, &reply));
        SAMPLE_READ(base_buffer_bytes(&out), &response);
        snprintf(text, sizeof(text),
                 "v=0\r\no=- 10 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\n%s", row->streams);
        SAMPLE_ASSERT_TEXT(response.body, text);
    }
}

/* The block is as large as the capacity says: the sanitizer sees an octet too many. */
static bool writes_into(size_t capacity, size_t used, const struct sip_message *request,
                        const struct sip_reply *reply) {
    uint8_t *block = malloc(capacity != 0 ? capacity : 1);
    cr_assert_not_null(block);
    struct base_buffer out = {.data = block, .length = used, .capacity = capacity};
    bool is_written = sip_writer_reply(&out, request, reply);
    cr_assert_eq(out.length, is_written ? capacity : used, "capacity %zu", capacity);
    free(block);
    return is_written;
}

Test(sip_reply, appends_everything_or_nothing) {
    struct sip_message request;
    SAMPLE_READ(base_bytes_of_text(REQUEST("INVITE", "<sip:b>")), &request);
    const struct sip_reply reply = {
        .status = 200,
        .contact_host = "a",
        .copies_record_route = true,
        .copies_contact = true,
        .has_sdp = true,
        .header_lines = base_bytes_of_text("X: y\r\n"),
    };
    struct base_buffer out = empty_buffer();
    cr_assert(sip_writer_reply(&out, &request, &reply));
    for (size_t capacity = 0; capacity < out.length; capacity++) {
        cr_assert_not(writes_into(capacity, 0, &request, &reply));
        cr_assert_not(writes_into(capacity + 5, 5, &request, &reply));
    }
    cr_assert(writes_into(out.length, 0, &request, &reply));
    cr_assert(writes_into(out.length + 5, 5, &request, &reply));
}
