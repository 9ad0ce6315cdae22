/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdlib.h>

#define PATIENCE_MS 10000u

TestSuite(interruption, .init = support_scene_open, .fini = support_scene_close);

static void expect_whole_folder(const struct support_run *run) {
    static const char *const files[] = {
        "result.json",
        "profile.yaml",
        "timeline.csv",
        "latency.hgrm",
        "nodes/acceptor/events.log",
        "nodes/acceptor/server.pem",
        "nodes/initiator/events.log",
        "nodes/initiator/client.pem",
    };
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        cr_assert(support_file_exists(support_scene_text("%s/%s", run->out, files[i])),
                  "%s is missing", files[i]);
    }
}

struct shape_case {
    char setting[64];
};
static struct shape_case shapes[] = {{"nodes.initiator.zones.load.connections=100"},
                                     {"nodes.initiator.zones.load.rate=300/s"},
                                     {"nodes.initiator.zones.load.concurrency=16"}};

ParameterizedTestParameters(interruption, mid_run_leaves_a_whole_result) {
    return cr_make_param_array(struct shape_case, shapes, sizeof shapes / sizeof *shapes);
}

ParameterizedTest(struct shape_case *row, interruption, mid_run_leaves_a_whole_result) {
    struct support_run run;
    support_run_prepare(&run, "cut", support_lab_profile());
    support_run_set(&run, "%s", row->setting);
    support_run_add(&run, "--duration 60s");
    support_run_start(&run);
    cr_assert(support_file_await_text(support_scene_path("cut/timeline.csv"), "initiator.load",
                                      PATIENCE_MS),
              "no timeline while it runs");
    support_run_interrupt(&run);
    cr_assert(support_result_is_true(&run, "interrupted"));
    cr_assert_gt(support_result_number(&run, "zones/initiator.load/established"), 0);
    cr_assert_lt(json_real_value(support_result_find(&run, "duration_s")), 30);
    expect_whole_folder(&run);
    support_run_finish(&run);
}

Test(interruption, as_soon_as_it_listens_leaves_a_whole_result) {
    struct support_run run;
    support_run_prepare(&run, "early", support_lab_profile());
    support_run_add(&run, "--duration 60s");
    support_run_start(&run);
    cr_assert(
        support_net_await_listening(support_scene_address(31), SUPPORT_LAB_PORT, PATIENCE_MS));
    support_run_interrupt(&run);
    cr_assert(support_result_is_true(&run, "interrupted"));
    expect_whole_folder(&run);
    support_run_finish(&run);
}

Test(interruption, while_certificates_are_issued_ends_it_soon) {
    struct support_run run;
    support_run_prepare(&run, "issuing", support_lab_profile());
    support_run_set(&run, "nodes.initiator.client_store={issuer: ca, count: 400}");
    support_run_start(&run);
    /* RSA keys for 400 certificates take far longer than that; no port is open yet. */
    cr_assert_not(support_net_await_listening(support_scene_address(31), SUPPORT_LAB_PORT, 500));
    run.status = support_child_stop(&run.child, SIGINT, 1500);
    cr_assert_eq(run.status, SUPPORT_INTERRUPTED, "exit status %d (-1: it went on)", run.status);
    support_run_finish(&run);
}

Test(interruption, sigterm_is_heard_as_well) {
    struct support_run run;
    support_run_prepare(&run, "terminated", support_lab_profile());
    support_run_add(&run, "--duration 60s");
    support_run_start(&run);
    cr_assert(
        support_net_await_listening(support_scene_address(31), SUPPORT_LAB_PORT, PATIENCE_MS));
    kill(run.child.pid, SIGTERM);
    support_run_await(&run, SUPPORT_INTERRUPTED);
    expect_whole_folder(&run);
    support_run_finish(&run);
}

Test(interruption, result_is_complete_without_one) {
    struct support_run run;
    support_run_prepare(&run, "whole", support_lab_profile());
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_not(support_result_is_true(&run, "interrupted"));
    expect_whole_folder(&run);
    support_run_finish(&run);
}
