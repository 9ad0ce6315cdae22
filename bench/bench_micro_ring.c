/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_micro.h"

#include "base_error.h"
#include "net_ring.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define REQUEST_OCTETS  430
#define RESPONSE_OCTETS 300
#define PATIENCE_NS     (5 * BASE_NS_PER_S)

enum operation { OPERATION_ACCEPT, OPERATION_CONNECT, OPERATION_RECEIVE, OPERATION_SEND };

static struct net_ring *ring;
static struct net_address remote;
static const uint8_t octets[REQUEST_OCTETS];
static const uint32_t client = 0;
static uint32_t server;
static size_t at_client; /* octets that arrived there, ever */
static size_t at_server;
static bool connected;
static bool accepted;

static struct net_ticket ticket(enum operation operation, uint32_t slot) {
    return (struct net_ticket){.slot = slot, .operation = (uint8_t)operation};
}

static void take(const struct net_event *event) {
    enum operation operation = (enum operation)event->ticket.operation;
    if (event->result < 0 && operation != OPERATION_RECEIVE) {
        bench_measure_give_up("bench-micro: %s", strerror(-event->result));
    }
    switch (operation) {
    case OPERATION_ACCEPT:
        accepted = true;
        server = (uint32_t)event->result;
        return;
    case OPERATION_CONNECT:
        connected = true;
        return;
    case OPERATION_RECEIVE:
        *(event->ticket.slot == client ? &at_client : &at_server) += event->data.length;
        if (!event->more) {
            net_ring_receive(ring, event->ticket.slot, event->ticket);
        }
        return;
    case OPERATION_SEND:
        return;
    }
}

static void turn(void) {
    struct net_event event;
    net_ring_wait(ring, PATIENCE_NS);
    while (net_ring_next(ring, &event)) {
        take(&event);
    }
}

static void await(const size_t *arrived, size_t wanted) {
    while (*arrived < wanted) {
        turn();
    }
}

/* The port that the kernel chose. */
static void find_remote(int listener) {
    socklen_t length = sizeof remote.any;
    if (getsockname(listener, &remote.any, &length) != 0) {
        bench_measure_give_up("bench-micro: the listener has no address");
    }
    remote.length = length;
}

void bench_micro_ring_prepare(const char *pki) {
    const struct net_ring_limits limits = {.outgoing_slots = 1, .incoming_slots = 4};
    struct base_error error;
    struct net_address source;
    int listener;
    (void)pki;
    if (!net_address_from_literal(&source, "127.0.0.1", 0) ||
        !net_ring_create(&ring, &limits, &error) || !net_ring_listen(&source, &listener, &error)) {
        bench_measure_give_up("bench-micro: no ring or no listener");
    }
    find_remote(listener);
    net_ring_accept(ring, listener, ticket(OPERATION_ACCEPT, 0));
    if (net_ring_open(ring, client, &source, true) != FAULT_NONE) {
        bench_measure_give_up("bench-micro: no socket");
    }
    net_ring_connect(ring, client, &remote, ticket(OPERATION_CONNECT, client));
    while (!connected || !accepted) {
        turn();
    }
    net_ring_receive(ring, client, ticket(OPERATION_RECEIVE, client));
    net_ring_receive(ring, server, ticket(OPERATION_RECEIVE, server));
}

void bench_micro_ring_step(void) {
    static size_t rounds;
    rounds++;
    net_ring_send(ring, client, base_bytes(octets, REQUEST_OCTETS), ticket(OPERATION_SEND, client));
    await(&at_server, rounds * REQUEST_OCTETS);
    net_ring_send(ring, server, base_bytes(octets, RESPONSE_OCTETS),
                  ticket(OPERATION_SEND, server));
    await(&at_client, rounds * RESPONSE_OCTETS);
}
