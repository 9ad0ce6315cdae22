/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "net_ring_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SUBMISSION_ENTRIES 1024u
#define COMPLETION_ENTRIES 16384u

static bool explain_setup(struct base_error *error, int result) {
    switch (-result) {
    case EPERM:
    case EACCES:
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "io_uring is forbidden on this machine (%s): allow it with "
                              "sysctl kernel.io_uring_disabled=0, or in the container's seccomp "
                              "profile",
                              strerror(-result));
    case ENOSYS:
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "this kernel has no io_uring, or it is switched off: Linux 6.1 or "
                              "newer is needed");
    case ENOMEM:
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "not enough locked memory for io_uring: raise it with "
                              "`ulimit -l unlimited` or run fewer --threads");
    case EMFILE:
    case ENFILE:
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "too few file descriptors for io_uring: raise the limit with "
                              "`ulimit -n`");
    default:
        return base_error_set(error, BASE_ERROR_MACHINE, "io_uring could not be set up: %s",
                              strerror(-result));
    }
}

/* The best of what this kernel has: deferred task work first (6.1), then cooperative (5.19). */
static int init_uring(struct io_uring *uring) {
    static const unsigned flag_sets[] = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_COOP_TASKRUN,
    };
    int result = -EINVAL;
    for (size_t i = 0; i < sizeof flag_sets / sizeof flag_sets[0] && result == -EINVAL; i++) {
        struct io_uring_params parameters = {
            .flags = flag_sets[i] | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
            .cq_entries = COMPLETION_ENTRIES,
        };
        result = io_uring_queue_init_params(SUBMISSION_ENTRIES, uring, &parameters);
    }
    return result;
}

static bool register_slots(struct net_ring *ring, const struct net_ring_limits *limits,
                           struct base_error *error) {
    uint32_t slots = limits->outgoing_slots + limits->incoming_slots;
    int result = io_uring_register_files_sparse(&ring->uring, slots);
    if (result == 0 && limits->incoming_slots > 0) {
        result = io_uring_register_file_alloc_range(&ring->uring, limits->outgoing_slots,
                                                    limits->incoming_slots);
    }
    if (result == -EMFILE) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "a worker needs %u connection slots, more than the descriptor limit "
                              "allows: raise it with `ulimit -n %u`, or add --threads",
                              slots, slots);
    }
    if (result == -EINVAL) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "this kernel cannot partition direct descriptors: Linux 6.1 or newer "
                              "is needed");
    }
    return result == 0 || explain_setup(error, result);
}

static bool register_buffers(struct net_ring *ring, struct base_error *error) {
    ring->buffer_ring_bytes = NET_RECEIVE_BUFFERS * sizeof(struct io_uring_buf);
    void *buffer_ring = mmap(NULL, ring->buffer_ring_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ring->buffers = malloc((size_t)NET_RECEIVE_BUFFERS * NET_RECEIVE_BUFFER_BYTES);
    if (buffer_ring == MAP_FAILED || ring->buffers == NULL) {
        if (buffer_ring != MAP_FAILED) {
            munmap(buffer_ring, ring->buffer_ring_bytes);
        }
        return explain_setup(error, -ENOMEM);
    }
    ring->buffer_ring = buffer_ring;
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)buffer_ring,
        .ring_entries = NET_RECEIVE_BUFFERS,
        .bgid = NET_BUFFER_GROUP,
    };
    int result = io_uring_register_buf_ring(&ring->uring, &registration, 0);
    if (result != 0) {
        return explain_setup(error, result);
    }
    io_uring_buf_ring_init(ring->buffer_ring);
    for (uint32_t i = 0; i < NET_RECEIVE_BUFFERS; i++) {
        io_uring_buf_ring_add(ring->buffer_ring,
                              ring->buffers + (size_t)i * NET_RECEIVE_BUFFER_BYTES,
                              NET_RECEIVE_BUFFER_BYTES, (unsigned short)i,
                              io_uring_buf_ring_mask(NET_RECEIVE_BUFFERS), (int)i);
    }
    io_uring_buf_ring_advance(ring->buffer_ring, (int)NET_RECEIVE_BUFFERS);
    return true;
}

bool net_ring_create(struct net_ring **out, const struct net_ring_limits *limits,
                     struct base_error *error) {
    struct net_ring *ring = calloc(1, sizeof *ring);
    *out = NULL;
    if (ring == NULL) {
        return explain_setup(error, -ENOMEM);
    }
    ring->last_buffer = UINT32_MAX;
    int result = init_uring(&ring->uring);
    if (result != 0) {
        free(ring);
        return explain_setup(error, result);
    }
    /* Saves a descriptor look-up per system call; without it everything works the same. */
    (void)io_uring_register_ring_fd(&ring->uring);
    if (!register_slots(ring, limits, error) || !register_buffers(ring, error)) {
        net_ring_destroy(ring);
        return false;
    }
    *out = ring;
    return true;
}

void net_ring_destroy(struct net_ring *ring) {
    if (ring == NULL) {
        return;
    }
    io_uring_queue_exit(&ring->uring);
    if (ring->buffer_ring != NULL) {
        munmap(ring->buffer_ring, ring->buffer_ring_bytes);
    }
    free(ring->buffers);
    free(ring);
}

bool net_ring_probe(struct base_error *error) {
    struct net_ring *ring;
    const struct net_ring_limits limits = {.outgoing_slots = 1, .incoming_slots = 1};
    if (!net_ring_create(&ring, &limits, error)) {
        return false;
    }
    net_ring_destroy(ring);
    return true;
}

const char *net_ring_library_version(void) {
    return EKULOAD_LIBURING_VERSION;
}
