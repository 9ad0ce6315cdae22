/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include "base_clock.h"
#include "tls_session.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_NS      (5 * BASE_NS_PER_S)
#define CHAIN_BYTES_MAX ((size_t)256 * 1024)
#define SUITES_MAX      64

bool cli_inspect_is_peer(const char *argument, char host[CLI_INSPECT_HOST_SIZE],
                         const char **port) {
    const char *colon = strrchr(argument, ':');
    if (colon == NULL || colon == argument || strchr(argument, '/') != NULL) {
        return false;
    }
    const char *start = argument;
    size_t length = (size_t)(colon - argument);
    bool in_brackets = argument[0] == '[' && colon[-1] == ']';
    if (in_brackets) {
        start++;
        length -= 2;
    }
    bool has_colon = memchr(start, ':', length) != NULL;
    if (length == 0 || length >= CLI_INSPECT_HOST_SIZE || has_colon != in_brackets) {
        return false;
    }
    memcpy(host, start, length);
    host[length] = '\0';
    *port = colon + 1;
    return true;
}

/* One connection, and how long it may take. */
struct link {
    const char *host;
    const char *port;
    int descriptor;
    uint64_t deadline_ns;
};

static bool fail(const struct link *link, struct base_error *error, const char *cause) {
    return base_error_set(error, BASE_ERROR_USAGE,
                          "cannot fetch the certificates of %s port %s: %s", link->host, link->port,
                          cause);
}

/* False with errno ETIMEDOUT when the time is over. */
static bool await(const struct link *link, short events) {
    struct pollfd poll_one = {.fd = link->descriptor, .events = events};
    for (;;) {
        uint64_t now_ns = base_clock_now_ns();
        uint64_t left_ns = link->deadline_ns > now_ns ? link->deadline_ns - now_ns : 0;
        int ready = poll(&poll_one, 1, (int)((left_ns + BASE_NS_PER_MS - 1) / BASE_NS_PER_MS));
        if (ready > 0) {
            return true;
        }
        if (ready == 0 && left_ns == 0) {
            errno = ETIMEDOUT;
            return false;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
}

static bool connect_to(struct link *link, const struct addrinfo *address) {
    int cause = 0;
    socklen_t length = sizeof cause;
    link->descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                              address->ai_protocol);
    if (link->descriptor < 0) {
        return false;
    }
    if (connect(link->descriptor, address->ai_addr, address->ai_addrlen) == 0) {
        return true;
    }
    if (errno == EINPROGRESS && await(link, POLLOUT) &&
        getsockopt(link->descriptor, SOL_SOCKET, SO_ERROR, &cause, &length) == 0) {
        if (cause == 0) {
            return true;
        }
        errno = cause;
    }
    cause = errno;
    close(link->descriptor);
    link->descriptor = -1;
    errno = cause;
    return false;
}

/* The first of the name's addresses that answers. */
static bool open_link(struct link *link, struct base_error *error) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    int result = getaddrinfo(link->host, link->port, &hints, &found);
    if (result != 0) {
        return fail(link, error, gai_strerror(result));
    }
    bool connected = false;
    for (const struct addrinfo *address = found; address != NULL && !connected;
         address = address->ai_next) {
        connected = connect_to(link, address);
    }
    int cause = errno;
    freeaddrinfo(found);
    return connected || fail(link, error, strerror(cause));
}

static bool send_all(const struct link *link, struct base_buffer *output) {
    struct bytes rest = base_buffer_bytes(output);
    while (rest.length > 0) {
        ssize_t count = send(link->descriptor, rest.data, rest.length, MSG_NOSIGNAL);
        if (count > 0) {
            rest = base_bytes_after(rest, (size_t)count);
        } else if (errno != EINTR && (errno != EAGAIN || !await(link, POLLOUT))) {
            return false;
        }
    }
    output->length = 0;
    return true;
}

/* Goes on until the chain is there: what the handshake would come to is of no interest. */
static bool shake_hands(const struct link *link, struct tls_session *session,
                        const struct base_buffer *chain, struct base_error *error) {
    static uint8_t input[16384];
    static uint8_t output_area[65536];
    static uint8_t plaintext_area[sizeof input + TLS_RECORD_MAX];
    struct base_buffer output = {.data = output_area, .capacity = sizeof output_area};
    struct base_buffer plaintext = {.data = plaintext_area, .capacity = sizeof plaintext_area};
    struct tls_exchange exchange = {.output = &output, .plaintext = &plaintext};
    for (;;) {
        enum fault fault = tls_session_feed(session, &exchange);
        bool sent = send_all(link, &output);
        if (chain->length > 0) {
            return true;
        }
        if (fault != FAULT_NONE) {
            return fail(link, error, base_fault_text(fault));
        }
        if (!sent || !await(link, POLLIN)) {
            return fail(link, error, strerror(errno));
        }
        ssize_t count = recv(link->descriptor, input, sizeof input, 0);
        if (count == 0) {
            return fail(link, error, "closed before it sent any");
        }
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            return fail(link, error, strerror(errno));
        }
        exchange.input = base_bytes(input, count > 0 ? (size_t)count : 0);
        plaintext.length = 0;
    }
}

/* Old servers, too, have certificates to look at: everything that the library knows is offered. */
static unsigned list_suites(const char *names[SUITES_MAX]) {
    unsigned count = 0;
    for (unsigned number = 0; number <= UINT16_MAX && count < SUITES_MAX; number++) {
        const char *name = tls_suite_name(number);
        if (name != NULL) {
            names[count++] = name;
        }
    }
    return count;
}

static bool fetch_over(const struct link *link, struct base_buffer *out,
                       const struct tls_trust *nobody, struct base_error *error) {
    const char *suites[SUITES_MAX];
    struct tls_context *context;
    const struct tls_context_options options = {
        .role = TLS_ROLE_CLIENT,
        .trust = nobody,
        .server_name = link->host,
        .versions = TLS_VERSION_1_2 | TLS_VERSION_1_3,
        .suites = suites,
        .suite_count = list_suites(suites),
        .peer_chain = out,
    };
    if (!tls_context_create(&context, &options, error)) {
        return false;
    }
    struct tls_session *session = tls_session_create(context);
    bool good = session != NULL ? shake_hands(link, session, out, error)
                                : base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    tls_session_destroy(session);
    tls_context_destroy(context);
    return good;
}

static bool is_port(const char *text) {
    size_t digits = strspn(text, "0123456789");
    long number = strtol(text, NULL, 10);
    return digits > 0 && digits <= 5 && text[digits] == '\0' && number > 0 && number <= UINT16_MAX;
}

bool cli_inspect_fetch(struct base_buffer *out, const char *host, const char *port,
                       struct base_error *error) {
    static const struct tls_pem none = {.name = "nobody"};
    struct link link = {.host = host,
                        .port = port,
                        .descriptor = -1,
                        .deadline_ns = base_clock_now_ns() + TIMEOUT_NS};
    struct tls_trust *nobody = NULL;
    *out = (struct base_buffer){.capacity = CHAIN_BYTES_MAX};
    if (!is_port(port)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s:%s: a port from 1 to 65535 was expected after the colon", host,
                              port);
    }
    if (!open_link(&link, error)) {
        return false;
    }
    out->data = cli_inspect_grow(NULL, 1, out->capacity);
    bool good =
        tls_trust_create(&nobody, none, none, error) && fetch_over(&link, out, nobody, error);
    tls_trust_destroy(nobody);
    close(link.descriptor);
    if (!good) {
        cli_inspect_wipe(out);
    }
    return good;
}
