/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_openssl.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void openssl_folder_create(struct openssl_folder *folder) {
    *folder = (struct openssl_folder){.read_count = 0};
    snprintf(folder->path, sizeof folder->path, "/tmp/ekuload-x509-XXXXXX");
    cr_assert_not_null(mkdtemp(folder->path));
}

void openssl_folder_destroy(struct openssl_folder *folder) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder->path);
    cr_expect_eq(system(command), 0);
    while (folder->read_count > 0) {
        free(folder->reads[--folder->read_count]);
    }
}

bool openssl_is_installed(void) {
    return system("openssl version >/dev/null 2>&1") == 0;
}

__attribute__((format(printf, 4, 0))) static void prefix(const struct openssl_folder *folder,
                                                         char *command, size_t size,
                                                         const char *format, va_list arguments) {
    int used = snprintf(command, size, "cd '%s' && openssl ", folder->path);
    vsnprintf(command + used, size - (size_t)used, format, arguments);
}

void openssl_run(const struct openssl_folder *folder, const char *format, ...) {
    char command[2048];
    va_list arguments;
    va_start(arguments, format);
    prefix(folder, command, sizeof command - 32, format, arguments);
    va_end(arguments);
    strcat(command, " >log 2>&1");
    cr_assert_eq(system(command), 0, "%s", command);
}

void openssl_ask(const struct openssl_folder *folder, char *out, size_t out_size,
                 const char *format, ...) {
    char command[2048];
    va_list arguments;
    va_start(arguments, format);
    prefix(folder, command, sizeof command, format, arguments);
    va_end(arguments);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    size_t length = fread(out, 1, out_size - 1, pipe);
    cr_assert_eq(pclose(pipe), 0, "%s", command);
    while (length > 0 && strchr(" \n", out[length - 1]) != NULL) {
        length--;
    }
    out[length] = '\0';
}

void openssl_write(const struct openssl_folder *folder, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0);
    cr_assert_eq(fclose(file), 0);
}

struct bytes openssl_read(struct openssl_folder *folder, const char *name) {
    static uint8_t data[1 << 16];
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    size_t length = fread(data, 1, sizeof data, file);
    fclose(file);
    uint8_t *exact = malloc(length);
    cr_assert(length > 0 && exact != NULL && folder->read_count < OPENSSL_READS_MAX);
    folder->reads[folder->read_count++] = exact;
    memcpy(exact, data, length);
    return base_bytes(exact, length);
}
