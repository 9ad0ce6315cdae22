/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_SAMPLE_H
#define CERTS_SAMPLE_H

#include "certs_authority.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A folder of its own under /tmp, in which openssl judges what was issued. */
struct sample_folder {
    char path[32];
    char output[16384]; /* of the last command */
};

struct sample_folder *sample_folder_create(void);
void sample_folder_destroy(struct sample_folder *folder);
void sample_folder_write(const struct sample_folder *folder, const char *name, const char *text);

/* The exit status of a shell command in the folder; stdout and stderr go to `output`. */
int sample_folder_run(struct sample_folder *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each ends the test when it fails. */
struct certs_authority *sample_authority(const char *key, unsigned intermediates);
struct certs_identity sample_issue(struct certs_authority *authority,
                                   const struct certs_leaf_spec *spec);

/* Leaves root.pem and issuers.pem (the intermediates, then the root) in the folder. */
void sample_write_authority(const struct sample_folder *folder,
                            const struct certs_authority *authority);

/* Issues the leaf and leaves NAME.pem (the chain) and NAME.key in the folder. */
void sample_write_leaf(const struct sample_folder *folder, struct certs_authority *authority,
                       const struct certs_leaf_spec *spec, const char *name);

/* A P-256 leaf for edge.example.test, valid today, without extended key usage. */
struct certs_leaf_spec sample_leaf(void);

#endif
