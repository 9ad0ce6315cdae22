/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 10000u
#define LOAD        "nodes.initiator.zones.load"

TestSuite(soak, .init = support_scene_open, .fini = support_scene_close);

/* A soak in miniature: windows and checkpoints of a second. */
static void begin(struct support_run *run, const char *name, const char *settings,
                  const char *words) {
    support_run_prepare(run, name, support_lab_profile());
    support_run_set_all(run, "load.window=1s load.checkpoint=1s");
    support_run_set_all(run, settings);
    support_run_add(run, words);
    support_run_start(run);
}

/* Which result.json lies there: each checkpoint is a file of its own. */
struct watch {
    const struct support_run *run;
    const char *path;
    ino_t seen;
};

static ino_t file_at(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_ino : 0;
}

static bool has_news(const void *context) {
    const struct watch *watch = context;
    ino_t now = file_at(watch->path);
    return (now != 0 && now != watch->seen) || !support_child_is_running(&watch->run->child);
}

static struct watch watch_of(const struct support_run *run) {
    return (struct watch){.run = run, .path = support_scene_text("%s/result.json", run->out)};
}

/* False: the run is over. */
static bool await_checkpoint(struct watch *watch) {
    cr_assert(support_wait_until(has_news, watch, PATIENCE_MS), "no checkpoint was written");
    watch->seen = file_at(watch->path);
    return support_child_is_running(&watch->run->child);
}

static void read_result(struct support_run *run) {
    json_error_t error;
    const char *path = support_scene_text("%s/result.json", run->out);
    json_decref(run->result);
    run->result = json_load_file(path, 0, &error);
    cr_assert_not_null(run->result, "%s:%d: %s", path, error.line, error.text);
    support_result_check_sums(run);
}

static json_t *window_at(const struct support_run *run, size_t index) {
    return json_array_get(support_result_find(run, "windows"), index);
}

static long long in_window(const struct support_run *run, size_t index, const char *part,
                           const char *subject, const char *key) {
    json_t *object = json_object_get(window_at(run, index), part);
    json_t *value =
        json_object_get(subject == NULL ? object : json_object_get(object, subject), key);
    cr_assert(json_is_integer(value), "window %zu has no %s", index, key);
    return json_integer_value(value);
}

/* What was counted within the windows is what was counted. */
static void expect_whole_windows(const struct support_run *run) {
    static const char *const counters[] = {"attempts",     "established", "failed",
                                           "lost",         "closed",      "dropped",
                                           "sip_requests", "sip_timeouts"};
    size_t count = json_array_size(support_result_find(run, "windows"));
    for (unsigned i = 0; i < sizeof counters / sizeof *counters; i++) {
        long long sum = 0;
        for (size_t k = 0; k < count; k++) {
            sum += in_window(run, k, "zones", "initiator.load", counters[i]);
        }
        cr_assert_eq(
            sum,
            support_result_number(run, support_scene_text("zones/initiator.load/%s", counters[i])),
            "%s of %zu windows are %lld", counters[i], count, sum);
    }
}

Test(soak, sums_hold_at_every_checkpoint_and_nothing_leaks) {
    struct support_run run;
    unsigned checkpoints = 0;
    begin(&run, "soak", LOAD ".rate=100/s",
          support_scene_text("--duration 4200ms --peer-pid %d", (int)getpid()));
    struct watch watch = watch_of(&run);
    while (await_checkpoint(&watch)) {
        read_result(&run);
        checkpoints += support_result_is_true(&run, "complete") ? 0 : 1;
        cr_assert_gt(support_result_number(&run, "zones/initiator.load/established"), 0);
    }
    json_decref(run.result);
    run.result = NULL;
    support_run_await(&run, SUPPORT_PASS);
    cr_assert(support_result_is_true(&run, "complete"));
    cr_assert_geq(checkpoints, 2);
    expect_whole_windows(&run);
    size_t count = json_array_size(support_result_find(&run, "windows"));
    cr_assert_geq(count, 4);
    /* With the last window the socket for orders is closed. */
    cr_assert_eq(in_window(&run, count - 2, "resources", NULL, "descriptors"),
                 in_window(&run, 0, "resources", NULL, "descriptors"));
    cr_assert_gt(in_window(&run, 0, "resources", NULL, "peer_rss_kib"), 500);
    cr_assert_eq(
        support_file_count_text(support_scene_path("soak/windows.csv"), ",initiator.load,"), count);
    support_run_finish(&run);
}

Test(soak, a_killed_run_leaves_a_result_that_can_be_read) {
    struct support_run run;
    begin(&run, "killed", LOAD ".rate=100/s", "--duration 60s");
    struct watch watch = watch_of(&run);
    cr_assert(await_checkpoint(&watch));
    cr_assert_eq(support_child_stop(&run.child, SIGKILL, PATIENCE_MS), 128 + SIGKILL);
    read_result(&run);
    cr_assert_not(support_result_is_true(&run, "complete"));
    cr_assert(support_result_is_true(&run, "interrupted"));
    cr_assert_geq(json_real_value(support_result_find(&run, "duration_s")), 1);
    cr_assert_gt(support_result_number(&run, "zones/initiator.load/established"), 0);
    cr_assert(support_file_exists(support_scene_path("killed/profile.yaml")));
    support_run_finish(&run);
}

/* Connections that are dialled anew after a few dialogs are churn, in a window as in the run. */
Test(soak, what_failed_in_one_window_is_forgotten_in_the_next) {
    static const char *const states[] = {"degraded", "active"};
    struct support_run run;
    begin(&run, "turned",
          "nodes.acceptor.eku_checking_turns=500ms "
          "nodes.initiator.client_store.eku=[serverAuth] " LOAD ".dialogs=2 " LOAD
          ".options_interval=20ms " LOAD ".retry={\"pauses\":[50ms]}",
          "--duration 3s");
    support_run_await(&run, SUPPORT_FAIL);
    for (size_t i = 0; i < 2; i++) {
        const json_t *zones = json_object_get(window_at(&run, 2 * i), "zones");
        const json_t *zone = json_object_get(zones, "initiator.load");
        cr_assert_str_eq(json_string_value(json_object_get(zone, "state")), states[i]);
    }
    support_run_finish(&run);
}

Test(soak, a_threshold_ends_the_run_in_order) {
    struct support_run run;
    begin(&run, "aborted",
          LOAD ".connections=4 "
               "nodes.initiator.client_store=copy-of-server",
          "--duration 60s --set "
          "thresholds=[{\"threshold\":\"initiator.load.failed==0\",\"abort_on_fail\":on}]");
    run.status = support_child_wait(&run.child, PATIENCE_MS);
    support_run_conclude(&run, SUPPORT_FAIL);
    cr_assert_str_eq(support_result_text(&run, "aborted/threshold"), "initiator.load.failed==0");
    cr_assert_lt(json_real_value(support_result_find(&run, "duration_s")), 30);
    cr_assert(support_result_is_true(&run, "complete"));
    cr_assert_not(support_result_is_true(&run, "interrupted"));
    support_run_finish(&run);
}

Test(soak, certificates_are_renewed_while_connections_go_on) {
    struct support_run run;
    begin(&run, "renewed",
          LOAD
          ".rate=50/s load.renew=1s authorities.ca.key=ecdsa-p256 "
          "nodes.initiator.client_store.key=ecdsa-p256 nodes.acceptor.server_store.key=ecdsa-p256",
          "--duration 2500ms");
    support_run_await(&run, SUPPORT_PASS);
    cr_assert_geq(json_object_size(
                      support_result_find(&run, "zones/initiator.load/peer_certificate/serials")),
                  2);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/lost"), 0);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/failed"), 0);
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

Test(soak, a_peer_that_does_not_run_cannot_be_watched) {
    struct support_run run;
    support_run_prepare(&run, "nobody", support_lab_profile());
    support_run_add(&run, "--peer-pid 2147483647");
    support_run_expect(&run, SUPPORT_USAGE);
    cr_assert_eq(support_file_count_text(run.child.err_path,
                                         "--peer-pid: no process 2147483647 runs on this machine"),
                 1);
    support_run_finish(&run);
}

Test(soak, certificates_of_another_run_cannot_be_renewed) {
    struct support_run run;
    const char *pki = support_lab_certificates("pki", "");
    support_run_prepare(&run, "loaded", support_lab_profile());
    support_run_set(&run, "load.renew=1s");
    support_run_add(&run, support_scene_text("--pki %s", pki));
    support_run_expect(&run, SUPPORT_USAGE);
    cr_assert_eq(
        support_file_count_text(run.child.err_path, "load.renew: the certificates of --pki"), 1);
    support_run_finish(&run);
}

Test(soak, more_renewals_than_a_run_takes_are_refused_before_it) {
    struct support_run run;
    support_run_prepare(&run, "often", support_lab_profile());
    support_run_set_all(&run, "load.renew=1s load.duration=2000s");
    support_run_expect(&run, SUPPORT_USAGE);
    cr_assert_eq(support_file_count_text(run.child.err_path, "expected one every 3 s or more"), 1);
    support_run_finish(&run);
}
