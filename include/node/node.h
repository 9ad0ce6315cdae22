/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_H
#define NODE_H

#include "base_error.h"
#include "profile_plan.h"

#include <stddef.h>

/*
 * A node as all workers share it: two stores, one trust, and the EKU checking mode. All but the
 * mode is immutable after creation: a store that changes while the node runs makes a successor. The
 * plan must outlive it.
 */
struct node;

/* A NUL-terminated PEM text, and the name under which errors speak of it. Borrowed for the call. */
struct node_pem {
    const char *text;
    const char *name;
};

/* One certificate with its key. */
struct node_credential {
    struct node_pem chain;
    struct node_pem key;
    uint32_t identity; /* the store's identity in the plan that it stands for (identities may have
                          a count) */
};

/* What fills a node: issued or read elsewhere. */
struct node_material {
    const struct node_credential *server;
    uint32_t server_count;
    const struct node_credential *client;
    uint32_t client_count;
    struct node_pem trust;
    struct node_pem crls;
};

/* Could a store hold it: a certificate and its key, both readable. */
bool node_check_credential(const struct node_credential *credential, struct base_error *error);

bool node_create(struct node **out, const struct profile_plan *plan, uint32_t node_index,
                 const struct node_material *material, struct base_error *error);
void node_destroy(struct node *node);

/*
 * The same node with other certificates; both have one mode. Peers may be shown the leaves of every
 * generation, so that a connection whose handshake is under way is no mismatch. `previous` must
 * outlive it. Who put the certificates into one of two stores applied its upload rule, or went
 * around it by the checkbox; what is new in the store of a release with one store is held to the
 * rule here, as its switch stands.
 */
bool node_create_successor(struct node **out, const struct node *previous,
                           const struct node_material *material, struct base_error *error);

/* What it presents: "server 46df76aa000000000029; client 2f0a". Serials as the product shows them.
 */
void node_presents_text(const struct node *node, char *out, size_t out_size);

/* Any thread; counts for every certificate judged from now on. */
void node_set_eku_checking(struct node *node, bool on);
bool node_eku_checking(const struct node *node);

/* EnableServerEkuUpload, for the successors to come; not for workers. */
void node_set_server_eku_upload(struct node *node, bool on);
bool node_server_eku_upload(const struct node *node);

/* An identity of the client store as its first certificate says. */
struct node_client_identity {
    char usages[512]; /* "serverAuth, clientAuth"; "none" without the extension */
    char name[256];   /* the common name, else the first of the names; "": none */
    char serial[64];  /* as the product shows it; "": there are several certificates, or none */
    uint32_t certificates; /* that stand for it */
};
void node_client_describe(const struct node *node, uint32_t identity,
                          struct node_client_identity *out);

/* By which host a zone's node speaks of its peer: the name it verifies, the peer's own, or its
 * address. Of the plan. */
const char *node_name_of_peer(const struct profile_plan *plan, const struct profile_zone *zone);

/* The policy in force for a listener of this node, as the profile spells it, and whether it checks
 * at all. */
const char *node_listener_policy(const struct node *node, const struct profile_listener *listener,
                                 bool *checks);

#endif
