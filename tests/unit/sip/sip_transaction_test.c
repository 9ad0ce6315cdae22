/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"
#include "sip_transaction.h"
#include "sip_writer.h"

#include <criterion/criterion.h>

static const struct sip_transaction transaction = {
    .dialog = 0x0123456789abcdef,
    .branch = 0x00000000deadbeef,
    .cseq = 42,
};

#define BRANCH "z9hG4bK00000000deadbeef"
#define ANSWER(line, branch, cseq)                                                                 \
    line "\r\nVia: SIP/2.0/TLS a;" branch "\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\n"       \
         "Call-ID: 1@a\r\nCSeq: " cseq "\r\nContent-Length: 0\r\n\r\n"

struct answer_case {
    const char *text;
    bool matches;
};

Test(sip_transaction, is_told_by_branch_and_cseq) {
    static const struct answer_case cases[] = {
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "42 OPTIONS"), true},
        {ANSWER("SIP/2.0 100 Trying", "rport=1;branch=" BRANCH ";received=1.2.3.4", "042 OPTIONS"),
         true},
        {ANSWER("SIP/2.0 503 Down", "branch=" BRANCH, "42 OPTIONS"), true},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bK00000000deadbeee", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH "0", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bK00000000deadbee", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bKdeadbeef", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=00000000deadbeef", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "rport", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "43 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "42 INVITE"), false},
        {ANSWER("OPTIONS sip:a SIP/2.0", "branch=" BRANCH, "42 OPTIONS"), false},
    };
    for (const struct answer_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message message;
        cr_assert(sample_parses(base_bytes_of_text(row->text), &message));
        cr_assert_eq(sip_transaction_matches(&message, &transaction), row->matches, "%s",
                     row->text);
    }
}

Test(sip_transaction, ends_where_it_began) {
    const struct sip_endpoints endpoints = {.local_name = "a", .remote_name = "b"};
    uint8_t sent[SIP_MESSAGE_MAX];
    uint8_t received[SIP_MESSAGE_MAX];
    struct base_buffer request = {.data = sent, .capacity = sizeof(sent)};
    struct base_buffer response = {.data = received, .capacity = sizeof(received)};
    struct sip_message message;
    cr_assert(sip_writer_options(&request, &endpoints, &transaction));
    cr_assert(sample_parses(base_buffer_bytes(&request), &message));
    cr_assert(sip_writer_response(&response, &message, 200, 7));
    cr_assert(sample_parses(base_buffer_bytes(&response), &message));
    cr_assert(sip_transaction_matches(&message, &transaction));
    struct sip_transaction next = transaction;
    next.branch++;
    cr_assert_not(sip_transaction_matches(&message, &next));
}
