/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

struct range {
    const char *network;
    unsigned prefix;
};

static const struct range ranges_v4[] = {
    {"127.0.0.0", 8},    /* loopback */
    {"10.0.0.0", 8},     /* RFC 1918 */
    {"172.16.0.0", 12},  /* RFC 1918 */
    {"192.168.0.0", 16}, /* RFC 1918 */
    {"169.254.0.0", 16}, /* link-local, RFC 3927 */
    {"100.64.0.0", 10},  /* behind a carrier's NAT, RFC 6598 */
};

static const struct range ranges_v6[] = {
    {"::1", 128},
    {"fc00::", 7},  /* RFC 4193 */
    {"fe80::", 10}, /* link-local */
};

static bool begins_alike(const uint8_t *a, const uint8_t *b, unsigned bits) {
    unsigned rest = bits % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);
    return memcmp(a, b, bits / 8) == 0 && (rest == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0);
}

static bool is_in_one(int family, const uint8_t *octets, const struct range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint8_t network[16];
        if (inet_pton(family, ranges[i].network, network) == 1 &&
            begins_alike(octets, network, ranges[i].prefix)) {
            return true;
        }
    }
    return false;
}

static bool is_private_v4(const uint8_t *octets) {
    return is_in_one(AF_INET, octets, ranges_v4, sizeof ranges_v4 / sizeof *ranges_v4);
}

bool resolve_is_private(const char *address) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t octets[16];
    if (inet_pton(AF_INET, address, octets) == 1) {
        return is_private_v4(octets);
    }
    if (inet_pton(AF_INET6, address, octets) != 1) {
        return false;
    }
    /* The kernel sends those as IPv4. */
    if (memcmp(octets, mapped, sizeof mapped) == 0) {
        return is_private_v4(octets + sizeof mapped);
    }
    return is_in_one(AF_INET6, octets, ranges_v6, sizeof ranges_v6 / sizeof *ranges_v6);
}
