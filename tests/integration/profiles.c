/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/*
 * Every built-in profile shows what it says, and ceases to when one certificate or mode that
 * matters is another. Small numbers: the profiles' own are the subject of the chains.
 */
#define DURATION "2s"

enum { SETTINGS_MAX = 8, FLIPS_MAX = 4 };

struct flip {
    const char *variant;     /* NULL: the profile itself */
    const char *settings[2]; /* as --set takes them */
    const char *unmet;       /* the expectation that it breaks: others may break as well */
};

struct row {
    const char *profile;
    const char *small[SETTINGS_MAX];
    struct flip flips[FLIPS_MAX];
};

#define SMALL_UC "nodes.core.zones.uc.connections=8"
#define SMALL_ENDPOINTS                                                                            \
    SMALL_UC, "nodes.mra.zones.provisioning.connections=8", "nodes.mra.zones.sip.connections=8",   \
        "nodes.browser.zones.join.connections=4"
#define CORE_HAS_CLIENT_AUTH                                                                       \
    "nodes.core.client_store={issuer: ca1, eku: [clientAuth], names: [core.example.test]}"

static const struct row rows[] = {
    {"condition-1-upgrade",
     {SMALL_ENDPOINTS},
     {{NULL, {"nodes.core.server_store.eku=[serverAuth]"}, "core.uc"},
      {NULL, {"nodes.edge.server_store.eku=[clientAuth]"}, "core.tunnel"},
      {"server-auth-only", {"nodes.edge.eku_checking=off"}, "core.uc"},
      {"server-auth-only", {"nodes.core.server_store.eku=[clientAuth]"}, "mra.provisioning"}}},
    {"condition-2-test-case-1",
     {SMALL_UC},
     {{NULL, {"nodes.edge.eku_checking=off"}, "core.uc"},
      {NULL, {CORE_HAS_CLIENT_AUTH}, "core.tunnel"}}},
    {"condition-2-test-case-1-endpoints",
     {SMALL_ENDPOINTS},
     {{NULL, {"nodes.edge.eku_checking=off"}, "core.uc"},
      {NULL, {CORE_HAS_CLIENT_AUTH}, "mra.provisioning"}}},
    {"condition-2-test-case-2",
     {SMALL_UC},
     {{NULL, {"nodes.edge.eku_checking=on"}, "core.uc"},
      {NULL, {CORE_HAS_CLIENT_AUTH}, "core.tunnel"}}},
    {"condition-2-test-case-2-endpoints",
     {SMALL_ENDPOINTS},
     {{NULL, {"nodes.edge.eku_checking=on"}, "core.uc"},
      {NULL, {CORE_HAS_CLIENT_AUTH}, "browser.join"}}},
    {"condition-2.1",
     {SMALL_UC, "thresholds=[core.uc.peak_open == 8, core.uc.lost == 0]"},
     {{NULL, {"nodes.core.client_store=copy-of-server"}, "core.uc"},
      {NULL, {"nodes.edge.server_store.eku=[codeSigning]"}, "core.uc"},
      {"mode-off", {"nodes.core.client_store=copy-of-server"}, "core.tunnel"}}},
    {"condition-2.1-endpoints",
     {SMALL_ENDPOINTS, "thresholds=[mra.sip.established == 8, browser.join.established == 4]"},
     {{NULL, {"nodes.core.client_store=copy-of-server"}, "mra.provisioning"},
      {NULL, {"nodes.cucm.server_store.eku=[clientAuth]"}, "mra.sip"},
      {"mode-off", {"nodes.core.client_store=copy-of-server"}, "browser.join"}}},
    {"condition-3",
     {SMALL_ENDPOINTS},
     {{NULL, {"nodes.far.trust=[ca1, ca2]"}, "edge.far"},
      {NULL, {"nodes.stranger.trust=[ca1, ca2]"}, "stranger.provisioning"},
      {NULL,
       {"nodes.core.client_store=copy-of-server", "nodes.core.server_store.eku=[serverAuth]"},
       "core.uc"}}},
    {"condition-4",
     {SMALL_ENDPOINTS},
     {{NULL, {"nodes.far.eku_checking=off"}, "edge.far"},
      {NULL,
       {"nodes.edge.client_store={issuer: ca1, eku: [clientAuth], names: [edge.example.test]}"},
       "edge.far"},
      {"far-end-off", {"nodes.far.eku_checking=on"}, "edge.far"}}},
    {"dialogs",
     {"nodes.client.zones.calls.concurrency=2"},
     {{NULL, {"nodes.server.listeners.sip.limit=1/h"}, "client.calls"},
      {NULL, {"nodes.server.listeners.sip.credentials={}"}, "client.messages"}}},
    {"dual-nic",
     {SMALL_UC, "nodes.edge.zones.webex.connections=8", "nodes.edge.zones.inside.connections=8",
      "nodes.far.zones.edge.connections=8"},
     {{NULL, {"nodes.edge.client_store.serial=01"}, "webex.sip"},
      {NULL, {"nodes.edge.server_store.serial=01"}, "far.edge"},
      {NULL,
       {"nodes.far.client_store.eku=[serverAuth]", "nodes.far.client_store.unchecked=true"},
       "far.edge"}}},
    {"null",
     {"load.concurrency=8", "load.hold=200ms"}, /* or it takes every core there is */
     {{NULL,
       {"nodes.client.client_store.eku=[serverAuth]", "nodes.client.client_store.unchecked=true"},
       "client.load"},
      {NULL, {"nodes.server.trust=[]"}, "client.load"}}},
    {"resumption-bypass",
     {"nodes.edge.eku_checking_turns=1s"},
     {{NULL, {"nodes.edge.resumption=off"}, "core.uc"},
      {NULL, {"nodes.core.zones.uc.resumption=off"}, "core.uc"},
      {NULL, {"nodes.edge.eku_checking_turns=1h"}, "core.fresh"},
      {"resumption-off", {"nodes.edge.resumption=tickets"}, "core.uc"}}},
    {"scenario-1-webex",
     {"nodes.jabber.zones.calls.connections=8", "nodes.jabber.zones.calls.hold=200ms",
      "thresholds=[jabber.calls.calls == 8, jabber.calls.lost == 0]"},
     {{NULL, {"nodes.edge.client_store.serial=01"}, "webex.sip"},
      {NULL,
       {"nodes.edge.client_store.eku=[serverAuth]", "nodes.edge.client_store.unchecked=true"},
       "edge.webex"}}},
    {"scenario-2-neighbor",
     {"nodes.old.zones.neighbor.connections=8"},
     {{NULL, {"nodes.new.server_store.serial=01"}, "old.neighbor"},
      {NULL, {"nodes.new.server_store.names=[other.example.test]"}, "old.neighbor"},
      {NULL,
       {"nodes.old.server_store.eku=[serverAuth]", "nodes.old.server_store.unchecked=true"},
       "old.neighbor"}}},
    {"soak",
     {SMALL_UC, "thresholds=[core.uc.lost == 0, core.calls.lost == 0]", "load.renew=1s"},
     {{NULL,
       {"nodes.core.client_store.unchecked=true", "nodes.core.client_store.eku=[serverAuth]"},
       "core.uc"},
      {"renewed", {"nodes.edge.trust=[ca2]"}, "core.uc"}}},
    {"test-case-3-mra-cucm",
     {SMALL_ENDPOINTS, "thresholds=[mra.sip.lost == 0]"},
     {{NULL, {"nodes.core.server_store.serial=01"}, "cucm.tftp"},
      {NULL, {"nodes.core.server_store.eku=[serverAuth]"}, "mra.sip"},
      {NULL, {"nodes.cucm.server_store.names=[other.example.test]"}, "core.tftp"},
      {"tunnel-refused", {CORE_HAS_CLIENT_AUTH}, "mra.provisioning"}}},
    {"x15.4-upload",
     {SMALL_UC},
     {{NULL,
       {"nodes.core.server_store={issuer: ca2, eku: [serverAuth], names: [core.example.test], "
        "unchecked: true}"},
       "core.uc"},
      {NULL, {"nodes.core.trust=[ca1]"}, "core.tunnel"},
      {"core-without-client-auth",
       {"nodes.core.server_store={issuer: ca1, eku: [clientAuth], names: [core.example.test]}"},
       "core.uc"}}},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void open_apart(void) {
    support_net_isolate();
    support_scene_open();
}

TestSuite(profiles, .init = open_apart, .fini = support_scene_close);

static void set_each(struct support_run *run, const char *const *settings, unsigned count) {
    for (unsigned i = 0; i < count && settings[i] != NULL; i++) {
        support_run_set(run, "%s", settings[i]);
    }
}

static void prepare(struct support_run *run, const struct row *row) {
    support_run_prepare(run, row->profile, row->profile);
    support_run_add(run, "--duration " DURATION);
    set_each(run, row->small, SETTINGS_MAX);
}

struct profile_case {
    unsigned row;
};

ParameterizedTestParameters(profiles, a_profile_passes_with_its_variants) {
    static struct profile_case cases[ROWS];
    for (unsigned i = 0; i < ROWS; i++) {
        cases[i].row = i;
    }
    return cr_make_param_array(struct profile_case, cases, ROWS);
}

ParameterizedTest(struct profile_case *chosen, profiles, a_profile_passes_with_its_variants) {
    struct support_run run;
    prepare(&run, &rows[chosen->row]);
    support_run_expect(&run, SUPPORT_PASS);
    support_result_expect_no_mismatch(&run);
    support_run_finish(&run);
}

struct flip_case {
    unsigned row;
    unsigned flip;
};

ParameterizedTestParameters(profiles, a_profile_fails_when_what_matters_is_another) {
    static struct flip_case cases[ROWS * FLIPS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        for (unsigned j = 0; j < FLIPS_MAX && rows[i].flips[j].unmet != NULL; j++) {
            cases[count++] = (struct flip_case){i, j};
        }
    }
    return cr_make_param_array(struct flip_case, cases, count);
}

static void expect_unmet(const struct support_run *run, const char *subject) {
    const json_t *expectations = support_result_find(run, "expectations");
    size_t index;
    json_t *expectation;
    json_array_foreach(expectations, index, expectation) {
        if (strcmp(json_string_value(json_object_get(expectation, "subject")), subject) == 0) {
            cr_assert(json_is_false(json_object_get(expectation, "met")), "%s was met", subject);
            return;
        }
    }
    cr_assert_fail("nothing is expected of %s", subject);
}

ParameterizedTest(struct flip_case *chosen, profiles,
                  a_profile_fails_when_what_matters_is_another) {
    const struct row *row = &rows[chosen->row];
    const struct flip *flip = &row->flips[chosen->flip];
    struct support_run run;
    prepare(&run, row);
    if (flip->variant != NULL) {
        support_run_add(&run, support_scene_text("--variant %s", flip->variant));
    }
    set_each(&run, flip->settings, 2);
    support_run_expect(&run, SUPPORT_FAIL);
    cr_assert_str_eq(support_result_text(&run, "verdict"), "fail", "%s %s", row->profile,
                     flip->settings[0]);
    expect_unmet(&run, flip->unmet);
    support_run_finish(&run);
}

static const struct row *row_of(const char *profile) {
    for (unsigned i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].profile, profile) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* A variant is shown to be one thing that matters as a profile is. */
static void expect_variants_flipped(const char *folder, const struct row *row) {
    char *text = support_file_read(support_scene_text("%s/%s.yaml", folder, row->profile));
    char *rest = strstr(text, "\nvariants:\n");
    char *line;
    rest = rest == NULL ? NULL : rest + strlen("\nvariants:\n");
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
        bool is_flipped = strncmp(line, "  ", 2) != 0 || line[2] == ' ';
        line[strcspn(line, ":")] = '\0';
        for (unsigned i = 0; i < FLIPS_MAX && !is_flipped; i++) {
            const char *variant = row->flips[i].variant;
            is_flipped = variant != NULL && strcmp(variant, line + 2) == 0;
        }
        cr_expect(is_flipped, "%s: no flip of the variant %s", row->profile, line);
    }
    free(text);
}

Test(profiles, every_profile_and_every_variant_has_a_flip) {
    const char *folder = getenv("EKULOAD_PROFILES");
    unsigned count = 0;
    struct dirent *entry;
    cr_assert_not_null(folder, "the environment variable EKULOAD_PROFILES must name the folder");
    DIR *listing = opendir(folder);
    cr_assert_not_null(listing, "%s", folder);
    while ((entry = readdir(listing)) != NULL) {
        char *ending = strstr(entry->d_name, ".yaml");
        if (ending == NULL) {
            continue;
        }
        *ending = '\0';
        const struct row *row = row_of(entry->d_name);
        cr_assert_not_null(row, "%s has no row", entry->d_name);
        cr_assert_not_null(row->flips[0].unmet, "%s has no flip", entry->d_name);
        expect_variants_flipped(folder, row);
        count++;
    }
    closedir(listing);
    cr_assert_eq(count, ROWS, "%u profiles for %u rows", count, (unsigned)ROWS);
}
