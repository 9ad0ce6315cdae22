/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(commands, .init = support_scene_open, .fini = support_scene_close);

static void run_ekuload(struct support_tool *tool, const char *line) {
    support_tool_run(tool, support_scene_text("%s %s", support_run_program(), line));
}

struct said_case {
    char line[48];
    char said[3][48];
};

static struct said_case said_cases[] = {
    {"doctor", {"packet capture", "io_uring", "physical"}},
    {"doctor null", {"kernel", "io_uring", "profile"}},
    {"profiles", {"condition-2-test-case-1\n", "condition-2-test-case-2\n", "null\n"}},
    {"profiles", {"condition-2.1\n", "EKU check", "tunnels"}},
    {"--version", {"ekuload ", "wolfSSL", "5."}},
    {"--help", {"run", "certs", "doctor"}},
    {"run --help", {"PROFILE", "--only", "--set"}},
    {"certs --help", {"PROFILE", "--out", "0600"}},
    {"profiles --help", {"Usage: ekuload profiles", "built-in", ""}},
    {"doctor --help", {"Usage: ekuload doctor", "io_uring", ""}},
};

ParameterizedTestParameters(commands, information_goes_to_standard_output) {
    return cr_make_param_array(struct said_case, said_cases,
                               sizeof said_cases / sizeof *said_cases);
}

ParameterizedTest(struct said_case *row, commands, information_goes_to_standard_output) {
    struct support_tool tool;
    run_ekuload(&tool, row->line);
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s: %d: %s", row->line, tool.status, tool.err);
    cr_assert_str_eq(tool.err, "");
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_not_null(strstr(tool.out, row->said[i]), "%s: \"%s\" is missing in: %s",
                           row->line, row->said[i], tool.out);
    }
    support_tool_finish(&tool);
}

struct misuse_case {
    char line[32];
    char named[32];
};
static struct misuse_case misuses[] = {{"", "Usage"},
                                       {"frobnicate", "frobnicate"},
                                       {"run", "profile"},
                                       {"certs null", "--out"},
                                       {"doctor --no", "--no"},
                                       {"profiles extra", "ekuload"},
                                       {"run null --cpus 0-", "--cpus"}};

ParameterizedTestParameters(commands, misuse_is_a_usage_error_on_standard_error) {
    return cr_make_param_array(struct misuse_case, misuses, sizeof misuses / sizeof *misuses);
}

ParameterizedTest(struct misuse_case *row, commands, misuse_is_a_usage_error_on_standard_error) {
    struct support_tool tool;
    run_ekuload(&tool, row->line);
    cr_assert_eq(tool.status, SUPPORT_USAGE, "\"%s\": %d", row->line, tool.status);
    cr_assert_str_eq(tool.out, "");
    cr_assert_not_null(strstr(tool.err, row->named), "%s", tool.err);
    support_tool_finish(&tool);
}

struct file_case {
    char path[48];
    unsigned mode;
    char begins[40];
};
static struct file_case issued[] = {
    {"nodes/acceptor/server.pem", 0644, "-----BEGIN CERTIFICATE-----"},
    {"nodes/acceptor/privkey.pem", 0600, "-----BEGIN "},
    {"nodes/initiator/client.pem", 0644, "-----BEGIN CERTIFICATE-----"},
    {"nodes/initiator/clientprivkey.pem", 0600, "-----BEGIN "},
    {"nodes/initiator/ca.pem", 0644, "-----BEGIN CERTIFICATE-----"},
    {"nodes/initiator/client-ca.crl", 0644, "-----BEGIN X509 CRL-----"},
    {"authorities/ca/root.pem", 0644, "-----BEGIN CERTIFICATE-----"},
    {"authorities/other/crl.pem", 0644, "-----BEGIN X509 CRL-----"},
};

Test(commands, certs_keeps_keys_to_the_user) {
    const char *pki = support_lab_certificates("pki", "");
    for (unsigned i = 0; i < sizeof issued / sizeof issued[0]; i++) {
        const char *path = support_scene_text("%s/%s", pki, issued[i].path);
        char *text = support_file_read(path);
        cr_assert_eq(support_file_mode(path), issued[i].mode, "%s: mode %o", path,
                     support_file_mode(path));
        cr_assert_eq(strncmp(text, issued[i].begins, strlen(issued[i].begins)), 0, "%s", path);
        free(text);
    }
}

Test(commands, certs_makes_chains_that_openssl_verifies) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_tool tool;
    support_tool_run(&tool, support_scene_text(
                                "openssl verify -x509_strict -purpose sslclient -CAfile "
                                "%s/authorities/ca/root.pem -untrusted "
                                "%s/authorities/ca/intermediates.pem %s/nodes/initiator/client.pem",
                                pki, pki, pki));
    cr_assert_eq(tool.status, 0, "%s%s", tool.out, tool.err);
    support_tool_finish(&tool);
}

Test(commands, json_on_standard_output_is_the_result_and_nothing_else) {
    struct support_run run;
    json_error_t error;
    support_run_prepare(&run, "machine", support_lab_profile());
    support_run_add(&run, "--output-format json");
    support_run_expect(&run, SUPPORT_PASS);
    json_t *printed = json_load_file(run.child.out_path, 0, &error);
    cr_assert_not_null(printed, "%d: %s", error.line, error.text);
    cr_assert(json_equal(printed, run.result), "another result than in result.json");
    cr_assert_eq(support_file_count_text(run.child.err_path, "\n"), 0, "%s",
                 support_file_read(run.child.err_path));
    json_decref(printed);
    support_run_finish(&run);
}

Test(commands, text_on_standard_output_has_the_verdict_and_no_colours) {
    struct support_run run;
    support_run_prepare(&run, "people", support_lab_profile());
    support_run_expect(&run, SUPPORT_PASS);
    char *text = support_file_read(run.child.out_path);
    cr_assert_not_null(strcasestr(text, "pass"), "%s", text);
    cr_assert_not_null(strstr(text, "initiator.load"), "%s", text);
    cr_assert_not_null(strstr(text, run.out), "the report's place is missing: %s", text);
    cr_assert_null(strchr(text, '\033'));
    free(text);
    support_run_finish(&run);
}

Test(commands, what_the_command_line_changes_stands_in_the_profile_as_it_was_run) {
    struct support_run run;
    support_run_prepare(&run, "changed", support_lab_profile());
    support_run_set(&run, "load.duration=20s");
    support_run_add(&run, "--duration 300ms --seed 7");
    support_run_expect(&run, SUPPORT_PASS);
    const char *profile = support_scene_text("%s/profile.yaml", run.out);
    cr_assert_eq(support_file_count_text(profile, "duration: 300ms"), 1, "it wins over --set: %s",
                 support_file_read(profile));
    cr_assert_eq(support_file_count_text(profile, "seed: 7"), 1);
    cr_assert_str_eq(support_result_text(&run, "seed"), "7");
    support_run_finish(&run);

    support_run_prepare(&run, "by-the-clock", support_lab_profile());
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_str_neq(support_result_text(&run, "seed"), "0", "it can be repeated");
    support_run_finish(&run);
}

Test(commands, doctor_reads_the_certificates_that_a_profile_names) {
    struct support_tool tool;
    run_ekuload(&tool, support_scene_text(
                           "doctor %s --set nodes.acceptor.server_store={\"cert\":%s,"
                           "\"key_file\":%s}",
                           support_lab_profile(), support_lab_profile(), support_lab_profile()));
    cr_assert_eq(tool.status, SUPPORT_USAGE, "%s%s", tool.out, tool.err);
    cr_assert_not_null(strstr(tool.err, "holds no certificate"), "%s", tool.err);
    support_tool_finish(&tool);
}

static void join_outputs(void *context) {
    (void)context;
    if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0) {
        _exit(126);
    }
}

Test(commands, doctor_closes_with_what_a_profile_cannot_do_here) {
    const struct support_child_options options = {.before_exec = join_outputs};
    struct support_words words = {.count = 0};
    struct support_child child;
    support_words_split(&words, support_scene_text("%s doctor %s --set load.duration=0s",
                                                   support_run_program(), support_lab_profile()));
    support_child_start(&child, support_scene.folder, "doctor", &words, &options);
    cr_assert_eq(support_child_wait(&child, 20000), SUPPORT_USAGE);
    char *said = support_file_read(child.out_path);
    cr_assert_eq(strncmp(said, "  kernel ", 9), 0, "%s", said);
    cr_assert_not_null(strstr(said, "  profile        cannot run here\nekuload: "), "%s", said);
    free(said);
    support_words_finish(&words);
}

Test(commands, certificates_of_a_variant_are_its_own) {
    struct support_tool tool;
    run_ekuload(&tool, support_scene_text("certs x15.4-upload --variant core-without-client-auth "
                                          "--out %s",
                                          support_scene_path("pki")));
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s", tool.err);
    support_tool_finish(&tool);
    run_ekuload(&tool, support_scene_text("store %s show --product expressway-c --release x15.4",
                                          support_scene_path("pki/nodes/core")));
    cr_assert_not_null(strstr(tool.out, "it lacks clientAuth"), "%s%s", tool.out, tool.err);
    support_tool_finish(&tool);
}

static void fill_standard_output(void *context) {
    (void)context;
    int full = open("/dev/full", O_WRONLY);
    if (full < 0 || dup2(full, STDOUT_FILENO) < 0) {
        _exit(126);
    }
}

struct format_case {
    char words[32];
};
static struct format_case formats[] = {{"--output-format json"}, {"--output-format text"}};

ParameterizedTestParameters(commands, output_that_cannot_be_written_is_no_success) {
    return cr_make_param_array(struct format_case, formats, sizeof formats / sizeof *formats);
}

ParameterizedTest(struct format_case *row, commands, output_that_cannot_be_written_is_no_success) {
    struct support_run run;
    support_run_prepare(&run, "full", support_lab_profile());
    support_run_add(&run, row->words);
    run.options = (struct support_child_options){.before_exec = fill_standard_output};
    support_run_start(&run);
    cr_assert_eq(support_child_wait(&run.child, 20000), SUPPORT_MACHINE);
    cr_assert_eq(support_file_count_text(run.child.err_path, "ekuload: "), 1);
    support_run_finish(&run);
}

static void enter_scene(void *context) {
    (void)context;
    if (chdir(support_scene.folder) != 0) {
        _exit(126);
    }
}

Test(commands, result_goes_below_the_working_folder_by_default) {
    const struct support_child_options options = {.before_exec = enter_scene};
    struct support_words words = {.count = 0};
    struct support_child child;
    struct support_tool found;
    support_words_split(&words, support_scene_text("%s run %s --duration 100ms",
                                                   support_run_program(), support_lab_profile()));
    support_child_start(&child, support_scene.folder, "here", &words, &options);
    cr_assert_eq(support_child_wait(&child, 20000), SUPPORT_PASS, "%s",
                 support_file_read(child.err_path));
    support_tool_run(&found, support_scene_text("find %s/results -path */lab-*/result.json",
                                                support_scene.folder));
    cr_assert_str_neq(found.out, "", "%s", found.err);
    support_tool_finish(&found);
    support_words_finish(&words);
}

struct profile_case {
    char name[32];
    int status;
    char settings[3][48]; /* %s: an address of the scene */
};

static struct profile_case profiles[] = {
    {"condition-2.1",
     0,
     {"nodes.core.zones.uc.connections=10", "thresholds=[]", "load.dialog=options"}},
    {"condition-2-test-case-1",
     0,
     {"nodes.core.zones.uc.connections=10", "load.dialog=options", ""}},
    {"condition-2-test-case-2",
     0,
     {"nodes.core.zones.uc.connections=10", "load.dialog=options", ""}},
};

ParameterizedTestParameters(commands, profile_of_a_result_runs_again) {
    return cr_make_param_array(struct profile_case, profiles, sizeof profiles / sizeof *profiles);
}

ParameterizedTest(struct profile_case *row, commands, profile_of_a_result_runs_again) {
    struct support_run first;
    struct support_run second;
    support_run_prepare_article(&first, "first", row->name);
    support_run_add(&first, "--duration 600ms");
    for (unsigned i = 0; i < 3 && row->settings[i][0] != '\0'; i++) {
        support_run_set(&first, "%s", row->settings[i]);
    }
    support_run_expect(&first, row->status);
    support_run_prepare(&second, "second", support_scene_path("first/profile.yaml"));
    support_run_add(&second, "--duration 600ms");
    support_run_expect(&second, row->status);
    cr_assert_str_eq(support_result_text(&second, "profile"), row->name);
    cr_assert_str_eq(support_result_text(&second, "zones/core.uc/state"),
                     support_result_text(&first, "zones/core.uc/state"));
    support_run_finish(&first);
    support_run_finish(&second);
}

Test(commands, null_profile_runs_and_its_copy_runs_again) {
    struct support_run first;
    struct support_run second;
    support_run_prepare(&first, "first", "null");
    support_run_set(&first, "nodes.server.address=%s", support_scene_address(31));
    support_run_set(&first, "nodes.client.address=%s", support_scene_address(16));
    support_run_add(&first, "--duration 300ms");
    support_run_expect(&first, SUPPORT_PASS);
    support_run_prepare(&second, "second", support_scene_path("first/profile.yaml"));
    support_run_add(&second, "--duration 300ms");
    support_run_expect(&second, SUPPORT_PASS);
    cr_assert_gt(support_result_number(&second, "zones/client.load/established"), 32);
    support_run_finish(&first);
    support_run_finish(&second);
}
