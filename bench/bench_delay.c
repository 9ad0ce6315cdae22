/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * Makes of any server one with a known delay: what a client sends goes on at once, what comes back
 * is handed out so long after the client's last octets as the delay says. It lives until it is
 * terminated, or its standard input ends; then it tells how long it really took.
 */

#define PAIRS_MAX   64
#define OCTETS_MAX  65536
#define WAKE_UP_MAX (BASE_NS_PER_MS / 5)

struct pair {
    int client; /* -1: free */
    int server;
    uint64_t asked_ns;
    uint64_t due_ns; /* 0: nothing waits */
    size_t waiting;
    uint8_t octets[OCTETS_MAX];
};

struct delayer {
    uint64_t delay_ns;
    struct sockaddr_in upstream;
    int listener;
    uint64_t answers;
    uint64_t late_ns; /* beyond the delay, of all answers together */
    uint64_t late_ns_max;
    struct pair pairs[PAIRS_MAX];
};

static volatile sig_atomic_t stopped;

static void stop(int number) {
    (void)number;
    stopped = 1;
}

static int open_socket(void) {
    int on = 1;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0 || setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        bench_measure_give_up("bench-delay: no socket: %s", strerror(errno));
    }
    return made;
}

static void drop(struct pair *pair) {
    close(pair->client);
    close(pair->server);
    pair->client = -1;
    pair->due_ns = 0;
    pair->waiting = 0;
}

static void take_client(struct delayer *delayer) {
    int on = 1;
    int client = accept4(delayer->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        struct pair *pair = &delayer->pairs[i];
        if (pair->client < 0) {
            pair->client = client;
            pair->server = open_socket();
            if (connect(pair->server, (const struct sockaddr *)&delayer->upstream,
                        sizeof delayer->upstream) != 0) {
                drop(pair);
            }
            return;
        }
    }
    close(client);
}

static bool send_all(int socket, const uint8_t *octets, size_t length) {
    while (length > 0) {
        ssize_t sent = send(socket, octets, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        octets += sent;
        length -= (size_t)sent;
    }
    return true;
}

static void from_client(struct pair *pair) {
    uint8_t octets[OCTETS_MAX];
    ssize_t length = recv(pair->client, octets, sizeof octets, 0);
    pair->asked_ns = base_clock_now_ns();
    if (length <= 0 || !send_all(pair->server, octets, (size_t)length)) {
        drop(pair);
    }
}

static void from_server(struct delayer *delayer, struct pair *pair) {
    ssize_t length =
        recv(pair->server, pair->octets + pair->waiting, sizeof pair->octets - pair->waiting, 0);
    if (length <= 0) {
        drop(pair);
        return;
    }
    pair->waiting += (size_t)length;
    if (pair->due_ns == 0) {
        pair->due_ns = pair->asked_ns + delayer->delay_ns;
    }
}

static void hand_out(struct delayer *delayer, struct pair *pair, uint64_t now_ns) {
    uint64_t late_ns = now_ns - pair->due_ns;
    delayer->answers++;
    delayer->late_ns += late_ns;
    delayer->late_ns_max = late_ns > delayer->late_ns_max ? late_ns : delayer->late_ns_max;
    pair->due_ns = 0;
    size_t length = pair->waiting;
    pair->waiting = 0;
    if (!send_all(pair->client, pair->octets, length)) {
        drop(pair);
    }
}

static uint64_t next_due_ns(const struct delayer *delayer, uint64_t now_ns) {
    uint64_t next_ns = now_ns + BASE_NS_PER_S;
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        const struct pair *pair = &delayer->pairs[i];
        if (pair->due_ns != 0 && pair->due_ns < next_ns) {
            next_ns = pair->due_ns;
        }
    }
    return next_ns;
}

/* A sleep ends late by as much as the machine likes: the last moments are looked at without. */
static struct timespec sleep_until(uint64_t due_ns, uint64_t now_ns) {
    uint64_t left_ns = due_ns > now_ns + WAKE_UP_MAX ? due_ns - now_ns - WAKE_UP_MAX : 0;
    return (struct timespec){.tv_sec = (time_t)(left_ns / BASE_NS_PER_S),
                             .tv_nsec = (long)(left_ns % BASE_NS_PER_S)};
}

static void turn(struct delayer *delayer) {
    struct pollfd polled[2 + 2 * PAIRS_MAX];
    uint64_t now_ns = base_clock_now_ns();
    struct timespec timeout = sleep_until(next_due_ns(delayer, now_ns), now_ns);
    polled[0] = (struct pollfd){.fd = delayer->listener, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = STDIN_FILENO, .events = 0};
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        const struct pair *pair = &delayer->pairs[i];
        bool live = pair->client >= 0;
        polled[2 + 2 * i] = (struct pollfd){.fd = live ? pair->client : -1, .events = POLLIN};
        polled[3 + 2 * i] = (struct pollfd){.fd = live ? pair->server : -1, .events = POLLIN};
    }
    if (ppoll(polled, 2 + 2 * PAIRS_MAX, &timeout, NULL) < 0) {
        return;
    }
    if (polled[1].revents != 0) {
        stopped = 1;
    }
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        struct pair *pair = &delayer->pairs[i];
        if (pair->client >= 0 && polled[2 + 2 * i].revents != 0) {
            from_client(pair);
        }
        if (pair->client >= 0 && polled[3 + 2 * i].revents != 0) {
            from_server(delayer, pair);
        }
        now_ns = base_clock_now_ns();
        if (pair->due_ns != 0 && pair->due_ns <= now_ns) {
            hand_out(delayer, pair, now_ns);
        }
    }
    if (polled[0].revents != 0) {
        take_client(delayer);
    }
}

static void listen_somewhere(struct delayer *delayer) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof own;
    delayer->listener = open_socket();
    if (bind(delayer->listener, (struct sockaddr *)&own, length) != 0 ||
        listen(delayer->listener, PAIRS_MAX) != 0 ||
        getsockname(delayer->listener, (struct sockaddr *)&own, &length) != 0) {
        bench_measure_give_up("bench-delay: cannot listen: %s", strerror(errno));
    }
    printf("{\"port\": %u}\n", ntohs(own.sin_port));
    fflush(stdout);
}

enum { KEY_DELAY = 256, KEY_ADDRESS, KEY_PORT };

static const struct argp_option options[] = {
    {"delay-us", KEY_DELAY, "N", 0, "So late; default: 20000", 0},
    {"address", KEY_ADDRESS, "IP", 0, "Of the server; default: 127.0.0.1", 0},
    {"port", KEY_PORT, "N", 0, "Of the server; needed", 0},
    {0},
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct delayer *delayer = state->input;
    switch (key) {
    case KEY_DELAY:
        delayer->delay_ns =
            bench_measure_number(state, "delay-us", value, 10000000) * BASE_NS_PER_US;
        return 0;
    case KEY_ADDRESS:
        if (inet_pton(AF_INET, value, &delayer->upstream.sin_addr) != 1) {
            argp_error(state, "--address: expected an IPv4 address, not \"%s\"", value);
        }
        return 0;
    case KEY_PORT:
        delayer->upstream.sin_port =
            htons((uint16_t)bench_measure_number(state, "port", value, UINT16_MAX));
        return 0;
    case ARGP_KEY_END:
        if (delayer->upstream.sin_port == 0) {
            argp_error(state, "--port N is needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        .options = options,
        .parser = parse_option,
        .doc = "Hands on to a server at once, and back from it after a known delay.",
    };
    static struct delayer delayer;
    delayer.delay_ns = 20 * BASE_NS_PER_MS;
    delayer.upstream =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        delayer.pairs[i].client = -1;
    }
    argp_parse(&argp, argc, argv, 0, NULL, &delayer);
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1);
    listen_somewhere(&delayer);
    while (!stopped) {
        turn(&delayer);
    }
    double answers = delayer.answers > 0 ? (double)delayer.answers : 1.0;
    printf("{\"answers\": %llu, \"late_mean_us\": %.3f, \"late_max_us\": %.3f}\n",
           (unsigned long long)delayer.answers, (double)delayer.late_ns / answers / 1000.0,
           (double)delayer.late_ns_max / 1000.0);
    return EXIT_SUCCESS;
}
