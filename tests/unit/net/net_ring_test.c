/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_ring.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ACCEPT, CONNECT, RECEIVE, SEND, SHUTDOWN, CANCEL, CLOSE, PEER };

#define PATIENCE_NS UINT64_C(5000000000)

/* A ring with a listener on a free port and one connection: outgoing slot 0, incoming as accepted.
 */
struct pair {
    struct net_ring *ring;
    struct net_address listener_address;
    int listener;
    uint32_t accepted;
};

static struct net_ticket ticket(uint32_t slot, uint8_t operation) {
    return (struct net_ticket){.slot = slot, .generation = 7, .operation = operation};
}

static struct net_event await(struct net_ring *ring, uint8_t operation) {
    struct net_event event;
    for (int turn = 0; turn < 100; turn++) {
        while (net_ring_next(ring, &event)) {
            if (event.ticket.operation == operation) {
                return event;
            }
        }
        net_ring_wait(ring, PATIENCE_NS);
    }
    cr_assert_fail("operation %u never completed", operation);
    return event;
}

static struct pair connected(void) {
    const struct net_ring_limits limits = {.outgoing_slots = 4, .incoming_slots = 4};
    struct pair pair;
    struct base_error error;
    struct net_address source;
    cr_assert(net_ring_create(&pair.ring, &limits, &error), "%s", error.text);
    cr_assert(net_address_from_literal(&pair.listener_address, "127.0.0.1", 0));
    cr_assert(net_ring_listen(&pair.listener_address, &pair.listener, &error), "%s", error.text);
    cr_assert_eq(
        getsockname(pair.listener, &pair.listener_address.any, &pair.listener_address.length), 0);
    net_ring_accept(pair.ring, pair.listener, ticket(0, ACCEPT));
    cr_assert(net_address_from_literal(&source, "127.0.0.16", 0));
    cr_assert_eq(net_ring_open(pair.ring, 0, &source, false), FAULT_NONE);
    net_ring_connect(pair.ring, 0, &pair.listener_address, ticket(0, CONNECT));
    struct net_event accepted = await(pair.ring, ACCEPT);
    cr_assert_geq(accepted.result, 4);
    cr_assert(accepted.more);
    pair.accepted = (uint32_t)accepted.result;
    return pair;
}

static void disconnect(struct pair *pair) {
    close(pair->listener);
    net_ring_destroy(pair->ring);
}

Test(net_ring, carries_octets_both_ways_and_the_end_of_stream) {
    struct pair pair = connected();
    net_ring_receive(pair.ring, pair.accepted, ticket(pair.accepted, RECEIVE));
    net_ring_send(pair.ring, 0, base_bytes("hello", 5), ticket(0, SEND));
    struct net_event event = await(pair.ring, RECEIVE);
    cr_assert(base_bytes_equal(event.data, base_bytes("hello", 5)));
    cr_assert(event.more);
    cr_assert_eq(event.ticket.generation, 7);
    net_ring_shutdown_write(pair.ring, 0, ticket(0, SHUTDOWN));
    event = await(pair.ring, RECEIVE);
    cr_assert_eq(event.result, 0);
    cr_assert_not(event.more);
    disconnect(&pair);
}

Test(net_ring, a_cancelled_receive_lets_the_close_reach_the_peer) {
    struct pair pair = connected();
    net_ring_receive(pair.ring, pair.accepted, ticket(pair.accepted, RECEIVE));
    net_ring_receive(pair.ring, 0, ticket(0, CONNECT));
    net_ring_cancel(pair.ring, pair.accepted, ticket(pair.accepted, CANCEL));
    struct net_event event = await(pair.ring, RECEIVE);
    cr_assert_eq(event.result, -ECANCELED);
    net_ring_close(pair.ring, pair.accepted, ticket(pair.accepted, CLOSE));
    event = await(pair.ring, CLOSE);
    cr_assert_eq(event.result, 0);
    disconnect(&pair);
}

Test(net_ring, tells_the_address_of_an_accepted_peer) {
    struct pair pair = connected();
    struct net_address peer = {.length = pair.listener_address.length};
    char host[NET_ADDRESS_TEXT_SIZE];
    net_ring_peer_address(pair.ring, pair.accepted, &peer, ticket(pair.accepted, PEER));
    struct net_event event = await(pair.ring, PEER);
    if (event.result == -EOPNOTSUPP || event.result == -EINVAL) {
        cr_skip_test("this kernel cannot tell");
    }
    cr_assert_geq(event.result, 0);
    net_address_host_text(&peer, host, sizeof host);
    cr_assert_str_eq(host, "127.0.0.16");
    cr_assert_neq(net_address_port(&peer), 0);
    disconnect(&pair);
}

Test(net_ring, a_refused_connect_is_its_own_fault) {
    struct pair pair = connected();
    struct net_address source;
    cr_assert(net_address_from_literal(&source, "127.0.0.16", 0));
    close(pair.listener);
    net_ring_cancel(pair.ring, pair.accepted, ticket(0, CANCEL));
    cr_assert(net_address_from_literal(&pair.listener_address, "127.0.0.99", 9));
    cr_assert_eq(net_ring_open(pair.ring, 1, &source, true), FAULT_NONE);
    net_ring_connect(pair.ring, 1, &pair.listener_address, ticket(1, SEND));
    struct net_event event = await(pair.ring, SEND);
    cr_assert_eq(net_fault_from_errno(event.result), FAULT_TCP_REFUSED);
    net_ring_destroy(pair.ring);
}

Test(net_ring, a_table_beyond_the_descriptor_limit_says_what_to_change) {
    const struct rlimit low = {.rlim_cur = 64, .rlim_max = 64};
    const struct net_ring_limits limits = {.outgoing_slots = 100, .incoming_slots = 100};
    struct net_ring *ring;
    struct base_error error;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    cr_assert_not(net_ring_create(&ring, &limits, &error));
    cr_assert_eq(error.kind, BASE_ERROR_MACHINE);
    cr_assert_not_null(strstr(error.text, "ulimit -n"));
}

Test(net_ring, direct_descriptors_do_not_count_against_the_descriptor_limit) {
    const struct rlimit low = {.rlim_cur = 200, .rlim_max = 200};
    const struct net_ring_limits limits = {.outgoing_slots = 200};
    struct net_ring *rings[3];
    struct net_address source;
    struct base_error error;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    cr_assert(net_address_from_literal(&source, "127.0.0.1", 0));
    for (unsigned i = 0; i < 3; i++) {
        cr_assert(net_ring_create(&rings[i], &limits, &error), "%s", error.text);
        for (uint32_t slot = 0; slot < 200; slot++) {
            cr_assert_eq(net_ring_open(rings[i], slot, &source, false), FAULT_NONE);
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        net_ring_destroy(rings[i]);
    }
}
