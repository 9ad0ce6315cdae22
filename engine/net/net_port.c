/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_port.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#define FIRST_PORT 25000u
#define PORTS      5000u
/* Beyond so many taken ones in a row the kernel searches better. */
#define TRIES 64u

/* One count for all workers: the ports of a run follow one another, as a product's do. */
static atomic_uint ports_taken;

static void set_port(struct net_address *address, unsigned port) {
    if (address->any.sa_family == AF_INET) {
        address->v4.sin_port = htons((uint16_t)port);
        return;
    }
    address->v6.sin6_port = htons((uint16_t)port);
}

int net_port_bind(int socket_fd, struct net_address *address) {
    for (unsigned i = 0; i < TRIES; i++) {
        unsigned next = atomic_fetch_add_explicit(&ports_taken, 1, memory_order_relaxed);
        set_port(address, FIRST_PORT + next % PORTS);
        if (bind(socket_fd, &address->any, address->length) == 0) {
            return 0;
        }
        if (errno != EADDRINUSE) {
            return -errno;
        }
    }
    socklen_t length = sizeof address->v6;
    set_port(address, 0);
    if (bind(socket_fd, &address->any, address->length) != 0 ||
        getsockname(socket_fd, &address->any, &length) != 0) {
        return -errno;
    }
    return 0;
}
