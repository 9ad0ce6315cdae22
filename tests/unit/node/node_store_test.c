/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_lab.h"

#include "x509_pem.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(node_store, .init = store_lab_open, .fini = store_lab_close);

static unsigned mode_of(const char *name) {
    struct stat status;
    cr_assert_eq(stat(store_lab_path(name), &status), 0, "%s", name);
    return status.st_mode & 07777;
}

static struct node_store_view look(void) {
    struct node_store_view view;
    struct base_error error;
    cr_assert(node_store_look(&view, store_lab.folder, &error), "%s", error.text);
    return view;
}

/* Refused with these words, and nothing in the folder has changed. */
static void expect_refusal(const struct node_store_upload *upload, const char *words) {
    struct base_error error = {.kind = BASE_ERROR_NONE};
    char *before = store_lab_snapshot();
    cr_assert_not(node_store_upload(store_lab.folder, upload, &error), "accepted: %s", words);
    cr_assert_eq(error.kind, BASE_ERROR_USAGE, "%s", error.text);
    cr_assert_not_null(strstr(error.text, words), "no \"%s\" in \"%s\"", words, error.text);
    char *after = store_lab_snapshot();
    cr_assert_str_eq(after, before);
    free(before);
    free(after);
}

Test(node_store, files_have_the_names_of_the_article) {
    static const struct {
        enum node_store_role role;
        enum node_store_part part;
        uint32_t index;
        const char *name;
    } rows[] = {
        {NODE_STORE_SERVER, NODE_STORE_CERTIFICATE, 0, "server.pem"},
        {NODE_STORE_SERVER, NODE_STORE_KEY, 0, "privkey.pem"},
        {NODE_STORE_CLIENT, NODE_STORE_CERTIFICATE, 0, "client.pem"},
        {NODE_STORE_CLIENT, NODE_STORE_KEY, 0, "clientprivkey.pem"},
        {NODE_STORE_CLIENT, NODE_STORE_KEY, 12, "clientprivkey-12.pem"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[NODE_STORE_NAME_SIZE];
        node_store_file_name(rows[i].role, rows[i].part, rows[i].index, name);
        cr_assert_str_eq(name, rows[i].name);
    }
}

Test(node_store, an_upload_keeps_the_key_to_the_user_and_leaves_nothing_beside_it) {
    store_lab_store(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
    store_lab_store(NODE_STORE_CLIENT, "BOTH.pem", "BOTH.key");
    cr_assert_eq(mode_of("store/server.pem"), 0644);
    cr_assert_eq(mode_of("store/privkey.pem"), 0600);
    cr_assert_eq(mode_of("store/clientprivkey.pem"), 0600);
    store_lab_expect(NODE_STORE_SERVER, "SERVER");
    store_lab_expect(NODE_STORE_CLIENT, "BOTH");
    char *listing = store_lab_snapshot();
    cr_assert_null(strstr(listing, ".new"), "%s", listing);
    cr_assert_null(strstr(listing, ".old"), "%s", listing);
    free(listing);
}

Test(node_store, without_a_key_the_present_one_stays_and_must_fit) {
    const struct node_store_upload first = store_lab_upload(NODE_STORE_SERVER, "BOTH.pem", NULL);
    expect_refusal(&first, "holds no privkey.pem");
    struct bytes key = store_lab_read("BOTH.key");
    store_lab_write("store/privkey.pem", key);
    free((void *)(uintptr_t)key.data);
    store_lab_store(NODE_STORE_SERVER, "BOTH.pem", NULL);
    store_lab_expect(NODE_STORE_SERVER, "BOTH");
    const struct node_store_upload foreign =
        store_lab_upload(NODE_STORE_SERVER, "SECOND.pem", NULL);
    expect_refusal(&foreign, "store/privkey.pem: the private key does not belong");
    store_lab_expect(NODE_STORE_SERVER, "BOTH");
}

/* Concatenates files of the tree. */
static void join(const char *out, const char *const *names, unsigned count) {
    static uint8_t area[65536];
    struct base_buffer text = {.data = area, .capacity = sizeof area};
    for (unsigned i = 0; i < count; i++) {
        struct bytes one = store_lab_read(names[i]);
        cr_assert(base_buffer_append(&text, one));
        free((void *)(uintptr_t)one.data);
    }
    store_lab_write(out, base_buffer_bytes(&text));
}

Test(node_store, a_private_key_beside_the_certificate_stays_out_of_the_readable_file) {
    static const char *const parts[] = {"BOTH.key", "BOTH.pem"};
    join("all.pem", parts, 2);
    store_lab_store(NODE_STORE_SERVER, "all.pem", "all.pem");
    store_lab_expect(NODE_STORE_SERVER, "BOTH");
}

/* The leaf and the intermediate of BOTH.pem, each for itself, and in DER. */
static void split_chain(void) {
    static uint8_t area[16384];
    uint8_t pem[8192];
    struct bytes text = store_lab_read("BOTH.pem");
    struct bytes rest = text;
    static const char *const names[] = {"leaf.pem", "intermediate.pem"};
    for (size_t i = 0; i < 2; i++) {
        struct base_buffer der = {.data = area, .capacity = sizeof area};
        struct base_buffer block = {.data = pem, .capacity = sizeof pem};
        cr_assert_eq(x509_pem_next(&rest, "CERTIFICATE", &der), X509_PEM_BLOCK);
        cr_assert(x509_pem_write(&block, "CERTIFICATE", base_buffer_bytes(&der)));
        store_lab_write(names[i], base_buffer_bytes(&block));
        if (i == 0) {
            store_lab_write("leaf.der", base_buffer_bytes(&der));
        }
    }
    free((void *)(uintptr_t)text.data);
}

Test(node_store, what_cannot_be_used_is_refused_and_the_folder_stays_as_it_was) {
    static const struct {
        const char *certificate;
        const char *key;
        const char *words;
    } rows[] = {
        {"BOTH.pem", "SECOND.key", "SECOND.key: the private key does not belong to the first"},
        {"EXPIRED.pem", "EXPIRED.key", "EXPIRED.pem expired on 2027-01-14"},
        {"garbage", "BOTH.key", "garbage holds no certificate in PEM form"},
        {"BOTH.pem", "garbage", "garbage holds no private key in PEM form"},
        {"broken", "BOTH.key", "broken: certificate 1 is not well-formed PEM"},
        {"no-certificate", "BOTH.key", "no-certificate: certificate 1 is not a well-formed X.509"},
        {"empty", "BOTH.key", "empty holds no certificate in PEM form"},
        {"BOTH.pem", "empty", "empty holds no private key in PEM form"},
        {"leaf.der", "BOTH.key", "leaf.der is DER; PEM was expected"},
        {"BOTH.pem", "leaf.der", "leaf.der is DER; a private key in PEM form was expected"},
        {"BOTH.pem", "encrypted", "encrypted: the private key is encrypted"},
        {"BOTH.key", "BOTH.pem", "BOTH.key holds a private key and "},
        {"reversed", "BOTH.key", "reversed: certificate 2 did not issue certificate 1"},
        {"gap", "BOTH.key", "gap: certificate 2 did not issue certificate 1"},
        {"foreign", "BOTH.key", "foreign: certificate 2 did not issue certificate 1"},
        {"missing", "BOTH.key", "missing: No such file or directory"},
        {"BOTH.pem", "missing", "missing: No such file or directory"},
        {"store", "BOTH.key", "store: Is a directory"},
        {"large", "BOTH.key", "large is larger than 1 MiB"},
    };
    static const char *const reversed[] = {"intermediate.pem", "leaf.pem"};
    static const char *const gap[] = {"leaf.pem", "root.pem"};
    static const char *const foreign[] = {"leaf.pem", "SECOND.pem"};
    static uint8_t large[1024 * 1024 + 1];
    split_chain();
    join("reversed", reversed, 2);
    join("gap", gap, 2);
    join("foreign", foreign, 2);
    store_lab_write("garbage", base_bytes_of_text("\x01\xff not\0 a certificate"));
    store_lab_write("broken", base_bytes_of_text("-----BEGIN CERTIFICATE-----\nMII"));
    store_lab_write("no-certificate", base_bytes_of_text("-----BEGIN CERTIFICATE-----\nMAA=\n"
                                                         "-----END CERTIFICATE-----\n"));
    store_lab_write("empty", base_bytes_of_text(""));
    store_lab_write("encrypted", base_bytes_of_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
                                                    "-----END ENCRYPTED PRIVATE KEY-----\n"));
    store_lab_write("large", base_bytes(large, sizeof large));
    store_lab_store(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
    store_lab_store(NODE_STORE_CLIENT, "CLIENT.pem", "CLIENT.key");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (unsigned role = 0; role < NODE_STORE_ROLES; role++) {
            const struct node_store_upload upload =
                store_lab_upload((enum node_store_role)role, rows[i].certificate, rows[i].key);
            expect_refusal(&upload, rows[i].words);
        }
    }
}

Test(node_store, the_root_may_end_the_chain) {
    static const char *const parts[] = {"BOTH.pem", "root.pem"};
    join("whole", parts, 2);
    store_lab_store(NODE_STORE_SERVER, "whole", "BOTH.key");
    cr_assert_eq(look().stores[NODE_STORE_SERVER].chain_length, 3);
}

Test(node_store, a_certificate_that_is_not_yet_valid_may_be_uploaded) {
    store_lab_store(NODE_STORE_SERVER, "FUTURE.pem", "FUTURE.key");
    cr_assert_gt(look().stores[NODE_STORE_SERVER].not_before, STORE_LAB_NOW);
}

struct rule_row {
    const char *product;
    const char *release;
    bool server_eku_upload;
    enum node_store_role role;
    const char *certificate;
    const char *words; /* NULL: accepted */
};

Test(node_store, demands_client_auth_where_the_product_does) {
    static const struct rule_row rows[] = {
        {"expressway-e", "x15.5", false, NODE_STORE_CLIENT, "CLIENT", NULL},
        {"expressway-e", "x15.5", false, NODE_STORE_CLIENT, "BOTH", NULL},
        {"expressway-e", "x15.5", false, NODE_STORE_CLIENT, "SERVER", PROFILE_STORE_UPLOAD_ERROR},
        {"expressway-e", "x15.5", false, NODE_STORE_CLIENT, "ANY", PROFILE_STORE_UPLOAD_ERROR},
        {"expressway-c", "x15.5", false, NODE_STORE_CLIENT, "NONE", PROFILE_STORE_UPLOAD_ERROR},
        {"expressway-e", "x15.5", false, NODE_STORE_SERVER, "SERVER", NULL},
        {"expressway-e", "x15.4", false, NODE_STORE_SERVER, "SERVER", PROFILE_STORE_UPLOAD_ERROR},
        {"expressway-e", "x15.4", true, NODE_STORE_SERVER, "SERVER", NULL},
        {"expressway-e", "x15.4", false, NODE_STORE_SERVER, "BOTH", NULL},
        {"expressway-c", "x15.4", false, NODE_STORE_SERVER, "SERVER", PROFILE_STORE_UPLOAD_ERROR},
        {"expressway-c", "x15.4", true, NODE_STORE_SERVER, "BOTH",
         "expressway-c x15.4 does not know EnableServerEkuUpload"},
        {"expressway-e", "x15.5", true, NODE_STORE_SERVER, "BOTH",
         "expressway-e x15.5 does not know EnableServerEkuUpload"},
        {"expressway-e", "x15.4", false, NODE_STORE_CLIENT, "BOTH",
         "expressway-e x15.4 has one certificate for both roles"},
        {"jabber", NULL, false, NODE_STORE_CLIENT, "BOTH", "jabber presents no certificate"},
    };
    char files[2][32];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(files[0], sizeof files[0], "%s.pem", rows[i].certificate);
        snprintf(files[1], sizeof files[1], "%s.key", rows[i].certificate);
        struct node_store_upload upload = store_lab_upload(rows[i].role, files[0], files[1]);
        struct base_error error;
        upload.product = profile_product_find(rows[i].product, rows[i].release);
        upload.server_eku_upload = rows[i].server_eku_upload;
        if (rows[i].words == NULL) {
            cr_assert(node_store_upload(store_lab.folder, &upload, &error), "row %zu: %s", i,
                      error.text);
        } else {
            expect_refusal(&upload, rows[i].words);
        }
    }
}

Test(node_store, the_checkbox_copies_to_the_client_store_unchecked) {
    struct node_store_upload upload =
        store_lab_upload(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
    struct base_error error;
    upload.as_client = true;
    cr_assert(node_store_upload(store_lab.folder, &upload, &error), "%s", error.text);
    store_lab_expect(NODE_STORE_SERVER, "SERVER");
    store_lab_expect(NODE_STORE_CLIENT, "SERVER");
    cr_assert(look().same_certificate);
    upload.product = profile_product_find("expressway-e", "x15.4");
    expect_refusal(&upload, "expressway-e x15.4 has one certificate for both roles");
}

static bool upgrade(const char *release, struct base_error *error) {
    *error = (struct base_error){.kind = BASE_ERROR_NONE};
    return node_store_upgrade(store_lab.folder, profile_product_find("expressway-e", release),
                              error);
}

Test(node_store, an_upgrade_copies_the_server_store_octet_for_octet) {
    static const char *const parts[] = {"SERVER.pem", "garbage"};
    static const char *const pairs[][2] = {{"store/server.pem", "store/client.pem"},
                                           {"store/privkey.pem", "store/clientprivkey.pem"}};
    struct base_error error;
    store_lab_store(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
    store_lab_write("garbage", base_bytes_of_text("text after the certificate"));
    join("store/server.pem", parts, 2);
    cr_assert(upgrade("x15.5", &error), "%s", error.text);
    for (size_t i = 0; i < 2; i++) {
        struct bytes from = store_lab_read(pairs[i][0]);
        struct bytes to = store_lab_read(pairs[i][1]);
        cr_assert(base_bytes_equal(from, to), "%s", pairs[i][1]);
        free((void *)(uintptr_t)from.data);
        free((void *)(uintptr_t)to.data);
    }
    cr_assert_eq(mode_of("store/clientprivkey.pem"), 0600);
    cr_assert(look().same_certificate);
    cr_assert_not(upgrade("x15.5", &error));
    cr_assert_not_null(strstr(error.text, "already has a client store: nothing to upgrade"), "%s",
                       error.text);
}

Test(node_store, an_upgrade_needs_a_server_store_that_works_and_a_release_with_two) {
    struct base_error error;
    cr_assert_not(upgrade("x15.5", &error));
    cr_assert_not_null(strstr(error.text, "store/server.pem: No such file"), "%s", error.text);
    store_lab_store(NODE_STORE_SERVER, "BOTH.pem", "BOTH.key");
    cr_assert_not(upgrade("x15.4", &error));
    cr_assert_not_null(strstr(error.text, "x15.4 has no client store"), "%s", error.text);
    struct bytes other = store_lab_read("SECOND.key");
    store_lab_write("store/privkey.pem", other);
    free((void *)(uintptr_t)other.data);
    cr_assert_not(upgrade("x15.5", &error));
    cr_assert_not_null(strstr(error.text, "does not belong"), "%s", error.text);
    cr_assert_not(store_lab_exists("store/client.pem"));
}

Test(node_store, a_look_tells_what_is_there) {
    struct bytes root = store_lab_read("root.pem");
    store_lab_write("store/ca.pem", root);
    free((void *)(uintptr_t)root.data);
    store_lab_store(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
    struct node_store_view view = look();
    const struct node_store_content *server = &view.stores[NODE_STORE_SERVER];
    cr_assert_str_eq(server->subject, "CN=edge.example.test");
    cr_assert_str_eq(server->names, "DNS:edge.example.test");
    cr_assert_str_eq(server->usages, "serverAuth");
    cr_assert_str_eq(server->key, "ecdsa-p256");
    cr_assert(server->has_server_auth && !server->has_client_auth);
    cr_assert_eq(server->not_after, STORE_LAB_NOW + 200 * 86400);
    cr_assert_eq(server->chain_length, 2);
    cr_assert(server->leads_to_trust);
    cr_assert_not(view.stores[NODE_STORE_CLIENT].has_certificate);
    cr_assert_eq(view.stores[NODE_STORE_CLIENT].trouble.kind, BASE_ERROR_NONE);
    cr_assert_not(view.same_certificate);
    for (unsigned i = 0; node_store_product_file(i) != NULL; i++) {
        const char *name = node_store_product_file(i);
        bool there = strcmp(name, "server.pem") == 0 || strcmp(name, "privkey.pem") == 0 ||
                     strcmp(name, "ca.pem") == 0;
        cr_assert_eq((view.present & 1u << i) != 0, there, "%s", name);
    }
}

Test(node_store, a_look_tells_what_is_wrong) {
    static const struct {
        const char *file;
        const char *content;
        const char *words;
    } rows[] = {
        {"store/privkey.pem", "SECOND.key", "the private key does not belong to the first"},
        {"store/privkey.pem", "empty", "holds no private key"},
        {"store/server.pem", "SECOND.pem", "the private key does not belong to the first"},
        {"store/server.pem", "empty", "server.pem is empty"},
        {"store/privkey.pem", NULL, "server.pem has no private key: privkey.pem is missing"},
    };
    store_lab_write("empty", base_bytes_of_text(""));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        store_lab_store(NODE_STORE_SERVER, "BOTH.pem", "BOTH.key");
        if (rows[i].content == NULL) {
            cr_assert_eq(remove(store_lab_path(rows[i].file)), 0);
        } else {
            join(rows[i].file, &rows[i].content, 1);
        }
        struct node_store_view view = look();
        cr_assert_not_null(strstr(view.stores[NODE_STORE_SERVER].trouble.text, rows[i].words),
                           "row %zu: %s", i, view.stores[NODE_STORE_SERVER].trouble.text);
        cr_assert_not(view.stores[NODE_STORE_SERVER].leads_to_trust);
    }
    cr_assert_not_null(strstr(look().trust_trouble.text, "ca.pem"));
}
