/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_log.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct journal_place edge_traversal = {
    .process = "tvcs", .service = "SIP", .local_host = "10.106.80.31", .local_port = 7001};

static void in_india(void) {
    setenv("TZ", "IST-5:30", 1);
    tzset();
}

Test(journal_log, writes_a_refusal_as_the_product_does, .init = in_india) {
    const struct journal_event event = {.kind = JOURNAL_INBOUND_TLS_ERROR,
                                        .fault = FAULT_TLS_PEER_EKU,
                                        .wall_ns = INT64_C(1774767279839000000),
                                        .source_port = 25046,
                                        .source_host = "10.106.80.16"};
    char line[JOURNAL_LINE_SIZE];
    journal_log_format(&event, &edge_traversal, line, sizeof line);
    cr_assert_str_eq(
        line, "2026-03-29T12:24:39.839+05:30 tvcs: Event=\"Inbound TLS Negotiation Error\" "
              "Service=\"SIP\" Src-ip=\"10.106.80.16\" Src-port=\"25046\" Dst-ip=\"10.106.80.31\" "
              "Dst-port=\"7001\" Detail=\"unsupported certificate purpose\" Protocol=\"TLS\" "
              "Level=\"1\" UTCTime=\"2026-03-29 06:54:39.839\"");
}

Test(journal_log, names_the_verified_name_of_an_outbound_refusal, .init = in_india) {
    const struct journal_place zone = {.process = "tvcs",
                                       .service = "SIP",
                                       .local_host = "10.106.80.16",
                                       .remote_host = "10.106.80.31",
                                       .remote_port = 7001,
                                       .common_name = "edge.example.test"};
    const struct journal_event event = {.kind = JOURNAL_OUTBOUND_TLS_ERROR,
                                        .fault = FAULT_TLS_PEER_NAME,
                                        .reason = "wanted edge.example.test, presented \"b\"",
                                        .wall_ns = INT64_C(1774767279839000000)};
    char line[JOURNAL_LINE_SIZE];
    journal_log_format(&event, &zone, line, sizeof line);
    cr_assert_str_eq(line,
                     "2026-03-29T12:24:39.839+05:30 tvcs: Event=\"Outbound TLS Negotiation "
                     "Error\" Service=\"SIP\" Src-ip=\"10.106.80.16\" Dst-ip=\"10.106.80.31\" "
                     "Dst-port=\"7001\" Detail=\"Peer's TLS certificate identity was "
                     "unacceptable\" Reason=\"wanted edge.example.test, presented \\x22b\\x22\" "
                     "Protocol=\"TLS\" Common-name=\"edge.example.test\" "
                     "Level=\"1\" UTCTime=\"2026-03-29 06:54:39.839\"");
}

#define WALL  INT64_C(1774767279839000000)
#define LOCAL "2026-03-29T12:24:39.839+05:30 "
#define UTC   "UTCTime=\"2026-03-29 06:54:39.839\""

static void expect(const struct journal_event *event, const struct journal_place *place,
                   const char *wanted) {
    char line[JOURNAL_LINE_SIZE];
    journal_log_format(event, place, line, sizeof line);
    cr_assert_str_eq(line, wanted, "%s", line);
}

Test(journal_log, writes_a_tunnel_as_ssh_does, .init = in_india) {
    static const struct {
        enum fault fault;
        const char *said;
    } rows[] = {
        {FAULT_TUNNEL_TIMEOUT, "Connection timed out"},
        {FAULT_TUNNEL_PERMISSION_DENIED, "Connection timed out"},
        {FAULT_TCP_TIMEOUT, "Connection timed out"},
        {FAULT_TCP_REFUSED, "Connection refused"},
        {FAULT_TCP_UNREACHABLE, "No route to host"},
    };
    const struct journal_place tunnel = {.process = "ssh",
                                         .service = "SSH",
                                         .local_host = "10.106.80.16",
                                         .remote_host = "edge.example.test",
                                         .remote_port = 2222};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct journal_event event = {
            .kind = JOURNAL_TUNNEL_ERROR, .fault = rows[i].fault, .wall_ns = WALL};
        char wanted[256];
        snprintf(wanted, sizeof wanted,
                 LOCAL "ssh: Detail=\"ssh: connect to host edge.example.test port 2222: %s\" "
                       "Level=\"ERROR\"",
                 rows[i].said);
        expect(&event, &tunnel, wanted);
    }
}

Test(journal_log, writes_wrong_credentials_as_the_product_does, .init = in_india) {
    const struct journal_event event = {.kind = JOURNAL_AUTHENTICATION_FAILED,
                                        .fault = FAULT_SIP_AUTH_FAILED,
                                        .wall_ns = WALL,
                                        .on_listener = true,
                                        .source_port = 25046,
                                        .source_host = "10.106.80.16"};
    expect(&event, &edge_traversal,
           LOCAL "tvcs: Event=\"Authentication Failed\" Service=\"SIP\" "
                 "Src-ip=\"10.106.80.16\" Src-port=\"25046\" Dst-ip=\"10.106.80.31\" "
                 "Dst-port=\"7001\" Detail=\"Incorrect authentication credential for user\" "
                 "Protocol=\"TLS\" Level=\"1\" " UTC);
}

static const struct journal_place core_zone = {.process = "tvcs",
                                               .service = "SIP",
                                               .local_host = "10.106.80.16",
                                               .remote_host = "10.106.80.31",
                                               .remote_port = 7001};

Test(journal_log, says_where_a_request_failed_and_why, .init = in_india) {
    const struct journal_event rejected = {.kind = JOURNAL_REQUEST_REJECTED,
                                           .fault = FAULT_SIP_REJECTED,
                                           .wall_ns = WALL,
                                           .status = 503,
                                           .reason = "no tunnel is open on edge.tunnel"};
    expect(&rejected, &core_zone,
           LOCAL "tvcs: Event=\"Request Rejected\" Service=\"SIP\" Src-ip=\"10.106.80.16\" "
                 "Dst-ip=\"10.106.80.31\" Dst-port=\"7001\" Status=\"503\" Reason=\"no tunnel "
                 "is open on edge.tunnel\" Protocol=\"TLS\" Level=\"1\" " UTC);
    struct journal_event elsewhere = rejected;
    elsewhere.target_port = 7002;
    strcpy(elsewhere.target_host, "10.106.80.32");
    expect(&elsewhere, &core_zone,
           LOCAL "tvcs: Event=\"Request Rejected\" Service=\"SIP\" Src-ip=\"10.106.80.16\" "
                 "Dst-ip=\"10.106.80.32\" Dst-port=\"7002\" Status=\"503\" Reason=\"no tunnel "
                 "is open on edge.tunnel\" Protocol=\"TLS\" Level=\"1\" " UTC);
    struct journal_event unroutable = {.kind = JOURNAL_REQUEST_UNROUTABLE,
                                       .wall_ns = WALL,
                                       .on_listener = true,
                                       .source_port = 40001,
                                       .reason = "nobody knows cucm.example.test",
                                       .source_host = "198.51.100.7"};
    expect(&unroutable, &edge_traversal,
           LOCAL "tvcs: Event=\"Request Failed\" Service=\"SIP\" Src-ip=\"198.51.100.7\" "
                 "Src-port=\"40001\" Dst-ip=\"10.106.80.31\" Dst-port=\"7001\" "
                 "Reason=\"nobody knows cucm.example.test\" Protocol=\"TLS\" Level=\"1\" " UTC);
    unroutable.on_listener = false;
    unroutable.source_port = 0;
    expect(&unroutable, &core_zone,
           LOCAL "tvcs: Event=\"Request Failed\" Service=\"SIP\" Src-ip=\"10.106.80.31\" "
                 "Src-port=\"7001\" Dst-ip=\"10.106.80.16\" "
                 "Reason=\"nobody knows cucm.example.test\" Protocol=\"TLS\" Level=\"1\" " UTC);
}

Test(journal_log, a_peers_words_end_neither_the_quotes_nor_the_line) {
    struct journal_event event = {.kind = JOURNAL_REQUEST_REJECTED, .status = 500};
    char line[JOURNAL_LINE_SIZE];
    strcpy(event.reason, "a\" Level=\"9\"\r\nb\\\t\x1b[31m\xc3\xa4\x7f");
    journal_log_format(&event, &core_zone, line, sizeof line);
    cr_assert_not_null(strstr(line, "Reason=\"a\\x22 Level=\\x229\\x22\\x0d\\x0ab\\x5c\\x09"
                                    "\\x1b[31m\\xc3\\xa4\\x7f\" Protocol=\"TLS\""),
                       "%s", line);
}

Test(journal_log, the_longest_words_leave_the_line_whole) {
    char host[300];
    memset(host, 'h', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    struct journal_place place = core_zone;
    place.local_host = host;
    place.remote_host = host;
    place.common_name = host;
    for (unsigned kind = JOURNAL_INBOUND_TLS_ERROR; kind <= JOURNAL_REQUEST_UNROUTABLE; kind++) {
        struct journal_event event = {.kind = (enum journal_kind)kind, .status = 599};
        char line[JOURNAL_LINE_SIZE];
        /* Not even a final NUL. */
        memset(event.reason, '"', sizeof event.reason);
        journal_log_format(&event, &place, line, sizeof line);
        cr_assert_not_null(strstr(line, kind == JOURNAL_TUNNEL_ERROR ? "\" Level=\"ERROR\""
                                                                     : "\" Level=\"1\" UTCTime="),
                           "%s", line);
        cr_assert_eq(line[strlen(line) - 1], '"', "%s", line);
    }
}
