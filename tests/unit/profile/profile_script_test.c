/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"
#include "sip_script.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Dialog files and users, each as a file of its own. */

struct file {
    int descriptor;
    char path[64];
};

static struct file make_file(const void *text, size_t length) {
    struct file file = {.descriptor = memfd_create("file", MFD_CLOEXEC)};
    cr_assert_geq(file.descriptor, 0);
    cr_assert_eq(write(file.descriptor, text, length), (ssize_t)length);
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    return file;
}

/* The profile with both files at its zone core.sip; NULL: without. */
static struct profile_plan *load(const char *dialog, const char *users, struct base_error *error) {
    const struct file files[2] = {make_file(dialog, strlen(dialog)),
                                  make_file(users, strlen(users))};
    char settings[2][128];
    const char *const set[2] = {settings[0], settings[1]};
    struct profile_plan *plan;
    snprintf(settings[0], sizeof settings[0], "nodes.core.zones.sip.users=%s", files[1].path);
    snprintf(settings[1], sizeof settings[1], "nodes.core.zones.sip.dialog=%s",
             dialog[0] == '\0' ? "options" : files[0].path);
    size_t first = users[0] == '\0' ? 1 : 0;
    sample_load_octets(&plan, sample_profile, strlen(sample_profile), set + first, 2 - first,
                       error);
    close(files[0].descriptor);
    close(files[1].descriptor);
    return plan;
}

/* What follows the name of the file that is wrong. */
static const char *mistake_of(const char *dialog, const char *users) {
    static struct base_error error;
    struct profile_plan *plan = load(dialog, users, &error);
    profile_plan_destroy(plan);
    const char *file = strstr(error.text, "/proc/self/fd/");
    const char *last = file;
    while (last != NULL && strstr(last + 1, "/proc/self/fd/") != NULL) {
        last = strstr(last + 1, "/proc/self/fd/");
    }
    return plan != NULL ? "" : last == NULL ? error.text : last + strcspn(last, ": ");
}

#define MESSAGE                                                                                    \
    "      MESSAGE [target] SIP/2.0\n      Via: SIP/2.0/TLS a;branch=[branch]\n"                   \
    "      From: <sip:a>;tag=1\n      To: <sip:b>\n      Call-ID: [call_id]\n"                     \
    "      CSeq: [cseq] MESSAGE\n"
#define SEND   "name: x\nsteps:\n  - send: |\n" MESSAGE
#define EXPECT "  - expect: 200\n"

Test(profile_script, a_dialog_file_is_read_once_and_kept_as_it_is_meant) {
    static const char dialog[] =
        SEND "\n      hello [field1]\n    authenticate: on\n"
             "  - expect: 183\n    optional: true\n"
             "  - expect: 2xx\n    method: MESSAGE\n    timeout: 5s\n"
             "    extract: { tag: { header: To, match: 'tag=(.*)' } }\n"
             "  - pause: 20ms\n  - pause: { exponential: 1s }\n  - pause: { uniform: [1s, 2s] }\n";
    struct base_error error;
    struct profile_plan *plan = load(dialog, "RANDOM\na;b\n", &error);
    cr_assert_not_null(plan, "%s", error.text);
    const struct profile_zone *zone = &plan->zones[2];
    cr_assert_eq(zone->load.dialog, PROFILE_DIALOG_SCRIPT);
    cr_expect_eq(zone->load.script, plan->scripts);
    cr_expect_null(plan->scripts->next);
    const struct sip_script *script = zone->load.script->script;
    cr_assert_eq(script->step_count, 6);
    cr_expect_eq(script->field_count, 2);
    cr_expect(script->steps[0].authenticate);
    cr_expect(script->steps[1].optional);
    cr_expect_str_eq(script->steps[2].method, "MESSAGE");
    cr_expect_eq(script->steps[2].timeout_ns, UINT64_C(5000000000));
    cr_expect_str_eq(script->variables[0], "tag");
    cr_expect_eq(script->steps[3].pause.ns, 20000000);
    cr_expect_eq(script->steps[4].pause.spread, SIP_SCRIPT_EXPONENTIAL);
    cr_expect_eq(script->steps[5].pause.most_ns, UINT64_C(2000000000));
    profile_plan_destroy(plan);
}

Test(profile_script, a_file_that_load_names_is_every_zones_and_loaded_once) {
    const struct file file = make_file(SEND EXPECT, strlen(SEND EXPECT));
    char setting[128];
    snprintf(setting, sizeof setting, "load.dialog=%s", file.path);
    struct profile_plan *plan = sample_must_load(sample_profile, setting);
    cr_expect_eq(plan->zones[0].load.script, plan->scripts);
    cr_expect_eq(plan->zones[1].load.dialog, PROFILE_DIALOG_NONE, "a tunnel's");
    cr_expect_eq(plan->zones[2].load.script, plan->scripts);
    cr_expect_null(plan->scripts->next);
    profile_plan_destroy(plan);
    close(file.descriptor);
}

Test(profile_script, a_dialog_file_that_cannot_be_played_is_refused_with_its_line) {
    static const struct {
        const char *dialog;
        const char *mistake;
    } rows[] = {
        {SEND EXPECT, ""},
        {"steps: []\n", ":1: the key \"name\" is missing"},
        {"name: x\n", ":1: the key \"steps\" is missing"},
        {"name: x\nsteps: 5\n", ":2: steps: expected a list, not \"5\""},
        {"name: x\nsteps: []\n", ":2: steps: expected 1 to 64 steps"},
        {"name: x\nsteps: [{}]\n", ":2: steps.0: expected a step with send, expect or pause"},
        {"name: x\nsteps:\n  - sned: x\n", ":3: steps.0.sned: unknown key; did you mean \"send\"?"},
        {"name: x\nsteps:\n  - expect: 200\n    pause: 5s\n",
         ":4: steps.0.pause: is no key of a step with expect"},
        {"name: x\nsteps:\n  - pause: 5s\n    optional: on\n",
         ":4: steps.0.optional: is no key of a step with pause"},
        {"name: x\nsteps:\n  - pause: soon\n",
         ":3: steps.0.pause: expected a duration such as 100us, 20ms, 5s or 3m, up to 24h, not "
         "\"soon\""},
        {"name: x\nsteps:\n  - expect: [200]\n",
         ":3: steps.0.expect: expected a single value, not a list"},
        {"name: x\nsteps:\n  - expect: 200\n    extract: { v: { haeder: To } }\n",
         ":4: steps.0.extract.v.haeder: unknown key; did you mean \"header\"?"},
        {"name: x\nsteps:\n  - send: [a]\n",
         ":3: steps.0.send: expected a message, as a block of text behind |, not a list"},
        {SEND "      Subject: [sevrice]\n" EXPECT,
         ":10: steps.0.send: [sevrice] is no variable; did you mean \"service\"?"},
        {SEND "      Subject: [cseq\n" EXPECT,
         ":10: steps.0.send: expected ] behind [ in the same line; a bracket that is meant as such "
         "is written \\["},
        {SEND, ":2: steps: expected at least one expect: nothing else shows that the peer is "
               "there"},
        {SEND EXPECT "  - expect: 99\n",
         ":11: steps.2.expect: expected a status from 100 to 699, a class such as 2xx, or the "
         "method of a request in capitals"},
        {"name: x\nsteps: [\n", ":3:1: while parsing a flow node: did not find expected node "
                                "content"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        cr_expect_str_eq(mistake_of(rows[i].dialog, ""), rows[i].mistake, "%s\n%s", rows[i].dialog,
                         mistake_of(rows[i].dialog, ""));
    }
}

Test(profile_script, a_dialog_that_is_nowhere_is_named_in_the_profile) {
    static const struct sample_error cases[] = {
        {25, "sip: { peer: edge.sip, dialog: mesage.yaml }",
         ":25: nodes.core.zones.sip.dialog: /proc/self/fd/mesage.yaml: cannot be opened: No such "
         "file or directory"},
        {25, "sip: { peer: edge.sip, dialog: invit }",
         ":25: nodes.core.zones.sip.dialog: expected none, options, register, invite, http or a "
         "dialog file (*.yaml), not \"invit\"; did you mean \"invite\"?"},
        {25, "sip: { peer: edge.sip, dialog: [a] }",
         ":25: nodes.core.zones.sip.dialog: expected a single value, not a list"},
        {24, "tunnel: { peer: edge.tunnel, users: /dev/null }",
         ":24: nodes.core.zones.tunnel.users: /dev/null:1: expected SEQUENTIAL, RANDOM or USER in "
         "the first line"},
        {25, "sip: { peer: edge.sip, users: { file: nobody.csv } }",
         ":25: nodes.core.zones.sip.users: /proc/self/fd/nobody.csv: cannot be read: No such file "
         "or directory"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_script, users_are_rows_of_fields) {
    static const struct {
        const char *text;
        enum profile_users_order order;
        uint32_t rows;
        uint32_t columns;
        const char *last; /* field of the last row */
    } rows[] = {
        {"SEQUENTIAL\na;b\nc;d\n", PROFILE_USERS_SEQUENTIAL, 2, 2, "d"},
        {"RANDOM\r\n# comment\r\na\r\n\r\nb", PROFILE_USERS_RANDOM, 2, 1, "b"},
        {"USER\na;;\n#x;y\nb;;c d", PROFILE_USERS_BY_NUMBER, 2, 3, "c d"},
        {"\xef\xbb\xbfSEQUENTIAL\r\na;b\r\nc;d\r\n", PROFILE_USERS_SEQUENTIAL, 2, 2, "d"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct base_error error;
        struct profile_plan *plan = load("", rows[i].text, &error);
        cr_assert_not_null(plan, "%s", error.text);
        const struct profile_users *users = &plan->zones[2].users;
        cr_assert_not_null(users->table);
        cr_expect_eq(users->table->order, rows[i].order);
        cr_expect_eq(users->table->row_count, rows[i].rows);
        cr_expect_eq(users->table->column_count, rows[i].columns);
        cr_expect_eq(users->username, PROFILE_NONE);
        cr_expect_str_eq(profile_users_field(users, rows[i].rows - 1, rows[i].columns - 1),
                         rows[i].last);
        profile_plan_destroy(plan);
    }
}

Test(profile_script, users_that_are_wrong_are_refused_with_their_line) {
    static const struct {
        const char *users;
        const char *mistake;
    } rows[] = {
        {"SEQUENTIAL\na;b\nc;d;e\n", ":3: expected 2 fields as in line 2, not 3"},
        {"SEQUENTIAL\n\n#\na;b\nc\n", ":5: expected 2 fields as in line 4, not 1"},
        {"a;b\n", ":1: expected SEQUENTIAL, RANDOM or USER in the first line"},
        {"SEQUENTIAL\n# nobody\n", ":1: expected a line per user behind the first one"},
        {"SEQUENTIAL", ":1: expected a line per user behind the first one"},
        {"SEQUENTIAL\na\nb\tc\n", ":3: control characters are in no field"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        cr_expect_str_eq(mistake_of("", rows[i].users), rows[i].mistake, "%s",
                         mistake_of("", rows[i].users));
    }
}

Test(profile_script, users_have_the_fields_that_are_spoken_of) {
    static const char dialog[] = SEND "      Subject: [field2]\n" EXPECT;
    static const struct {
        const char *users;
        const char *mistake;
    } rows[] = {
        {"USER\na;b;c\n", ""},
        {"USER\na;b\n", " speaks of [field2]: expected users with 3 fields, there are 2"},
        {"", " speaks of [field2]: expected users with 3 fields, there are 0"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        cr_expect_str_eq(mistake_of(dialog, rows[i].users), rows[i].mistake, "%s",
                         mistake_of(dialog, rows[i].users));
    }
}

Test(profile_script, columns_are_checked_against_the_file) {
    static const char text[] = "USER\nalice;x\nbob y;z\n";
    const struct file file = make_file(text, strlen(text));
    static const struct {
        const char *columns;
        const char *mistake;
    } rows[] = {
        {"password: 1", ".users: password is given without username"},
        {"username: 2", ".users.username: expected a field from 0 to 1: "},
        {"username: 0", ".users: "},
        {"username: 1, password: 0", NULL},
        {"username: 64", ".users.username: expected a number from 0 to 63, not \"64\""},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char setting[160];
        struct base_error error;
        snprintf(setting, sizeof setting, "nodes.core.zones.sip.users={ file: %s, %s }", file.path,
                 rows[i].columns);
        struct profile_plan *plan = sample_load(sample_profile, setting, &error);
        cr_expect_eq(plan != NULL, rows[i].mistake == NULL, "%s", error.text);
        cr_expect(rows[i].mistake == NULL || strstr(error.text, rows[i].mistake) != NULL, "%s",
                  error.text);
        profile_plan_destroy(plan);
    }
    close(file.descriptor);
}

#define KNOWN "nodes.edge.listeners.sip.credentials="

/* Sorted once, searched ever after; zones that dial the listener are these users. */
Test(profile_script, a_listener_knows_users_by_their_names) {
    static const char text[] = "SEQUENTIAL\nbob;builder\nalice;wonderland\ncarol;\nbob;builder\n";
    static const struct {
        const char *name;
        const char *password; /* NULL: nobody knows that one */
    } rows[] = {
        {"alice", "wonderland"}, {"bob", "builder"}, {"carol", ""},
        {"Bob", NULL},           {"", NULL},         {"a", NULL},
        {"zoe", NULL},
    };
    const struct file file = make_file(text, strlen(text));
    char setting[160];
    snprintf(setting, sizeof setting, KNOWN "{users: %s, algorithm: sha-256}", file.path);
    struct profile_plan *plan = sample_must_load(sample_profile, setting);
    const struct profile_credentials *known = &plan->listeners[0].credentials;
    cr_assert_not_null(known->users);
    cr_expect_null(known->username);
    cr_expect_eq(known->algorithms[0], PROFILE_DIGEST_SHA_256);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const char *password = profile_users_password(known->users, rows[i].name);
        cr_expect_eq(password == NULL, rows[i].password == NULL, "%s", rows[i].name);
        cr_expect(password == NULL || strcmp(password, rows[i].password) == 0, "%s", rows[i].name);
    }
    cr_expect_eq(plan->zones[2].users.table, known->users->table);
    cr_expect_null(plan->zones[2].credentials.username);
    profile_plan_destroy(plan);
    close(file.descriptor);
}

Test(profile_script, users_that_a_listener_cannot_know_are_refused) {
    static const char *const texts[] = {"USER\na;b\nc;d\na;b\na;e\n", "USER\na\n", "USER\na;b\n"};
    static const struct {
        unsigned text;
        const char *setting; /* the file stands at %s */
        const char *mistake;
    } rows[] = {
        {0, KNOWN "{users: %s}", ":5: a has another password in line 4"},
        {1, KNOWN "{users: %s}", ".users: expected a field from 0 to 0: "},
        {2, KNOWN "{users: {file: %s, username: 0}}", ".users: username is given without password"},
        {2, KNOWN "{users: %s, password: x}", ".password: users are given, who have their own"},
        {2, "nodes.core.zones.sip.credentials={users: %s}",
         ".credentials: users is for listeners: those that a zone plays stand in its own key"},
        {2, "nodes.edge.listeners.tunnel.credentials={users: %s}", ".credentials: are for SIP"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct file file = make_file(texts[rows[i].text], strlen(texts[rows[i].text]));
        char *setting = NULL;
        struct base_error error;
        const char *at = strstr(rows[i].setting, "%s");
        cr_assert_geq(asprintf(&setting, "%.*s%s%s", (int)(at - rows[i].setting), rows[i].setting,
                               file.path, at + 2),
                      0);
        struct profile_plan *plan = sample_load(sample_profile, setting, &error);
        cr_expect_null(plan, "%s", setting);
        cr_expect_not_null(strstr(error.text, rows[i].mistake), "%s", error.text);
        profile_plan_destroy(plan);
        free(setting);
        close(file.descriptor);
    }
}
