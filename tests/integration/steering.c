/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATIENCE_MS 20000u
#define MODE        "SIP TLS Certificate ExtendedKeyUsage Checking Mode"
#define UPLOAD      "XCP TLS Certificate CVS EnableServerEkuUpload"
#define LISTENER    "listeners/acceptor.sip"

/* Its own runtime folder: other runs of this user have theirs. */
static void open_scene(void) {
    support_scene_open();
    setenv("XDG_RUNTIME_DIR", support_scene.folder, 1);
}

TestSuite(steering, .init = open_scene, .fini = support_scene_close);

static const char *socket_of(const struct support_run *run) {
    return support_scene_path("ekuload/%d.sock", (int)run->child.pid);
}

/* `ekuload ctl WORDS`; what it printed is kept until the next one. */
static struct support_tool tool;
static int ctl(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int ctl(const char *format, ...) {
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    free(tool.out);
    free(tool.err);
    support_tool_run(&tool, support_scene_text("%s ctl %s", support_run_program(), words));
    return tool.status;
}

static void expect_answer(const struct support_run *run, const char *command, const char *answer) {
    int status = ctl("--pid %d %s", (int)run->child.pid, command);
    cr_assert_str_eq(tool.out, answer, "%s: %s%s", command, tool.out, tool.err);
    cr_assert_eq(status, strncmp(answer, "ERROR", 5) == 0 ? SUPPORT_USAGE : SUPPORT_PASS);
}

static void expect_error(const struct support_run *run, const char *command, const char *words) {
    cr_assert_eq(ctl("--pid %d %s", (int)run->child.pid, command), SUPPORT_USAGE, "%s: %s", command,
                 tool.out);
    cr_assert(strncmp(tool.out, "ERROR: ", 7) == 0 && strstr(tool.out, words) != NULL,
              "%s: no \"%s\" in: %s", command, words, tool.out);
    cr_assert_eq(strcspn(tool.out, "\n") + 1, strlen(tool.out), "one sentence: %s", tool.out);
}

static bool answers(const void *context) {
    const struct support_run *run = context;
    return ctl("--pid %d status", (int)run->child.pid) == SUPPORT_PASS;
}

/* It answers when it is on its way, and not before. */
static void start(struct support_run *run) {
    support_run_add(run, "--duration 60s");
    support_run_start(run);
    cr_assert(support_wait_until(answers, run, PATIENCE_MS), "%s",
              support_file_read(run->child.err_path));
}

static void quit(struct support_run *run, int expected_status) {
    expect_answer(run, "quit", "OK\n");
    support_run_await(run, expected_status);
    cr_assert_not(support_result_is_true(run, "interrupted"));
}

/* What `status` says of a zone at present. */
struct counts {
    long long established, open, failed, lost;
};

static struct counts counts_of(const struct support_run *run, const char *zone) {
    struct counts now = {0};
    char state[16];
    cr_assert_eq(ctl("--pid %d status", (int)run->child.pid), SUPPORT_PASS, "%s", tool.err);
    const char *line = strstr(tool.out, support_scene_text("\n%s: ", zone));
    cr_assert_not_null(line, "%s", tool.out);
    int read = sscanf(line + 1 + strlen(zone),
                      ": %15[a-z], %lld established, %lld open, %lld failed, %lld lost", state,
                      &now.established, &now.open, &now.failed, &now.lost);
    cr_assert_eq(read, 5, "%s", line);
    return now;
}

struct progress {
    const struct support_run *run;
    const char *zone;
    long long established, failed;
};

static bool has_come_so_far(const void *context) {
    const struct progress *wanted = context;
    struct counts now = counts_of(wanted->run, wanted->zone);
    return now.established >= wanted->established && now.failed >= wanted->failed;
}

/* Waits until that many more were established and failed. */
static void await_more(const struct support_run *run, const char *zone, long long established,
                       long long failed) {
    struct counts now = counts_of(run, zone);
    const struct progress wanted = {.run = run,
                                    .zone = zone,
                                    .established = now.established + established,
                                    .failed = now.failed + failed};
    cr_assert(support_wait_until(has_come_so_far, &wanted, PATIENCE_MS), "%s", tool.out);
}

static long long policy_count(const struct support_run *run, const char *policy, const char *key) {
    return support_result_number(
        run, support_scene_text(LISTENER "/eku_check/by_policy/%s/%s", policy, key));
}

/*
 * The listener's own counters by the policy that was sampled, against what became of the
 * connections. The last of those that were judged under Off ended long before the run did.
 */
static void expect_each_judged_by_its_mode(const struct support_run *run) {
    long long on_checked = policy_count(run, "expressway", "checked");
    long long on_refused = policy_count(run, "expressway", "refused");
    long long off_checked = policy_count(run, "server-or-client", "checked");
    cr_assert_gt(on_checked, 100);
    cr_assert_gt(off_checked, 100);
    cr_assert_eq(on_refused, on_checked, "mode On lets none of them in");
    cr_assert_eq(policy_count(run, "server-or-client", "refused"), 0);
    cr_assert_eq(support_result_number(run, LISTENER "/admitted"), off_checked);
    cr_assert_eq(support_result_number(run, LISTENER "/refused"), on_refused);
    cr_assert_eq(support_result_number(run, LISTENER "/aborted"), 0);
    cr_assert_eq(support_result_number(run, LISTENER "/eku_check/checked"),
                 on_checked + off_checked);
    cr_assert_eq(support_result_number(run, LISTENER "/eku_check/refused"), on_refused);
}

Test(steering, a_mode_change_under_load_judges_each_connection_by_the_mode_of_its_moment) {
    static const char *const refusal = "tls_alert_unsupported_certificate";
    struct support_run run;
    support_run_prepare(&run, "modes", support_lab_profile());
    support_run_set(&run, "nodes.initiator.client_store="
                          "{issuer: ca, key: ecdsa-p256, eku: [serverAuth], unchecked: true}");
    support_run_set(&run, "nodes.initiator.zones.load.rate=300/s");
    support_run_set(&run, "expect={initiator.load: {state: degraded, faults: [%s]}}", refusal);
    start(&run);
    expect_answer(&run, "--node acceptor xconfiguration " MODE,
                  "*c xConfiguration " MODE ": \"On\"\nOK\n");
    for (unsigned i = 0; i < 3; i++) {
        await_more(&run, "initiator.load", 0, 60);
        expect_answer(&run, "xConfiguration " MODE ": \"Off\"", "OK\n");
        await_more(&run, "initiator.load", 60, 0);
        expect_answer(&run, "xconfiguration " MODE ": ON", "OK\n");
    }
    await_more(&run, "initiator.load", 0, 100);
    quit(&run, SUPPORT_PASS);

    expect_each_judged_by_its_mode(&run);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/established"),
                 support_result_number(&run, LISTENER "/admitted"));
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/lost"), 0);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/dropped"), 0);
    support_result_expect_only(&run, "zones/initiator.load/faults", refusal,
                               support_result_number(&run, "zones/initiator.load/failed"));
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

/* Two certificates of one authority for each of the two stores that meet; a run presents the first.
 */
static const char *two_of_each(void) {
    return support_lab_certificates("pki", "nodes.acceptor.server_store.count=2 "
                                           "nodes.initiator.client_store.count=2");
}

/* Uploads a file by hand, under another name or the same. */
static void put(const struct support_run *run, const char *from, const char *node,
                const char *name) {
    support_file_copy(from, support_scene_text("%s/nodes/%s/%s", run->out, node, name));
}

static void put_second(const struct support_run *run, const char *pki, const char *node,
                       const char *certificate, const char *key) {
    put(run, support_scene_text("%s/nodes/%s/%s-1.pem", pki, node, certificate), node,
        support_scene_text("%s.pem", certificate));
    put(run, support_scene_text("%s/nodes/%s/%s-1.pem", pki, node, key), node,
        support_scene_text("%s.pem", key));
}

/* One zone that keeps its connections, another that makes new ones all the time. */
static void prepare_two_zones(struct support_run *run, const char *pki) {
    support_run_prepare(run, "reload", support_lab_profile());
    support_run_add(run, support_scene_text("--pki %s --threads 2", pki));
    support_run_set(run, "nodes.initiator.zones.fresh="
                         "{type: neighbor, peer: acceptor.sip, rate: 100/s, retry: none}");
}

static long long serial_count(const struct support_run *run, const char *place, const char *pem) {
    return support_result_count(run, support_scene_text("%s/peer_certificate/serials", place),
                                support_tool_serial(pem));
}

static void expect_nothing_lost(const struct support_run *run) {
    static const char *const zones[] = {"initiator.load", "initiator.fresh"};
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(support_result_number(run, support_scene_text("zones/%s/lost", zones[i])), 0);
        cr_assert_eq(support_result_number(run, support_scene_text("zones/%s/failed", zones[i])),
                     0);
        cr_assert_eq(support_result_number(run, support_scene_text("zones/%s/dropped", zones[i])),
                     0);
    }
    cr_assert_eq(support_result_number(run, "zones/initiator.load/attempts"), 4);
    cr_assert_eq(support_result_number(run, "zones/initiator.load/open_at_end"), 4);
    support_result_expect_no_mismatch(run);
}

Test(steering, reload_presents_new_certificates_to_new_connections_and_keeps_the_old_ones) {
    const char *pki = two_of_each();
    const char *server = support_scene_text("%s/nodes/acceptor/server.pem", pki);
    const char *second_server = support_scene_text("%s/nodes/acceptor/server-1.pem", pki);
    const char *client = support_scene_text("%s/nodes/initiator/client.pem", pki);
    const char *second_client = support_scene_text("%s/nodes/initiator/client-1.pem", pki);
    struct support_run run;
    prepare_two_zones(&run, pki);
    start(&run);
    await_more(&run, "initiator.fresh", 20, 0);
    put_second(&run, pki, "acceptor", "server", "privkey");
    put_second(&run, pki, "initiator", "client", "clientprivkey");
    cr_assert_eq(ctl("--pid %d reload", (int)run.child.pid), SUPPORT_PASS, "%s%s", tool.out,
                 tool.err);
    cr_assert_not_null(strstr(tool.out, support_scene_text("acceptor: server %s; client ",
                                                           support_tool_serial(second_server))),
                       "%s", tool.out);
    cr_assert_not_null(
        strstr(tool.out, support_scene_text("; client %s\n", support_tool_serial(second_client))),
        "%s", tool.out);
    cr_assert_not_null(strstr(tool.out, "\nOK\n"));
    await_more(&run, "initiator.fresh", 20, 0);
    quit(&run, SUPPORT_PASS);

    expect_nothing_lost(&run);
    cr_assert_geq(serial_count(&run, "zones/initiator.fresh", server), 20);
    cr_assert_geq(serial_count(&run, "zones/initiator.fresh", second_server), 20);
    cr_assert_eq(serial_count(&run, "zones/initiator.load", server), 4);
    cr_assert_eq(serial_count(&run, "zones/initiator.load", second_server), 0);
    cr_assert_geq(serial_count(&run, LISTENER, client), 24);
    cr_assert_geq(serial_count(&run, LISTENER, second_client), 20);
    support_run_finish(&run);
}

Test(steering, reload_of_one_node_leaves_the_others_as_they_are) {
    const char *pki = two_of_each();
    struct support_run run;
    prepare_two_zones(&run, pki);
    start(&run);
    put_second(&run, pki, "acceptor", "server", "privkey");
    put_second(&run, pki, "initiator", "client", "clientprivkey");
    cr_assert_eq(ctl("--pid %d reload --node acceptor", (int)run.child.pid), SUPPORT_PASS, "%s",
                 tool.out);
    cr_assert_null(strstr(tool.out, "initiator"), "%s", tool.out);
    await_more(&run, "initiator.fresh", 20, 0);
    quit(&run, SUPPORT_PASS);
    expect_nothing_lost(&run);
    cr_assert_geq(serial_count(&run, "zones/initiator.fresh",
                               support_scene_text("%s/nodes/acceptor/server-1.pem", pki)),
                  20);
    cr_assert_eq(
        serial_count(&run, LISTENER, support_scene_text("%s/nodes/initiator/client-1.pem", pki)),
        0);
    support_run_finish(&run);
}

/* The profile's stores are folders of somebody's, and so is the authority's certificate. */
static void prepare_folders(struct support_run *run, const char *pki) {
    static const char *const nodes[] = {"acceptor", "initiator"};
    support_run_prepare(run, "folders", support_lab_profile());
    support_run_set(run, "authorities.ca={kind: internal, cert: %s/authorities/ca/root.pem}", pki);
    for (unsigned i = 0; i < 2; i++) {
        support_run_set(run, "nodes.%s.server_store={folder: %s/nodes/%s}", nodes[i], pki,
                        nodes[i]);
        support_run_set(run, "nodes.%s.client_store={folder: %s/nodes/%s}", nodes[i], pki,
                        nodes[i]);
    }
    support_run_set(run, "nodes.initiator.zones.fresh="
                         "{type: neighbor, peer: acceptor.sip, rate: 100/s, retry: none}");
}

Test(steering, reload_after_an_upload_into_the_folder_of_a_profile_takes_it) {
    const char *pki = two_of_each();
    const char *folder = support_scene_text("%s/nodes/acceptor", pki);
    const char *upload = support_scene_path("upload.pem");
    const char *upload_key = support_scene_path("upload-key.pem");
    struct support_run run;
    /* Else it would be an identity of the store from the beginning. */
    cr_assert_eq(rename(support_scene_text("%s/server-1.pem", folder), upload), 0);
    cr_assert_eq(rename(support_scene_text("%s/privkey-1.pem", folder), upload_key), 0);
    const char *second = support_tool_serial(upload);
    prepare_folders(&run, pki);
    start(&run);
    support_tool_run(&tool, support_scene_text("%s store %s upload-server %s %s",
                                               support_run_program(), folder, upload, upload_key));
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    cr_assert_eq(ctl("--pid %d reload", (int)run.child.pid), SUPPORT_PASS, "%s", tool.out);
    cr_assert_not_null(strstr(tool.out, support_scene_text("acceptor: server %s;", second)), "%s",
                       tool.out);
    await_more(&run, "initiator.fresh", 20, 0);
    quit(&run, SUPPORT_PASS);
    expect_nothing_lost(&run);
    cr_assert_geq(
        support_result_count(&run, "zones/initiator.fresh/peer_certificate/serials", second), 20);
    cr_assert_str_eq(
        support_tool_serial(support_scene_text("%s/nodes/acceptor/server.pem", run.out)), second,
        "the result tells what was presented");
    support_run_finish(&run);
}

Test(steering, reload_of_a_bad_certificate_changes_nothing) {
    const char *pki = two_of_each();
    const char *server = support_scene_text("%s/nodes/acceptor/server.pem", pki);
    const char *second_server = support_scene_text("%s/nodes/acceptor/server-1.pem", pki);
    const char *garbage = support_scene_path("garbage.pem");
    struct support_run run;
    prepare_two_zones(&run, pki);
    start(&run);
    /* The other node's files are fine, and read first or last: neither node may change. */
    put_second(&run, pki, "initiator", "client", "clientprivkey");
    put(&run, second_server, "acceptor", "server.pem");
    expect_error(&run, "reload", "does not belong to the first certificate");
    support_file_write(garbage, "garbage\n");
    put(&run, garbage, "acceptor", "server.pem");
    expect_error(&run, "reload", "no certificate");
    put(&run, server, "acceptor", "server.pem");
    put(&run, garbage, "acceptor", "ca.pem");
    expect_error(&run, "reload", "acceptor");
    remove(support_scene_text("%s/nodes/acceptor/privkey.pem", run.out));
    expect_error(&run, "reload", "privkey.pem");
    await_more(&run, "initiator.fresh", 20, 0);
    quit(&run, SUPPORT_PASS);
    expect_nothing_lost(&run);
    cr_assert_eq(serial_count(&run, "zones/initiator.fresh", second_server), 0);
    cr_assert_eq(
        serial_count(&run, LISTENER, support_scene_text("%s/nodes/initiator/client-1.pem", pki)),
        0);
    support_run_finish(&run);
}

Test(steering, asks_which_one_when_two_run_at_once) {
    struct support_run first;
    struct support_run second;
    cr_assert_eq(ctl("status"), SUPPORT_USAGE);
    cr_assert_not_null(strstr(tool.err, "no run to steer"), "%s", tool.err);
    support_run_prepare(&first, "first", support_lab_profile());
    start(&first);
    cr_assert_eq(ctl("xconfiguration " MODE), SUPPORT_PASS, "the only one: %s", tool.err);
    support_run_prepare(&second, "second", support_lab_profile());
    support_run_set(&second, "nodes.acceptor.address=%s", support_scene_address(32));
    support_run_set(&second, "nodes.initiator.address=%s", support_scene_address(17));
    start(&second);
    cr_assert_eq(ctl("quit"), SUPPORT_USAGE);
    cr_assert_str_empty(tool.out);
    cr_assert(strstr(tool.err, support_scene_text("%d", (int)first.child.pid)) != NULL &&
                  strstr(tool.err, support_scene_text("%d", (int)second.child.pid)) != NULL,
              "%s", tool.err);
    cr_assert_eq(ctl("--pid 4194305 status"), SUPPORT_USAGE);
    cr_assert_not_null(strstr(tool.err, "no run listens on"), "%s", tool.err);
    quit(&first, SUPPORT_PASS);
    cr_assert_eq(ctl("status"), SUPPORT_PASS, "one is left: %s", tool.err);
    quit(&second, SUPPORT_PASS);
    support_run_finish(&first);
    support_run_finish(&second);
}

Test(steering, tells_commands_of_other_releases_from_unknown_ones) {
    static const struct {
        const char *release;
        const char *command;
        const char *answer; /* words of an error, or the whole answer that ends with OK */
    } rows[] = {
        {"x15.5", "xConfiguration " UPLOAD ": On", "this command is deprecated on x15.5: "},
        {"x15.5", "--node initiator xConfiguration " UPLOAD ": On", "does not know"},
        {"x15.5", "--node acceptro reload", "did you mean \"acceptor\"?"},
        {"x15.5", "relaod", "did you mean \"reload\"?"},
        {"x15.5", "xConfiguration " MODE ": perhaps", "On or Off was expected"},
        {"x15.4", "xConfiguration " UPLOAD, "*c xConfiguration " UPLOAD ": \"Off\"\nOK\n"},
        {"x15.4", "xConfiguration " UPLOAD ": On", "OK\n"},
        {"x15.4", "xConfiguration " UPLOAD, "*c xConfiguration " UPLOAD ": \"On\"\nOK\n"},
        {"x15.4", "--node acceptor xConfiguration " MODE ": Off", "does not know"},
        {"x15.4", "xConfiguration " MODE, "*c xConfiguration " MODE ": \"On\"\nOK\n"},
        {"x8.11.4", "--node acceptor xConfiguration " UPLOAD ": On", "x8.11.4) does not know"},
        {"x8.11.4", "xConfiguration " UPLOAD ": On", "no node that runs here knows"},
    };
    struct support_run run = {.name = NULL};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (i == 0 || strcmp(rows[i].release, rows[i - 1].release) != 0) {
            if (i > 0) {
                quit(&run, SUPPORT_PASS);
                support_run_finish(&run);
            }
            support_run_prepare(&run, rows[i].release, support_lab_profile());
            support_run_set(&run, "nodes.acceptor.release=%s", rows[i].release);
            support_run_set_all(&run, "nodes.acceptor.server_store.eku=[serverAuth,clientAuth] "
                                      "nodes.acceptor.client_store=copy-of-server");
            start(&run);
        }
        if (strstr(rows[i].answer, "OK\n") != NULL) {
            expect_answer(&run, rows[i].command, rows[i].answer);
        } else {
            expect_error(&run, rows[i].command, rows[i].answer);
        }
    }
    quit(&run, SUPPORT_PASS);
    support_run_finish(&run);
}

Test(steering, quit_ends_the_run_with_the_variants_that_were_to_come) {
    const char *profile = support_scene_path("varied.yaml");
    char *text = support_file_read(support_lab_profile());
    struct support_run run;
    support_file_write(
        profile, support_scene_text(
                     "%s\nvariants:\n  other:\n    set: { load.options_interval: 2s }\n", text));
    free(text);
    support_run_prepare(&run, "varied", profile);
    start(&run);
    quit(&run, SUPPORT_PASS);
    cr_assert_not(support_file_exists(support_scene_text("%s/variants", run.out)));
    cr_assert_eq(support_file_count_text(run.child.err_path, "were not run"), 1, "%s",
                 support_file_read(run.child.err_path));
    support_run_finish(&run);
}

static bool is_socket(const char *path, unsigned mode) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) &&
           (status.st_mode & 07777) == mode;
}

Test(steering, the_socket_is_the_user_s_own_and_goes_with_the_run) {
    struct support_run run;
    support_run_prepare(&run, "ended", support_lab_profile());
    start(&run);
    cr_assert(is_socket(socket_of(&run), 0600));
    cr_assert_eq(support_file_mode(support_scene_path("ekuload")), 0700);
    const char *path = socket_of(&run);
    quit(&run, SUPPORT_PASS);
    cr_assert_not(support_file_exists(path), "after its end");
    support_run_finish(&run);

    support_run_prepare(&run, "interrupted", support_lab_profile());
    start(&run);
    path = socket_of(&run);
    support_run_interrupt(&run);
    cr_assert_not(support_file_exists(path), "after SIGINT");
    support_run_finish(&run);

    support_run_prepare(&run, "killed", support_lab_profile());
    start(&run);
    path = socket_of(&run);
    support_child_stop(&run.child, SIGKILL, PATIENCE_MS);
    cr_assert(is_socket(path, 0600), "nobody could remove it");
    cr_assert_eq(ctl("status"), SUPPORT_USAGE, "it is no run any more");
    support_run_finish(&run);

    support_run_prepare(&run, "next", support_lab_profile());
    start(&run);
    cr_assert_not(support_file_exists(path), "the next one clears it away");
    quit(&run, SUPPORT_PASS);
    support_run_finish(&run);
}

Test(steering, the_socket_may_be_named) {
    const char *path = support_scene_path("named.sock");
    struct support_run run;
    support_run_prepare(&run, "named", support_lab_profile());
    support_run_add(&run, support_scene_text("--duration 60s --socket %s", path));
    support_run_start(&run);
    cr_assert(
        support_net_await_listening(support_scene_address(31), SUPPORT_LAB_PORT, PATIENCE_MS));
    cr_assert_eq(ctl("--socket %s help", path), SUPPORT_PASS, "%s", tool.err);
    cr_assert(is_socket(path, 0600));
    cr_assert_eq(ctl("status"), SUPPORT_USAGE, "it is not where others are looked for");
    cr_assert_eq(ctl("--socket %s quit", path), SUPPORT_PASS);
    support_run_await(&run, SUPPORT_PASS);
    cr_assert_not(support_file_exists(path));
    support_run_finish(&run);
}

Test(steering, a_socket_that_cannot_be_is_an_error_when_it_was_asked_for) {
    static const char longest[] = "/tmp/0123456789012345678901234567890123456789012345678901234567"
                                  "8901234567890123456789012345678901234567890123456";
    struct support_run run;
    support_run_prepare(&run, "too-long", support_lab_profile());
    support_run_add(&run, support_scene_text("--socket %s", longest));
    support_run_expect(&run, SUPPORT_MACHINE);
    cr_assert_eq(support_file_count_text(run.child.err_path, "1 to 107 octets"), 1, "%s",
                 support_file_read(run.child.err_path));
    support_run_finish(&run);

    /* Somebody else's place is not used, but nobody asked for it. */
    cr_assert_eq(mkdir(support_scene_path("ekuload"), 0777), 0);
    cr_assert_eq(chmod(support_scene_path("ekuload"), 0777), 0);
    support_run_prepare(&run, "unsteered", support_lab_profile());
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_eq(support_file_count_text(run.child.err_path, "this run cannot be steered"), 1, "%s",
                 support_file_read(run.child.err_path));
    support_run_finish(&run);
}
