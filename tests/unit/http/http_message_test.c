/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(http_message, reads_a_request) {
    struct http_message message;
    cr_assert(sample_parses(base_bytes_of_text("POST /login?a=b HTTP/1.1\r\n"
                                               "Host: edge.example.test:8443\r\n"
                                               "tunnel-channel: 18446744073709551615\r\n"
                                               "Content-Length: 2\r\n\r\nhi"),
                            &message));
    cr_expect(message.is_request);
    cr_expect(sample_is(message.method, "POST"));
    cr_expect(sample_is(message.target, "/login?a=b"));
    cr_expect(sample_is(message.host, "edge.example.test"));
    cr_expect(sample_is(message.headers, "Host: edge.example.test:8443\r\n"
                                         "tunnel-channel: 18446744073709551615\r\n"
                                         "Content-Length: 2\r\n"));
    cr_expect(sample_is(message.body, "hi"));
    cr_expect_eq(message.status, 0);
    cr_expect_eq(message.channel, UINT64_MAX);
    cr_expect_not(message.wants_close);
}

Test(http_message, reads_a_response) {
    struct http_message message;
    cr_assert(sample_parses(base_bytes_of_text("HTTP/1.1 503 no tunnel is open on edge.tunnel\r\n"
                                               "Transfer-Encoding: chunked\r\n\r\n"
                                               "2\r\nhi\r\n0\r\nX: y\r\n\r\n"),
                            &message));
    cr_expect_not(message.is_request);
    cr_expect_eq(message.status, 503);
    cr_expect(sample_is(message.reason, "no tunnel is open on edge.tunnel"));
    cr_expect(sample_is(message.body, "2\r\nhi\r\n0\r\nX: y\r\n\r\n"));
    cr_expect_eq(message.method.length, 0);
    cr_expect_eq(message.host.length, 0);
    cr_expect_eq(message.channel, 0);
}

struct host_case {
    const char *target;
    const char *header;
    const char *host; /* NULL: malformed */
};

static bool parses_host(const struct host_case *row, struct http_message *message) {
    static char text[512];
    int length =
        snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n%s\r\n", row->target, row->header);
    return sample_parses(base_bytes(text, (size_t)length), message);
}

Test(http_message, tells_the_host_without_its_port) {
    static const struct host_case cases[] = {
        {"/", "", ""},
        {"/", "Host:\r\n", ""},
        {"/", "Host: a\r\n", "a"},
        {"/", "Host: a:\r\n", "a"},
        {"/", "Host: EDGE.example.test:8443\r\n", "EDGE.example.test"},
        {"/", "Host: 127.0.0.31:65535\r\n", "127.0.0.31"},
        {"/", "Host: [::1]\r\n", "[::1]"},
        {"/", "Host: [fe80::127.0.0.1]:443\r\n", "[fe80::127.0.0.1]"},
        {"http://b/", "Host: a\r\n", "b"},
        {"HTTPS://b/", "Host: a\r\n", NULL},
        {"https://b.example.test:443?x", "", "b.example.test"},
        {"https://b", "Host: a:1\r\n", "b"},
        {"https:///x", "Host: a\r\n", NULL},
        {"https://u@b/", "Host: a\r\n", NULL},
        {"/", "Host: :443\r\n", NULL},
        {"/", "Host: a:65536\r\n", NULL},
        {"/", "Host: a:4a3\r\n", NULL},
        {"/", "Host: a:443:443\r\n", NULL},
        {"/", "Host: a b\r\n", NULL},
        {"/", "Host: a/b\r\n", NULL},
        {"/", "Host: u@a\r\n", NULL},
        {"/", "Host: []\r\n", NULL},
        {"/", "Host: [::1\r\n", NULL},
        {"/", "Host: [::1]x\r\n", NULL},
        {"/", "Host: [a/b]\r\n", NULL},
        {"/", "Host: a\r\nHost: a\r\n", NULL},
    };
    for (const struct host_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct http_message message;
        bool parses = parses_host(row, &message);
        cr_expect_eq(parses, row->host != NULL, "%s %s", row->target, row->header);
        if (parses && row->host != NULL) {
            cr_expect(sample_is(message.host, row->host), "%s %s gives %.*s", row->target,
                      row->header, (int)message.host.length, (const char *)message.host.data);
        }
    }
}

struct channel_case {
    const char *headers;
    uint64_t channel;
};

Test(http_message, only_one_whole_number_names_a_channel) {
    static const struct channel_case cases[] = {
        {"Tunnel-Channel: 1\r\n", 1},
        {"TUNNEL-CHANNEL:\t42 \r\n", 42},
        {"Tunnel-Channel: 0\r\n", 0},
        {"Tunnel-Channel:\r\n", 0},
        {"Tunnel-Channel: -1\r\n", 0},
        {"Tunnel-Channel: 1 2\r\n", 0},
        {"Tunnel-Channel: 0x1\r\n", 0},
        {"Tunnel-Channel: 18446744073709551616\r\n", 0},
        {"Tunnel-Channel: 1\r\nTunnel-Channel: 1\r\n", 0},
        {"Tunnel-Channel: x\r\nTunnel-Channel: 1\r\n", 0},
        {"Tunnel-Channel: 1\r\nX: y\r\nTunnel-Channel: 2\r\nTunnel-Channel: 3\r\n", 0},
        {"X-Tunnel-Channel: 1\r\n", 0},
    };
    for (const struct channel_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[256];
        int length = snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\n", row->headers);
        struct http_message message;
        cr_assert(sample_parses(base_bytes(text, (size_t)length), &message), "%s", row->headers);
        cr_expect_eq(message.channel, row->channel, "%s", row->headers);
    }
}

struct close_case {
    const char *text;
    bool wants_close;
};

Test(http_message, knows_who_wants_to_close) {
    static const struct close_case cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nconnection: TE , CLOSE\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: TE\r\nConnection: close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: close\r\nConnection: TE\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: ,,\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nConnection: closed, keep-alive\r\n\r\n", false},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", true},
        {"HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", false},
    };
    for (const struct close_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct http_message message;
        cr_assert(sample_parses(base_bytes_of_text(row->text), &message), "%s", row->text);
        cr_expect_eq(message.wants_close, row->wants_close, "%s", row->text);
    }
}

Test(http_message, refuses_more_and_less_than_one_message) {
    static const char *const cases[] = {
        "",
        "\r\n",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\n\r\nG",
        "GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nh",
        "GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi!",
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct http_message message;
        cr_expect_not(sample_parses(base_bytes_of_text(cases[i]), &message), "%s", cases[i]);
    }
}
