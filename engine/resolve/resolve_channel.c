/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve_channel.h"

#include "base_clock.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A lost datagram must not cost the whole question. */
#define TRIES               2
#define LIMITS_PER_TRY      10
#define TIMEOUT_MS_AT_LEAST 20

static bool library_error(struct base_error *error, enum base_error_kind kind, const char *what,
                          int status) {
    return base_error_set(error, kind, "%s: %s", what, ares_strerror(status));
}

bool resolve_create(struct resolve **out, const char *servers, uint64_t limit_ns,
                    struct base_error *error) {
    uint64_t timeout_ms = limit_ns / LIMITS_PER_TRY / BASE_NS_PER_MS;
    struct ares_options options = {
        .timeout = timeout_ms < TIMEOUT_MS_AT_LEAST ? TIMEOUT_MS_AT_LEAST : (int)timeout_ms,
        .tries = TRIES,
    };
    struct resolve *resolve = calloc(1, sizeof *resolve);
    *out = NULL;
    if (resolve == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    resolve->limit_ns = limit_ns;
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS) {
        free(resolve);
        return library_error(error, BASE_ERROR_MACHINE, "names cannot be resolved", status);
    }
    status = ares_init_options(&resolve->channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
    if (status != ARES_SUCCESS) {
        ares_library_cleanup();
        free(resolve);
        return library_error(error, BASE_ERROR_MACHINE, "names cannot be resolved", status);
    }
    if (servers != NULL) {
        status = ares_set_servers_ports_csv(resolve->channel, servers);
    }
    if (status != ARES_SUCCESS) {
        resolve_destroy(resolve);
        return base_error_set(error, BASE_ERROR_USAGE,
                              "dns: expected servers such as 127.0.0.1:5353, not \"%s\"", servers);
    }
    *out = resolve;
    return true;
}

void resolve_destroy(struct resolve *resolve) {
    if (resolve == NULL) {
        return;
    }
    while (resolve->memories != NULL) {
        struct resolve_memory *memory = resolve->memories;
        resolve->memories = memory->next;
        free(memory->host);
        free(memory);
    }
    ares_destroy(resolve->channel);
    ares_library_cleanup();
    free(resolve);
}

/* How many sockets wait for something; 0: nothing is asked any more. */
static nfds_t sockets_of(const struct resolve *resolve, struct pollfd out[ARES_GETSOCK_MAXNUM]) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    /* The library's own macros shift a bit into an int's sign. */
    unsigned mask = (unsigned)ares_getsock(resolve->channel, sockets, ARES_GETSOCK_MAXNUM);
    nfds_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        short events = (short)((mask >> i & 1 ? POLLIN : 0) |
                               (mask >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));
        if (events != 0) {
            out[count++] = (struct pollfd){.fd = sockets[i], .events = events};
        }
    }
    return count;
}

static void process(const struct resolve *resolve, const struct pollfd *sockets, nfds_t count) {
    bool served = false;
    for (nfds_t i = 0; i < count; i++) {
        if (sockets[i].revents != 0) {
            bool writable = (sockets[i].revents & POLLOUT) != 0;
            bool readable = (sockets[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
            ares_process_fd(resolve->channel, readable ? sockets[i].fd : ARES_SOCKET_BAD,
                            writable ? sockets[i].fd : ARES_SOCKET_BAD);
            served = true;
        }
    }
    if (!served) {
        ares_process_fd(resolve->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* its timeouts */
    }
}

void resolve_channel_serve(struct resolve *resolve) {
    struct pollfd sockets[ARES_GETSOCK_MAXNUM];
    nfds_t count;
    while ((count = sockets_of(resolve, sockets)) > 0) {
        uint64_t now_ns = base_clock_now_ns();
        if (now_ns >= resolve->deadline_ns) {
            ares_cancel(resolve->channel);
            return;
        }
        uint64_t left_us = (resolve->deadline_ns - now_ns) / BASE_NS_PER_US + 1000;
        struct timeval longest = {.tv_sec = (time_t)(left_us / 1000000),
                                  .tv_usec = (suseconds_t)(left_us % 1000000)};
        struct timeval storage;
        const struct timeval *patience = ares_timeout(resolve->channel, &longest, &storage);
        int patience_ms = (int)(patience->tv_sec * 1000 + patience->tv_usec / 1000) + 1;
        if (poll(sockets, count, patience_ms) < 0 && errno != EINTR) {
            ares_cancel(resolve->channel);
            return;
        }
        process(resolve, sockets, count);
    }
}

struct addresses {
    int status;
    struct ares_addrinfo *list;
};

static void take_addresses(void *context, int status, int timeouts, struct ares_addrinfo *list) {
    struct addresses *addresses = context;
    (void)timeouts;
    *addresses = (struct addresses){.status = status, .list = list};
}

int resolve_channel_addresses(struct resolve *resolve, const char *name,
                              struct ares_addrinfo **out) {
    /* Their order is the server's: sorting would open sockets to them. */
    const struct ares_addrinfo_hints hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = ARES_AI_NOSORT};
    struct addresses addresses = {.status = ARES_ECANCELLED};
    *out = NULL;
    ares_getaddrinfo(resolve->channel, name, NULL, &hints, take_addresses, &addresses);
    resolve_channel_serve(resolve);
    if (addresses.status == ARES_SUCCESS &&
        (addresses.list == NULL || addresses.list->nodes == NULL)) {
        addresses.status = ARES_ENODATA;
    }
    if (addresses.status != ARES_SUCCESS) {
        if (addresses.list != NULL) {
            ares_freeaddrinfo(addresses.list);
        }
        return addresses.status;
    }
    *out = addresses.list;
    return ARES_SUCCESS;
}

/* A reply outlives its callback only as what was read from it. */
struct records {
    int status;
    int (*parse)(const unsigned char *reply, int length, void **out);
    void *list;
};

static void take_records(void *context, int status, int timeouts, unsigned char *reply,
                         int length) {
    struct records *records = context;
    (void)timeouts;
    records->status =
        status == ARES_SUCCESS ? records->parse(reply, length, &records->list) : status;
}

static int parse_naptr(const unsigned char *reply, int length, void **out) {
    struct ares_naptr_reply *list = NULL;
    int status = ares_parse_naptr_reply(reply, length, &list);
    *out = list;
    return status == ARES_SUCCESS && list == NULL ? ARES_ENODATA : status;
}

static int parse_srv(const unsigned char *reply, int length, void **out) {
    struct ares_srv_reply *list = NULL;
    int status = ares_parse_srv_reply(reply, length, &list);
    *out = list;
    return status == ARES_SUCCESS && list == NULL ? ARES_ENODATA : status;
}

static int query(struct resolve *resolve, const char *name, int type, struct records *records) {
    records->status = ARES_ECANCELLED;
    ares_query(resolve->channel, name, ns_c_in, type, take_records, records);
    resolve_channel_serve(resolve);
    return records->status;
}

int resolve_channel_naptr(struct resolve *resolve, const char *name,
                          struct ares_naptr_reply **out) {
    struct records records = {.parse = parse_naptr};
    int status = query(resolve, name, ns_t_naptr, &records);
    *out = records.list;
    return status;
}

int resolve_channel_srv(struct resolve *resolve, const char *name, struct ares_srv_reply **out) {
    struct records records = {.parse = parse_srv};
    int status = query(resolve, name, ns_t_srv, &records);
    *out = records.list;
    return status;
}

const char *resolve_channel_words(int status) {
    switch (status) {
    case ARES_ENOTFOUND:
        return "no such name";
    case ARES_ENODATA:
        return "none";
    case ARES_ETIMEOUT:
    case ARES_ECANCELLED:
        return "no answer in time";
    case ARES_ECONNREFUSED:
        return "no DNS server answers";
    case ARES_ESERVFAIL:
        return "the DNS server failed";
    case ARES_EREFUSED:
        return "the DNS server refused to answer";
    case ARES_EBADRESP:
    case ARES_EBADNAME:
        return "the name or the answer is malformed";
    default:
        return ares_strerror(status);
    }
}
