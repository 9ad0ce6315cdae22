/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <linux/capability.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define CAPTURE "eth0_diagnostic_logging_tcpdump00"
#define STAMP   "[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}_[0-9]{2}_[0-9]{2}"

TestSuite(diagnostics, .init = support_scene_open, .fini = support_scene_close);

static const char *const nodes[] = {"core", "edge"};
enum { NODES = 2 };

static void prepare(struct support_run *run, const char *profile, const char *version) {
    support_run_prepare_article(run, "run", profile);
    support_run_add(run, "--diagnostics");
    support_run_set(run, "load.duration=1500ms");
    support_run_set(run, "nodes.core.tls.versions=[%s]", version);
}

static bool matches(const char *text, const char *pattern) {
    regex_t compiled;
    cr_assert_eq(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE), 0);
    bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

/* The one file of a bundle with this stem and ending, whatever its stamp; NULL: there is none. */
static const char *find_file(const struct support_run *run, const char *node, const char *stem,
                             const char *ending) {
    const char *folder = support_scene_text("%s/diagnostics/%s", run->out, node);
    const char *pattern = support_scene_text("^%s_%s_" STAMP "\\.%s$", stem, node, ending);
    const char *path = NULL;
    struct dirent *entry;
    DIR *listing = opendir(folder);
    cr_assert_not_null(listing, "%s", folder);
    while ((entry = readdir(listing)) != NULL) {
        if (matches(entry->d_name, pattern)) {
            cr_assert_null(path, "two files %s in %s", stem, folder);
            path = support_scene_text("%s/%s", folder, entry->d_name);
        }
    }
    closedir(listing);
    return path;
}

static const char *file_of(const struct support_run *run, const char *node, const char *stem,
                           const char *ending) {
    const char *path = find_file(run, node, stem, ending);
    cr_assert_not_null(path, "no %s of %s", stem, node);
    return path;
}

/* Where nobody may capture, what is left of the bundle is the subject of a test of its own. */
static void need_captures(const struct support_run *run) {
    for (unsigned i = 0; i < NODES; i++) {
        if (find_file(run, nodes[i], CAPTURE, "pcap") == NULL) {
            support_scene_skip("packets may not be captured here");
        }
    }
}

/* What tshark says of a node's capture; a line per packet. */
static const char *dissect(const struct support_run *run, const char *node, const char *words) {
    struct support_tool tshark;
    support_tool_run(&tshark, support_scene_text("tshark -n -r %s %s",
                                                 file_of(run, node, CAPTURE, "pcap"), words));
    cr_assert_eq(tshark.status, 0, "%s", tshark.err);
    const char *said = support_scene_text("%s", tshark.out);
    support_tool_finish(&tshark);
    return said;
}

static const char *decrypt(const struct support_run *run, const char *node, const char *words) {
    const char *keys = file_of(run, node, "sslkeylog", "txt");
    return dissect(
        run, node,
        support_scene_text("-o tls.keylog_file:%s -d tls.port==7001,sip %s", keys, words));
}

static unsigned lines_of(const char *text) {
    unsigned lines = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++) {
        lines++;
    }
    return lines;
}

static void expect_xml(const char *path) {
    struct support_tool python;
    support_file_write(
        support_scene_path("parse.py"),
        "import sys, xml.etree.ElementTree\nxml.etree.ElementTree.parse(sys.argv[1])\n");
    support_tool_run(&python,
                     support_scene_text("python3 %s %s", support_scene_path("parse.py"), path));
    cr_assert_eq(python.status, 0, "%s: %s", path, python.err);
    support_tool_finish(&python);
}

static void expect_text(const char *path, const char *words) {
    cr_assert_gt(support_file_count_text(path, words), 0, "no \"%s\" in %s", words, path);
}

Test(diagnostics, a_bundle_has_every_file_of_the_article_and_no_key_of_a_store) {
    static const char *const files[][2] = {
        {"ca", "pem"},         {"client", "pem"},     {"server", "pem"},
        {"xconf_dump", "txt"}, {"xconf_dump", "xml"}, {"xstat_dump", "txt"},
        {"xstat_dump", "xml"}, {"README", "txt"},     {"loggingsnapshot", "txt"},
    };
    struct support_run run;
    prepare(&run, "condition-2-test-case-1", "1.2");
    support_run_expect(&run, SUPPORT_PASS);
    for (unsigned i = 0; i < NODES; i++) {
        for (size_t j = 0; j < sizeof files / sizeof files[0]; j++) {
            const char *path = file_of(&run, nodes[i], files[j][0], files[j][1]);
            cr_assert_eq(support_file_count_text(path, "PRIVATE KEY"), 0, "%s", path);
            char *text = support_file_read(path);
            cr_assert_str_neq(text, "", "%s", path);
            free(text);
        }
        cr_assert_eq(support_file_mode(file_of(&run, nodes[i], "sslkeylog", "txt")), 0600);
        expect_xml(file_of(&run, nodes[i], "xconf_dump", "xml"));
        expect_xml(file_of(&run, nodes[i], "xstat_dump", "xml"));
    }
    expect_text(file_of(&run, "edge", "xconf_dump", "txt"),
                "*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: \"On\"\n");
    expect_text(file_of(&run, "core", "xconf_dump", "txt"),
                "*c xConfiguration Zones Zone 1 Name: \"uc\"\n");
    expect_text(file_of(&run, "core", "xstat_dump", "txt"),
                "*s Zones Zone 1 SIP Status: \"Failed\"");
    expect_text(file_of(&run, "core", "xstat_dump", "txt"), "Permission denied");
    support_run_finish(&run);
}

Test(diagnostics, the_capture_shows_the_refusal_and_lacks_no_packet) {
    struct support_run run;
    prepare(&run, "condition-2-test-case-1", "1.2");
    support_run_expect(&run, SUPPORT_PASS);
    need_captures(&run);
    for (unsigned i = 0; i < NODES; i++) {
        char *readme = support_file_read(file_of(&run, nodes[i], "README", "txt"));
        unsigned packets = lines_of(dissect(&run, nodes[i], "-T fields -e frame.number"));
        cr_assert_eq(strtoul(readme, NULL, 10), packets, "%u packets: %s", packets, readme);
        cr_assert_not_null(strstr(readme, ", 0 dropped by the kernel"), "%s", readme);
        const char *strangers = dissect(
            &run, nodes[i],
            support_scene_text("-Y !(ip.addr==%s)", support_scene_address(i == 0 ? 16 : 31)));
        cr_assert_str_eq(strangers, "");
        const char *alerts =
            dissect(&run, nodes[i],
                    "-Y tls.alert_message.desc==43&&tcp.srcport==7001 -T fields -e tcp.dstport");
        cr_assert_geq(lines_of(alerts), SUPPORT_ARTICLE_UC, "%s", alerts);
        free(readme);
    }
    support_run_finish(&run);
}

struct version_case {
    char version[4];
};
static struct version_case versions[] = {{"1.2"}, {"1.3"}};

/* The serials that certificates from `side` ("src", "dst": where 7001 is) have in the capture. */
static void expect_serial(const struct support_run *run, const char *node, const char *side,
                          const char *pem) {
    const char *serial = support_tool_serial(pem);
    const char *seen =
        decrypt(run, node,
                support_scene_text("-Y tls.handshake.certificate&&tcp.%sport==7001 -T fields "
                                   "-E occurrence=f -e x509af.serialNumber",
                                   side));
    cr_assert_geq(lines_of(seen), SUPPORT_ARTICLE_UC);
    char *rest = strdup(seen);
    char *kept = rest;
    char *line;
    while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
        /* The octets of the INTEGER: a leading zero is part of them. */
        const char *digits = strncmp(line, "00", 2) == 0 ? line + 2 : line;
        cr_assert_str_eq(digits, serial);
    }
    free(kept);
}

ParameterizedTestParameters(diagnostics, the_key_log_opens_the_capture) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, diagnostics, the_key_log_opens_the_capture) {
    struct support_run run;
    prepare(&run, "condition-2-test-case-2", variant->version);
    support_run_expect(&run, SUPPORT_PASS);
    need_captures(&run);
    for (unsigned i = 0; i < NODES; i++) {
        const char *requests =
            decrypt(&run, nodes[i], "-Y sip.Method&&tcp.dstport==7001 -T fields -e sip.Method");
        cr_assert_geq(lines_of(requests), SUPPORT_ARTICLE_UC, "%s", requests);
        cr_assert_not(matches(requests, "^[^O]"), "%s", requests);
        cr_assert_str_eq(dissect(&run, nodes[i], "-d tls.port==7001,sip -Y sip"), "");
        expect_serial(&run, nodes[i], "src", file_of(&run, "edge", "server", "pem"));
        expect_serial(&run, nodes[i], "dst", file_of(&run, "core", "client", "pem"));
    }
    support_run_finish(&run);
}

/* Every value of `key` in the lines of a log is one that the capture has, too. */
static void expect_captured(const char *log, const char *key, const char *captured) {
    const char *at = log;
    unsigned found = 0;
    while ((at = strstr(at, key)) != NULL) {
        at += strlen(key);
        const char *value = support_scene_text("\n%.*s\n", (int)strcspn(at, "\""), at);
        cr_assert_not_null(strstr(captured, value), "%s%s is not in the capture", key, value);
        found++;
    }
    cr_assert_gt(found, 0, "no %s", key);
}

Test(diagnostics, the_log_has_every_message_with_ports_that_are_in_the_capture) {
    static const char *const keys[] = {"Local-port=\"", "Dst-port=\"", "Src-port=\""};
    struct support_run run;
    prepare(&run, "condition-2-test-case-2", "1.3");
    support_run_expect(&run, SUPPORT_PASS);
    need_captures(&run);
    long long requests = support_result_number(&run, "zones/core.uc/sip_requests");
    for (unsigned i = 0; i < NODES; i++) {
        const char *ports =
            support_scene_text("\n%s%s", dissect(&run, nodes[i], "-T fields -e tcp.srcport"),
                               dissect(&run, nodes[i], "-T fields -e tcp.dstport"));
        char *log = support_file_read(file_of(&run, nodes[i], "loggingsnapshot", "txt"));
        cr_assert(
            matches(log, support_scene_text(
                             "^[0-9-]{10}T[0-9:.]{12}[+-][0-9:]{5} %s tvcs: "
                             "UTCTime=\"[0-9-]{10} [0-9:]{8},[0-9]{3}\" Module=\"network.sip\" "
                             "Level=\"DEBUG\": Action=\"Sent\" Local-ip=\"%s\" "
                             "Local-port=\"[0-9]+\" Dst-ip=\"%s\" Dst-port=\"[0-9]+\"$",
                             nodes[i], support_scene_address(i == 0 ? 16 : 31),
                             support_scene_address(i == 0 ? 31 : 16))),
            "%s", log);
        for (size_t j = 0; j < sizeof keys / sizeof keys[0]; j++) {
            expect_captured(log, keys[j], ports);
        }
        free(log);
    }
    const char *core_log = file_of(&run, "core", "loggingsnapshot", "txt");
    cr_assert_geq(support_file_count_text(core_log, " |OPTIONS sip:"), requests);
    cr_assert_geq(support_file_count_text(core_log, "Local-port=\"25"), requests);
    support_run_finish(&run);
}

static void give_up_capturing(void *context) {
    (void)context;
    prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

Test(diagnostics, without_the_right_to_capture_the_run_goes_on_and_says_what_to_do) {
    struct support_run run;
    prepare(&run, "condition-2-test-case-2", "1.3");
    run.options.before_exec = give_up_capturing;
    support_run_expect(&run, SUPPORT_PASS);
    for (unsigned i = 0; i < NODES; i++) {
        cr_assert_null(find_file(&run, nodes[i], CAPTURE, "pcap"));
        expect_text(file_of(&run, nodes[i], "README", "txt"), "setcap cap_net_raw+ep");
        expect_text(file_of(&run, nodes[i], "loggingsnapshot", "txt"), "SIPMSG:");
        expect_text(run.child.err_path,
                    support_scene_text("note: no packet capture of %s: ", nodes[i]));
    }
    support_run_finish(&run);
}

Test(diagnostics, a_key_log_that_was_asked_for_is_written_as_well) {
    const char *asked = support_scene_path("keys.txt");
    struct support_run run;
    setenv("SSLKEYLOGFILE", asked, 1);
    prepare(&run, "condition-2-test-case-2", "1.3");
    support_run_expect(&run, SUPPORT_PASS);
    unsetenv("SSLKEYLOGFILE");
    char *all = support_file_read(asked);
    /* The profile's variants are runs of their own, with bundles of their own. */
    for (unsigned i = 0; i < NODES; i++) {
        char *keys = support_file_read(file_of(&run, nodes[i], "sslkeylog", "txt"));
        char *rest = keys;
        unsigned lines = 0;
        char *line;
        while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
            cr_assert_not_null(strstr(all, line), "%s", line);
            lines++;
        }
        cr_assert_geq(lines, 4 * SUPPORT_ARTICLE_UC);
        free(keys);
    }
    free(all);
    support_run_finish(&run);
}

Test(diagnostics, a_run_that_was_not_asked_for_a_bundle_has_none) {
    struct support_run run;
    support_run_prepare_article(&run, "run", "condition-2-test-case-2");
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_not(support_file_exists(support_scene_text("%s/diagnostics", run.out)));
    support_run_finish(&run);
}
