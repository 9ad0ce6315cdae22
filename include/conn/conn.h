/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_H
#define CONN_H

#include "base_fault.h"
#include "base_list.h"
#include "base_pool.h"
#include "base_random.h"
#include "base_timer.h"
#include "journal_ring.h"
#include "metrics_shard.h"
#include "net_ring.h"
#include "node_instance.h"

/* Phases only move forward; conn_enter() alone writes them. IDLE: the slot belongs to no
 * connection. */
enum conn_phase { CONN_IDLE, CONN_TCP, CONN_TLS, CONN_SIP, CONN_CLOSE, CONN_PHASES };

/* Operations of a ticket; also bits of conn->operations. */
enum conn_operation {
    CONN_CONNECT,
    CONN_RECEIVE,
    CONN_SEND,
    CONN_SHUTDOWN,
    CONN_PEER_ADDRESS,
    CONN_CANCEL,
    CONN_CLOSE_SLOT,
    CONN_OPERATIONS, /* the worker's own tickets start here */
};

/* How a connection ended, for whoever owns its slot. */
enum conn_outcome {
    CONN_OUTCOME_NONE,
    CONN_OUTCOME_FAILED,      /* before admission */
    CONN_OUTCOME_UNCONFIRMED, /* TLS is up, the peer answers nothing */
    CONN_OUTCOME_LOST,        /* after admission, not in order */
    CONN_OUTCOME_CLOSED,      /* after admission, in order */
};

struct tls_session;

/*
 * One TCP connection with its TLS session, in either role. Lives in one worker's table of slots;
 * zeroed memory is an idle one, but for its `slot`, which the owner sets.
 */
struct conn {
    /* Touched by every event. */
    struct tls_session *tls;
    uint32_t slot;
    uint32_t generation;
    uint8_t phase;      /* enum conn_phase */
    uint8_t operations; /* bit per enum conn_operation in flight */
    uint8_t outcome;    /* enum conn_outcome */
    bool initiator : 1;
    bool admitted : 1;
    bool answering : 1;
    bool answered : 1;
    bool awaits_response : 1;
    bool awaits_pong : 1;
    bool finished : 1;    /* the dialog is over: close in order */
    bool send_broken : 1; /* a send failed: read to the end before naming a fault */
    bool drains : 1;      /* CLOSE: flush, FIN, then read to the peer's end */
    bool wrote_fin : 1;
    bool read_end : 1;
    bool cancelled : 1;
    bool slot_closed : 1;
    uint8_t fault;    /* enum fault that ended it */
    uint32_t subject; /* zone or listener index */
    uint32_t flying;  /* outbox block that the kernel reads; BASE_POOL_NONE */
    uint32_t flying_sent;
    uint32_t flying_length;
    uint32_t waiting; /* outbox block filled meanwhile; BASE_POOL_NONE */
    uint32_t waiting_length;
    uint32_t inbox; /* block with an incomplete SIP message; BASE_POOL_NONE */
    uint32_t inbox_length;
    struct base_timer timer;
    uint64_t request_ns;  /* when the pending request was sent, or when the next one is due */
    uint64_t close_at_ns; /* end of the hold time; 0: none */
    uint64_t dialog;      /* SIP identifiers of the pending, or last, transaction */
    uint64_t branch;
    uint32_t cseq;
    /* Touched a few times in its life. */
    uint64_t started_ns;
    uint64_t intended_ns;
    uint64_t tls_started_ns;
    const struct node_presented *presented;
    const struct net_address *remote;
    struct base_link link;     /* the owner's */
    uint16_t attempt_of_burst; /* the owner's */
};

/* Buffers for the duration of one call; private to this room. */
struct conn_scratch;

/* Everything a worker's connections share. The worker owns it; one thread. */
struct conn_environment {
    struct net_ring *ring;
    const struct node_instance *instance;
    const struct net_address *listener_addresses; /* as in the plan */
    struct metrics_shard *shard;
    struct journal_ring *journal;
    struct base_timer_wheel wheel;
    struct base_random random;
    struct base_pool outboxes; /* TLS output on its way to the kernel */
    struct base_pool inboxes;  /* incomplete SIP messages */
    struct conn_scratch *scratch;
    uint64_t now_ns; /* set by the worker before each event */
    bool frozen;     /* the run is over: nothing is counted any more */
};

/*
 * Sets up timers, generator and buffers for at most `slots` connections; the caller fills in the
 * borrowed pointers. False when there is no memory; balance with conn_environment_finish().
 */
bool conn_environment_init(struct conn_environment *environment, uint32_t slots, uint64_t seed,
                           uint64_t now_ns);
void conn_environment_finish(struct conn_environment *environment);

enum conn_result { CONN_GOES_ON, CONN_DONE };

/* An attempt of a zone: who dials whom, and since when it was intended. */
struct conn_attempt {
    uint32_t zone;
    const struct node_presented *presented;
    const struct net_address *source;
    const struct net_address *remote; /* lives as long as the connection */
    uint64_t intended_ns;
};

/* Starts an attempt in a free outgoing slot (`conn->slot` is set). DONE: it failed at once. */
enum conn_result conn_start(struct conn *conn, struct conn_environment *environment,
                            const struct conn_attempt *attempt);

/* Takes over an accepted slot. */
enum conn_result conn_accept(struct conn *conn, struct conn_environment *environment,
                             uint32_t listener);

/*
 * Feeds one completion. DONE: no operation is in flight, the slot is closed, and the caller takes
 * the connection back (its outcome stays readable). A completion of an earlier generation is
 * dropped.
 */
enum conn_result conn_step(struct conn *conn, struct conn_environment *environment,
                           const struct net_event *event);

/* The connection's timer expired. */
enum conn_result conn_expire(struct conn *conn, struct conn_environment *environment);

/* Ends it in order (close_notify, then FIN); `at_once`: cancels and closes without waiting for the
 * peer. */
enum conn_result conn_stop(struct conn *conn, struct conn_environment *environment, bool at_once);

/* Frees what a connection holds that will never end in order: its ring is gone, or about to. */
void conn_discard(struct conn *conn);

#endif
