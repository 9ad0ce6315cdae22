/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_sample.h"

#include <criterion/criterion.h>

struct relay_case {
    const char *text;
    uint64_t channel;
    const char *relayed;
};

static uint8_t area[2 * HTTP_MESSAGE_MAX];

static struct base_buffer buffer_of(size_t capacity) {
    return (struct base_buffer){.data = area, .capacity = capacity};
}

Test(http_relay, the_channel_is_ours_alone) {
    static const struct relay_case cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 7,
         "GET / HTTP/1.1\r\nTunnel-Channel: 7\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nTunnel-Channel: 9\r\nHost: a\r\n\r\n", 7,
         "GET / HTTP/1.1\r\nTunnel-Channel: 7\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\ntunnel-channel: 9\r\nHost: a\r\nTUNNEL-CHANNEL: x\r\n\r\n", 0,
         "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"POST / HTTP/1.1\r\nTunnel-Channel: 9\r\nContent-Length: 19\r\n\r\nTunnel-Channel: 9\r\n",
         7,
         "POST / HTTP/1.1\r\nTunnel-Channel: 7\r\nContent-Length: 19\r\n\r\nTunnel-Channel: 9\r\n"},
        {"HTTP/1.1 200 OK\r\nTunnel-Channel: 9\r\nContent-Length: 2\r\n\r\nhi", 0,
         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\n\r\n", UINT64_MAX,
         "HTTP/1.1 200 OK\r\nTunnel-Channel: 18446744073709551615\r\n"
         "Transfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\n\r\n"},
    };
    for (const struct relay_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct http_message message;
        cr_assert(sample_parses(base_bytes_of_text(row->text), &message), "%s", row->text);
        struct base_buffer out = buffer_of(sizeof(area));
        cr_assert(http_message_relay(&out, &message, row->channel));
        cr_expect(sample_is(base_buffer_bytes(&out), row->relayed), "%.*s", (int)out.length,
                  (const char *)out.data);
    }
}

Test(http_relay, all_else_is_kept) {
    static const struct relay_case cases[] = {
        {"GET / HTTP/1.1\r\nhOsT:  a \r\nX:\r\n\r\n", 0, NULL},
        /* What an endpoint says of its own connection must not close a carrier of many. */
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 0,
         "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"OPTIONS * HTTP/1.1\r\n\r\n", 0, NULL},
        {"POST /?a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", 0, NULL},
        {"HTTP/1.1 503 no tunnel is open\r\nContent-Length: 0\r\n\r\n", 0, NULL},
        {"HTTP/1.1 100 Continue\r\n\r\n", 0, NULL},
        {"HTTP/1.1 204 \r\n\r\n", 0, NULL},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 0, NULL},
        {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 0,
         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
        /* A reader without this room's rule would wait for the connection's end. */
        {"HTTP/1.1 200 OK\r\nX: y\r\n\r\n", 0,
         "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 0\r\n\r\n"},
    };
    for (const struct relay_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct http_message message;
        cr_assert(sample_parses(base_bytes_of_text(row->text), &message), "%s", row->text);
        struct base_buffer out = buffer_of(sizeof(area));
        cr_assert(http_message_relay(&out, &message, row->channel));
        cr_expect(
            sample_is(base_buffer_bytes(&out), row->relayed != NULL ? row->relayed : row->text),
            "%.*s", (int)out.length, (const char *)out.data);
    }
}

Test(http_relay, appends_all_or_nothing) {
    struct http_message message;
    cr_assert(http_message_parse(
        base_bytes_of_text("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nhi"), &message));
    struct base_buffer out = buffer_of(sizeof(area));
    cr_assert(http_message_relay(&out, &message, 12));
    size_t whole = out.length;
    for (size_t capacity = 0; capacity < whole; capacity++) {
        out = buffer_of(capacity + 3);
        out.length = 3;
        cr_assert_not(http_message_relay(&out, &message, 12), "%zu", capacity);
        cr_assert_eq(out.length, 3);
    }
    out = buffer_of(whole + 3);
    out.length = 3;
    cr_assert(http_message_relay(&out, &message, 12));
    cr_assert_eq(out.length, whole + 3);
}

Test(http_relay, gives_up_what_the_next_reader_would_refuse) {
    static uint8_t text[HTTP_MESSAGE_MAX];
    const char *head = "HTTP/1.1 200 OK\r\nContent-Length: 16335\r\n\r\n";
    memset(text, 'x', sizeof(text));
    memcpy(text, head, strlen(head));
    size_t length = strlen(head) + 16335;
    struct http_message message;
    cr_assert(sample_parses(base_bytes(text, length), &message));
    struct base_buffer out = buffer_of(sizeof(area));
    cr_expect(http_message_relay(&out, &message, 0));
    out.length = 0;
    cr_expect_not(http_message_relay(&out, &message, UINT64_MAX));
    cr_expect_eq(out.length, 0);
}
