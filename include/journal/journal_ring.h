/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_RING_H
#define JOURNAL_RING_H

#include "base_fault.h"
#include "metrics_shard.h"

#include <stdbool.h>
#include <stdint.h>

/* What a node writes into its event log about one connection. */
enum journal_kind {
    JOURNAL_INBOUND_TLS_ERROR,  /* a listener refused, or the handshake failed there */
    JOURNAL_OUTBOUND_TLS_ERROR, /* a zone's connection was refused, or failed during the handshake
                                 */
    JOURNAL_TUNNEL_ERROR,       /* a tunnel of ours was refused, or not answered */
    JOURNAL_AUTHENTICATION_FAILED, /* a listener was given wrong credentials */
    JOURNAL_REQUEST_REJECTED,      /* a request of ours was answered with an error */
    JOURNAL_REQUEST_UNROUTABLE,    /* a request for others could not be sent on; subject: where it
                                      came in, by `on_listener` */
};

#define JOURNAL_HOST_SIZE 46

struct journal_event {
    enum journal_kind kind;
    enum fault fault;
    uint32_t subject; /* listener or zone index, by kind */
    int64_t wall_ns;
    uint16_t source_port;                  /* 0: unknown */
    uint16_t status;                       /* of a response; 0: none */
    bool on_listener;                      /* subject is a listener; set for every kind */
    char reason[METRICS_REASON_TEXT_SIZE]; /* what the peer said, or why there was no way on */
    char source_host[JOURNAL_HOST_SIZE];
    uint16_t target_port; /* which of several the zone dialled; 0: it has one, its place's */
    char target_host[JOURNAL_HOST_SIZE];
};

/*
 * One worker's events on their way to the files: a single-producer, single-consumer ring. The
 * worker never waits: what does not fit is counted and dropped.
 */
struct journal_ring;

/* NULL when there is no memory. */
struct journal_ring *journal_ring_create(void);
void journal_ring_destroy(struct journal_ring *ring);

/* Producer: the owning worker. */
void journal_ring_push(struct journal_ring *ring, const struct journal_event *event);

/* Consumer: one thread. False when the ring is empty. */
bool journal_ring_pop(struct journal_ring *ring, struct journal_event *event);

/* Events dropped so far; any thread. */
uint64_t journal_ring_dropped(const struct journal_ring *ring);

#endif
