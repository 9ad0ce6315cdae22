/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_OPENSSL_H
#define X509_OPENSSL_H

#include "base_bytes.h"

#include <stdbool.h>

/*
 * A temporary folder in which the openssl command makes real certificates. Commands run with the
 * folder as working directory; the test fails when one of them does.
 */
#define OPENSSL_READS_MAX 16
struct openssl_folder {
    char path[64];
    uint8_t *reads[OPENSSL_READS_MAX];
    unsigned read_count;
};

void openssl_folder_create(struct openssl_folder *folder);
void openssl_folder_destroy(struct openssl_folder *folder);

bool openssl_is_installed(void);

void openssl_run(const struct openssl_folder *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What the command prints, blanks at the end removed. */
void openssl_ask(const struct openssl_folder *folder, char *out, size_t out_size,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

void openssl_write(const struct openssl_folder *folder, const char *name, const char *text);

/*
 * The file's octets in memory of exactly their size, so that a sanitizer sees each octet too far.
 * They live as long as the folder.
 */
struct bytes openssl_read(struct openssl_folder *folder, const char *name);

#endif
