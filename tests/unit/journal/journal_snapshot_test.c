/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_snapshot.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* 24 March 2026, 11:54:26.106 UTC. */
#define ARTICLE_TIME INT64_C(1774353266106000000)

static const struct journal_place webex = {.process = "tvcs",
                                           .local_host = "10.106.80.31",
                                           .remote_host = "163.129.37.33",
                                           .remote_port = 5061};
static const struct journal_place traversal = {
    .process = "tvcs", .local_host = "10.106.80.31", .local_port = 7001};

static char folder[] = "/tmp/journal-test-XXXXXX";
static char path[64];
static struct journal_snapshot *snapshot;

static void begin(void) {
    setenv("TZ", "UTC", 1);
    tzset();
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/log.txt", folder);
}

static void end(void) {
    unlink(path);
    rmdir(folder);
}

TestSuite(journal_snapshot, .init = begin, .fini = end);

static void open_log(uint64_t octets_max) {
    const struct journal_snapshot_file files[] = {{.path = path, .host = "smartslave"},
                                                  {.path = NULL, .host = "elsewhere"}};
    struct base_error error;
    cr_assert(journal_snapshot_open(&snapshot, files, 2, octets_max, &error), "%s", error.text);
}

/* Closes and reads; static memory. */
static const char *written(void) {
    static char text[65536];
    struct base_error error;
    cr_assert(journal_snapshot_close(snapshot, &error), "%s", error.text);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_text(const struct journal_trace_record *record, const char *text) {
    journal_snapshot_write(snapshot, record, &webex, JOURNAL_NETWORK_SIP,
                           base_bytes(text, strlen(text)));
}

Test(journal_snapshot, a_sent_message_has_the_header_of_the_article) {
    const struct journal_trace_record record = {
        .wall_ns = ARTICLE_TIME, .sent = true, .local_port = 25002};
    char line[JOURNAL_LINE_SIZE];
    journal_snapshot_format(&record, &webex, "smartslave", JOURNAL_NETWORK_SIP, line, sizeof line);
    cr_assert_str_eq(line, "2026-03-24T11:54:26.106+00:00 smartslave tvcs: "
                           "UTCTime=\"2026-03-24 11:54:26,106\" Module=\"network.sip\" "
                           "Level=\"DEBUG\": Action=\"Sent\" Local-ip=\"10.106.80.31\" "
                           "Local-port=\"25002\" Dst-ip=\"163.129.37.33\" Dst-port=\"5061\"");
}

Test(journal_snapshot, a_received_message_names_its_source) {
    const struct journal_trace_record record = {.wall_ns = ARTICLE_TIME,
                                                .on_listener = true,
                                                .remote_port = 25046,
                                                .remote_host = "10.106.80.16"};
    char line[JOURNAL_LINE_SIZE];
    setenv("TZ", "IST-5:30", 1);
    tzset();
    journal_snapshot_format(&record, &traversal, "smartslave", JOURNAL_NETWORK_HTTP, line,
                            sizeof line);
    cr_assert_str_eq(line, "2026-03-24T17:24:26.106+05:30 smartslave tvcs: "
                           "UTCTime=\"2026-03-24 11:54:26,106\" Module=\"network.http\" "
                           "Level=\"DEBUG\": Action=\"Received\" Local-ip=\"10.106.80.31\" "
                           "Local-port=\"7001\" Src-ip=\"10.106.80.16\" Src-port=\"25046\"");
}

Test(journal_snapshot, the_message_follows_indented_and_without_what_moves_a_cursor) {
    static const struct {
        const char *message;
        const char *body;
    } cases[] = {
        {"OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n",
         "\n SIPMSG:\n |OPTIONS sip:a SIP/2.0\n Via: x\n \n |\n"},
        {"", "\n SIPMSG:\n ||\n"},
        {"a\n2026-03-24T11:54:26.106+00:00 forged tvcs: x",
         "\n SIPMSG:\n |a\n 2026-03-24T11:54:26.106+00:00 forged tvcs: x|\n"},
        {"a\x1b[2J\rb\tc\x7f\r", "\n SIPMSG:\n |a.[2J.b\tc..|\n"},
        {"caf\xc3\xa9", "\n SIPMSG:\n |caf\xc3\xa9|\n"},
    };
    const struct journal_trace_record record = {.wall_ns = ARTICLE_TIME, .sent = true};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        open_log(JOURNAL_SNAPSHOT_OCTETS_MAX);
        write_text(&record, cases[i].message);
        const char *text = written();
        const char *body = strchr(text, '\n');
        cr_assert_not_null(body);
        cr_assert_str_eq(body, cases[i].body, "%s", text);
    }
}

Test(journal_snapshot, a_node_elsewhere_has_no_log) {
    const struct journal_trace_record record = {.wall_ns = ARTICLE_TIME, .sent = true};
    struct journal_place elsewhere = webex;
    elsewhere.node = 1;
    open_log(JOURNAL_SNAPSHOT_OCTETS_MAX);
    journal_snapshot_write(snapshot, &record, &elsewhere, JOURNAL_NETWORK_SIP, base_bytes("x", 1));
    journal_snapshot_flush(snapshot);
    cr_assert_str_eq(written(), "");
}

Test(journal_snapshot, a_full_log_keeps_its_limit_and_says_so_once) {
    const struct journal_trace_record record = {.wall_ns = ARTICLE_TIME, .sent = true};
    open_log(4000);
    for (unsigned i = 0; i < 50; i++) {
        write_text(&record, "OPTIONS sip:a SIP/2.0\r\n\r\n");
    }
    const char *text = written();
    const char *remark = strstr(text, "Detail=\"this log has reached its size limit");
    cr_assert_leq(strlen(text), 4000);
    cr_assert_not_null(remark, "%s", text);
    cr_assert_null(strstr(remark + 1, "Detail="));
    cr_assert_null(strstr(remark, "OPTIONS"));
    cr_assert_not_null(strstr(text, "OPTIONS"));
}

Test(journal_snapshot, an_event_stands_among_the_messages_with_the_name_of_its_node) {
    const struct journal_event event = {.kind = JOURNAL_INBOUND_TLS_ERROR,
                                        .fault = FAULT_TLS_PEER_EKU,
                                        .wall_ns = ARTICLE_TIME,
                                        .source_port = 25046,
                                        .source_host = "10.106.80.16"};
    struct journal_place place = traversal;
    place.service = "SIP";
    open_log(JOURNAL_SNAPSHOT_OCTETS_MAX);
    journal_snapshot_event(snapshot, &event, &place);
    cr_assert_str_eq(written(),
                     "2026-03-24T11:54:26.106+00:00 smartslave tvcs: Event=\"Inbound TLS "
                     "Negotiation Error\" Service=\"SIP\" Src-ip=\"10.106.80.16\" "
                     "Src-port=\"25046\" Dst-ip=\"10.106.80.31\" Dst-port=\"7001\" "
                     "Detail=\"unsupported certificate purpose\" Protocol=\"TLS\" Level=\"1\" "
                     "UTCTime=\"2026-03-24 11:54:26.106\"\n");
}

Test(journal_snapshot, remarks_about_the_log_itself_are_lines_of_it) {
    open_log(JOURNAL_SNAPSHOT_OCTETS_MAX);
    journal_snapshot_remark(snapshot, "3 messages are missing");
    const char *text = written();
    cr_assert_not_null(strstr(text, " smartslave ekuload: UTCTime=\""), "%s", text);
    cr_assert_not_null(strstr(text, "Detail=\"3 messages are missing\"\n"), "%s", text);
}

Test(journal_snapshot, what_cannot_be_written_is_told) {
    const struct journal_snapshot_file nowhere[] = {
        {.path = "/no/such/folder/log.txt", .host = "a"}};
    const struct journal_snapshot_file full[] = {{.path = "/dev/full", .host = "a"}};
    struct base_error error;
    cr_assert_not(journal_snapshot_open(&snapshot, nowhere, 1, 1, &error));
    cr_assert_null(snapshot);
    cr_assert_not_null(strstr(error.text, "/no/such/folder/log.txt"), "%s", error.text);
    cr_assert(journal_snapshot_open(&snapshot, full, 1, 1000, &error));
    journal_snapshot_remark(snapshot, "x");
    cr_assert_not(journal_snapshot_close(snapshot, &error));
    cr_assert_not_null(strstr(error.text, "loggingsnapshot"), "%s", error.text);
}
