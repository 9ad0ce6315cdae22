/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_LAB_H
#define CONN_LAB_H

#include "base_clock.h"
#include "conn.h"
#include "tls_context.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/*
 * Connections of ours on a real ring over loopback, opposite one peer that the test moves by hand
 * at the TLS seam. One thread: nothing happens but in lab_turn().
 */
#define LAB_OUTGOING 3u
#define LAB_INCOMING 4u
#define LAB_SLOTS    (LAB_OUTGOING + LAB_INCOMING)

/* Longer than anything here takes; a condition that never comes true ends in a failure. */
#define LAB_PATIENCE_NS (8 * BASE_NS_PER_S)

struct lab {
    struct conn_environment environment;
    struct node_instance instance;
    struct node_self self;
    struct node_zone zone;
    struct node_listener listener;
    struct node_presented presented;
    struct tls_context *peer_client; /* what a peer that dials us uses */
    struct tls_context *peer_server; /* what a peer that we dial uses */
    struct metrics_shard shard;
    struct net_address address; /* our listener's */
    int listener_socket;
    struct net_address remote; /* the peer's listener */
    int remote_socket;
    struct conn conns[LAB_SLOTS];
    struct conn *conn;   /* the one under test */
    uint32_t dials_as;   /* zone and slot of the next that we dial */
    uint32_t accepts_as; /* listener of the next that we accept */
    uint64_t behind_ns;  /* so late after the schedule is the next that we dial */
    bool done;           /* conn_step() said so */
    uint32_t free_outboxes;
    uint32_t free_inboxes;
};

struct lab_peer {
    int socket; /* -1: gone */
    struct tls_session *session;
    size_t dribble; /* octets to send a turn; 0: all there is */
    bool reads;
    bool read_end; /* the other side closed or reset */
    enum fault fault;
    struct base_buffer output;    /* not yet sent */
    struct base_buffer plaintext; /* all that was decrypted; lab_peer_forget() empties it */
};

/* `versions`: of every context. The peer knows no wrong certificate. */
void lab_init(struct lab *lab, unsigned versions);
void lab_finish(struct lab *lab);

/* Our zone presents a certificate for servers: whoever checks refuses it. */
void lab_present_wrong_purpose(struct lab *lab);

/* A peer connects to our listener and has said nothing; lab->conn is its acceptor. */
void lab_peer_dials(struct lab *lab, struct lab_peer *peer);
/* Our initiator connects to the peer, which has read nothing. */
void lab_peer_is_dialled(struct lab *lab, struct lab_peer *peer);
void lab_peer_finish(struct lab_peer *peer);

/* Encrypts for us; goes out in the next turns. */
void lab_peer_write(struct lab_peer *peer, struct bytes plaintext);
void lab_peer_close_notify(struct lab_peer *peer);
void lab_peer_forget(struct lab_peer *peer);
/* The TCP connection ends: FIN, or RST. */
void lab_peer_hang_up(struct lab_peer *peer, bool reset);
size_t lab_peer_count(const struct lab_peer *peer, const char *text);

/* Both sides move on by what is there, waiting for it 1 ms at the longest. */
void lab_turn(struct lab *lab, struct lab_peer *peer);

/* The connection is over and holds nothing any more. */
void lab_expect_nothing_held(const struct lab *lab);

#define LAB_UNTIL(lab, peer, condition)                                                            \
    do {                                                                                           \
        uint64_t deadline_ns = base_clock_now_ns() + LAB_PATIENCE_NS;                              \
        while (!(condition)) {                                                                     \
            cr_assert(base_clock_now_ns() < deadline_ns, "never: " #condition);                    \
            lab_turn(lab, peer);                                                                   \
        }                                                                                          \
    } while (false)

#endif
