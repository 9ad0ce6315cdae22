/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RANGE_MAX      65536u
#define RANGE_BITS_MAX 16u

bool net_address_from_literal(struct net_address *out, const char *text, uint16_t port) {
    *out = (struct net_address){0};
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        out->length = sizeof out->v4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(port);
        out->length = sizeof out->v6;
        return true;
    }
    return false;
}

void net_address_host_text(const struct net_address *address, char *out, size_t out_size) {
    const void *octets = address->any.sa_family == AF_INET6 ? (const void *)&address->v6.sin6_addr
                                                            : (const void *)&address->v4.sin_addr;
    if (address->length == 0 ||
        inet_ntop(address->any.sa_family, octets, out, (socklen_t)out_size) == NULL) {
        snprintf(out, out_size, "unknown");
    }
}

uint16_t net_address_port(const struct net_address *address) {
    if (address->length == 0) {
        return 0;
    }
    return ntohs(address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

void net_address_text(const struct net_address *address, char *out, size_t out_size) {
    char host[INET6_ADDRSTRLEN];
    net_address_host_text(address, host, sizeof host);
    snprintf(out, out_size, address->any.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
             net_address_port(address));
}

bool net_address_is_loopback(const struct net_address *address) {
    if (address->any.sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    }
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

bool net_address_rotate_loopback(struct net_address *address, unsigned step) {
    if (address->any.sa_family != AF_INET || !net_address_is_loopback(address)) {
        return false;
    }
    uint32_t octets = ntohl(address->v4.sin_addr.s_addr);
    uint32_t middle = ((octets >> 8 & 0xffff) + step) & 0xffff;
    address->v4.sin_addr.s_addr = htonl((octets & 0xff0000ff) | middle << 8);
    return true;
}

/* Where the range's last 32 bits lie: none is larger. */
static uint8_t *tail_of(struct net_address *address) {
    return address->any.sa_family == AF_INET6 ? &address->v6.sin6_addr.s6_addr[12]
                                              : (uint8_t *)&address->v4.sin_addr;
}

static unsigned bits_of(const struct net_address *address) {
    return address->any.sa_family == AF_INET6 ? 128 : 32;
}

/* The addresses of "127.0.1.0/24" into `out`, when it is not NULL; returns how many there are. */
static uint32_t expand_range(const struct net_address *network, unsigned prefix,
                             struct net_address *out) {
    struct net_address copy = *network;
    uint32_t tail;
    uint32_t size = UINT32_C(1) << (bits_of(network) - prefix);
    uint32_t skip = size > 2 ? 1 : 0; /* network and broadcast address; IPv6: any router's */
    uint32_t skip_last = network->any.sa_family == AF_INET6 ? 0 : skip;
    uint32_t count = size - skip - skip_last;
    memcpy(&tail, tail_of(&copy), sizeof tail);
    uint32_t first = ntohl(tail) & ~(size - 1);
    for (uint32_t i = 0; out != NULL && i < count; i++) {
        out[i] = *network;
        tail = htonl(first + skip + i);
        memcpy(tail_of(&out[i]), &tail, sizeof tail);
    }
    return count;
}

static bool parse_range(const char *text, struct net_address *network, unsigned *prefix,
                        struct base_error *error) {
    char host[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);
    char *end = NULL;
    bool good = length < sizeof host;
    if (good) {
        memcpy(host, text, length);
        host[length] = '\0';
        good = net_address_from_literal(network, host, 0);
    }
    *prefix = good ? bits_of(network) : 0;
    if (good && slash != NULL) {
        *prefix = (unsigned)strtoul(slash + 1, &end, 10);
        good = end != slash + 1 && *end == '\0' && *prefix <= bits_of(network) &&
               *prefix >= bits_of(network) - RANGE_BITS_MAX;
    }
    return good || base_error_set(error, BASE_ERROR_USAGE,
                                  "source \"%s\" is neither an address nor a range such as "
                                  "127.0.1.0/24 (IPv4: prefix 16 to 32, IPv6: 112 to 128)",
                                  text);
}

bool net_address_expand(struct net_address **out, uint32_t *out_count, const char *const *texts,
                        uint32_t text_count, struct base_error *error) {
    uint32_t total = 0;
    struct net_address network;
    unsigned prefix;
    *out = NULL;
    for (uint32_t i = 0; i < text_count; i++) {
        if (!parse_range(texts[i], &network, &prefix, error)) {
            return false;
        }
        total += expand_range(&network, prefix, NULL);
    }
    if (total > RANGE_MAX) {
        return base_error_set(error, BASE_ERROR_USAGE, "more than %u source addresses", RANGE_MAX);
    }
    struct net_address *addresses = calloc(total == 0 ? 1 : total, sizeof *addresses);
    if (addresses == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    *out_count = 0;
    for (uint32_t i = 0; i < text_count; i++) {
        if (!parse_range(texts[i], &network, &prefix, error)) {
            free(addresses);
            return false;
        }
        *out_count += expand_range(&network, prefix, addresses + *out_count);
    }
    *out = addresses;
    return true;
}

static int try_bind(const struct net_address *address) {
    static const int on = 1;
    int socket_fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0) {
        return errno;
    }
    /* Not SO_REUSEPORT: that would bind silently beside another process and share its connections.
     */
    setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int result = bind(socket_fd, &address->any, address->length) == 0 ? 0 : errno;
    close(socket_fd);
    return result;
}

bool net_address_probe_source(const struct net_address *address, struct base_error *error) {
    char host[INET6_ADDRSTRLEN];
    int result = try_bind(address);
    if (result == 0) {
        return true;
    }
    net_address_host_text(address, host, sizeof host);
    if (result == EADDRNOTAVAIL) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "the address %s is not on this machine: change the node's `address` "
                              "or its zone's `source`, or add it to an interface",
                              host);
    }
    return base_error_set(error, BASE_ERROR_MACHINE, "cannot use the address %s: %s", host,
                          strerror(result));
}

bool net_address_probe_listen(const struct net_address *address, const char *listener,
                              struct base_error *error) {
    char text[NET_ADDRESS_TEXT_SIZE];
    int result = try_bind(address);
    if (result == 0) {
        return true;
    }
    net_address_text(address, text, sizeof text);
    if (result == EADDRINUSE) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "%s cannot listen on %s: the port is in use by another socket: stop "
                              "it, or change the listener's port or the node's address",
                              listener, text);
    }
    if (result == EACCES) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "%s cannot listen on %s: ports below 1024 need root or "
                              "CAP_NET_BIND_SERVICE",
                              listener, text);
    }
    return base_error_set(error, BASE_ERROR_MACHINE, "%s cannot listen on %s: %s", listener, text,
                          strerror(result));
}
