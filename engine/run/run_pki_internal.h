/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_PKI_INTERNAL_H
#define RUN_PKI_INTERNAL_H

#include "run_pki.h"

bool run_pki_allocate(struct run_pki *pki, const struct profile_plan *plan,
                      struct base_error *error);

/* Room for every certificate of the store, in the plan's order, each told its identity. */
bool run_pki_allocate_store(struct run_store *store, const struct profile_store *row,
                            struct base_error *error);
bool run_pki_copy_store(struct run_store *to, const struct run_store *from,
                        struct base_error *error);
uint32_t run_pki_certificate_count(const struct profile_identity *identity);

/* Its two stores, trust and revocation lists; the folder is made. */
bool run_pki_write_node(const struct run_node_pki *node, const char *directory,
                        struct base_error *error);
/* What run_pki_write() wrote for one node, or somebody put there since. */
bool run_pki_load_node(struct run_node_pki *node, const struct profile_node *row,
                       const char *directory, struct base_error *error);
/* Frees it and leaves it empty. */
void run_pki_finish_node(struct run_node_pki *node);

/* Those that the profile names can be read, and each key is its certificate's. Nothing is issued.
 */
bool run_pki_check_files(const struct profile_plan *plan, struct base_error *error);

/* Appends `text` to a text on the heap; `*whole` NULL: an empty one. False without memory. */
bool run_pki_append(char **whole, const char *text);

/* A whole file on the heap with a final NUL, or NULL with a sentence. At most 1 MiB. */
char *run_pki_read_text(const char *path, struct base_error *error);

#endif
