/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_port.h"
#include "net_ring_internal.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define LISTEN_BACKLOG 4096

/* Opcode of the socket command "getsockopt" (kernel 6.7), which liburing 2.3 does not name. */
#define SOCKET_COMMAND_GETSOCKOPT 2

static struct io_uring_sqe *take_sqe(struct net_ring *ring, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->uring);
    while (sqe == NULL) {
        io_uring_submit(&ring->uring);
        sqe = io_uring_get_sqe(&ring->uring);
    }
    /* The prep helpers of liburing 2.3 leave user_data alone. */
    io_uring_sqe_set_data64(sqe, net_ticket_pack(ticket));
    return sqe;
}

static void recycle_buffer(struct net_ring *ring) {
    uint32_t buffer = ring->last_buffer;
    if (buffer == UINT32_MAX) {
        return;
    }
    io_uring_buf_ring_add(ring->buffer_ring,
                          ring->buffers + (size_t)buffer * NET_RECEIVE_BUFFER_BYTES,
                          NET_RECEIVE_BUFFER_BYTES, (unsigned short)buffer,
                          io_uring_buf_ring_mask(NET_RECEIVE_BUFFERS), 0);
    io_uring_buf_ring_advance(ring->buffer_ring, 1);
    ring->last_buffer = UINT32_MAX;
}

void net_ring_wait(struct net_ring *ring, uint64_t timeout_ns) {
    if (timeout_ns == 0) {
        io_uring_submit(&ring->uring);
        /* Deferred task work runs only on request. */
        io_uring_get_events(&ring->uring);
        return;
    }
    struct io_uring_cqe *cqe;
    struct __kernel_timespec timeout = {.tv_sec = (long long)(timeout_ns / 1000000000u),
                                        .tv_nsec = (long long)(timeout_ns % 1000000000u)};
    io_uring_submit_and_wait_timeout(&ring->uring, &cqe, 1, &timeout, NULL);
}

bool net_ring_next(struct net_ring *ring, struct net_event *event) {
    struct io_uring_cqe *cqe;
    unsigned head;
    bool found = false;
    recycle_buffer(ring);
    io_uring_for_each_cqe(&ring->uring, head, cqe) {
        found = true;
        break;
    }
    if (!found) {
        return false;
    }
    event->ticket = net_ticket_unpack(cqe->user_data);
    event->result = cqe->res;
    event->more = (cqe->flags & IORING_CQE_F_MORE) != 0;
    event->data = base_bytes(NULL, 0);
    if ((cqe->flags & IORING_CQE_F_BUFFER) != 0) {
        ring->last_buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
        if (cqe->res > 0) {
            event->data =
                base_bytes(ring->buffers + (size_t)ring->last_buffer * NET_RECEIVE_BUFFER_BYTES,
                           (size_t)cqe->res);
        }
    }
    io_uring_cqe_seen(&ring->uring, cqe);
    return true;
}

bool net_ring_listen(const struct net_address *address, int *listener, struct base_error *error) {
    static const int on = 1;
    char text[NET_ADDRESS_TEXT_SIZE];
    net_address_text(address, text, sizeof text);
    int socket_fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot listen on %s: %s", text,
                              strerror(errno));
    }
    setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(socket_fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    /* Accepted sockets inherit it: a SIP response must not wait for an acknowledgement. */
    setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(socket_fd, &address->any, address->length) != 0 ||
        listen(socket_fd, LISTEN_BACKLOG) != 0) {
        base_error_set(error, BASE_ERROR_MACHINE, "cannot listen on %s: %s", text, strerror(errno));
        close(socket_fd);
        return false;
    }
    *listener = socket_fd;
    return true;
}

void net_ring_accept(struct net_ring *ring, int listener, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_multishot_accept_direct(sqe, listener, NULL, NULL, 0);
}

void net_ring_stop_listening(struct net_ring *ring, int listener, struct net_ticket accept_ticket) {
    struct net_ticket none = {.slot = NET_TICKET_SLOT_MAX};
    struct io_uring_sqe *sqe = take_sqe(ring, none);
    io_uring_prep_cancel64(sqe, net_ticket_pack(accept_ticket), 0);
    io_uring_submit(&ring->uring);
    close(listener);
}

/* A socket, or a negative errno. */
static int make_socket(const struct net_address *source, bool reset_on_close) {
    static const int on = 1;
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    int socket_fd = socket(source->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0) {
        return -errno;
    }
    setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (reset_on_close) {
        setsockopt(socket_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return socket_fd;
}

/* Takes the socket; `result`: how binding it went. */
static enum fault put_into_slot(struct net_ring *ring, uint32_t slot, int socket_fd, int result) {
    if (result == 0 && io_uring_register_files_update(&ring->uring, slot, &socket_fd, 1) < 0) {
        result = -EMFILE;
    }
    close(socket_fd);
    return result == 0 ? FAULT_NONE : net_fault_from_errno(result);
}

enum fault net_ring_open(struct net_ring *ring, uint32_t slot, const struct net_address *source,
                         bool reset_on_close) {
    static const int on = 1;
    int socket_fd = make_socket(source, reset_on_close);
    if (socket_fd < 0) {
        return net_fault_from_errno(socket_fd);
    }
    /* The port is chosen at the connect, when the whole address pair is known: without it a
     * bind(port 0) searches the port range and costs milliseconds once it fills up. */
    setsockopt(socket_fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    int result = bind(socket_fd, &source->any, source->length) == 0 ? 0 : -errno;
    return put_into_slot(ring, slot, socket_fd, result);
}

enum fault net_ring_open_known(struct net_ring *ring, uint32_t slot, struct net_address *source,
                               bool reset_on_close) {
    int socket_fd = make_socket(source, reset_on_close);
    if (socket_fd < 0) {
        return net_fault_from_errno(socket_fd);
    }
    return put_into_slot(ring, slot, socket_fd, net_port_bind(socket_fd, source));
}

void net_ring_connect(struct net_ring *ring, uint32_t slot, const struct net_address *remote,
                      struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_connect(sqe, (int)slot, &remote->any, remote->length);
    sqe->flags |= IOSQE_FIXED_FILE;
}

void net_ring_receive(struct net_ring *ring, uint32_t slot, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_recv_multishot(sqe, (int)slot, NULL, 0, 0);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = NET_BUFFER_GROUP;
}

void net_ring_send(struct net_ring *ring, uint32_t slot, struct bytes data,
                   struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_send(sqe, (int)slot, data.data, data.length, MSG_NOSIGNAL | MSG_WAITALL);
    sqe->flags |= IOSQE_FIXED_FILE;
}

void net_ring_shutdown_write(struct net_ring *ring, uint32_t slot, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_shutdown(sqe, (int)slot, SHUT_WR);
    sqe->flags |= IOSQE_FIXED_FILE;
}

void net_ring_peer_address(struct net_ring *ring, uint32_t slot, struct net_address *out,
                           struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_rw(IORING_OP_URING_CMD, sqe, (int)slot, NULL, 0, SOCKET_COMMAND_GETSOCKOPT);
    const uint32_t level_and_name[2] = {SOL_SOCKET, SO_PEERNAME};
    memcpy(&sqe->addr, level_and_name, sizeof level_and_name);
    sqe->file_index = out->length;
    sqe->addr3 = (uint64_t)(uintptr_t)&out->any;
    sqe->flags |= IOSQE_FIXED_FILE;
}

void net_ring_cancel(struct net_ring *ring, uint32_t slot, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_cancel_fd(sqe, (int)slot, IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_FD_FIXED);
}

void net_ring_close(struct net_ring *ring, uint32_t slot, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_close_direct(sqe, slot);
}

void net_ring_watch(struct net_ring *ring, int descriptor, struct net_ticket ticket) {
    struct io_uring_sqe *sqe = take_sqe(ring, ticket);
    io_uring_prep_poll_multishot(sqe, descriptor, POLLIN);
}

enum fault net_fault_from_errno(int32_t result) {
    switch (-result) {
    case ECONNREFUSED:
        return FAULT_TCP_REFUSED;
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
        return FAULT_TCP_RESET;
    case ETIMEDOUT:
        return FAULT_TCP_TIMEOUT;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
        return FAULT_TCP_UNREACHABLE;
    case EMFILE:
    case ENFILE:
        return FAULT_LOCAL_FD_LIMIT;
    case EADDRNOTAVAIL:
    case EADDRINUSE:
        return FAULT_LOCAL_PORT_EXHAUSTED;
    default:
        return FAULT_LOCAL_ERROR;
    }
}
