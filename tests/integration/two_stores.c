/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/*
 * The two ends as two processes, each with its own idea of the certificates. Where the stores
 * change places every certificate carries both usages and its node's name: a wrong one is then
 * accepted by everything but the comparison with the store.
 */
#define CONNECTIONS 12
#define BOTH_USAGES                                                                                \
    "nodes.acceptor.server_store.eku=[serverAuth,clientAuth] "                                     \
    "nodes.initiator.client_store.eku=[serverAuth,clientAuth] "                                    \
    "nodes.initiator.server_store.eku=[serverAuth,clientAuth] "

TestSuite(two_stores, .init = support_scene_open, .fini = support_scene_close);

struct pair {
    struct support_run acceptor;
    struct support_run initiator;
};

/* The acceptor first, until it listens; the initiator to its end; then the acceptor is stopped. */
static void run_pair(struct pair *pair, unsigned port, int initiator_status) {
    support_run_add(&pair->acceptor, "--duration 60s");
    support_run_start(&pair->acceptor);
    cr_assert(support_net_await_listening(support_scene_address(31), (uint16_t)port, 10000), "%s",
              support_file_read(pair->acceptor.child.err_path));
    support_run_expect(&pair->initiator, initiator_status);
    support_run_interrupt(&pair->acceptor);
    cr_assert(support_result_is_true(&pair->acceptor, "interrupted"));
    cr_assert_not(support_result_is_true(&pair->initiator, "interrupted"));
}

static void run_lab_pair(struct pair *pair, const char *acceptor_pki, const char *initiator_pki,
                         int initiator_status) {
    const char *profile = support_lab_profile();
    support_run_prepare(&pair->acceptor, "acceptor-side", profile);
    support_run_add(&pair->acceptor, support_scene_text("--only acceptor --pki %s", acceptor_pki));
    support_run_set_all(&pair->acceptor, BOTH_USAGES);
    support_run_prepare(&pair->initiator, "initiator-side", profile);
    support_run_add(&pair->initiator,
                    support_scene_text("--only initiator --pki %s", initiator_pki));
    support_run_set_all(&pair->initiator, BOTH_USAGES);
    support_run_set(&pair->initiator, "nodes.initiator.zones.load.connections=%d", CONNECTIONS);
    run_pair(pair, SUPPORT_LAB_PORT, initiator_status);
}

static void finish_pair(struct pair *pair) {
    support_run_finish(&pair->acceptor);
    support_run_finish(&pair->initiator);
}

/* The certificates of `from` in `to`, but for one node, whose two stores changed places. */
static void swap_stores(const char *from, const char *to, const char *node) {
    static const char *const files[][2] = {{"server.pem", "client.pem"},
                                           {"client.pem", "server.pem"},
                                           {"privkey.pem", "clientprivkey.pem"},
                                           {"clientprivkey.pem", "privkey.pem"}};
    support_file_copy_folder(from, to);
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        support_file_copy(support_scene_text("%s/nodes/%s/%s", from, node, files[i][0]),
                          support_scene_text("%s/nodes/%s/%s", to, node, files[i][1]));
    }
}

static long long mismatches(const struct support_run *run, const char *place) {
    return support_result_number(run, support_scene_text("%s/peer_certificate/mismatches", place));
}

Test(two_stores, a_listener_that_presents_its_client_store_is_caught) {
    struct pair pair;
    const char *right = support_lab_certificates("right", BOTH_USAGES);
    const char *wrong = support_scene_path("wrong");
    swap_stores(right, wrong, "acceptor");
    run_lab_pair(&pair, wrong, right, SUPPORT_FAIL);
    cr_assert_eq(support_result_number(&pair.initiator, "zones/initiator.load/established"),
                 CONNECTIONS);
    cr_assert_eq(mismatches(&pair.initiator, "zones/initiator.load"), CONNECTIONS);
    cr_assert_str_eq(support_result_text(&pair.initiator, "verdict"), "fail");
    support_result_expect_no_mismatch(&pair.acceptor);
    finish_pair(&pair);
}

Test(two_stores, an_initiator_that_presents_its_server_store_is_caught) {
    struct pair pair;
    const char *right = support_lab_certificates("right", BOTH_USAGES);
    const char *wrong = support_scene_path("wrong");
    swap_stores(right, wrong, "initiator");
    run_lab_pair(&pair, right, wrong, SUPPORT_PASS);
    cr_assert_eq(support_result_number(&pair.acceptor, "listeners/acceptor.sip/admitted"),
                 CONNECTIONS);
    cr_assert_eq(mismatches(&pair.acceptor, "listeners/acceptor.sip"), CONNECTIONS);
    cr_assert_str_eq(support_result_text(&pair.acceptor, "verdict"), "fail");
    support_result_expect_no_mismatch(&pair.initiator);
    finish_pair(&pair);
}

struct version_case {
    char version[4];
};
static struct version_case versions[] = {{"1.2"}, {"1.3"}};

ParameterizedTestParameters(two_stores, the_success_case_works_between_two_processes) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, two_stores,
                  the_success_case_works_between_two_processes) {
    static const char *const nodes[] = {"edge", "core"};
    const char *pki = support_scene_path("pki");
    struct pair pair;
    struct support_run *const sides[] = {&pair.acceptor, &pair.initiator};
    struct support_tool certs;
    support_tool_run(
        &certs, support_scene_text("%s certs condition-2.1 --out %s", support_run_program(), pki));
    cr_assert_eq(certs.status, SUPPORT_PASS, "%s", certs.err);
    support_tool_finish(&certs);
    for (unsigned i = 0; i < 2; i++) {
        support_run_prepare_article(sides[i], nodes[i], "condition-2.1");
        support_run_add(sides[i], support_scene_text("--only %s --pki %s", nodes[i], pki));
        support_run_set(sides[i], "nodes.core.tls.versions=[%s]", variant->version);
        support_run_set(sides[i], "thresholds=[]");
    }
    run_pair(&pair, 7001, SUPPORT_PASS);
    support_result_expect_whole_zone(&pair.initiator, "core.uc", SUPPORT_ARTICLE_UC);
    support_result_expect_whole_zone(&pair.initiator, "core.tunnel", SUPPORT_ARTICLE_TUNNEL);
    support_result_expect_only(&pair.initiator, "zones/core.uc/tls_versions", variant->version,
                               SUPPORT_ARTICLE_UC);
    support_result_expect_no_mismatch(&pair.initiator);
    support_result_expect_no_mismatch(&pair.acceptor);
    cr_assert_eq(support_result_number(&pair.acceptor, "listeners/edge.uc-traversal/admitted"),
                 SUPPORT_ARTICLE_UC);
    finish_pair(&pair);
}

Test(two_stores, certificates_issued_for_other_usages_are_refused) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    support_run_prepare(&run, "changed", support_lab_profile());
    support_run_add(&run, support_scene_text("--pki %s", pki));
    support_run_set(&run, "nodes.acceptor.server_store.eku=[serverAuth,codeSigning]");
    support_run_expect(&run, SUPPORT_USAGE);
    cr_assert_eq(support_file_count_text(run.child.err_path, "nodes.acceptor.server_store:"), 1,
                 "%s", support_file_read(run.child.err_path));
    support_run_finish(&run);
}
