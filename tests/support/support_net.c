/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_net.h"

#include "support_wait.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLAIM_PORT 65001
#define TCP_LISTEN 10u

static struct sockaddr_in socket_address(const char *text, uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    cr_assert_eq(inet_pton(AF_INET, text, &address.sin_addr), 1, "%s is no address", text);
    return address;
}

/* A negative errno when it cannot be had. */
static int try_bind(const char *text, uint16_t port, int option, bool listens) {
    static const int on = 1;
    const struct sockaddr_in address = socket_address(text, port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (option != 0) {
        setsockopt(descriptor, SOL_SOCKET, option, &on, sizeof on);
    }
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
        (!listens || listen(descriptor, 512) == 0)) {
        return descriptor;
    }
    int cause = -errno;
    close(descriptor);
    return cause;
}

const char *support_net_address(const struct support_net *net, unsigned host) {
    static char texts[256][16];
    snprintf(texts[host & 255], sizeof texts[0], "127.%u.%u.%u", net->second & 255,
             net->third & 255, host & 255);
    return texts[host & 255];
}

void support_net_claim(struct support_net *net) {
    unsigned start = (unsigned)getpid();
    for (unsigned i = 0; i < 4096; i++) {
        /* Not 127.0: people and the built-in profiles use that. */
        net->second = 64 + (start + i) / 250 % 128;
        net->third = 1 + (start + i) % 250;
        net->claim = try_bind(support_net_address(net, 1), CLAIM_PORT, 0, true);
        if (net->claim >= 0) {
            return;
        }
    }
    cr_assert_fail("no loopback network is free");
}

void support_net_release(struct support_net *net) {
    close(net->claim);
}

int support_net_bind(const char *address, uint16_t port, bool listens, uint16_t *out_port) {
    struct sockaddr_in bound;
    socklen_t length = sizeof bound;
    int descriptor = try_bind(address, port, SO_REUSEADDR, listens);
    cr_assert_geq(descriptor, 0, "cannot bind %s:%u: %s", address, port, strerror(-descriptor));
    cr_assert_eq(getsockname(descriptor, (struct sockaddr *)&bound, &length), 0);
    if (out_port != NULL) {
        *out_port = ntohs(bound.sin_port);
    }
    return descriptor;
}

int support_net_bind_shared(const char *address, uint16_t port) {
    int descriptor = try_bind(address, port, SO_REUSEPORT, true);
    cr_assert_geq(descriptor, 0, "cannot bind %s:%u: %s", address, port, strerror(-descriptor));
    return descriptor;
}

int support_net_connect(const char *address, uint16_t port) {
    const struct sockaddr_in remote = socket_address(address, port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(descriptor, (const struct sockaddr *)&remote, sizeof remote), 0,
                 "cannot connect to %s:%u: %s", address, port, strerror(errno));
    return descriptor;
}

static bool is_listening(const void *context) {
    const struct sockaddr_in *wanted = context;
    char line[256];
    bool found = false;
    FILE *table = fopen("/proc/net/tcp", "re");
    cr_assert_not_null(table);
    while (!found && fgets(line, sizeof line, table) != NULL) {
        unsigned address;
        unsigned port;
        unsigned state;
        /* The address in the machine's byte order, the port in ours. */
        found = sscanf(line, "%*u: %8x:%4x %*8x:%*4x %2x", &address, &port, &state) == 3 &&
                address == wanted->sin_addr.s_addr && port == ntohs(wanted->sin_port) &&
                state == TCP_LISTEN;
    }
    fclose(table);
    return found;
}

bool support_net_await_listening(const char *address, uint16_t port, unsigned patience_ms) {
    const struct sockaddr_in wanted = socket_address(address, port);
    return support_wait_until(is_listening, &wanted, patience_ms);
}
