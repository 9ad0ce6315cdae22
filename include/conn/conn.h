/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_H
#define CONN_H

#include "base_fault.h"
#include "base_list.h"
#include "base_pool.h"
#include "base_random.h"
#include "base_timer.h"
#include "conn_mail.h"
#include "journal_ring.h"
#include "journal_trace.h"
#include "metrics_shard.h"
#include "net_ring.h"
#include "node_instance.h"

/* Phases only move forward; conn_enter() alone writes them. IDLE: the slot belongs to no
 * connection. OPEN: TLS is up on our side, SIP or HTTP is spoken. */
enum conn_phase { CONN_IDLE, CONN_TCP, CONN_TLS, CONN_OPEN, CONN_CLOSE, CONN_PHASES };

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
    CONN_OUTCOME_FAILED,      /* an initiator before it was established, an acceptor before it was
                                 admitted */
    CONN_OUTCOME_UNCONFIRMED, /* TLS is up, the peer answers nothing */
    CONN_OUTCOME_LOST,        /* afterwards, not in order */
    CONN_OUTCOME_CLOSED,      /* afterwards, in order */
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
    uint8_t protocol;   /* enum node_protocol */
    bool initiator : 1;
    bool admitted : 1;    /* an authenticated application byte came from the peer */
    bool established : 1; /* an initiator's dialog got as far as its zone asks: counted as such */
    bool concluded : 1;   /* the first final answer came that is no challenge */
    bool answering : 1;
    bool answered : 1;
    bool awaits_response : 1;
    bool awaits_pong : 1;
    bool finished : 1;    /* the dialog is over: close in order */
    bool send_broken : 1; /* a send failed: read to the end before naming a fault */
    bool drains : 1;      /* CLOSE: flush, then read to the peer's end */
    bool peer_ended : 1;  /* CLOSE: it said close_notify, so there is nothing to read */
    bool impatient : 1;   /* CLOSE: the peer did not close in time */
    bool owes_fin : 1;
    bool read_end : 1;
    bool cancelled : 1;
    bool slot_closed : 1;
    bool owes_report : 1;   /* CLOSE: a line of the event log waits for the peer's address */
    bool distrusted : 1;    /* acceptor: the peer's last credentials were wrong */
    bool alias_refused : 1; /* acceptor: offered for requests back, with another's name */
    bool kept_alive : 1;    /* a keep-alive was answered after it was established */
    bool rings : 1;         /* a provisional answer came to the pending request */
    bool gives_up : 1;      /* its call was cancelled: 487 is the answer it wants */
    bool registered : 1;    /* a registration stands that is to be taken back */
    bool leaves : 1;        /* what was owed to the peer is being said: then it closes */
    uint8_t fault;          /* enum fault that ended it */
    uint8_t method;         /* enum sip_method of the pending, or last, transaction */
    uint8_t challenges;     /* how many the pending request has met */
    uint8_t target;         /* which of its zone's several it dials */
    uint32_t subject;       /* zone or listener index */
    uint32_t flying;        /* outbox block that the kernel reads; BASE_POOL_NONE */
    uint32_t flying_sent;
    uint32_t flying_length;
    uint32_t waiting; /* outbox block filled meanwhile; BASE_POOL_NONE */
    uint32_t waiting_length;
    uint32_t inbox; /* block with an incomplete message; BASE_POOL_NONE */
    uint32_t inbox_length;
    uint32_t cseq;
    struct base_timer timer;
    uint64_t request_ns;  /* when the pending request was sent, or when the next one is due */
    uint64_t close_at_ns; /* end of the hold time; 0: none */
    uint64_t dialog;      /* SIP identifiers of the pending, or last, transaction */
    uint64_t branch;
    /* Touched by some dialogs only. */
    struct base_link
        carrier; /* in its zone's or listener's list of those that can carry requests */
    union {
        uint64_t nonce;                  /* acceptor: what we challenged with; 0: not yet */
        const struct net_address *local; /* initiator: whence it dials, the port left open */
    };
    uint32_t nonce_count; /* acceptor */
    uint32_t challenge;   /* block with what was asked of us; BASE_POOL_NONE */
    uint32_t call;        /* block with the call that is held; BASE_POOL_NONE */
    union {
        uint32_t asked_first; /* HTTP: exchanges under way, oldest first; BASE_POOL_NONE */
        uint32_t script;      /* SIP: block with the script that is played; BASE_POOL_NONE */
    };
    union {
        uint32_t asked_last;
        uint32_t user; /* SIP: row of the zone's users, where it has any */
    };
    /* Touched a few times in its life. */
    uint64_t started_ns;
    uint64_t intended_ns;
    union {
        uint64_t tls_started_ns;
        uint64_t due_ns; /* once open: what a keep-alive came before; 0: nothing */
    };
    const struct node_presented *presented;
    const struct net_address *remote;
    struct base_link link;     /* the owner's */
    uint16_t attempt_of_burst; /* the owner's */
    uint32_t dialogs;          /* that came to their end, where their number is limited */
};

/* Buffers for the duration of one call; private to this room. */
struct conn_scratch;

/* Where a connection is found in a capture; length 0: unknown. */
struct conn_ends {
    struct net_address local;
    struct net_address remote;
};

/* The last connection of a seat was lost, and there is no other yet. */
struct conn_loss {
    uint32_t zone;
    uint32_t at; /* in units of 2^16 ns; 0: there is no loss */
};

/* Everything a worker's connections share. The worker owns it; one thread. */
struct conn_environment {
    struct net_ring *ring;
    const struct node_instance *instance;
    const struct net_address *listener_addresses; /* as in the plan */
    struct metrics_shard *shard;
    struct journal_ring *journal;
    struct journal_trace *trace; /* NULL: no diagnostics */
    struct base_timer_wheel wheel;
    struct base_random random;
    struct base_pool outboxes;   /* TLS output on its way to the kernel */
    struct base_pool inboxes;    /* incomplete messages */
    struct base_pool challenges; /* what was asked of those who must authenticate */
    struct base_pool calls;      /* calls that are held */
    struct base_pool exchanges;  /* HTTP requests that wait for their answer */
    struct base_pool scripts;    /* scripts that are played */
    uint32_t *next_users;        /* per zone: how many of its users were handed out */
    struct base_pool *slots;  /* the owner's connections, by slot: a relayed answer finds its way */
    struct conn_ends *ends;   /* by slot; NULL: no diagnostics */
    struct conn_loss *losses; /* by slot */
    uint32_t loss_count;      /* how many of them are */
    struct conn_mail *mail;   /* NULL: nothing is relayed between workers */
    unsigned worker;          /* whose box of it is ours */
    unsigned worker_count;    /* 0: this one alone */
    struct conn_carriers *zone_carriers;     /* who can carry requests, per zone */
    struct conn_carriers *listener_carriers; /* per listener */
    struct conn_scratch *scratch;
    uint64_t now_ns;  /* set by the worker before each event */
    bool frozen;      /* the run is over: nothing is counted any more */
    bool paused;      /* no dialog is begun */
    uint32_t leaving; /* how many say what they owe, and close then */
};

/* Connections of one zone or listener that are up and admitted; taken in turn. */
struct conn_carriers {
    struct base_link list;
    uint32_t count;         /* of the list */
    uint32_t expires_min_s; /* a zone's: what its registrar wants at least; 0: it did not say */
    enum fault last_fault;  /* why the last one that ended did; FAULT_NONE: in order, or none did */
};

/*
 * Sets up timers, generator, carriers and buffers for at most `slots` connections; the caller has
 * filled in the borrowed pointers. False when there is no memory; balance with
 * conn_environment_finish().
 */
bool conn_environment_init(struct conn_environment *environment, uint32_t slots, uint64_t seed,
                           uint64_t now_ns);
void conn_environment_finish(struct conn_environment *environment);

enum conn_result { CONN_GOES_ON, CONN_DONE };

/* An attempt of a zone: who dials whom, and since when it was intended. */
struct conn_attempt {
    uint32_t zone;
    const struct node_presented *presented;
    const struct net_address *source; /* both live as long as the connection */
    const struct net_address *remote;
    uint8_t target; /* which of the zone's several `remote` is */
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

/* Whether the peer is owed a word before the close: a BYE, or that a registration is taken back. */
bool conn_owes_a_word(const struct conn *conn, const struct conn_environment *environment);

/*
 * Ends it in order (close_notify, then FIN); `at_once`: cancels and closes without waiting for the
 * peer. One that owes a word says it and goes on until that is answered, or until it is stopped
 * again.
 */
enum conn_result conn_stop(struct conn *conn, struct conn_environment *environment, bool at_once);

/* A time that may scatter: `ns` itself, or drawn from `random`. */
uint64_t conn_draw_ns(struct base_random *random, uint64_t ns, const struct profile_spread *spread);

/* Counts it again after counting began anew; what has ended stays forgotten. */
void conn_recount(const struct conn *conn, struct conn_environment *environment);

/* The slot of an initiator is free for anybody: what was lost there is not to be recovered. */
void conn_forget_loss(const struct conn *conn, struct conn_environment *environment);

/* Something of another worker's for one of these connections. `letter` is borrowed. */
void conn_take_letter(struct conn_environment *environment, const struct conn_letter *letter);

/* Frees what a connection holds that will never end in order: its ring is gone, or about to. */
void conn_discard(struct conn *conn);

#endif
