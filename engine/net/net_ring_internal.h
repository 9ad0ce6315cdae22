/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NET_RING_INTERNAL_H
#define NET_RING_INTERNAL_H

#include "net_ring.h"

#include <liburing.h>

/*
 * Small buffers, many of them: thousands of OPTIONS may arrive in one turn, and a TLS flight that
 * needs more than one buffer is only one more completion.
 */
#define NET_RECEIVE_BUFFERS      1024u
#define NET_RECEIVE_BUFFER_BYTES 4096u
#define NET_BUFFER_GROUP         0

struct net_ring {
    struct io_uring uring;
    struct io_uring_buf_ring *buffer_ring;
    uint8_t *buffers;
    size_t buffer_ring_bytes;
    uint32_t last_buffer; /* to be recycled at the next net_ring_next(); UINT32_MAX: none */
};

#endif
