/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_INTERNAL_H
#define NODE_INTERNAL_H

#include "node.h"
#include "node_limit.h"
#include "tls_context.h"

struct node_store {
    struct tls_identity **identities;
    uint32_t *identity_of; /* index in the plan's store, per certificate */
    uint32_t count;
    struct bytes *leaves; /* DER, borrowed: what it presents, then what earlier generations did */
    uint32_t leaf_count;
};

/* What all generations of a node have in common. */
struct node_mode {
    /* Not for workers: */
    unsigned generations; /* that share it and still live */
    bool server_eku_upload;
    _Atomic bool eku_checking;
    _Atomic unsigned policy_of_mode;   /* enum tls_eku_policy that the mode stands for */
    _Atomic unsigned policy_of_always; /* what On stands for, whatever the mode */
    _Atomic unsigned policy_of_never;
    uint8_t ticket_key[TLS_TICKET_KEY_SIZE]; /* seals the tickets of its listeners */
    struct node_limit *limits; /* by the plan's listeners; those of other nodes stay unused */
};

struct node {
    const struct profile_node *plan;
    struct node_mode *mode;
    struct node_store stores[TLS_ROLE_COUNT]; /* by the role of the socket that presents it */
    struct tls_trust *trust;
};

/* node_check.c: what a store may not hold, and what does not fit the profile. */
bool node_check_stores(const struct node *node, struct base_error *error);
/* What `previous` did not present, nor those before it, was uploaded meanwhile. */
bool node_check_renewal(const struct node *node, const struct node *previous,
                        struct base_error *error);

#endif
