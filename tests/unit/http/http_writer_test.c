/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_sample.h"

#include <criterion/criterion.h>

static uint8_t area[1024];

static struct base_buffer buffer_of(size_t capacity) {
    return (struct base_buffer){.data = area, .capacity = capacity};
}

Test(http_writer, a_get_reads_back) {
    struct base_buffer out = buffer_of(sizeof(area));
    cr_assert(http_message_write_get(&out, "/phone.cnf.xml", "cucm.example.test:6972", "ekuload"));
    struct http_message message;
    cr_assert(sample_parses(base_buffer_bytes(&out), &message));
    cr_expect(message.is_request);
    cr_expect(sample_is(message.method, "GET"));
    cr_expect(sample_is(message.target, "/phone.cnf.xml"));
    cr_expect(sample_is(message.host, "cucm.example.test"));
    cr_expect(sample_is(message.headers, "Host: cucm.example.test:6972\r\nUser-Agent: ekuload\r\n"
                                         "Accept: */*\r\n"));
    out.length = 0;
    cr_assert(http_message_write_get(&out, "/", "a", NULL));
    cr_assert(sample_parses(base_buffer_bytes(&out), &message));
    cr_expect(sample_is(message.headers, "Host: a\r\nAccept: */*\r\n"));
}

struct response_case {
    unsigned status;
    const char *reason;
    const char *content_type;
    const char *body;
    uint64_t channel;
    const char *text;
};

Test(http_writer, responses_say_their_length) {
    static const struct response_case cases[] = {
        {200, "OK", "text/xml", "<device/>", 0,
         "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9\r\n\r\n<device/>"},
        {404, "Not Found", NULL, "", 0, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
        {503, "no tunnel is open", NULL, "", 77,
         "HTTP/1.1 503 no tunnel is open\r\nTunnel-Channel: 77\r\nContent-Length: 0\r\n\r\n"},
        {204, "No Content", "text/xml", "ignored", 5,
         "HTTP/1.1 204 No Content\r\nTunnel-Channel: 5\r\n\r\n"},
        {502, "", NULL, "", 0, "HTTP/1.1 502 \r\nContent-Length: 0\r\n\r\n"},
        {502, "a\r\nX: y\x01\x7f", NULL, "", 0,
         "HTTP/1.1 502 a  X: y  \r\nContent-Length: 0\r\n\r\n"},
    };
    for (const struct response_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct base_buffer out = buffer_of(sizeof(area));
        cr_assert(http_message_write_response(&out, row->status, row->reason, row->content_type,
                                              base_bytes_of_text(row->body), row->channel));
        cr_expect(sample_is(base_buffer_bytes(&out), row->text), "%.*s", (int)out.length,
                  (const char *)out.data);
        struct http_message message;
        cr_assert(sample_parses(base_buffer_bytes(&out), &message));
        cr_expect_eq(message.status, row->status);
        cr_expect_eq(message.channel, row->channel);
    }
}

static bool write_one(struct base_buffer *out, bool is_get) {
    return is_get ? http_message_write_get(out, "/x", "a", "b")
                  : http_message_write_response(out, 200, "OK", "text/plain",
                                                base_bytes_of_text("hi"), 9);
}

Test(http_writer, appends_all_or_nothing) {
    for (int is_get = 0; is_get < 2; is_get++) {
        struct base_buffer out = buffer_of(sizeof(area));
        cr_assert(write_one(&out, is_get != 0));
        size_t whole = out.length;
        for (size_t capacity = 0; capacity < whole; capacity++) {
            out = buffer_of(capacity);
            cr_assert_not(write_one(&out, is_get != 0), "%zu", capacity);
            cr_assert_eq(out.length, 0);
        }
        out = buffer_of(whole);
        cr_assert(write_one(&out, is_get != 0));
    }
}
