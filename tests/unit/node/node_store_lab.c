/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_lab.h"

#include "certs_authority.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY INT64_C(86400)

struct store_lab store_lab;

static struct leaf_row {
    const char *name;
    const char *usages[2];
    unsigned usage_count;
    int64_t from_days;
    int64_t to_days;
} leaves[] = {
    {"BOTH", {"serverAuth", "clientAuth"}, 2, -1, 200},
    {"SECOND", {"serverAuth", "clientAuth"}, 2, -1, 200},
    {"SERVER", {"serverAuth"}, 1, -1, 200},
    {"CLIENT", {"clientAuth"}, 1, -1, 200},
    {"ANY", {"any"}, 1, -1, 200},
    {"NONE", {NULL}, 0, -1, 200},
    {"EXPIRED", {"serverAuth", "clientAuth"}, 2, -200, -1},
    {"FUTURE", {"serverAuth", "clientAuth"}, 2, 10, 200},
};

const char *store_lab_path(const char *name) {
    static char paths[8][384];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", store_lab.tree, name);
    return path;
}

void store_lab_write(const char *name, struct bytes content) {
    FILE *file = fopen(store_lab_path(name), "we");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(content.data, 1, content.length, file), content.length);
    cr_assert_eq(fclose(file), 0);
}

struct bytes store_lab_read(const char *name) {
    FILE *file = fopen(store_lab_path(name), "re");
    uint8_t *data = malloc(65536);
    cr_assert(file != NULL && data != NULL, "%s", name);
    size_t length = fread(data, 1, 65535, file);
    data[length] = '\0';
    fclose(file);
    return base_bytes(data, length);
}

bool store_lab_exists(const char *name) {
    return access(store_lab_path(name), F_OK) == 0;
}

static void issue(struct certs_authority *authority, const struct leaf_row *row) {
    const char *const names[] = {"edge.example.test"};
    const struct certs_leaf_spec spec = {
        .key = "ecdsa-p256",
        .usages = {.names = row->usages,
                   .count = row->usage_count,
                   .present = row->usage_count > 0},
        .names = names,
        .name_count = 1,
        .not_before = STORE_LAB_NOW + row->from_days * DAY,
        .not_after = STORE_LAB_NOW + row->to_days * DAY,
    };
    struct certs_identity issued;
    struct base_error error;
    char name[64];
    cr_assert(certs_authority_issue(authority, &spec, &issued, &error), "%s", error.text);
    snprintf(name, sizeof name, "%s.pem", row->name);
    store_lab_write(name, base_bytes_of_text(issued.chain_pem));
    snprintf(name, sizeof name, "%s.key", row->name);
    store_lab_write(name, base_bytes_of_text(issued.key_pem));
    certs_identity_finish(&issued);
}

void store_lab_open(void) {
    const struct certs_authority_spec spec = {
        .name = "ca", .key = "ecdsa-p256", .intermediates = 1};
    struct certs_authority *authority;
    struct base_error error;
    strcpy(store_lab.tree, "/tmp/ekuload-store-XXXXXX");
    cr_assert_not_null(mkdtemp(store_lab.tree));
    cr_assert_eq(chmod(store_lab.tree, 0755), 0);
    snprintf(store_lab.folder, sizeof store_lab.folder, "%s/store", store_lab.tree);
    cr_assert_eq(mkdir(store_lab.folder, 0755), 0);
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        issue(authority, &leaves[i]);
    }
    char *root = certs_authority_root_pem(authority);
    store_lab_write("root.pem", base_bytes_of_text(root));
    free(root);
    certs_authority_destroy(authority);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void store_lab_close(void) {
    chmod(store_lab.folder, 0755);
    nftw(store_lab.tree, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

char *store_lab_snapshot(void) {
    struct dirent **entries;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    int count = scandir(store_lab.folder, &entries, NULL, alphasort);
    cr_assert(out != NULL && count >= 2);
    for (int i = 0; i < count; i++) {
        char name[300];
        struct stat status;
        snprintf(name, sizeof name, "store/%s", entries[i]->d_name);
        cr_assert_eq(lstat(store_lab_path(name), &status), 0);
        fprintf(out, "%s %o\n", entries[i]->d_name, status.st_mode);
        if (S_ISREG(status.st_mode)) {
            struct bytes content = store_lab_read(name);
            fwrite(content.data, 1, content.length, out);
            free((void *)(uintptr_t)content.data);
        }
        free(entries[i]);
    }
    free(entries);
    fclose(out);
    return text;
}

struct node_store_upload store_lab_upload(enum node_store_role role, const char *certificate,
                                          const char *key) {
    static char paths[2][384];
    snprintf(paths[0], sizeof paths[0], "%s/%s", store_lab.tree, certificate);
    snprintf(paths[1], sizeof paths[1], "%s/%s", store_lab.tree, key == NULL ? "" : key);
    return (struct node_store_upload){
        .product = profile_product_find("expressway-e", "x15.5"),
        .role = role,
        .certificate_path = paths[0],
        .key_path = key == NULL ? NULL : paths[1],
        .now = STORE_LAB_NOW,
    };
}

void store_lab_store(enum node_store_role role, const char *certificate, const char *key) {
    const struct node_store_upload upload = store_lab_upload(role, certificate, key);
    struct base_error error;
    cr_assert(node_store_upload(store_lab.folder, &upload, &error), "%s", error.text);
}

void store_lab_expect(enum node_store_role role, const char *name) {
    struct node_store_view view;
    struct base_error error;
    char file[64];
    char stored[64];
    cr_assert(node_store_look(&view, store_lab.folder, &error), "%s", error.text);
    cr_assert_eq(view.stores[role].trouble.kind, BASE_ERROR_NONE, "%s",
                 view.stores[role].trouble.text);
    snprintf(stored, sizeof stored, "store/%s",
             role == NODE_STORE_SERVER ? "server.pem" : "client.pem");
    snprintf(file, sizeof file, "%s.pem", name);
    struct bytes wanted = store_lab_read(file);
    struct bytes found = store_lab_read(stored);
    cr_assert(base_bytes_equal(wanted, found), "%s is not %s", stored, file);
    free((void *)(uintptr_t)wanted.data);
    free((void *)(uintptr_t)found.data);
}
