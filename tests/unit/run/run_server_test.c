/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_server.h"

#include "run_control.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The clock is the test's; nothing here waits. */
#define SECOND UINT64_C(1000000000)

struct desk {
    unsigned served;
    bool later;
    size_t answer_length; /* of lines, before OK */
    char line[2048];
};

static char folder[] = "/tmp/run-server-XXXXXX";
static char path[64];
static struct run_server *server;
static struct desk desk;

static bool serve(void *context, const char *line, FILE *answer) {
    struct desk *served = context;
    served->served++;
    snprintf(served->line, sizeof served->line, "%s", line);
    for (size_t i = 0; i < served->answer_length; i++) {
        fputc(i % 64 == 63 ? '\n' : 'x', answer);
    }
    if (!served->later) {
        fprintf(answer, "OK\n");
    }
    return !served->later;
}

static void turn(uint64_t now_ns) {
    const struct run_server_desk served = {.serve = serve, .context = &desk};
    run_server_turn(server, now_ns, &served);
}

static void open_server(void) {
    struct base_error error;
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/1.sock", folder);
    cr_assert(run_server_open(&server, path, &error), "%s", error.text);
}

static void close_server(void) {
    run_server_close(server);
    unlink(path);
    rmdir(folder);
}

TestSuite(run_server, .init = open_server, .fini = close_server);

static int client(const char *text) {
    struct base_error error;
    int descriptor = run_control_connect(path, &error);
    cr_assert_geq(descriptor, 0, "%s", error.text);
    cr_assert_eq(send(descriptor, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    return descriptor;
}

enum { OPEN = -1, CLOSED = 0 };

/* What is there to read now: its length, OPEN or CLOSED. */
static ssize_t hear(int descriptor, char *out, size_t size) {
    ssize_t got = recv(descriptor, out, size - 1, MSG_DONTWAIT);
    out[got > 0 ? got : 0] = '\0';
    return got < 0 && errno == EAGAIN ? OPEN : got < 0 ? CLOSED : got;
}

static void expect_answer(int descriptor, const char *answer) {
    char text[256];
    hear(descriptor, text, sizeof text);
    cr_assert_str_eq(text, answer);
    cr_assert_eq(hear(descriptor, text, sizeof text), CLOSED, "one line, one answer");
    close(descriptor);
}

static void expect_open(int descriptor) {
    char text[16];
    cr_assert_eq(hear(descriptor, text, sizeof text), OPEN, "it says %s, or it closed", text);
}

Test(run_server, answers_a_line_and_closes) {
    int caller = client("status \"x\"\nwhat follows");
    turn(0);
    cr_assert_str_eq(desk.line, "status \"x\"");
    expect_answer(caller, "OK\n");
    cr_assert_eq(desk.served, 1);
}

Test(run_server, is_for_its_user_alone) {
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert(S_ISSOCK(status.st_mode));
    cr_assert_eq(status.st_mode & 07777, 0600);
}

Test(run_server, waits_for_the_rest_of_a_line_while_others_are_served) {
    int slow = client("sta");
    turn(0);
    int quick = client("help\n");
    turn(SECOND);
    expect_answer(quick, "OK\n");
    expect_open(slow);
    cr_assert_eq(send(slow, "tus\n", 4, MSG_NOSIGNAL), 4);
    turn(2 * SECOND);
    cr_assert_str_eq(desk.line, "status");
    expect_answer(slow, "OK\n");
}

Test(run_server, does_not_wait_for_ever) {
    int slow = client("sta");
    turn(SECOND);
    turn(SECOND + RUN_SERVER_PATIENCE_NS - 1);
    expect_open(slow);
    turn(SECOND + RUN_SERVER_PATIENCE_NS);
    expect_answer(slow, "");
    cr_assert_eq(desk.served, 0);
}

Test(run_server, that_is_full_of_silent_clients_serves_the_next_when_they_are_gone) {
    int silent[RUN_SERVER_CLIENTS];
    for (unsigned i = 0; i < RUN_SERVER_CLIENTS; i++) {
        silent[i] = client("");
    }
    turn(0);
    int next = client("help\n");
    turn(SECOND);
    expect_open(next);
    turn(RUN_SERVER_PATIENCE_NS);
    turn(RUN_SERVER_PATIENCE_NS + 1);
    expect_answer(next, "OK\n");
    for (unsigned i = 0; i < RUN_SERVER_CLIENTS; i++) {
        expect_answer(silent[i], "");
    }
}

static void expect_length(size_t length, const char *answer) {
    char *line = malloc(length + 2);
    memset(line, 'x', length);
    memcpy(line + length, "\n", 2);
    int caller = client(line);
    turn(0);
    turn(0);
    turn(0);
    expect_answer(caller, answer);
    free(line);
}

Test(run_server, takes_a_line_of_1024_octets_and_no_more) {
    expect_length(RUN_CONTROL_LINE_MAX, "OK\n");
    cr_assert_eq(strlen(desk.line), RUN_CONTROL_LINE_MAX);
    expect_length(RUN_CONTROL_LINE_MAX + 1,
                  "ERROR: a command is one line of at most 1024 octets\n");
    cr_assert_eq(desk.served, 1);
}

Test(run_server, gives_a_long_answer_as_fast_as_it_is_read) {
    char text[4096];
    size_t heard = 0;
    ssize_t got;
    desk.answer_length = 3u << 20;
    int caller = client("status\n");
    turn(0);
    turn(0);
    for (uint64_t now_ns = 1; (got = hear(caller, text, sizeof text)) != CLOSED; now_ns++) {
        heard += got > 0 ? (size_t)got : 0;
        turn(now_ns);
    }
    cr_assert_eq(heard, desk.answer_length + 3);
    close(caller);
}

Test(run_server, lets_a_client_go_that_does_not_read) {
    char text[4096];
    size_t heard = 0;
    ssize_t got;
    desk.answer_length = 3u << 20;
    int caller = client("status\n");
    turn(SECOND);
    turn(SECOND + RUN_SERVER_PATIENCE_NS);
    while ((got = hear(caller, text, sizeof text)) > 0) {
        heard += (size_t)got;
    }
    cr_assert_eq(got, CLOSED);
    cr_assert_lt(heard, desk.answer_length);
    close(caller);
}

Test(run_server, answers_later_when_it_has_to_ask_first) {
    desk.later = true;
    int caller = client("reload\n");
    turn(0);
    turn(100 * SECOND); /* it is ours to answer: no deadline */
    expect_open(caller);
    run_server_answer(server, "edge: server 01\nOK\n", 101 * SECOND);
    expect_answer(caller, "edge: server 01\nOK\n");
}

Test(run_server, does_not_mind_clients_that_go_away) {
    static const char *const lines[] = {"", "sta", "status\n"};
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        close(client(lines[i]));
        turn(i);
        turn(i);
    }
    expect_length(6, "OK\n");
}

Test(run_server, replaces_what_an_ended_one_left_but_nothing_else) {
    struct run_server *second;
    struct base_error error;
    cr_assert_not(run_server_open(&second, path, &error));
    cr_assert_not_null(strstr(error.text, "another run listens there"), "%s", error.text);
    cr_assert_eq(error.kind, BASE_ERROR_MACHINE);

    char left[64];
    snprintf(left, sizeof left, "%s/left", folder);
    cr_assert_eq(link(path, left), 0);
    run_server_close(server);
    cr_assert(run_server_open(&server, left, &error), "%s", error.text);
    run_server_close(server);
    cr_assert_eq(access(left, F_OK), -1, "it is removed at the end");

    close(open(path, O_CREAT | O_WRONLY, 0600));
    cr_assert_not(run_server_open(&server, path, &error));
    cr_assert_not_null(strstr(error.text, "a file of this name"), "%s", error.text);
    cr_assert_eq(access(path, F_OK), 0, "a file of somebody's is not removed");
    server = NULL;
}

/* As the system log's is. */
Test(run_server, leaves_another_program_s_socket_of_another_kind_alone) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct run_server *second;
    struct base_error error;
    int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/log", folder);
    cr_assert_eq(bind(datagrams, (const struct sockaddr *)&address, sizeof address), 0);
    cr_assert_not(run_server_open(&second, address.sun_path, &error));
    cr_assert_not_null(strstr(error.text, "another program uses it"), "%s", error.text);
    cr_assert_eq(access(address.sun_path, F_OK), 0, "it was removed");
    close(datagrams);
    unlink(address.sun_path);
}

Test(run_server, says_when_a_path_is_too_long_for_a_socket) {
    char longest[RUN_CONTROL_PATH_SIZE + 1];
    struct run_server *other;
    struct base_error error;
    memset(longest, 'x', sizeof longest);
    longest[RUN_CONTROL_PATH_SIZE] = '\0';
    cr_assert_not(run_server_open(&other, longest, &error));
    cr_assert_not_null(strstr(error.text, "a socket's path has 1 to 107 octets, not 108"), "%s",
                       error.text);
    cr_assert_not(run_server_open(&other, "", &error));
    cr_assert_not(run_server_open(&other, "/nowhere/at/all.sock", &error));
    cr_assert_not_null(strstr(error.text, "No such file"), "%s", error.text);
}
