/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <glob.h>

/* Calls and registrations against our own far end, and how a run that stops ends them. */

#define CONNECTIONS 4

TestSuite(calls, .init = support_scene_open, .fini = support_scene_close);

/* How often the messages that a node sent or received hold `text`. */
static long long count_said(const struct support_run *run, const char *node, const char *text) {
    const char *pattern =
        support_scene_text("%s/diagnostics/%s/loggingsnapshot_*.txt", run->out, node);
    glob_t found;
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "no %s", pattern);
    cr_assert_eq(found.gl_pathc, 1);
    long long count = support_file_count_text(found.gl_pathv[0], text);
    globfree(&found);
    return count;
}

static void prepare(struct support_run *run, const char *settings) {
    support_run_prepare(run, "run", support_lab_profile());
    support_run_add(run, "--diagnostics");
    support_run_set_all(run, settings);
}

Test(calls, that_are_held_when_the_run_stops_are_ended) {
    struct support_run run;
    prepare(&run, "load.dialog=invite load.hold=1h load.reinvite=100ms load.scheme=sips");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", CONNECTIONS);
    cr_assert_eq(support_result_number(&run, "zones/initiator.load/calls"), 0);
    cr_assert_geq(support_result_count(&run, "zones/initiator.load/sip_responses", "200"),
                  2 * CONNECTIONS, "nobody was invited again");
    cr_assert_eq(count_said(&run, "initiator", "BYE sips:"), CONNECTIONS);
    cr_assert_eq(count_said(&run, "acceptor", "BYE sips:"), CONNECTIONS);
    cr_assert_eq(count_said(&run, "initiator", " BYE"), 2 * CONNECTIONS, "not all were answered");
    support_run_finish(&run);
}

Test(calls, need_registrations_that_are_refreshed_and_then_taken_back) {
    static const char settings[] =
        "load.dialog=register load.deregister=on load.expires=1s load.duration=1200ms "
        "load.options_interval=1h nodes.initiator.zones.load.user=phone";
    struct support_run run;
    prepare(&run, settings);
    support_run_set(&run, "nodes.acceptor.listeners.sip.credentials={algorithm: sha-512-256}");
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_whole_zone(&run, "initiator.load", CONNECTIONS);
    cr_assert_geq(support_result_count(&run, "zones/initiator.load/sip_responses", "200"),
                  2 * CONNECTIONS, "nobody refreshed it");
    cr_assert_eq(support_result_count(&run, "zones/initiator.load/sip_responses", "401"),
                 CONNECTIONS);
    cr_assert_gt(count_said(&run, "initiator", "algorithm=SHA-512-256"), 0);
    cr_assert_eq(count_said(&run, "initiator", "Expires: 0"), CONNECTIONS);
    cr_assert_eq(count_said(&run, "acceptor", "Expires: 0"), CONNECTIONS);
    support_run_finish(&run);
}
