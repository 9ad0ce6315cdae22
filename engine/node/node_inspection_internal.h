/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_INSPECTION_INTERNAL_H
#define NODE_INSPECTION_INTERNAL_H

#include "node_inspection.h"

#define NODE_INSPECTION_NAME_SIZE 160

/* A file under inspection. */
struct node_inspection_case {
    struct x509_set chain;
    const struct tls_trust *trust; /* NULL: unknown */
    int64_t now_s;
};

/* The subject, or "a certificate without a name". */
void node_inspection_name(const struct x509_certificate *certificate,
                          char out[NODE_INSPECTION_NAME_SIZE]);

/* Where on the path an issuer stands that may not be one (CA:FALSE, or a key usage without
 * keyCertSign); 0: nowhere. */
unsigned node_inspection_finds_no_authority(const struct x509_path *path);

/* Each fills its part of `out`; the path stands there already. */
void node_inspection_fill_rows(struct node_inspection *out,
                               const struct node_inspection_case *subject);
void node_inspection_fill_notes(struct node_inspection *out,
                                const struct node_inspection_case *subject);
void node_inspection_fill_sunset(struct node_inspection *out,
                                 const struct node_inspection_case *subject);

#endif
