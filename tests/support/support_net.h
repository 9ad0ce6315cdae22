/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_NET_H
#define SUPPORT_NET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A /24 of loopback that no other test uses while this one runs: tests keep the ports of the
 * article and still run side by side.
 */
struct support_net {
    int claim; /* a listening socket on .1: the claim itself */
    unsigned second, third;
};

void support_net_claim(struct support_net *net);

/*
 * A network of this process's own, with the loopback interface alone: the addresses and ports of a
 * built-in profile are then free although a test beside it uses them. Where that is not allowed, it
 * waits until no other process of the tests is in here. Before support_net_claim().
 */
void support_net_isolate(void);

void support_net_release(struct support_net *net);

/* "127.x.y.HOST" in static memory, one text per host number. */
const char *support_net_address(const struct support_net *net, unsigned host);

/* Binds `address`:`port` (0: any free port, told in *out_port) and, when `listens`, listens. */
int support_net_bind(const char *address, uint16_t port, bool listens, uint16_t *out_port);
/* The same with SO_REUSEPORT. */
int support_net_bind_shared(const char *address, uint16_t port);

/* A connected socket. */
int support_net_connect(const char *address, uint16_t port);

/*
 * Waits until somebody listens there, as the kernel tells it: a connection of ours would be counted
 * by the program under test. False when the time is over.
 */
bool support_net_await_listening(const char *address, uint16_t port, unsigned patience_ms);

#endif
