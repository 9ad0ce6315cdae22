/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_MAIL_H
#define CONN_MAIL_H

#include "base_error.h"
#include "base_fault.h"
#include "node_instance.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Relayed requests and their answers on the way from one worker to another: the two connections of
 * a hop are seldom served by the same thread, because the kernel spreads accepts as it likes. One
 * per run, shared by all workers.
 */
struct conn_mail;

/* A worker's number stands in a token's top octet, plus one. */
#define CONN_MAIL_WORKERS_MAX 255u

/* How many letters may wait for one worker: what peers can make us hold when it is slower than
 * those that write to it. */
#define CONN_MAIL_WAITING_MAX 16384u

struct conn_letter {
    struct conn_letter *next;
    bool is_answer; /* for the connection that `token` names; else for a carrier of `hop` */
    enum node_protocol protocol; /* of the message: SIP, or HTTP */
    uint32_t node;               /* who relays it */
    struct node_hop asker;       /* of a request: where it came from */
    struct node_hop hop;         /* of a request */
    uint64_t token;              /* of a request: where its answer goes back to */
    uint64_t channel;            /* of a request: the tunnel exchange it belongs to; 0: none */
    size_t length;
    uint8_t octets[]; /* the message as it goes onto the wire */
};

bool conn_mail_create(struct conn_mail **out, unsigned worker_count, uint32_t zone_count,
                      uint32_t listener_count, struct base_error *error);
void conn_mail_destroy(struct conn_mail *mail);

/* An eventfd that is readable while letters for `worker` wait. Read it empty, then take. */
int conn_mail_descriptor(const struct conn_mail *mail, unsigned worker);

/* Any worker. NULL when there is no memory; free with free(). */
struct conn_letter *conn_letter_create(struct bytes message);

/* Any worker; takes the letter over. False, and it is freed, when there is no such worker (a token
 * comes from the wire), or when too many wait for it already. */
bool conn_mail_post(struct conn_mail *mail, unsigned worker, struct conn_letter *letter);

/* The owner of the box: all letters that wait, oldest first; NULL: none. The caller frees each. */
struct conn_letter *conn_mail_take(struct conn_mail *mail, unsigned worker);

/* The owner says whether it has a connection that can carry requests over `hop`. */
void conn_mail_announce(struct conn_mail *mail, unsigned worker, struct node_hop hop, bool carries);

/* Why the last connection of `hop` ended, in any worker; FAULT_NONE: in order, or none did. */
void conn_mail_note_end(struct conn_mail *mail, struct node_hop hop, enum fault fault);
enum fault conn_mail_last_fault(const struct conn_mail *mail, struct node_hop hop);

/* A worker that said it has one, another one each time; CONN_MAIL_WORKERS_MAX: nobody does. */
unsigned conn_mail_find(struct conn_mail *mail, unsigned asking, struct node_hop hop);

#endif
