/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_STORE_FOLDER_H
#define NODE_STORE_FOLDER_H

#include "base_bytes.h"
#include "base_error.h"

#include <sys/types.h>

/* A folder, open and locked: many may look, or one may change. */
struct node_store_folder {
    int descriptor;
    const char *path;
};

bool node_store_folder_open(struct node_store_folder *folder, const char *path, bool to_change,
                            struct base_error *error);
void node_store_folder_close(struct node_store_folder *folder);

bool node_store_folder_holds(const struct node_store_folder *folder, const char *name);

/* A file's octets on the heap, wiped when finished. */
struct node_store_text {
    struct base_buffer buffer;
    char name[1024]; /* under which errors speak of it */
};

/* `folder` NULL: `name` is a path. */
bool node_store_text_read(struct node_store_text *out, const struct node_store_folder *folder,
                          const char *name, struct base_error *error);
void node_store_text_finish(struct node_store_text *text);

struct node_store_change {
    const char *name;
    struct bytes content;
    mode_t mode;
};

/*
 * All of the files, or none: each is written beside its place and flushed, then they change places
 * in the order given. What was there before is kept as ".NAME.old" until all are in place.
 */
bool node_store_folder_replace(const struct node_store_folder *folder,
                               const struct node_store_change *changes, unsigned count,
                               struct base_error *error);

/* After a crash in the midst: is there a former file, back with it, away with it. */
bool node_store_folder_has_former(const struct node_store_folder *folder, const char *name);
bool node_store_folder_restore(const struct node_store_folder *folder, const char *name,
                               struct base_error *error);
void node_store_folder_forget(const struct node_store_folder *folder, const char *name);

#endif
