/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_run.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/*
 * `ekuload store` as a person uses it, on certificates that `ekuload certs` issued: SERVER has
 * serverAuth only, BOTH both usages.
 */

#define UPLOAD_ERROR                                                                               \
    "Invalid certificate: The file provided does not have a client usage attribute. Services "     \
    "requiring mutual TLS may not work."

static void open_scene(void) {
    support_scene_open();
    support_lab_certificates("pki", "");
    cr_assert_eq(mkdir(support_scene_path("store"), 0755), 0);
    support_file_copy(support_scene_path("pki/nodes/acceptor/ca.pem"),
                      support_scene_path("store/ca.pem"));
    /* Short names for the command lines of the tables. */
    static const char *const files[][2] = {{"server.pem", "SERVER.pem"},
                                           {"privkey.pem", "SERVER.key"},
                                           {"client.pem", "BOTH.pem"},
                                           {"clientprivkey.pem", "BOTH.key"}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        support_file_copy(support_scene_path("pki/nodes/acceptor/%s", files[i][0]),
                          support_scene_path("%s", files[i][1]));
    }
}

TestSuite(stores, .init = open_scene, .fini = support_scene_close);

/* "@" in the line is the scene's folder. */
static void run_store(struct support_tool *tool, const char *line) {
    char *command = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&command, &length);
    fprintf(out, "%s store ", support_run_program());
    for (const char *c = line; *c != '\0'; c++) {
        if (*c == '@') {
            fprintf(out, "%s/", support_scene.folder);
        } else {
            fputc(*c, out);
        }
    }
    fclose(out);
    support_tool_run(tool, command);
    free(command);
}

static void expect_done(const char *line, const char *said) {
    struct support_tool tool;
    run_store(&tool, line);
    cr_assert_eq(tool.status, 0, "%s: %d: %s", line, tool.status, tool.err);
    cr_assert_str_eq(tool.err, "");
    cr_assert_not_null(strstr(tool.out, said), "%s: no \"%s\" in: %s", line, said, tool.out);
    support_tool_finish(&tool);
}

static void expect_refused(const char *line, int status, const char *said) {
    struct support_tool tool;
    run_store(&tool, line);
    cr_assert_eq(tool.status, status, "%s: %d: %s%s", line, tool.status, tool.out, tool.err);
    cr_assert_str_eq(tool.out, "");
    cr_assert_not_null(strstr(tool.err, said), "%s: no \"%s\" in: %s", line, said, tool.err);
    support_tool_finish(&tool);
}

static void expect_same(const char *a, const char *b) {
    char *left = support_file_read(support_scene_path("%s", a));
    char *right = support_file_read(support_scene_path("%s", b));
    cr_assert_str_eq(left, right, "%s is not %s", a, b);
    free(left);
    free(right);
}

Test(stores, the_upload_rule_and_the_checkbox_that_bypasses_it) {
    expect_done("@store upload-server @SERVER.pem @SERVER.key", "server store");
    expect_refused("@store upload-client @SERVER.pem @SERVER.key", 2,
                   "ekuload: " UPLOAD_ERROR "\n");
    cr_assert_not(support_file_exists(support_scene_path("store/client.pem")));
    expect_done("@store upload-server @SERVER.pem @SERVER.key --as-client",
                "the same certificate, as after an upgrade");
    expect_same("store/client.pem", "SERVER.pem");
    expect_done("@store upload-client @BOTH.pem @BOTH.key", "different certificates");
    expect_same("store/client.pem", "BOTH.pem");
    expect_same("store/server.pem", "SERVER.pem");
    cr_assert_eq(support_file_mode(support_scene_path("store/privkey.pem")), 0600);
    cr_assert_eq(support_file_mode(support_scene_path("store/clientprivkey.pem")), 0600);
}

Test(stores, an_upgrade_is_done_once) {
    expect_refused("@store upload-server @SERVER.pem @SERVER.key --release x15.4", 2, UPLOAD_ERROR);
    expect_done("@store upload-server @SERVER.pem @SERVER.key --release x15.4 "
                "--server-eku-upload on",
                "presented in both roles");
    expect_refused("@store upload-client @BOTH.pem @BOTH.key --release x15.4", 2,
                   "has one certificate for both roles");
    expect_done("@store upgrade", "the same certificate, as after an upgrade");
    expect_same("store/client.pem", "store/server.pem");
    expect_same("store/clientprivkey.pem", "store/privkey.pem");
    expect_refused("@store upgrade", 2, "already has a client store: nothing to upgrade");
}

Test(stores, show_agrees_with_openssl) {
    char wanted[128];
    expect_done("@store upload-server @SERVER.pem @SERVER.key", "server store");
    snprintf(wanted, sizeof wanted, "serial        %s\n",
             support_tool_serial(support_scene_path("SERVER.pem")));
    expect_done("@store show", wanted);
    expect_done("@store show", "usages        serverAuth\n");
    expect_done("@store show", "key           ecdsa-p256\n");
    expect_done("@store show", ", leads to ca.pem\n");
    expect_done("@store show", "files: server.pem privkey.pem ca.pem\n");
    support_file_copy(support_scene_path("pki/authorities/other/root.pem"),
                      support_scene_path("store/ca.pem"));
    expect_done("@store show", "its chain leads to no authority of ca.pem");
}

Test(stores, show_tells_a_pair_that_does_not_fit_and_says_so_in_its_status) {
    struct support_tool tool;
    expect_done("@store upload-server @SERVER.pem @SERVER.key", "server store");
    support_file_copy(support_scene_path("BOTH.key"), support_scene_path("store/privkey.pem"));
    run_store(&tool, "@store show");
    cr_assert_eq(tool.status, 2);
    cr_assert_not_null(strstr(tool.out, "unusable      "), "%s", tool.out);
    cr_assert_not_null(strstr(tool.err, "privkey.pem: the private key does not belong"), "%s",
                       tool.err);
    support_tool_finish(&tool);
}

struct misuse {
    char line[96];
    char said[96];
};
static struct misuse misuses[] = {
    {"", "a folder and an action are needed"},
    {"@store", "a folder and an action are needed"},
    {"@store frobnicate", "there is no action \"frobnicate\""},
    {"@store upload-server", "upload-server takes a certificate's file"},
    {"@store show @SERVER.pem", "show takes no file"},
    {"@store upgrade --as-client", "--as-client belongs to upload-server"},
    {"@store upload-client @BOTH.pem @BOTH.key --as-client",
     "--as-client belongs to upload-server"},
    {"@store upload-server a b c", "\"c\" is too much"},
    {"@store show --release x9", "there is no product \"expressway-e x9\""},
    {"@store show --product pbx", "there is no product \"pbx "},
    {"@store show --server-eku-upload maybe", "--server-eku-upload is on or off"},
    {"@nowhere show", "nowhere: No such file or directory"},
    {"@SERVER.pem show", "SERVER.pem: Not a directory"},
    {"@store upload-server @SERVER.key @SERVER.pem", "the certificate goes first"},
    {"@store upload-server @SERVER.pem", "holds no privkey.pem: give the private key's file"},
};

ParameterizedTestParameters(stores, misuse_is_one_sentence_and_status_2) {
    return cr_make_param_array(struct misuse, misuses, sizeof misuses / sizeof *misuses);
}

ParameterizedTest(struct misuse *row, stores, misuse_is_one_sentence_and_status_2) {
    expect_refused(row->line, 2, row->said);
    cr_assert_not(support_file_exists(support_scene_path("store/server.pem")));
}

static void fill_disk(void *context) {
    (void)context;
    struct rlimit limit = {.rlim_cur = 400, .rlim_max = 400};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
}

Test(stores, a_disk_that_is_full_is_the_machines_fault_and_costs_nothing) {
    const struct support_child_options options = {.before_exec = fill_disk};
    struct support_words words = {.count = 0};
    struct support_child child;
    expect_done("@store upload-server @SERVER.pem @SERVER.key", "server store");
    support_words_split(
        &words, support_scene_text("%s store %s upload-server %s %s", support_run_program(),
                                   support_scene_path("store"), support_scene_path("BOTH.pem"),
                                   support_scene_path("BOTH.key")));
    support_child_start(&child, support_scene.folder, "full", &words, &options);
    cr_assert_eq(support_child_wait(&child, 20000), SUPPORT_MACHINE);
    cr_assert_eq(support_file_count_text(child.err_path, "cannot write"), 1, "%s",
                 support_file_read(child.err_path));
    expect_same("store/server.pem", "SERVER.pem");
    expect_same("store/privkey.pem", "SERVER.key");
    support_words_finish(&words);
}

/* What an upload wrote is what a run reads. */
Test(stores, a_store_can_be_run_with) {
    struct support_run run;
    support_file_copy_folder(support_scene_path("pki"), support_scene_path("changed"));
    expect_done("@changed/nodes/acceptor upload-client @BOTH.pem @BOTH.key", "client store");
    expect_done("@changed/nodes/acceptor upload-server @SERVER.pem", "server store");
    support_run_prepare(&run, "run", support_lab_profile());
    support_run_add(&run, support_scene_text("--pki %s", support_scene_path("changed")));
    support_run_expect(&run, SUPPORT_PASS);
    support_run_finish(&run);
}
