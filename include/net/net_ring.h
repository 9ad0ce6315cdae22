/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NET_RING_H
#define NET_RING_H

#include "base_bytes.h"
#include "base_fault.h"
#include "net_address.h"
#include "net_ticket.h"

/*
 * One worker's io_uring with its table of direct descriptors and its ring of receive buffers. All
 * calls from the thread that created it. Direct descriptors do not count against RLIMIT_NOFILE, but
 * one table may not be larger than it.
 */
struct net_ring;

struct net_ring_limits {
    uint32_t outgoing_slots; /* 0 .. outgoing_slots-1: net_ring_open() */
    uint32_t incoming_slots; /* the rest of the table: filled by accepts */
};

/* BASE_ERROR_MACHINE with what to change: io_uring forbidden, locked memory, descriptor limit,
 * kernel too old. */
bool net_ring_create(struct net_ring **out, const struct net_ring_limits *limits,
                     struct base_error *error);
void net_ring_destroy(struct net_ring *ring);

/* Hands what was queued to the kernel and waits for a completion, `timeout_ns` at the longest; 0:
 * looks only. */
void net_ring_wait(struct net_ring *ring, uint64_t timeout_ns);

struct net_event {
    struct net_ticket ticket;
    int32_t result;    /* as the system call's: octets, slot, or a negative errno */
    bool more;         /* the operation goes on and will report again */
    struct bytes data; /* received octets; valid until the next net_ring_next() */
};

/* The next completion; false when there is none left. */
bool net_ring_next(struct net_ring *ring, struct net_event *event);

/*
 * A listening SO_REUSEPORT socket with a multishot accept into the incoming slots; each completion
 * carries `ticket` and the new slot as its result. When it ends (event.more == false), call
 * net_ring_accept() again.
 */
bool net_ring_listen(const struct net_address *address, int *listener, struct base_error *error);
void net_ring_accept(struct net_ring *ring, int listener, struct net_ticket ticket);
void net_ring_stop_listening(struct net_ring *ring, int listener, struct net_ticket accept_ticket);

/*
 * Puts a new TCP socket into an outgoing slot, bound to `source` (its port is chosen at the
 * connect). `reset_on_close`: closing sends RST and leaves no TIME_WAIT.
 */
enum fault net_ring_open(struct net_ring *ring, uint32_t slot, const struct net_address *source,
                         bool reset_on_close);

/*
 * The same with its port chosen at once, and told in `source`: the next free one of 25000..29999,
 * the product's range for outbound SIP, or any when those next are taken. Slower: for diagnostics.
 */
enum fault net_ring_open_known(struct net_ring *ring, uint32_t slot, struct net_address *source,
                               bool reset_on_close);

/* `remote` must live until the completion. */
void net_ring_connect(struct net_ring *ring, uint32_t slot, const struct net_address *remote,
                      struct net_ticket ticket);

/* Multishot: reports until event.more is false (end of stream, error, or out of buffers: -ENOBUFS).
 */
void net_ring_receive(struct net_ring *ring, uint32_t slot, struct net_ticket ticket);

/* `data` must stay untouched until the completion. May send less than asked. */
void net_ring_send(struct net_ring *ring, uint32_t slot, struct bytes data,
                   struct net_ticket ticket);

void net_ring_shutdown_write(struct net_ring *ring, uint32_t slot, struct net_ticket ticket);

/*
 * Asks for the peer's address of a direct descriptor. `out->length` says how long the answer is
 * (that of the listener's own address); `out` must live until the completion, whose result is
 * negative when the kernel cannot tell (before 6.7).
 */
void net_ring_peer_address(struct net_ring *ring, uint32_t slot, struct net_address *out,
                           struct net_ticket ticket);

/* Cancels every operation on the slot; each reports its own end, the cancel itself reports with
 * `ticket`. */
void net_ring_cancel(struct net_ring *ring, uint32_t slot, struct net_ticket ticket);

/* Closes the slot's socket. A receive that is still armed keeps it open: cancel first. */
void net_ring_close(struct net_ring *ring, uint32_t slot, struct net_ticket ticket);

/*
 * Reports whenever `descriptor` (an eventfd) becomes readable, until event.more is false. Whoever
 * watches reads it empty.
 */
void net_ring_watch(struct net_ring *ring, int descriptor, struct net_ticket ticket);

/* The fault that a negative result of connect, receive or send stands for. */
enum fault net_fault_from_errno(int32_t result);

/* "io_uring works here", or why not. For `doctor` and for the start of a run. */
bool net_ring_probe(struct base_error *error);
const char *net_ring_library_version(void);

#endif
