/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_control.h"

#include "run_server.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char runtime[] = "/tmp/run-control-XXXXXX";

static void open_runtime(void) {
    cr_assert_not_null(mkdtemp(runtime));
    setenv("XDG_RUNTIME_DIR", runtime, 1);
}

static void close_runtime(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", runtime);
    cr_assert_eq(system(command), 0);
}

TestSuite(run_control, .init = open_runtime, .fini = close_runtime);

static const char *in_folder(const char *name) {
    static char path[RUN_CONTROL_PATH_SIZE];
    snprintf(path, sizeof path, "%s/ekuload/%s", runtime, name);
    return path;
}

Test(run_control, keeps_its_sockets_in_a_folder_of_the_user_s_own) {
    char path[RUN_CONTROL_PATH_SIZE];
    char name[32];
    struct base_error error;
    struct stat status;
    cr_assert(run_control_own_path(path, &error), "%s", error.text);
    snprintf(name, sizeof name, "%ld.sock", (long)getpid());
    cr_assert_str_eq(path, in_folder(name));
    cr_assert_eq(stat(in_folder(""), &status), 0);
    cr_assert_eq(status.st_mode & 07777, 0700);
}

Test(run_control, does_not_trust_a_folder_that_others_may_write_to) {
    char path[RUN_CONTROL_PATH_SIZE];
    struct base_error error;
    cr_assert_eq(mkdir(in_folder(""), 0700), 0);
    cr_assert_eq(chmod(in_folder(""), 0770), 0);
    cr_assert_not(run_control_own_path(path, &error));
    cr_assert_not_null(strstr(error.text, "open to others"), "%s", error.text);
    cr_assert_eq(run_control_find(NULL, 0), 0);
}

Test(run_control, does_not_trust_what_somebody_else_made) {
    char path[RUN_CONTROL_PATH_SIZE];
    struct base_error error;
    char link_path[64];
    snprintf(link_path, sizeof link_path, "%s/ekuload", runtime);
    cr_assert_eq(symlink("/tmp", link_path), 0);
    cr_assert_not(run_control_own_path(path, &error));
    cr_assert_not_null(strstr(error.text, "belongs to somebody else, or is no folder"), "%s",
                       error.text);
    unlink(link_path);
    if (geteuid() == 0) {
        cr_assert_eq(mkdir(link_path, 0700), 0);
        cr_assert_eq(chown(link_path, 1, 1), 0);
        cr_assert_not(run_control_own_path(path, &error));
        cr_assert_not_null(strstr(error.text, "belongs to somebody else"), "%s", error.text);
    }
}

Test(run_control, falls_back_to_tmp_without_a_runtime_directory) {
    static const char *const values[] = {"", "relative/path", "/nowhere/at/all",
                                         "/proc/self/mountinfo"};
    char expected[RUN_CONTROL_PATH_SIZE];
    snprintf(expected, sizeof expected, "/tmp/ekuload-%u/%ld.sock", (unsigned)geteuid(),
             (long)getpid());
    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        char path[RUN_CONTROL_PATH_SIZE];
        struct base_error error;
        setenv("XDG_RUNTIME_DIR", values[i], 1);
        cr_assert(run_control_own_path(path, &error), "%s", error.text);
        cr_assert_str_eq(path, expected);
    }
    setenv("XDG_RUNTIME_DIR", runtime, 1);
}

Test(run_control, finds_those_that_answer_and_clears_away_those_that_ended) {
    struct run_control_found found[4] = {{.pid = 0}};
    struct run_server *servers[2];
    char path[RUN_CONTROL_PATH_SIZE];
    char stale[RUN_CONTROL_PATH_SIZE];
    struct base_error error;
    cr_assert(run_control_own_path(path, &error), "%s", error.text);
    cr_assert_eq(run_control_find(found, 4), 0);

    /* A number that no process has: above the kernel's highest. */
    snprintf(stale, sizeof stale, "%s", in_folder("4194305.sock"));
    cr_assert(run_server_open(&servers[0], path, &error), "%s", error.text);
    cr_assert(run_server_open(&servers[1], in_folder("1.sock"), &error), "%s", error.text);
    cr_assert_eq(link(path, stale), 0);
    close(open(in_folder("x.sock"), O_CREAT | O_WRONLY, 0600));
    close(open(in_folder("2.socket"), O_CREAT | O_WRONLY, 0600));
    cr_assert_eq(run_control_find(found, 4), 3);
    cr_assert_eq(found[0].pid, 1);
    cr_assert_eq(found[1].pid, getpid());
    cr_assert_str_eq(found[1].path, path);
    cr_assert_eq(run_control_find(found, 1), 3, "more than there is room for");

    run_server_close(servers[0]);
    cr_assert_eq(run_control_find(found, 4), 1, "it no longer answers");
    cr_assert_eq(access(stale, F_OK), 0);
    cr_assert(run_control_own_path(path, &error), "%s", error.text);
    cr_assert_eq(access(stale, F_OK), -1, "the socket of a dead process is cleared away");
    cr_assert_eq(access(in_folder("1.sock"), F_OK), 0, "that of a living one is not");
    cr_assert_eq(access(in_folder("x.sock"), F_OK), 0);
    run_server_close(servers[1]);
}

Test(run_control, says_who_does_not_listen) {
    struct base_error error;
    cr_assert_eq(run_control_connect(in_folder("9.sock"), &error), -1);
    cr_assert_eq(error.kind, BASE_ERROR_USAGE);
    cr_assert_not_null(strstr(error.text, "no run listens on"), "%s", error.text);
}
