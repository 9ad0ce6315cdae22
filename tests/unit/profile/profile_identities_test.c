/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[32];

static void open_folder(void) {
    strcpy(folder, "/tmp/ekuload-unit-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(profile_identities, .init = open_folder, .fini = remove_folder);

static void write_file(const char *name, const char *text) {
    char path[96];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

/* Whether they are certificates is found out by whoever presents them. */
static void write_pairs(void) {
    write_file("a.pem", "");
    write_file("a.key", "");
    write_file("b.pem", "");
    write_file("b.key", "");
}

static struct profile_plan *load_store(const char *store, struct base_error *error) {
    char setting[160];
    snprintf(setting, sizeof setting, "nodes.core.client_store=%s", store);
    return sample_load(sample_profile, setting, error);
}

static struct profile_plan *load_table(const char *table, struct base_error *error) {
    char store[96];
    snprintf(store, sizeof store, "{ csv: %s/table.csv, weight: 7, unchecked: true }", folder);
    write_file("table.csv", table);
    return load_store(store, error);
}

Test(profile_identities, a_table_of_a_spreadsheet_may_begin_with_a_comment) {
    struct base_error error;
    write_pairs();
    struct profile_plan *plan =
        load_table("\xef\xbb\xbf# ours\r\ncert,key\r\na.pem,a.key\r\n", &error);
    cr_assert_not_null(plan, "%s", error.text);
    cr_assert_eq(plan->nodes[1].client_store.identity_count, 1);
    profile_plan_destroy(plan);
}

Test(profile_identities, each_line_of_a_table_is_one) {
    struct base_error error;
    char path[96];
    write_pairs();
    struct profile_plan *plan =
        load_table("\xef\xbb\xbfweight, cert ,key\r\n# a comment\n\n3,a.pem,a.key\r\n"
                   "1000000, b.pem,b.key",
                   &error);
    cr_assert_not_null(plan, "%s", error.text);
    const struct profile_store *store = &plan->nodes[1].client_store;
    cr_assert_eq(store->identity_count, 2);
    cr_assert_eq(store->identities[0].weight, 3);
    cr_assert_eq(store->identities[1].weight, 1000000);
    cr_assert(store->identities[0].unchecked && store->identities[1].unchecked);
    snprintf(path, sizeof path, "%s/b.pem", folder);
    cr_assert_str_eq(store->identities[1].certificate_path, path);
    snprintf(path, sizeof path, "%s/b.key", folder);
    cr_assert_str_eq(store->identities[1].key_path, path);
    profile_plan_destroy(plan);
}

Test(profile_identities, of_a_table_without_weights_have_the_stores) {
    struct base_error error;
    write_pairs();
    struct profile_plan *plan = load_table("key,cert\na.key,a.pem\n", &error);
    cr_assert_not_null(plan, "%s", error.text);
    cr_assert_eq(plan->nodes[1].client_store.identities[0].weight, 7);
    profile_plan_destroy(plan);
}

Test(profile_identities, a_bad_table_is_told_by_its_line) {
    static const struct {
        const char *table;
        const char *error;
    } cases[] = {
        {"", ":1: expected a header line such as cert,key,weight"},
        {"# nothing\n", ":1: expected a header line such as cert,key,weight"},
        {"cert,weight\n", ":1: expected a header line such as cert,key,weight"},
        {"cert,key\n", ":1: no certificate is named"},
        {"cert,key,password\n",
         ":1: unknown or repeated column \"password\"; expected cert, key and weight"},
        {"cert,key,cert\n",
         ":1: unknown or repeated column \"cert\"; expected cert, key and weight"},
        {"cert,key\na.pem,a.key\nb.pem\n", ":3: expected 2 fields as in the header, not 1"},
        {"cert,key\na.pem,a.key,1\n", ":2: expected 2 fields as in the header, not 3"},
        {"cert,key,weight\na.pem,a.key,0\n", ":2: weight: expected a number from 1 to 1000000"},
        {"cert,key,weight\na.pem,a.key,\n", ":2: weight: expected a number from 1 to 1000000"},
        {"cert,key\n,a.key\n", ":2: cert is empty"},
        {"cert,key\na.pem,none.key\n",
         ":2: key none.key cannot be read: No such file or directory"},
        {"cert,key\n\"a.pem\",a.key\n",
         ":2: expected plain fields, without quotes and control characters"},
        {"cert,key\na.pem,a\x01.key\n",
         ":2: expected plain fields, without quotes and control characters"},
    };
    write_pairs();
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error;
        char expected[256];
        cr_assert_null(load_table(cases[i].table, &error), "case %zu", i);
        snprintf(expected, sizeof expected, "%s/table.csv%s", folder, cases[i].error);
        cr_assert_not_null(strstr(error.text, expected), "%s", error.text);
    }
}

Test(profile_identities, of_a_folder_are_all_that_lie_there) {
    static const char *const names[] = {"client.pem", "clientprivkey.pem", "client-1.pem",
                                        "clientprivkey-1.pem", "client-3.pem"};
    struct base_error error;
    char store[64];
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        write_file(names[i], "");
    }
    snprintf(store, sizeof store, "{ folder: %s }", folder);
    struct profile_plan *plan = load_store(store, &error);
    cr_assert_not_null(plan, "%s", error.text);
    cr_assert_eq(plan->nodes[1].client_store.identity_count, 2, "numbers without a gap");
    cr_assert_not_null(
        strstr(plan->nodes[1].client_store.identities[1].key_path, "/clientprivkey-1.pem"));
    profile_plan_destroy(plan);
}

Test(profile_identities, what_cannot_be_said_beside_a_table_is_refused) {
    static const struct sample_error cases[] = {
        {21, "client_store: { csv: /x.csv, issuer: inside }",
         ":21: nodes.core.client_store.issuer: says how to issue a certificate, and csv names "
         "some"},
        {21, "client_store: { csv: /x.csv, cert: /x.pem }",
         ":21: nodes.core.client_store.cert: csv is given, too, and names files"},
        {21, "client_store: { csv: /x.csv, folder: /x }",
         ":21: nodes.core.client_store.csv: folder is given, too, and has names of its own"},
        {21, "client_store: { csv: /nowhere/x.csv }",
         ":21: nodes.core.client_store.csv: cannot be opened: No such file or directory"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_identities, a_listener_presents_one_that_there_is) {
    static const struct sample_error cases[] = {
        {13, "sip: { identity: 0 }", NULL},
        {13, "sip: { identity: 1 }",
         ":13: nodes.edge.listeners.sip.identity: edge's server_store holds 1 identities, the "
         "first is 0"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_identities, sessions_are_resumed_where_it_is_said) {
    struct profile_plan *plan = sample_must_load(sample_profile, NULL);
    cr_assert_eq(plan->nodes[0].resumption, PROFILE_RESUMPTION_OFF);
    cr_assert_eq(plan->zones[0].load.resumption, PROFILE_RESUMPTION_OFF);
    cr_assert_eq(plan->zones[0].load.resume_ratio, 1);
    cr_assert_eq(plan->nodes[0].eku_turns_ns, 0);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile,
                            "load={resumption: tickets, resume_ratio: 0.25, duration: 1s}");
    cr_assert_eq(plan->zones[2].load.resumption, PROFILE_RESUMPTION_TICKETS);
    cr_assert_eq(plan->zones[2].load.resume_ratio, 0.25);
    profile_plan_destroy(plan);
    static const struct sample_error cases[] = {
        {27, "resume_ratio: 1.01",
         ":27: load.resume_ratio: expected a number from 0 to 1, not \"1.01\""},
        {27, "resume_ratio: nan",
         ":27: load.resume_ratio: expected a number from 0 to 1, not \"nan\""},
        {7, "product: expressway-e\n    release: x15.4\n    eku_checking_turns: 1s",
         ":9: nodes.edge.eku_checking_turns: expressway-e x15.4 always checks"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

/* Nodes a and b; b dials a, and 127.0.0.9. */
static bool takes_session_ids(const char *a, const char *b, const char *zone, const char *load,
                              struct base_error *error) {
    char text[1024];
    snprintf(text, sizeof text,
             "name: ids\nauthorities: { ca: { kind: internal } }\nnodes:\n"
             "  a: { product: generic, address: 127.0.0.2, trust: [ca], %s\n"
             "    server_store: { issuer: ca }, listeners: { sip: 5061 } }\n"
             "  b: { product: generic, address: 127.0.0.3, trust: [ca], %s\n"
             "    client_store: none, zones: { z: { peer: %s } } }\n"
             "load: { duration: 5s%s }\n",
             a, b, zone, load);
    struct profile_plan *plan = sample_load(text, NULL, error);
    profile_plan_destroy(plan);
    return plan != NULL;
}

Test(profile_identities, session_ids_are_refused_where_tls_1_3_is_spoken) {
#define OWN ", resumption: session-id"
    static const struct {
        const char *a, *b, *zone, *load;
        const char *error; /* NULL: it is taken */
    } cases[] = {
        {"", "tls: { versions: [1.2] },", "a.sip" OWN, "", NULL},
        {"tls: { versions: [1.2] },", "", "a.sip" OWN, "", NULL},
        {"", "", "\"127.0.0.9:5061\"" OWN, "", NULL},
        {"external: 127.0.0.9,", "", "a.sip" OWN, "", NULL},
        {"", "", "a.sip" OWN, "", ":7: nodes.b.zones.z.resumption"},
        {"", "", "a.sip", OWN, ":8: load.resumption"},
        {"", "tls: { versions: [1.3] },", "\"127.0.0.9:5061\"" OWN, "",
         ":7: nodes.b.zones.z.resumption"},
        {"tls: { versions: [1.3] }, resumption: session-id,", "", "a.sip", "",
         ":4: nodes.a.resumption"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {0};
        bool taken =
            takes_session_ids(cases[i].a, cases[i].b, cases[i].zone, cases[i].load, &error);
        cr_expect_eq(taken, cases[i].error == NULL, "case %zu: %s", i, error.text);
        cr_expect(taken || (strstr(error.text, cases[i].error) != NULL &&
                            strstr(error.text, "by session ID: expected tickets, or ") != NULL),
                  "case %zu: %s", i, error.text);
    }
}
