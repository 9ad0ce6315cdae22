/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_MS 20000u

TestSuite(load_steering, .init = support_scene_open, .fini = support_scene_close);

static const char churn[] = "nodes.initiator.zones.churn="
                            "{type: neighbor, peer: acceptor.sip, rate: 200/s, retry: none}";

static struct support_tool tool;

static void ctl(const char *command, const char *answer) {
    free(tool.out);
    free(tool.err);
    support_tool_run(&tool, support_scene_text("%s ctl --socket %s %s", support_run_program(),
                                               support_scene_path("sock"), command));
    if (answer != NULL) {
        cr_assert_str_eq(tool.out, answer, "%s: %s%s", command, tool.out, tool.err);
    }
}

/* What `status` says of a zone, by its words: "initiator.load: active, 4 established, 4 open". */
struct wanted {
    const char *zone;
    long long open;        /* exactly; -1: any */
    long long established; /* at least */
};

static long long established_of(const char *zone, long long *open) {
    long long established = 0;
    ctl("status", NULL);
    const char *line =
        tool.out == NULL ? NULL : strstr(tool.out, support_scene_text("\n%s: ", zone));
    bool read = line != NULL && sscanf(line + strlen(zone) + 3, "%*[a-z], %lld established, %lld",
                                       &established, open) == 2;
    return read ? established : -1;
}

static bool is_as_wanted(const void *context) {
    const struct wanted *wanted = context;
    long long open = -1;
    long long established = established_of(wanted->zone, &open);
    return established >= wanted->established && (wanted->open < 0 || open == wanted->open);
}

static void await(const char *zone, long long open, long long established) {
    const struct wanted wanted = {.zone = zone, .open = open, .established = established};
    cr_assert(support_wait_until(is_as_wanted, &wanted, PATIENCE_MS), "%s: %s%s", zone, tool.out,
              tool.err);
}

/* Within a few milliseconds it would be more: what was under way may still be established. */
static bool stands_still(const void *context) {
    const char *zone = context;
    long long open = -1;
    long long before = established_of(zone, &open);
    for (unsigned i = 0; i < 10; i++) {
        if (established_of(zone, &open) != before) {
            return false;
        }
    }
    return true;
}

Test(load_steering, changes_a_run_that_goes_on_and_is_told_in_its_result) {
    struct support_run run;
    support_run_prepare(&run, "steered", support_lab_profile());
    support_run_add(&run, support_scene_text("--duration 60s --threads 2 --socket %s",
                                             support_scene_path("sock")));
    support_run_set(&run, "%s", churn);
    support_run_start(&run);
    await("initiator.load", 4, 4);
    ctl("set connections 9", "OK\n");
    await("initiator.load", 9, 9);
    ctl("set connections initiator.load", "initiator.load: 9 connections\nOK\n");
    ctl("set connections initiator.load -7", "OK\n");
    await("initiator.load", 2, 9);
    cr_assert_not_null(strstr(tool.out, "steered: of 2\n"), "%s", tool.out);
    ctl("pause", "OK\n");
    cr_assert(support_wait_until(stands_still, "initiator.churn", PATIENCE_MS), "%s", tool.out);
    cr_assert_not_null(strstr(tool.out, " s, paused\n"), "%s", tool.out);
    long long open;
    long long before = established_of("initiator.churn", &open);
    ctl("set rate 400/s", "OK\n");
    ctl("resume", "OK\n");
    await("initiator.churn", -1, before + 50);
    ctl("quit", "OK\n");
    support_run_await(&run, SUPPORT_PASS);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/wanted"), 2);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/failed"), 0);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/lost"), 0);
    cr_assert_eq(support_result_number(&run, "zones/initiator.churn/dropped"), 0,
                 "the time of a pause is not made up for");
    const json_t *steered = support_result_find(&run, "steered");
    cr_assert_eq(json_array_size(steered), 5);
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(steered, 0), "command")),
                     "set connections 9");
    support_run_finish(&run);
}

/* A run on a terminal of its own. */
struct session {
    pid_t pid;
    int terminal;
    const char *out;
    char shown[65536];
    size_t length;
    struct termios before;
};

static void open_session(struct session *session, const char *name, const char *option) {
    const char *program = support_run_program();
    const char *profile = support_lab_profile();
    session->out = support_scene_path("%s", name);
    session->length = 0;
    session->pid = forkpty(&session->terminal, NULL, NULL, NULL);
    cr_assert_geq(session->pid, 0, "%s", strerror(errno));
    if (session->pid == 0) {
        execl(program, program, "run", profile, "--set", churn, "--duration", "60s", "--out",
              session->out, option, (char *)NULL);
        _exit(127);
    }
    cr_assert_eq(tcgetattr(session->terminal, &session->before), 0);
}

static bool shows(const struct session *session, const char *words) {
    return memmem(session->shown, session->length, words, strlen(words)) != NULL;
}

/* Takes what comes; false when the other side is gone. */
static bool look(struct session *session) {
    struct pollfd entry = {.fd = session->terminal, .events = POLLIN};
    size_t room = sizeof session->shown - session->length;
    if (poll(&entry, 1, 20) <= 0) {
        return true;
    }
    ssize_t got = read(session->terminal, session->shown + session->length, room);
    session->length += got > 0 ? (size_t)got : 0;
    return got > 0 && room > (size_t)got;
}

static void await_words(struct session *session, const char *words) {
    unsigned long long end_ms = support_wait_now_ms() + PATIENCE_MS;
    while (!shows(session, words)) {
        cr_assert(support_wait_now_ms() < end_ms && look(session), "no \"%s\" in: %.*s", words,
                  (int)session->length, session->shown);
    }
    session->length = 0;
}

static void strike(const struct session *session, char key) {
    cr_assert_eq(write(session->terminal, &key, 1), 1);
}

static bool is_as_before(const struct session *session) {
    struct termios now;
    cr_assert_eq(tcgetattr(session->terminal, &now), 0);
    return now.c_lflag == session->before.c_lflag &&
           memcmp(now.c_cc, session->before.c_cc, sizeof now.c_cc) == 0;
}

static int end_of(struct session *session) {
    unsigned long long end_ms = support_wait_now_ms() + PATIENCE_MS;
    int status = 0;
    while (waitpid(session->pid, &status, WNOHANG) == 0) {
        cr_assert_lt(support_wait_now_ms(), end_ms);
        look(session);
        session->length = 0;
    }
    cr_assert(is_as_before(session), "the terminal was not restored");
    close(session->terminal);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Test(load_steering, takes_sipp_s_keys_on_a_terminal) {
    struct session session;
    open_session(&session, "keys", "--rate-scale=2");
    await_words(&session, "keys: + - change rates and connections by 2, * / by 20;");
    cr_assert_not(is_as_before(&session), "keys are neither echoed nor wait for a line's end");
    strike(&session, '+');
    await_words(&session, "initiator.load of 6 open");
    strike(&session, '*');
    await_words(&session, "initiator.churn at 222/s open");
    strike(&session, '/');
    await_words(&session, "initiator.load of 6 open");
    strike(&session, '-');
    await_words(&session, "initiator.churn at 200/s open");
    strike(&session, 'p');
    await_words(&session, " paused  ");
    strike(&session, 's');
    await_words(&session, "initiator.load: active, ");
    strike(&session, 'h');
    await_words(&session, "keys: + - change");
    strike(&session, '?');
    await_words(&session, "keys: + - change");
    strike(&session, 'p');
    strike(&session, 'q');
    cr_assert_eq(end_of(&session), SUPPORT_PASS);
    cr_assert(support_file_exists(support_scene_text("%s/result.json", session.out)));
}

Test(load_steering, gives_the_terminal_back_however_it_ends) {
    static const struct {
        char key; /* or a signal */
        int signal;
        int status;
    } rows[] = {
        {'Q', 0, SUPPORT_INTERRUPTED},     {'\x03', 0, SUPPORT_INTERRUPTED}, /* Ctrl-C */
        {0, SIGTERM, SUPPORT_INTERRUPTED}, {0, SIGQUIT, 128 + SIGQUIT},
        {0, SIGABRT, 128 + SIGABRT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct session session;
        open_session(&session, support_scene_text("end-%zu", i), NULL);
        await_words(&session, "keys: ");
        if (rows[i].key != 0) {
            strike(&session, rows[i].key);
        } else {
            kill(session.pid, rows[i].signal);
        }
        cr_assert_eq(end_of(&session), rows[i].status, "row %zu", i);
    }
}

Test(load_steering, leaves_the_terminal_alone_when_told_to) {
    struct session session;
    open_session(&session, "no-keys", "--no-keys");
    await_words(&session, "initiator.load open 4");
    cr_assert(is_as_before(&session));
    strike(&session, 'q');
    kill(session.pid, SIGINT);
    cr_assert_eq(end_of(&session), SUPPORT_INTERRUPTED);
}
