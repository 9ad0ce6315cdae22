/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "base_error.h"

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IPv4 or IPv6 socket address; length 0: none. */
struct net_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length;
};

/* "127.0.0.31:7001", "[::1]:7001". */
#define NET_ADDRESS_TEXT_SIZE 64

/* From an IP literal; false when `text` is none. */
bool net_address_from_literal(struct net_address *out, const char *text, uint16_t port);

/* The address alone, without the port. */
void net_address_host_text(const struct net_address *address, char *out, size_t out_size);
void net_address_text(const struct net_address *address, char *out, size_t out_size);
uint16_t net_address_port(const struct net_address *address);

/* 127.0.0.0/8 or ::1. */
bool net_address_is_loopback(const struct net_address *address);

/*
 * The `step`-th further address in the same loopback network for source rotation: 127.0.0.16
 * becomes 127.0.1.16, 127.0.2.16 ... False when `address` is not IPv4 loopback.
 */
bool net_address_rotate_loopback(struct net_address *address, unsigned step);

/*
 * A list of addresses from literals and CIDR ranges ("127.0.1.0/24", "fd00::/112"); the network and
 * broadcast addresses of a range are left out. Free with free().
 */
bool net_address_expand(struct net_address **out, uint32_t *out_count, const char *const *texts,
                        uint32_t text_count, struct base_error *error);

/* Can a socket of ours be bound to it? Says which address is not on this machine, or in use. */
bool net_address_probe_source(const struct net_address *address, struct base_error *error);
bool net_address_probe_listen(const struct net_address *address, const char *listener,
                              struct base_error *error);

#endif
