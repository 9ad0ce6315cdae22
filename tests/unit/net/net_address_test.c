/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_text(const struct net_address *address, const char *expected) {
    char text[NET_ADDRESS_TEXT_SIZE];
    net_address_text(address, text, sizeof text);
    cr_assert_str_eq(text, expected);
}

Test(net_address, reads_and_writes_both_families) {
    struct net_address address;
    cr_assert(net_address_from_literal(&address, "127.0.0.31", 7001));
    assert_text(&address, "127.0.0.31:7001");
    cr_assert(net_address_is_loopback(&address));
    cr_assert(net_address_from_literal(&address, "::1", 5061));
    assert_text(&address, "[::1]:5061");
    cr_assert(net_address_is_loopback(&address));
    cr_assert(net_address_from_literal(&address, "192.0.2.1", 1));
    cr_assert_not(net_address_is_loopback(&address));
    cr_assert_not(net_address_from_literal(&address, "edge.example.test", 1));
    cr_assert_not(net_address_from_literal(&address, "127.0.0.256", 1));
}

Test(net_address, rotation_keeps_the_last_octet) {
    struct net_address address;
    cr_assert(net_address_from_literal(&address, "127.0.0.16", 0));
    cr_assert(net_address_rotate_loopback(&address, 1));
    assert_text(&address, "127.0.1.16:0");
    cr_assert(net_address_rotate_loopback(&address, 255));
    assert_text(&address, "127.1.0.16:0");
    cr_assert(net_address_from_literal(&address, "192.0.2.1", 0));
    cr_assert_not(net_address_rotate_loopback(&address, 1));
    cr_assert(net_address_from_literal(&address, "::1", 0));
    cr_assert_not(net_address_rotate_loopback(&address, 1));
}

Test(net_address, expands_addresses_and_ranges) {
    static const char *const texts[] = {"127.0.0.9",  "127.0.1.0/30", "127.0.2.0/31",
                                        "fd00::9",    "fd00::10/126", "fd00::a:fffe/127",
                                        "fd00::7/128"};
    static const char *const expected[] = {"127.0.0.9:0",      "127.0.1.1:0",      "127.0.1.2:0",
                                           "127.0.2.0:0",      "127.0.2.1:0",      "[fd00::9]:0",
                                           "[fd00::11]:0",     "[fd00::12]:0",     "[fd00::13]:0",
                                           "[fd00::a:fffe]:0", "[fd00::a:ffff]:0", "[fd00::7]:0"};
    const uint32_t expected_count = sizeof expected / sizeof *expected;
    struct net_address *addresses;
    struct base_error error;
    uint32_t count;
    cr_assert(net_address_expand(&addresses, &count, texts, sizeof texts / sizeof *texts, &error));
    cr_assert_eq(count, expected_count);
    for (uint32_t i = 0; i < count; i++) {
        assert_text(&addresses[i], expected[i]);
    }
    free(addresses);
}

Test(net_address, refuses_what_is_no_range_with_a_sentence) {
    static const char *const bad[] = {
        "127.0.0.0/8", "127.0.0.0/33", "127.0.0.0/",    "127.0.0.0/2x",
        "somewhere",   "::1/64",       "127.0.0.0/-16", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct net_address *addresses;
        struct base_error error;
        uint32_t count;
        cr_assert_not(net_address_expand(&addresses, &count, &bad[i], 1, &error), "%s", bad[i]);
        cr_assert_eq(error.kind, BASE_ERROR_USAGE);
        cr_assert_not_null(strstr(error.text, bad[i]));
    }
}

/* A listening SO_REUSEPORT socket, as another ekuload would have it. */
static int listen_with_reuseport(struct net_address *address) {
    static const int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(net_address_from_literal(address, "127.0.0.1", 0));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    cr_assert_eq(bind(listener, &address->any, address->length), 0);
    cr_assert_eq(listen(listener, 1), 0);
    cr_assert_eq(getsockname(listener, &address->any, &address->length), 0);
    return listener;
}

Test(net_address, sees_that_a_port_is_taken_even_by_a_sharing_listener) {
    struct net_address address;
    struct base_error error;
    int listener = listen_with_reuseport(&address);
    cr_assert_not(net_address_probe_listen(&address, "edge.sip", &error));
    cr_assert_eq(error.kind, BASE_ERROR_MACHINE);
    cr_assert_not_null(strstr(error.text, "edge.sip"));
    cr_assert_not_null(strstr(error.text, "in use"));
    close(listener);
    cr_assert(net_address_probe_listen(&address, "edge.sip", &error));
}

Test(net_address, says_which_source_is_not_on_this_machine) {
    struct net_address address;
    struct base_error error;
    cr_assert(net_address_from_literal(&address, "192.0.2.77", 0));
    cr_assert_not(net_address_probe_source(&address, &error));
    cr_assert_eq(error.kind, BASE_ERROR_MACHINE);
    cr_assert_not_null(strstr(error.text, "192.0.2.77"));
    cr_assert(net_address_from_literal(&address, "127.0.0.77", 0));
    cr_assert(net_address_probe_source(&address, &error));
}
