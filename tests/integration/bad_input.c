/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_run.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

TestSuite(bad_input, .init = support_scene_open, .fini = support_scene_close);

/* One line for a person, in which both texts stand; one more after it for a wrong option. */
static void expect_complaint(const struct support_run *run, const char *named,
                             const char *named_too, bool is_option) {
    char *said = support_file_read(run->child.err_path);
    char *printed = support_file_read(run->child.out_path);
    char *newline = strchr(said, '\n');
    cr_assert_str_eq(printed, "", "something on stdout: %s", printed);
    cr_assert_not_null(newline, "no line on stderr: %s", said);
    if (is_option) {
        cr_assert_eq(strncmp(said, "ekuload run: ", 13), 0, "%s", said);
        cr_assert(newline[1] == '\0' || strncmp(newline + 1, "Try `ekuload", 12) == 0, "%s", said);
    } else {
        cr_assert_eq(strncmp(said, "ekuload: ", 9), 0, "%s", said);
        cr_assert_eq(newline[1], '\0', "more than a line: %s", said);
    }
    cr_assert_not_null(strstr(said, named), "\"%s\" is not named in: %s", named, said);
    cr_assert_not_null(strstr(said, named_too), "\"%s\" is not named in: %s", named_too, said);
    free(said);
    free(printed);
}

struct setting_case {
    char setting[160];
    char named[64];
    char named_too[64];
};

static struct setting_case setting_cases[] = {
    {"nodes.acceptor.eku_cheking=on", "eku_cheking", "eku_checking"},
    {"nodes.acceptr.eku_checking=on", "acceptr", "nodes.acceptr.eku_checking=on"},
    {"nodes.initiator.zones.load.connections=many", "connections", "many"},
    {"nodes.initiator.zones.load.connections=0", "connections", "0"},
    {"nodes.initiator.zones.load.connections=[1]", "connections", "a list"},
    {"load.duration=5parsecs", "duration", "5parsecs"},
    {"load.duration=5", "duration", "5"},
    {"load.rate=400", "rate", "400"},
    {"nodes.acceptor.product=toaster", "toaster", "expressway-c"},
    {"nodes.acceptor.address=300.0.0.1", "address", "300.0.0.1"},
    {"nodes.acceptor.trust=[nobody]", "nobody", "authority"},
    {"nodes.acceptor.listeners.sip.port=70000", "port", "70000"},
    {"nodes.acceptor.tls.versions=[1.1]", "versions", "1.1"},
    {"nodes.acceptor.server_store.key=rsa-512", "key", "rsa-512"},
    {"nodes.acceptor.server_store.eku=[clientauth]", "clientauth", "clientAuth"},
    {"nodes.initiator.zones.load.peer=acceptor.sipp", "acceptor.sipp", "acceptor.sip"},
    {"nodes.initiator.client_store={issuer: ca, eku: [serverAuth]}",
     "does not have a client usage attribute", "client_store"},
    {"authorities.ca.kind=public", "ca", "clientAuth"},
    {"expect.initiator.laod.state=active", "laod", "initiator.load"},
    {"expect.initiator.load.faults=[tls_peer_ekuu]", "tls_peer_ekuu", "tls_peer_eku"},
    {"thresholds=[initiator.load.speed < 3]", "speed", "initiator.load"},
    {"thresholds=[initiator.load.admission.p99 < 3parsecs]", "3parsecs", "p99"},
    {"name", "name", "PATH=VALUE"},
    {"=x", "=x", "PATH=VALUE"},
    {"load=[", "load=[", ""},
};

ParameterizedTestParameters(bad_input, setting_that_means_nothing_is_a_usage_error) {
    return cr_make_param_array(struct setting_case, setting_cases,
                               sizeof setting_cases / sizeof *setting_cases);
}

ParameterizedTest(struct setting_case *row, bad_input,
                  setting_that_means_nothing_is_a_usage_error) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_set(&run, "%s", row->setting);
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, row->named, row->named_too, false);
    support_run_finish(&run);
}

struct text_case {
    char text[128];
    char named[64];
    char named_too[64];
};

static struct text_case text_cases[] = {
    {"name: x\nnodse: {}\n", "broken.yaml:2", "nodes"},
    {"name: [x\n", "broken.yaml:", ""},
    {"name: x\nname: y\n", "broken.yaml:2", "name"},
    {"name: &a x\nproves: *a\n", "broken.yaml:", ""},
    {"- name\n", "broken.yaml:1", "mapping"},
    {"", "broken.yaml", ""},
    {"name: \xff\xfe\n", "broken.yaml", ""},
    {"name: x\n", "broken.yaml", "nodes"},
};

ParameterizedTestParameters(bad_input, profile_that_cannot_be_read_is_named_with_its_line) {
    return cr_make_param_array(struct text_case, text_cases,
                               sizeof text_cases / sizeof *text_cases);
}

ParameterizedTest(struct text_case *row, bad_input,
                  profile_that_cannot_be_read_is_named_with_its_line) {
    const char *path = support_scene_path("broken.yaml");
    struct support_run run;
    support_file_write(path, row->text);
    support_run_prepare(&run, "wrong", path);
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, row->named, row->named_too, false);
    support_run_finish(&run);
}

struct word_case {
    char words[96];
    char named[32];
    bool is_option;
};

static struct word_case word_cases[] = {
    {"--frobnicate", "--frobnicate", true},
    {"--only acceptor", "--pki", true},
    {"--only nobody --pki nowhere", "nobody", false},
    {"--only acceptor --pki /nonexistent/pki", "/nonexistent/pki", false},
    {"--duration 5parsecs", "5parsecs", true},
    {"--duration 0s", "--duration", true},
    {"--threads 0", "--threads", true},
    {"--threads two", "two", true},
    {"--threads 1000 --duration 100ms", "--threads 1000: expected at", false},
    {"--seed -1", "--seed", true},
    {"--output-format xml", "xml", true},
    {"another-profile", "another-profile", true},
    {"--source-ip 127.0.0.0/99", "ekuload: --source-ip 127.0.0.0/", false},
    {"--rate 99999999/s", "ekuload: --rate 99999999/s: n", false},
    {"--stage 1s:4 --stage 2s:abc", "ekuload: --stage 1s:4 --stage ", false},
};

ParameterizedTestParameters(bad_input, word_that_means_nothing_is_a_usage_error) {
    return cr_make_param_array(struct word_case, word_cases,
                               sizeof word_cases / sizeof *word_cases);
}

ParameterizedTest(struct word_case *row, bad_input, word_that_means_nothing_is_a_usage_error) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_add(&run, row->words);
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, row->named, "", row->is_option);
    support_run_finish(&run);
}

Test(bad_input, profile_that_does_not_exist_is_named_with_the_nearest) {
    struct support_run run;
    support_run_prepare(&run, "wrong", "condition-2.2");
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, "condition-2.2", "condition-2.1", false);
    support_run_finish(&run);
    support_run_prepare(&run, "missing", "/nonexistent/profile.yaml");
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, "/nonexistent/profile.yaml", "", false);
    support_run_finish(&run);
}

enum { MISSING_FILE, FOREIGN_KEY, DER_CERTIFICATE, EMPTY_CERTIFICATE, KEY_AS_CERTIFICATE };
static int file_cases[] = {MISSING_FILE, FOREIGN_KEY, DER_CERTIFICATE, EMPTY_CERTIFICATE,
                           KEY_AS_CERTIFICATE};

ParameterizedTestParameters(bad_input, certificate_file_that_cannot_serve_is_named) {
    return cr_make_param_array(int, file_cases, sizeof file_cases / sizeof *file_cases);
}

static const char *spoiled_certificate(int defect, const char *certificate, const char *key) {
    const char *path = support_scene_path("spoiled.pem");
    struct support_tool tool;
    switch (defect) {
    case DER_CERTIFICATE:
        support_tool_run(&tool, support_scene_text("openssl x509 -in %s -outform DER -out %s",
                                                   certificate, path));
        cr_assert_eq(tool.status, 0);
        support_tool_finish(&tool);
        return path;
    case EMPTY_CERTIFICATE:
        support_file_write(path, "");
        return path;
    case KEY_AS_CERTIFICATE:
        return key;
    case MISSING_FILE:
        return path;
    default:
        return certificate;
    }
}

ParameterizedTest(int *defect, bad_input, certificate_file_that_cannot_serve_is_named) {
    const char *node = support_scene_text("%s/nodes/acceptor", support_lab_certificates("pki", ""));
    const char *key = support_scene_text(
        "%s/%s", node, *defect == FOREIGN_KEY ? "clientprivkey.pem" : "privkey.pem");
    const char *certificate =
        spoiled_certificate(*defect, support_scene_text("%s/server.pem", node), key);
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_set(&run, "nodes.acceptor.server_store={cert: %s, key_file: %s}", certificate, key);
    support_run_expect(&run, SUPPORT_USAGE);
    expect_complaint(&run, certificate, *defect == FOREIGN_KEY ? "key" : "", false);
    support_run_finish(&run);
}

Test(bad_input, folder_that_holds_a_result_is_not_written_over) {
    struct support_run run;
    support_run_prepare(&run, "result", support_lab_profile());
    support_run_add(&run, "--duration 100ms");
    support_run_start(&run);
    support_run_await(&run, SUPPORT_PASS);
    char *before = support_file_read(support_scene_path("result/result.json"));
    struct support_child again;
    support_child_start(&again, support_scene.folder, "again", &run.words, NULL);
    cr_assert_eq(support_child_wait(&again, 20000), SUPPORT_USAGE);
    cr_assert_eq(support_file_count_text(again.err_path, run.out), 1);
    char *after = support_file_read(support_scene_path("result/result.json"));
    cr_assert_str_eq(before, after);
    free(before);
    free(after);
    support_run_finish(&run);
}
