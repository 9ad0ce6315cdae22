/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_measure.h"

#include <liburing.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The floor of a connection's TCP: both ends in one thread and one io_uring, over loopback, each
 * connection as one chain of linked operations per end. It connects, sends what an OPTIONS request
 * takes, gets what its answer takes and closes in order, the initiator first. With --held the
 * connections stay and exchange for as long as it lasts.
 */

#define REQUEST_OCTETS  430
#define RESPONSE_OCTETS 300
#define LINKS_PER_PAIR  9
#define CONCURRENCY_MAX 1000
/* An acceptor's end is closed a little later than its peer's. */
#define ACCEPTED_PER_CLIENT 4
/* connect() searches ever longer once half the ports of an address pair are used. */
#define CONNECTIONS_PER_ADDRESS 8000

enum ending { ENDING_ACCEPT, ENDING_CLIENT, ENDING_SERVER, ENDING_STEP };

struct arguments {
    uint64_t count;
    uint64_t concurrency;
    uint64_t milliseconds;
    bool held;
};

struct bench {
    const struct arguments *arguments;
    struct io_uring ring;
    int listener;
    struct sockaddr_in remote;
    uint64_t started;
    uint64_t served;
    uint64_t done; /* connections, or exchanges when held */
    uint64_t deadline_ns;
    char octets[REQUEST_OCTETS]; /* what is sent and received does not matter */
};

static uint64_t ticket(enum ending ending, uint32_t slot) {
    return (uint64_t)ending << 32 | slot;
}

static struct io_uring_sqe *take_sqe(struct bench *bench) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&bench->ring);
    while (sqe == NULL) {
        io_uring_submit(&bench->ring);
        sqe = io_uring_get_sqe(&bench->ring);
    }
    return sqe;
}

/* A step that says nothing when it went well: the next one begins. */
static void link_step(struct io_uring_sqe *sqe, uint32_t slot, unsigned flags) {
    sqe->flags |= (uint8_t)(IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS | flags);
    io_uring_sqe_set_data64(sqe, ticket(ENDING_STEP, slot));
}

static void end_chain(struct io_uring_sqe *sqe, enum ending ending, uint32_t slot, unsigned flags) {
    sqe->flags |= (uint8_t)flags;
    io_uring_sqe_set_data64(sqe, ticket(ending, slot));
}

static struct io_uring_sqe *send_octets(struct bench *bench, uint32_t slot, size_t count) {
    struct io_uring_sqe *sqe = take_sqe(bench);
    io_uring_prep_send(sqe, (int)slot, bench->octets, count, MSG_NOSIGNAL | MSG_WAITALL);
    return sqe;
}

static struct io_uring_sqe *receive_octets(struct bench *bench, uint32_t slot, size_t count) {
    struct io_uring_sqe *sqe = take_sqe(bench);
    io_uring_prep_recv(sqe, (int)slot, bench->octets, count, MSG_WAITALL);
    return sqe;
}

static void close_slot(struct bench *bench, enum ending ending, uint32_t slot) {
    struct io_uring_sqe *sqe = take_sqe(bench);
    io_uring_prep_close_direct(sqe, slot);
    end_chain(sqe, ending, slot, 0);
}

/* A chain may not be torn: links hold within one submission only. */
static void make_room(struct bench *bench) {
    if (io_uring_sq_space_left(&bench->ring) < LINKS_PER_PAIR) {
        io_uring_submit(&bench->ring);
    }
}

static void connect_slot(struct bench *bench, uint32_t slot) {
    make_room(bench);
    struct io_uring_sqe *sqe = take_sqe(bench);
    io_uring_prep_socket_direct(sqe, AF_INET, SOCK_STREAM, 0, slot, 0);
    link_step(sqe, slot, 0);
    sqe = take_sqe(bench);
    io_uring_prep_connect(sqe, (int)slot, (const struct sockaddr *)&bench->remote,
                          sizeof bench->remote);
    link_step(sqe, slot, IOSQE_FIXED_FILE);
    bench->started++;
}

static void ask(struct bench *bench, uint32_t slot) {
    make_room(bench);
    link_step(send_octets(bench, slot, REQUEST_OCTETS), slot, IOSQE_FIXED_FILE);
    struct io_uring_sqe *sqe = receive_octets(bench, slot, RESPONSE_OCTETS);
    if (bench->arguments->held) {
        end_chain(sqe, ENDING_CLIENT, slot, IOSQE_FIXED_FILE);
        return;
    }
    link_step(sqe, slot, IOSQE_FIXED_FILE);
    close_slot(bench, ENDING_CLIENT, slot);
}

static void answer(struct bench *bench, uint32_t slot) {
    make_room(bench);
    link_step(receive_octets(bench, slot, REQUEST_OCTETS), slot, IOSQE_FIXED_FILE);
    struct io_uring_sqe *sqe = send_octets(bench, slot, RESPONSE_OCTETS);
    if (bench->arguments->held) {
        end_chain(sqe, ENDING_SERVER, slot, IOSQE_FIXED_FILE);
        return;
    }
    link_step(sqe, slot, IOSQE_FIXED_FILE);
    /* Without MSG_WAITALL the peer's end of stream is no failure, and the chain goes on. */
    sqe = take_sqe(bench);
    io_uring_prep_recv(sqe, (int)slot, bench->octets, 1, 0);
    link_step(sqe, slot, IOSQE_FIXED_FILE);
    close_slot(bench, ENDING_SERVER, slot);
}

static void accept_all(struct bench *bench) {
    struct io_uring_sqe *sqe = take_sqe(bench);
    io_uring_prep_multishot_accept_direct(sqe, bench->listener, NULL, NULL, 0);
    end_chain(sqe, ENDING_ACCEPT, 0, 0);
}

static void dial(struct bench *bench, uint32_t slot) {
    if (bench->started % CONNECTIONS_PER_ADDRESS == 0) {
        bench->remote.sin_addr.s_addr = htonl(ntohl(bench->remote.sin_addr.s_addr) + 1);
    }
    connect_slot(bench, slot);
    ask(bench, slot);
}

static void client_ended(struct bench *bench, uint32_t slot) {
    const struct arguments *arguments = bench->arguments;
    bench->done++;
    if (arguments->held) {
        ask(bench, slot);
    } else if (bench->started < arguments->count) {
        dial(bench, slot);
    }
}

static void take(struct bench *bench, const struct io_uring_cqe *cqe) {
    uint32_t slot = (uint32_t)cqe->user_data;
    enum ending ending = (enum ending)(cqe->user_data >> 32);
    if (cqe->res < 0 || ending == ENDING_STEP) {
        bench_measure_give_up("operation %d of slot %u failed: %s", (int)ending, slot,
                              cqe->res < 0 ? strerror(-cqe->res) : "it was cut short");
    }
    switch (ending) {
    case ENDING_ACCEPT:
        answer(bench, (uint32_t)cqe->res);
        if ((cqe->flags & IORING_CQE_F_MORE) == 0) {
            accept_all(bench);
        }
        return;
    case ENDING_CLIENT:
        client_ended(bench, slot);
        return;
    case ENDING_SERVER:
        if (bench->arguments->held) {
            answer(bench, slot);
        } else {
            bench->served++;
        }
        return;
    case ENDING_STEP:
        return;
    }
}

static bool goes_on(const struct bench *bench) {
    if (bench->arguments->held) {
        return base_clock_now_ns() < bench->deadline_ns;
    }
    return bench->done < bench->arguments->count || bench->served < bench->arguments->count;
}

static void turn(struct bench *bench) {
    struct io_uring_cqe *cqe;
    unsigned head;
    unsigned seen = 0;
    int result = io_uring_submit_and_wait(&bench->ring, 1);
    if (result < 0 && result != -EINTR) {
        bench_measure_give_up("io_uring: %s", strerror(-result));
    }
    io_uring_for_each_cqe(&bench->ring, head, cqe) {
        take(bench, cqe);
        seen++;
    }
    io_uring_cq_advance(&bench->ring, seen);
}

static void open_ring(struct bench *bench) {
    const unsigned clients = (unsigned)bench->arguments->concurrency;
    const unsigned accepted = clients * ACCEPTED_PER_CLIENT;
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
        .cq_entries = 16384,
    };
    int result = io_uring_queue_init_params(1024, &bench->ring, &parameters);
    if (result == 0) {
        result = io_uring_register_files_sparse(&bench->ring, clients + accepted);
    }
    if (result == 0) {
        result = io_uring_register_file_alloc_range(&bench->ring, clients, accepted);
    }
    if (result != 0) {
        bench_measure_give_up("io_uring could not be set up: %s", strerror(-result));
    }
    (void)io_uring_register_ring_fd(&bench->ring);
}

static void open_listener(struct bench *bench) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t length = sizeof any;
    bench->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bench->listener < 0 || bind(bench->listener, (struct sockaddr *)&any, length) != 0 ||
        listen(bench->listener, CONCURRENCY_MAX) != 0 ||
        getsockname(bench->listener, (struct sockaddr *)&any, &length) != 0) {
        bench_measure_give_up("cannot listen: %s", strerror(errno));
    }
    /* Dialled at 127.x.y.z, a new pair for each run: those of earlier ones are in TIME_WAIT. */
    bench->remote = any;
    bench->remote.sin_addr.s_addr =
        htonl(INADDR_LOOPBACK + (1u << 20) + (((uint32_t)getpid() & 0xFFF) << 8));
}

static void run(const struct arguments *arguments) {
    static struct bench bench;
    bench.arguments = arguments;
    open_ring(&bench);
    open_listener(&bench);
    accept_all(&bench);
    struct bench_measure start = bench_measure_now();
    bench.deadline_ns = start.wall_ns + arguments->milliseconds * BASE_NS_PER_MS;
    for (uint32_t i = 0; i < arguments->concurrency; i++) {
        dial(&bench, i);
    }
    while (goes_on(&bench)) {
        turn(&bench);
    }
    struct bench_measure end = bench_measure_now();
    bench_measure_print("tcp", arguments->held ? "exchange" : "connection", 1, bench.done, &start,
                        &end);
    io_uring_queue_exit(&bench.ring);
    close(bench.listener);
}

enum { KEY_COUNT = 256, KEY_CONCURRENCY, KEY_MILLISECONDS, KEY_HELD };

static const struct argp_option options[] = {
    {"count", KEY_COUNT, "N", 0, "Connections to make; default: 10000", 0},
    {"concurrency", KEY_CONCURRENCY, "N", 0, "Connections at once; default: 32", 0},
    {"held", KEY_HELD, NULL, 0, "Keep the connections and count exchanges on them", 0},
    {"milliseconds", KEY_MILLISECONDS, "N", 0, "With --held: for so long; default: 2000", 0},
    {0},
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_COUNT:
        arguments->count = bench_measure_number(state, "count", value, 1000000);
        return 0;
    case KEY_CONCURRENCY:
        arguments->concurrency = bench_measure_number(state, "concurrency", value, CONCURRENCY_MAX);
        return 0;
    case KEY_MILLISECONDS:
        arguments->milliseconds = bench_measure_number(state, "milliseconds", value, 3600000);
        return 0;
    case KEY_HELD:
        arguments->held = true;
        return 0;
    case ARGP_KEY_END:
        if (!arguments->held && arguments->concurrency > arguments->count) {
            arguments->concurrency = arguments->count;
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
        .doc = "What TCP over loopback costs at least: connect, one small exchange, close in "
               "order, both ends in one thread.",
    };
    struct arguments arguments = {.count = 10000, .concurrency = 32, .milliseconds = 2000};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    if (!bench_measure_pin(0)) {
        bench_measure_give_up("no core to stay on");
    }
    run(&arguments);
    return EXIT_SUCCESS;
}
