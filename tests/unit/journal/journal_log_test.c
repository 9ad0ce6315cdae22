/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_log.h"

#include <criterion/criterion.h>
#include <stdlib.h>
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
                                        .wall_ns = INT64_C(1774767279839000000)};
    char line[JOURNAL_LINE_SIZE];
    journal_log_format(&event, &zone, line, sizeof line);
    cr_assert_str_eq(line,
                     "2026-03-29T12:24:39.839+05:30 tvcs: Event=\"Outbound TLS Negotiation "
                     "Error\" Service=\"SIP\" Src-ip=\"10.106.80.16\" Dst-ip=\"10.106.80.31\" "
                     "Dst-port=\"7001\" Detail=\"Peer's TLS certificate identity was "
                     "unacceptable\" Protocol=\"TLS\" Common-name=\"edge.example.test\" "
                     "Level=\"1\" UTCTime=\"2026-03-29 06:54:39.839\"");
}
