/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_INSTANCE_H
#define NODE_INSTANCE_H

#include "base_bytes.h"
#include "base_error.h"
#include "base_random.h"
#include "profile_plan.h"

#include <stdbool.h>
#include <stdint.h>

struct node;
struct node_limit;
struct sip_script;
struct tls_context;

enum node_dialog {
    NODE_DIALOG_NONE,
    NODE_DIALOG_OPTIONS,
    NODE_DIALOG_REGISTER,
    NODE_DIALOG_INVITE,
    NODE_DIALOG_HTTP,
    NODE_DIALOG_SCRIPT,
};

/* What is spoken on a connection once TLS is up. */
enum node_protocol { NODE_PROTOCOL_SIP, NODE_PROTOCOL_HTTP, NODE_PROTOCOL_TUNNEL };

/* For digest authentication; nothing but NULL: none. Borrowed from the plan. */
#define NODE_DIGESTS 3
struct node_credentials {
    const char *username;
    const char *password;
    const struct profile_users *users; /* a listener's, instead of the two */
    uint8_t algorithms[NODE_DIGESTS];  /* a listener's: enum profile_digest, the preferred first */
    uint8_t algorithm_count;           /* 0: MD5 alone */
};

static inline bool node_credentials_given(const struct node_credentials *credentials) {
    return credentials->username != NULL || credentials->users != NULL;
}

/* One certificate of the client store, ready to be presented. */
struct node_presented {
    struct tls_context *context;
    uint32_t identity;       /* index in the plan's store */
    double cumulative_share; /* of all attempts, this one and those before it: ends at 1 */
};

/* A zone as one worker drives it. */
struct node_zone {
    struct node_presented *presented; /* NULL: the zone's node runs elsewhere */
    uint32_t presented_count;
    struct bytes *expected_leaves; /* what the peer's server store holds; the contexts read it */
    char local_name[256];          /* SIP host of our side */
    char remote_name[256];         /* SIP host of the peer */
    char target_host[256];         /* host that our own requests are for */
    char target_uri[384];          /* SIP: "sip:room@webex.example.test"; HTTP: the path, "/" */
    char target_authority[300];    /* HTTP: Host, "cucm.example.test:6972" */
    const char *user;              /* prefix of our own user part; NULL: none */
    struct node_credentials credentials; /* for a challenge of the peer */
    uint32_t node;                       /* whose zone it is */
    enum node_protocol protocol;
    enum node_dialog dialog;
    const struct sip_script *script;   /* of NODE_DIALOG_SCRIPT; borrowed from the plan */
    const struct profile_users *users; /* who its connections are; NULL: nobody in particular */
    bool stays_open;                   /* keep N open: only the peer or the end of the run closes */
    bool reset_on_close;
    bool resumes;        /* TLS sessions of earlier connections are offered again */
    double resume_ratio; /* by this share of the attempts */
    uint64_t hold_ns;
    uint64_t options_interval_ns;
    struct profile_spread hold_spread;
    struct profile_spread options_interval_spread;
    uint32_t dialogs;       /* on one connection, then it closes; 0: they are not counted */
    uint64_t ping_ns;       /* nothing but keep-alives is said: so far apart; 0: the first alone */
    uint64_t keep_alive_ns; /* a request that is due later has a keep-alive before it; 0: none */
    bool is_alias;          /* `;alias` in Via */
    uint64_t timeout_ns;
    uint32_t expires_s;       /* of a registration */
    uint64_t reinvite_ns;     /* between the INVITEs of a call; 0: one is all */
    uint64_t cancel_after_ns; /* a call that rings for so long is cancelled; 0: none is */
    bool deregisters;         /* a registration is taken back before its connection closes */
    bool is_outbound;         /* it is a flow of RFC 5626 */
    bool is_secure;           /* sips: URIs */
};

/* A listener as one worker serves it. */
struct node_listener {
    struct tls_context *context;   /* NULL: the listener's node runs elsewhere */
    struct bytes *expected_leaves; /* what the client stores of its initiators hold */
    bool needs_alias; /* only connections that were offered carry requests back (RFC 5923) */
    struct node_credentials credentials; /* whom it challenges for; none: nobody */
    char peer_name[256]; /* SIP host of who dials it: requests for that host may go back over its
                            connections; "": unknown, or several */
    uint32_t node;       /* whose listener it is */
    enum node_protocol protocol;
    uint64_t timeout_ns;
    struct node_limit *limit; /* shared with the other workers; NULL: none */
};

/* A node as a speaker of SIP and HTTP. */
struct node_self {
    char name[256]; /* its host in Via, Record-Route and Contact */
    bool relays;    /* requests for others are sent on; else it answers whatever reaches it */
};

/* Over whose connections a request goes on. */
struct node_hop {
    bool is_listener; /* connections that a peer opened to this listener; else a zone's */
    uint32_t index;
};

enum node_way {
    NODE_WAY_HERE,    /* it is for us: answer */
    NODE_WAY_ONWARDS, /* send it on over the hop */
    NODE_WAY_NONE     /* nobody knows this host */
};

/* One worker's TLS contexts of all nodes that run here, indexed as in the plan. Owning worker only.
 */
struct node_instance {
    const struct profile_plan *plan;
    struct node_self *selves; /* per node */
    struct node_zone *zones;
    uint32_t zone_count;
    struct node_listener *listeners;
    uint32_t listener_count;
};

/*
 * `nodes`: one per node of the plan, NULL when nothing is known of it (external equipment).
 * `runs_here`: one per node. The nodes outlive the instance.
 */
bool node_instance_create(struct node_instance **out, const struct profile_plan *plan,
                          struct node *const *nodes, const bool *runs_here,
                          struct base_error *error);
void node_instance_destroy(struct node_instance *instance);

/*
 * Handshakes of `instance` that are under way may be shown what the nodes of `successor` present,
 * which must outlive it. False without memory: some contexts then expect it, others do not.
 */
bool node_instance_expect_like(struct node_instance *instance,
                               const struct node_instance *successor);

/*
 * Where node `node` sends a request for `host` (SIP: not with a tunnel; HTTP: to an HTTP zone, or
 * into a tunnel): its routes in order, then a zone whose peer has that name, then a listener whose
 * peer has. HERE when the host is the node itself, or when it relays nothing. Compared without
 * letter case. `hop` is set with ONWARDS.
 */
enum node_way node_find_way(const struct node_instance *instance, uint32_t node,
                            enum node_protocol protocol, struct bytes host, struct node_hop *hop);

/* Chooses by weight among what the zone presents. */
const struct node_presented *node_zone_choose(const struct node_zone *zone,
                                              struct base_random *random);

#endif
