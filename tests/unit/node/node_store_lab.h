/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_STORE_LAB_H
#define NODE_STORE_LAB_H

#include "node_store.h"

#include "base_bytes.h"

/*
 * A store folder of a test's own, and files to upload beside it: BOTH, SERVER, CLIENT, ANY, NONE
 * (by extended key usage), SECOND (both usages, another key), EXPIRED, FUTURE, each NAME.pem with
 * NAME.key; `tree` is the folder that holds all of it.
 */
#define STORE_LAB_NOW INT64_C(1800000000)
struct store_lab {
    char tree[64];
    char folder[96];
};
extern struct store_lab store_lab;

void store_lab_open(void);
void store_lab_close(void);

/* "<tree>/NAME", in static memory; a few at once. */
const char *store_lab_path(const char *name);
void store_lab_write(const char *name, struct bytes content);
struct bytes store_lab_read(const char *name); /* on the heap */
bool store_lab_exists(const char *name);

/* Names, modes and contents of everything in the store folder; on the heap. */
char *store_lab_snapshot(void);

/* Names in the tree; `key` NULL: none. expressway-e x15.5. Valid until the next call. */
struct node_store_upload store_lab_upload(enum node_store_role role, const char *certificate,
                                          const char *key);
/* The same, done and asserted. */
void store_lab_store(enum node_store_role role, const char *certificate, const char *key);

/* The store holds the certificate NAME.pem and a key that fits. */
void store_lab_expect(enum node_store_role role, const char *name);

#endif
