/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_measure.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * The floor of a connection's TLS: bare wolfSSL hands both ends' octets over in memory. Mutual
 * authentication, chains verified on both sides, nothing resumed, a new session each time; the
 * certificates are those of a folder that `ekuload certs` wrote for a profile with the nodes
 * "server" and "client".
 */

#define PATH_SIZE   4096
#define FLIGHT_SIZE 32768
/* More turns than any full handshake takes: past it something waits for ever. */
#define TURNS_MAX       20
#define THREADS_MAX     256
#define REQUEST_OCTETS  430
#define RESPONSE_OCTETS 300

struct suite {
    const char *name;
    const char *cipher;
    bool tls13;
};

static const struct suite suites[] = {
    {"p256-tls13", "TLS13-AES128-GCM-SHA256", true},
    {"rsa2048-tls12", "ECDHE-RSA-AES128-GCM-SHA256", false},
    {"rsa4096-tls12", "ECDHE-RSA-AES128-GCM-SHA256", false},
};

struct arguments {
    const struct suite *suite;
    const char *pki;
    uint64_t threads;
    uint64_t count;
    uint64_t milliseconds;
    uint64_t rest_us;
    bool exchange;
};

/* What one end has sent and the other has not read yet. */
struct flight {
    size_t read;
    size_t written;
    char octets[FLIGHT_SIZE];
};

struct end {
    WOLFSSL *wolfssl;
    struct flight *in;
    struct flight *out;
    bool open;
};

struct bench {
    const struct arguments *arguments;
    pthread_barrier_t ready;
    pthread_barrier_t go;
    uint64_t deadline_ns; /* set between the two barriers */
};

struct handshaker {
    struct bench *bench;
    unsigned index;
    pthread_t thread;
    WOLFSSL_CTX *client;
    WOLFSSL_CTX *server;
    struct flight *flights; /* two */
    uint64_t done;
};

static int take_octets(WOLFSSL *wolfssl, char *out, int size, void *context) {
    struct flight *in = ((struct end *)context)->in;
    size_t count = in->written - in->read;
    (void)wolfssl;
    if (count == 0) {
        return WOLFSSL_CBIO_ERR_WANT_READ;
    }
    count = count < (size_t)size ? count : (size_t)size;
    memcpy(out, in->octets + in->read, count);
    in->read += count;
    if (in->read == in->written) {
        in->read = in->written = 0;
    }
    return (int)count;
}

static int put_octets(WOLFSSL *wolfssl, char *octets, int size, void *context) {
    struct flight *out = ((struct end *)context)->out;
    (void)wolfssl;
    if ((size_t)size > FLIGHT_SIZE - out->written) {
        return WOLFSSL_CBIO_ERR_GENERAL;
    }
    memcpy(out->octets + out->written, octets, (size_t)size);
    out->written += (size_t)size;
    return size;
}

static void demand(bool good, const char *what, const char *where) {
    if (!good) {
        bench_measure_give_up("wolfSSL refused %s %s", what, where);
    }
}

static WOLFSSL_METHOD *method_of(const struct suite *suite, bool server) {
    if (suite->tls13) {
        return server ? wolfTLSv1_3_server_method() : wolfTLSv1_3_client_method();
    }
    return server ? wolfTLSv1_2_server_method() : wolfTLSv1_2_client_method();
}

static void restrict_to_p256(WOLFSSL_CTX *context, const struct suite *suite) {
    int group = WOLFSSL_ECC_SECP256R1;
    int set = suite->tls13 ? wolfSSL_CTX_set_groups(context, &group, 1)
                           : wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP256R1);
    demand(set == WOLFSSL_SUCCESS, "the group", "secp256r1");
}

static void forbid_resumption(WOLFSSL_CTX *context, const struct suite *suite, bool server) {
    demand(wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF) == WOLFSSL_SUCCESS &&
               wolfSSL_CTX_NoTicketTLSv12(context) == WOLFSSL_SUCCESS,
           "to forbid", "resumption");
    if (server && suite->tls13) {
        demand(wolfSSL_CTX_no_ticket_TLSv13(context) == 0, "to forbid", "tickets");
    }
}

static WOLFSSL_CTX *create_context(const struct arguments *arguments, bool server) {
    const char *node = server ? "server" : "client";
    const char *key = server ? "privkey" : "clientprivkey";
    char path[PATH_SIZE];
    WOLFSSL_CTX *context = wolfSSL_CTX_new(method_of(arguments->suite, server));
    demand(context != NULL, "a context of the", node);
    snprintf(path, sizeof path, "%s/nodes/%s/ca.pem", arguments->pki, node);
    demand(wolfSSL_CTX_load_verify_locations(context, path, NULL) == WOLFSSL_SUCCESS, "the trust",
           path);
    snprintf(path, sizeof path, "%s/nodes/%s/%s.pem", arguments->pki, node, node);
    demand(wolfSSL_CTX_use_certificate_chain_file(context, path) == WOLFSSL_SUCCESS, "the chain",
           path);
    snprintf(path, sizeof path, "%s/nodes/%s/%s.pem", arguments->pki, node, key);
    demand(wolfSSL_CTX_use_PrivateKey_file(context, path, WOLFSSL_FILETYPE_PEM) == WOLFSSL_SUCCESS,
           "the key", path);
    demand(wolfSSL_CTX_set_cipher_list(context, arguments->suite->cipher) == WOLFSSL_SUCCESS,
           "the suite", arguments->suite->cipher);
    restrict_to_p256(context, arguments->suite);
    forbid_resumption(context, arguments->suite, server);
    wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           NULL);
    wolfSSL_CTX_SetIORecv(context, take_octets);
    wolfSSL_CTX_SetIOSend(context, put_octets);
    return context;
}

static void begin_end(struct end *end, WOLFSSL_CTX *context, struct flight *in,
                      struct flight *out) {
    *end = (struct end){.wolfssl = wolfSSL_new(context), .in = in, .out = out};
    demand(end->wolfssl != NULL, "a", "session");
    wolfSSL_SetIOReadCtx(end->wolfssl, end);
    wolfSSL_SetIOWriteCtx(end->wolfssl, end);
}

static void advance(struct end *end, int (*step)(WOLFSSL *)) {
    if (end->open) {
        return;
    }
    int result = step(end->wolfssl);
    end->open = result == WOLFSSL_SUCCESS;
    if (!end->open) {
        int error = wolfSSL_get_error(end->wolfssl, result);
        if (error != WOLFSSL_ERROR_WANT_READ) {
            bench_measure_give_up("a handshake failed: wolfSSL error %d", error);
        }
    }
}

/* What a processor forgets while it waits for a slower peer is part of what the next step costs. */
static void rest(const struct handshaker *self) {
    uint64_t rest_us = self->bench->arguments->rest_us;
    const struct timespec pause = {.tv_sec = (time_t)(rest_us / 1000000),
                                   .tv_nsec = (long)(rest_us % 1000000 * BASE_NS_PER_US)};
    if (rest_us > 0) {
        nanosleep(&pause, NULL);
    }
}

static void shake_hands(struct handshaker *self, struct end *client, struct end *server) {
    struct flight *to_server = &self->flights[0];
    struct flight *to_client = &self->flights[1];
    to_server->read = to_server->written = 0;
    to_client->read = to_client->written = 0;
    begin_end(client, self->client, to_client, to_server);
    begin_end(server, self->server, to_server, to_client);
    for (int turn = 0; turn < TURNS_MAX && !(client->open && server->open); turn++) {
        advance(client, wolfSSL_connect);
        rest(self);
        advance(server, wolfSSL_accept);
        rest(self);
    }
    if (!client->open || !server->open) {
        bench_measure_give_up("a handshake came to no end");
    }
}

static void free_ends(struct end *client, struct end *server) {
    wolfSSL_free(client->wolfssl);
    wolfSSL_free(server->wolfssl);
}

/* Not inlined: callgrind knows it by its name. */
__attribute__((noinline)) static void one_handshake(struct handshaker *self) {
    struct end client;
    struct end server;
    shake_hands(self, &client, &server);
    free_ends(&client, &server);
}

/* The size of an OPTIONS request and its answer. */
static void one_exchange(struct end *client, struct end *server) {
    char octets[REQUEST_OCTETS] = {0};
    if (wolfSSL_write(client->wolfssl, octets, REQUEST_OCTETS) != REQUEST_OCTETS ||
        wolfSSL_read(server->wolfssl, octets, REQUEST_OCTETS) != REQUEST_OCTETS ||
        wolfSSL_write(server->wolfssl, octets, RESPONSE_OCTETS) != RESPONSE_OCTETS ||
        wolfSSL_read(client->wolfssl, octets, RESPONSE_OCTETS) != RESPONSE_OCTETS) {
        bench_measure_give_up("an exchange of application data failed");
    }
}

static bool goes_on(const struct handshaker *self, uint64_t deadline_ns) {
    uint64_t count = self->bench->arguments->count;
    return count > 0 ? self->done < count : base_clock_now_ns() < deadline_ns;
}

static void work(struct handshaker *self) {
    struct bench *bench = self->bench;
    struct end client;
    struct end server;
    /* Untimed: what wolfSSL computes once, and the intermediate certificates it keeps. */
    shake_hands(self, &client, &server);
    pthread_barrier_wait(&bench->ready);
    pthread_barrier_wait(&bench->go);
    uint64_t deadline_ns = bench->deadline_ns;
    for (; goes_on(self, deadline_ns); self->done++) {
        if (bench->arguments->exchange) {
            one_exchange(&client, &server);
        } else {
            one_handshake(self);
        }
    }
    free_ends(&client, &server);
}

static void *run_handshaker(void *argument) {
    struct handshaker *self = argument;
    if (!bench_measure_pin(self->index)) {
        bench_measure_give_up("thread %u has no core of its own", self->index + 1);
    }
    /* Contexts and buffers of its own, as each worker of ekuload has. */
    self->client = create_context(self->bench->arguments, false);
    self->server = create_context(self->bench->arguments, true);
    self->flights = calloc(2, sizeof *self->flights);
    if (self->flights == NULL) {
        bench_measure_give_up("out of memory");
    }
    work(self);
    wolfSSL_CTX_free(self->client);
    wolfSSL_CTX_free(self->server);
    free(self->flights);
    return NULL;
}

static void run(const struct arguments *arguments) {
    struct bench bench = {.arguments = arguments};
    unsigned threads = (unsigned)arguments->threads;
    struct handshaker *handshakers = calloc(threads, sizeof *handshakers);
    uint64_t done = 0;
    pthread_barrier_init(&bench.ready, NULL, threads + 1);
    pthread_barrier_init(&bench.go, NULL, threads + 1);
    for (unsigned i = 0; handshakers != NULL && i < threads; i++) {
        handshakers[i].bench = &bench;
        handshakers[i].index = i;
        if (pthread_create(&handshakers[i].thread, NULL, run_handshaker, &handshakers[i]) != 0) {
            bench_measure_give_up("no thread could be started");
        }
    }
    pthread_barrier_wait(&bench.ready);
    struct bench_measure start = bench_measure_now();
    bench.deadline_ns = start.wall_ns + arguments->milliseconds * BASE_NS_PER_MS;
    pthread_barrier_wait(&bench.go);
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(handshakers[i].thread, NULL);
        done += handshakers[i].done;
    }
    struct bench_measure end = bench_measure_now();
    bench_measure_print(arguments->exchange ? "exchange" : "handshake", arguments->suite->name,
                        threads, done, &start, &end);
    pthread_barrier_destroy(&bench.ready);
    pthread_barrier_destroy(&bench.go);
    free(handshakers);
}

enum { KEY_SUITE = 256, KEY_PKI, KEY_THREADS, KEY_COUNT, KEY_MILLISECONDS, KEY_REST, KEY_EXCHANGE };

static const struct argp_option options[] = {
    {"suite", KEY_SUITE, "NAME", 0, "p256-tls13 (default), rsa2048-tls12 or rsa4096-tls12", 0},
    {"pki", KEY_PKI, "DIR", 0, "Folder written by `ekuload certs`; needed", 0},
    {"threads", KEY_THREADS, "N", 0, "Threads, each on its own core; default: 1", 0},
    {"count", KEY_COUNT, "N", 0, "So many in each thread, instead of a time", 0},
    {"milliseconds", KEY_MILLISECONDS, "N", 0, "For so long; default: 2000", 0},
    {"rest-us", KEY_REST, "N", 0, "Sleep so long after each end's turn of a handshake", 0},
    {"exchange", KEY_EXCHANGE, NULL, 0,
     "430 octets there and 300 back on one open session, instead of handshakes", 0},
    {0},
};

static void choose_suite(struct argp_state *state, struct arguments *arguments, const char *name) {
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        if (strcmp(suites[i].name, name) == 0) {
            arguments->suite = &suites[i];
            return;
        }
    }
    argp_error(state, "--suite: expected %s, %s or %s, not \"%s\"", suites[0].name, suites[1].name,
               suites[2].name, name);
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_SUITE:
        choose_suite(state, arguments, value);
        return 0;
    case KEY_PKI:
        arguments->pki = value;
        return 0;
    case KEY_THREADS:
        arguments->threads = bench_measure_number(state, "threads", value, THREADS_MAX);
        return 0;
    case KEY_COUNT:
        arguments->count = bench_measure_number(state, "count", value, UINT32_MAX);
        return 0;
    case KEY_MILLISECONDS:
        arguments->milliseconds = bench_measure_number(state, "milliseconds", value, 3600000);
        return 0;
    case KEY_REST:
        arguments->rest_us = bench_measure_number(state, "rest-us", value, 1000000);
        return 0;
    case KEY_EXCHANGE:
        arguments->exchange = true;
        return 0;
    case ARGP_KEY_END:
        if (arguments->pki == NULL) {
            argp_error(state, "--pki DIR is needed");
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
        .doc = "What mutual TLS costs at least: handshakes of bare wolfSSL in memory, both ends.",
    };
    struct arguments arguments = {.suite = &suites[0], .threads = 1, .milliseconds = 2000};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    wolfSSL_Init();
    run(&arguments);
    wolfSSL_Cleanup();
    return EXIT_SUCCESS;
}
