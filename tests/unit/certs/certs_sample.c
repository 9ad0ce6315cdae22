/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

struct sample_folder *sample_folder_create(void) {
    struct sample_folder *folder = calloc(1, sizeof *folder);
    cr_assert_not_null(folder);
    strcpy(folder->path, "/tmp/ekuload-certs-XXXXXX");
    cr_assert_not_null(mkdtemp(folder->path));
    return folder;
}

void sample_folder_destroy(struct sample_folder *folder) {
    cr_assert_eq(sample_folder_run(folder, "rm -rf '%s'", folder->path), 0, "%s", folder->output);
    free(folder);
}

void sample_folder_write(const struct sample_folder *folder, const char *name, const char *text) {
    char path[128];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    file = fopen(path, "we");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

int sample_folder_run(struct sample_folder *folder, const char *format, ...) {
    char command[1024];
    char whole[1200];
    va_list arguments;
    size_t length;
    FILE *pipe;
    int status;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof whole, "cd '%s' && { %s; } 2>&1", folder->path, command);
    pipe = popen(whole, "re");
    cr_assert_not_null(pipe);
    length = fread(folder->output, 1, sizeof folder->output - 1, pipe);
    folder->output[length] = '\0';
    status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

struct certs_authority *sample_authority(const char *key, unsigned intermediates) {
    struct base_error error = {0};
    struct certs_authority *authority = NULL;
    struct certs_authority_spec spec = {.name = "ca1", .key = key, .intermediates = intermediates};
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    return authority;
}

struct certs_identity sample_issue(struct certs_authority *authority,
                                   const struct certs_leaf_spec *spec) {
    struct base_error error = {0};
    struct certs_identity identity;
    cr_assert(certs_authority_issue(authority, spec, &identity, &error), "%s", error.text);
    return identity;
}

void sample_write_authority(const struct sample_folder *folder,
                            const struct certs_authority *authority) {
    char *root = certs_authority_root_pem(authority);
    char *intermediates = certs_authority_intermediates_pem(authority);
    char *issuers = NULL;
    cr_assert_not_null(root);
    cr_assert_not_null(intermediates);
    sample_folder_write(folder, "root.pem", root);
    cr_assert_gt(asprintf(&issuers, "%s%s", intermediates, root), 0);
    sample_folder_write(folder, "issuers.pem", issuers);
    free(issuers);
    free(root);
    free(intermediates);
}

void sample_write_leaf(const struct sample_folder *folder, struct certs_authority *authority,
                       const struct certs_leaf_spec *spec, const char *name) {
    char file[64];
    struct certs_identity identity = sample_issue(authority, spec);
    snprintf(file, sizeof file, "%s.pem", name);
    sample_folder_write(folder, file, identity.chain_pem);
    snprintf(file, sizeof file, "%s.key", name);
    sample_folder_write(folder, file, identity.key_pem);
    certs_identity_finish(&identity);
}

struct certs_leaf_spec sample_leaf(void) {
    static const char *const names[] = {"edge.example.test"};
    int64_t now = (int64_t)time(NULL);
    return (struct certs_leaf_spec){.key = "ecdsa-p256",
                                    .names = names,
                                    .name_count = COUNT_OF(names),
                                    .not_before = now - 86400,
                                    .not_after = now + 30 * 86400};
}
