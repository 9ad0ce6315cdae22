/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_ring.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST 25000u
#define PORTS 5000u
#define MANY  80u /* more than are tried one by one */

enum { SLOTS = 4 };

static struct net_ring *ring;
/* Tests are processes, and run side by side: an address for each. */
static char own_address[32];

static void begin(void) {
    const struct net_ring_limits limits = {.outgoing_slots = SLOTS, .incoming_slots = 1};
    struct base_error error;
    snprintf(own_address, sizeof own_address, "127.211.%u.%u", (unsigned)getpid() / 256 % 256,
             (unsigned)getpid() % 256);
    cr_assert(net_ring_create(&ring, &limits, &error), "%s", error.text);
}

static void end(void) {
    net_ring_destroy(ring);
}

TestSuite(net_port, .init = begin, .fini = end);

static unsigned opened_port(uint32_t slot) {
    struct net_address source;
    cr_assert(net_address_from_literal(&source, own_address, 0));
    cr_assert_eq(net_ring_open_known(ring, slot, &source, true), FAULT_NONE);
    return net_address_port(&source);
}

static unsigned next_of(unsigned port, unsigned step) {
    return FIRST + (port - FIRST + step) % PORTS;
}

/* False: somebody else has it. */
static bool take(unsigned port) {
    struct net_address address;
    cr_assert(net_address_from_literal(&address, own_address, (uint16_t)port));
    int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    return bind(socket_fd, &address.any, address.length) == 0;
}

Test(net_port, ports_of_the_products_range_follow_one_another) {
    unsigned first = opened_port(0);
    cr_assert(first >= FIRST && first < FIRST + PORTS, "%u", first);
    cr_assert_eq(opened_port(1), next_of(first, 1));
    cr_assert_eq(opened_port(2), next_of(first, 2));
}

Test(net_port, the_port_told_is_the_one_that_is_taken) {
    cr_assert_not(take(opened_port(0)));
}

Test(net_port, a_taken_port_is_passed_over) {
    unsigned first = opened_port(0);
    cr_assert(take(next_of(first, 1)));
    cr_assert_eq(opened_port(1), next_of(first, 2));
}

Test(net_port, when_many_in_a_row_are_taken_any_port_is_told) {
    unsigned first = opened_port(0);
    for (unsigned i = 1; i <= MANY; i++) {
        cr_assert(take(next_of(first, i)));
    }
    unsigned port = opened_port(1);
    cr_assert(port != 0 && (port < FIRST || port >= FIRST + PORTS), "%u", port);
    cr_assert_not(take(port));
}

Test(net_port, an_address_of_another_machine_is_a_fault) {
    struct net_address source;
    cr_assert(net_address_from_literal(&source, "192.0.2.1", 0));
    cr_assert_eq(net_ring_open_known(ring, 0, &source, true), FAULT_LOCAL_PORT_EXHAUSTED);
}
