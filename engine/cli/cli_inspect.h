/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "base_error.h"
#include "node_inspection.h"
#include "node_store.h"
#include "tls_certificates.h"

#include <limits.h>
#include <stdio.h>

/* A certificate with what stands behind it in its file, or with what a peer sent along. */
struct cli_inspect_chain {
    char *name;              /* the file, or HOST:PORT */
    struct base_buffer text; /* PEM */
    struct tls_certificates certificates;
    bool was_der;
    bool is_list;               /* authorities that do not belong together: a trusted CA library */
    enum node_store_role store; /* NODE_STORE_ROLES: of no store */
    char *key_name;             /* the store's key file; NULL: none was looked for */
    struct base_error key_trouble;      /* BASE_ERROR_NONE: the key is the certificate's */
    struct node_inspection *inspection; /* NULL for a list */
};

/* What one argument named. */
struct cli_inspect_target {
    char *name;
    const char *kind; /* "file" "store" "bundle" "folder" "peer" */
    struct cli_inspect_chain *chains;
    unsigned chain_count;
    struct tls_trust *trust; /* of the folder itself; NULL: none */
    char *trust_name;        /* the trust that is judged by; NULL: none */
    char **complaints;       /* a sentence for each thing that could not be read */
    unsigned complaint_count;
};

/* Further targets are appended: a result's folder holds several. */
struct cli_inspect_list {
    struct cli_inspect_target *targets;
    unsigned count;
};

/* Every allocation of this command; ends the program when there is no memory. */
void *cli_inspect_grow(void *array, unsigned count, size_t size);
char *cli_inspect_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct cli_inspect_target *cli_inspect_list_add(struct cli_inspect_list *list, const char *name,
                                                const char *kind);
void cli_inspect_list_finish(struct cli_inspect_list *list);

struct cli_inspect_chain *cli_inspect_add_chain(struct cli_inspect_target *target,
                                                const char *name);
/* Takes back the one added last. */
void cli_inspect_drop_chain(struct cli_inspect_target *target);
void cli_inspect_complain(struct cli_inspect_target *target, const struct base_error *error);

/* The whole file ("-": standard input), on the heap; wipe and free it. */
bool cli_inspect_read_file(struct base_buffer *out, const char *path, struct base_error *error);
void cli_inspect_wipe(struct base_buffer *text);

/* What a text is when it holds no certificate. */
enum cli_inspect_text_kind {
    CLI_INSPECT_CERTIFICATES,
    CLI_INSPECT_OTHER_MATERIAL, /* a key, a request, a list: known, and nothing to inspect */
    CLI_INSPECT_NOTHING,
};
enum cli_inspect_text_kind cli_inspect_tell(struct bytes text);

/* Fills chain->text and chain->certificates from PEM or DER; takes `text` in any case. */
bool cli_inspect_parse(struct cli_inspect_chain *chain, struct base_buffer *text,
                       struct base_error *error);
bool cli_inspect_read(struct cli_inspect_chain *chain, const char *path, struct base_error *error);

/* Everything that `argument` names: a file, a folder, HOST:PORT. */
void cli_inspect_collect(struct cli_inspect_list *list, const char *argument);
void cli_inspect_collect_folder(struct cli_inspect_list *list, const char *path);

/* The certificates that a TLS server sends. True when `argument` has the form HOST:PORT. */
#define CLI_INSPECT_HOST_SIZE 256
bool cli_inspect_is_peer(const char *argument, char host[CLI_INSPECT_HOST_SIZE], const char **port);
bool cli_inspect_fetch(struct base_buffer *out, const char *host, const char *port,
                       struct base_error *error);

/* Both stores begin with the same certificate; false in *known when there are not two. */
bool cli_inspect_same_certificate(const struct cli_inspect_target *target, bool *known);

/* "server store: presented when the node accepts a connection"; "" for no store. */
const char *cli_inspect_role_text(enum node_store_role store);

void cli_inspect_print_text(const struct cli_inspect_list *list, int64_t now_s, FILE *out);
bool cli_inspect_print_json(const struct cli_inspect_list *list, int64_t now_s, FILE *out);

#endif
