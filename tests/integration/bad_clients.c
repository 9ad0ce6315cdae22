/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 10000u
#define LISTENER    "listeners/acceptor.sip"
#define STRANGERS   3
#define CONNECTIONS 5

TestSuite(bad_clients, .init = support_scene_open, .fini = support_scene_close);

/* After whatever strangers did, a good initiator is served. */
static void expect_good_service(const char *pki) {
    struct support_run run;
    support_run_prepare(&run, "initiator-side", support_lab_profile());
    support_run_add(&run, support_scene_text("--only initiator --pki %s", pki));
    support_run_set(&run, "nodes.initiator.zones.load.connections=%d", CONNECTIONS);
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", CONNECTIONS);
    support_run_finish(&run);
}

/* Sends, then reads until the other side has closed. */
static void be_thrown_out(const char *text, size_t length) {
    char heard[4096];
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    ssize_t received;
    int descriptor = support_net_connect(support_scene_address(31), SUPPORT_LAB_PORT);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (length > 0) {
        send(descriptor, text, length, MSG_NOSIGNAL);
    }
    shutdown(descriptor, SHUT_WR);
    while ((received = recv(descriptor, heard, sizeof heard, 0)) > 0) {
    }
    cr_assert(received == 0 || errno == ECONNRESET, "still connected after %u ms", PATIENCE_MS);
    close(descriptor);
}

struct stranger_case {
    char text[64];
    size_t length; /* of the text, which may have NULs in it */
    size_t repeated;
    char fault[24];
};

#define ONCE(text)         text, sizeof(text) - 1, 1
#define TIMES(count, text) text, sizeof(text) - 1, count

static struct stranger_case stranger_cases[] = {
    {TIMES(0, ""), "tls_closed"},
    {ONCE("\x16\x03"), "tls_closed"},
    {ONCE("OPTIONS sip:acceptor.example.test SIP/2.0\r\n\r\n"), "tls_protocol_error"},
    {ONCE("\x16\x03\x01\xff\xff"), "tls_protocol_error"},
    {ONCE("\x80\x2e\x01\x00\x02"), "tls_protocol_error"},
    {TIMES(4000, "\x16\x03\x01\x00\x05\x01\x00\x00\x01\xff"), "tls_protocol_error"},
};

ParameterizedTestParameters(bad_clients, stranger_without_tls_is_counted_and_hurts_nobody) {
    return cr_make_param_array(struct stranger_case, stranger_cases,
                               sizeof stranger_cases / sizeof *stranger_cases);
}

ParameterizedTest(struct stranger_case *row, bad_clients,
                  stranger_without_tls_is_counted_and_hurts_nobody) {
    const char *pki = support_lab_certificates("pki", "");
    char *flood = calloc(row->repeated + 1, row->length + 1);
    struct support_run run;
    for (size_t i = 0; i < row->repeated; i++) {
        memcpy(flood + i * row->length, row->text, row->length);
    }
    support_lab_start_acceptor(&run, pki);
    for (unsigned i = 0; i < STRANGERS; i++) {
        be_thrown_out(flood, row->repeated * row->length);
    }
    expect_good_service(pki);
    support_run_interrupt(&run);
    cr_assert_eq(support_result_number(&run, LISTENER "/accepted"), STRANGERS + CONNECTIONS);
    cr_assert_eq(support_result_number(&run, LISTENER "/admitted"), CONNECTIONS);
    cr_assert_eq(support_result_number(&run, LISTENER "/aborted"), STRANGERS);
    support_result_expect_only(&run, LISTENER "/faults", row->fault, STRANGERS);
    support_run_finish(&run);
    free(flood);
}

Test(bad_clients, stranger_that_says_nothing_holds_nobody_up) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    int silent[STRANGERS];
    support_lab_start_acceptor(&run, pki);
    for (unsigned i = 0; i < STRANGERS; i++) {
        silent[i] = support_net_connect(support_scene_address(31), SUPPORT_LAB_PORT);
    }
    expect_good_service(pki);
    support_run_interrupt(&run);
    cr_assert_eq(support_result_number(&run, LISTENER "/accepted"), STRANGERS + CONNECTIONS);
    cr_assert_eq(support_result_number(&run, LISTENER "/admitted"), CONNECTIONS);
    for (unsigned i = 0; i < STRANGERS; i++) {
        close(silent[i]);
    }
    support_run_finish(&run);
}

static char *endless_header(void) {
    static const char start[] = "OPTIONS sip:acceptor.example.test SIP/2.0\r\nSubject: ";
    const size_t size = 600000;
    char *text = calloc(1, size);
    memset(text, 'x', size - 1);
    memcpy(text, start, sizeof start - 1);
    return text;
}

struct message_case {
    char text[160];
};

static struct message_case message_cases[] = {
    {""}, /* the endless header */
    {"\r\n\r\nthis is not SIP at all\r\n\r\n"},
    {"OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\n"},
    {"OPTIONS sip:x SIP/2.0\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"},
};

ParameterizedTestParameters(bad_clients, message_that_is_not_sip_ends_its_connection_only) {
    return cr_make_param_array(struct message_case, message_cases,
                               sizeof message_cases / sizeof *message_cases);
}

ParameterizedTest(struct message_case *row, bad_clients,
                  message_that_is_not_sip_ends_its_connection_only) {
    const struct support_child_options options = {.wants_input = true};
    const char *pki = support_lab_certificates("pki", "");
    const char *node = support_scene_text("%s/nodes/initiator", pki);
    struct support_words words = {.count = 0};
    struct support_child client;
    struct support_run run;
    support_lab_start_acceptor(&run, pki);
    support_words_split(&words,
                        support_scene_text("openssl s_client -connect %s:%d -quiet -ign_eof "
                                           "-CAfile %s/ca.pem -cert %s/client.pem "
                                           "-cert_chain %s/client.pem -key "
                                           "%s/clientprivkey.pem",
                                           support_scene_address(31), SUPPORT_LAB_PORT, node, node,
                                           node, node));
    support_child_start(&client, support_scene.folder, "s_client", &words, &options);
    char *text = row->text[0] == '\0' ? endless_header() : strdup(row->text);
    /* The pipe may break before the endless header has ended: that is the point. */
    ssize_t written = write(client.input, text, strlen(text));
    cr_assert_neq(written, 0);
    cr_assert_neq(support_child_wait(&client, PATIENCE_MS), SUPPORT_CHILD_TOO_LATE,
                  "the listener kept a connection that does not speak SIP");
    expect_good_service(pki);
    support_run_interrupt(&run);
    cr_assert_eq(support_result_number(&run, LISTENER "/accepted"), 1 + CONNECTIONS);
    support_words_finish(&words);
    support_run_finish(&run);
    free(text);
}

struct end_case {
    int signal;
    char counter[8]; /* where its connections end up */
};

static struct end_case end_cases[] = {{SIGKILL, "lost"}, {SIGINT, "closed"}};

ParameterizedTestParameters(bad_clients, acceptor_that_ends_is_noticed) {
    return cr_make_param_array(struct end_case, end_cases, sizeof end_cases / sizeof *end_cases);
}

ParameterizedTest(struct end_case *row, bad_clients, acceptor_that_ends_is_noticed) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run acceptor;
    struct support_run initiator;
    support_lab_start_acceptor(&acceptor, pki);
    support_run_prepare(&initiator, "initiator-side", support_lab_profile());
    support_run_add(&initiator,
                    support_scene_text("--only initiator --duration 60s --pki %s", pki));
    support_run_set(&initiator, "nodes.initiator.zones.load.connections=%d", CONNECTIONS);
    /* Nothing is awaited when the end comes: a request without its answer would be lost. */
    support_run_set(&initiator, "load.options_interval=60s");
    support_run_start(&initiator);
    /* A row of the second in which all of them are open. */
    cr_assert(support_file_await_text(support_scene_path("initiator-side/timeline.csv"),
                                      "initiator.load,active", PATIENCE_MS));
    support_child_stop(&acceptor.child, row->signal, PATIENCE_MS);
    cr_assert(support_file_await_text(support_scene_path("initiator-side/timeline.csv"),
                                      "initiator.load,failed", PATIENCE_MS),
              "nobody noticed");
    support_run_interrupt(&initiator);
    cr_assert_eq(support_result_number(&initiator, "zones/initiator.load/established"),
                 CONNECTIONS);
    cr_assert_eq(support_result_number(&initiator,
                                       support_scene_text("zones/initiator.load/%s", row->counter)),
                 CONNECTIONS, "not %s", row->counter);
    cr_assert_str_eq(support_result_text(&initiator, "zones/initiator.load/state"), "failed");
    support_run_finish(&acceptor);
    support_run_finish(&initiator);
}
