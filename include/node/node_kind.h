/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_KIND_H
#define NODE_KIND_H

/* What differs between products: a row each, and nowhere else. */
struct node_kind {
    const char *product;     /* the profile's key */
    const char *log_process; /* the process that writes TLS errors into its event log */
};

/* NULL when no product has this key. */
const struct node_kind *node_kind_find(const char *product);

/* "expressway-c, expressway-e, ...": for error texts. Static. */
const char *node_kind_list(void);

#endif
