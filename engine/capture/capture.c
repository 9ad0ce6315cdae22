/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_open.h"

#include "base_clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The last block comes when its time is over, which the kernel counts in its own ticks. */
#define LAST_BLOCK_NS (5 * CAPTURE_BLOCK_MS * BASE_NS_PER_MS)
/* How long a stop may take when packets keep coming. */
#define DRAIN_NS BASE_NS_PER_S

/* pcap's, as libpcap writes them. */
#define FILE_HEADER_OCTETS   24u
#define RECORD_HEADER_OCTETS 16u

struct capture {
    pcap_t *handle;
    pcap_dumper_t *file;
    char *path;
    uint64_t octets; /* in the file */
    uint64_t octets_max;
    struct capture_counts counts;
    char failure[PCAP_ERRBUF_SIZE]; /* "": none */
    atomic_bool stops;
    pthread_t thread;
};

static void take_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *octets) {
    struct capture *capture = (struct capture *)(void *)context;
    uint64_t length = RECORD_HEADER_OCTETS + header->caplen;
    if (capture->octets + length > capture->octets_max) {
        capture->counts.is_full = true;
        pcap_breakloop(capture->handle);
        return;
    }
    pcap_dump((u_char *)capture->file, header, octets);
    capture->octets += length;
    capture->counts.written++;
}

/* Packets taken now; 0: none are there. */
static int take_some(struct capture *capture) {
    int taken = pcap_dispatch(capture->handle, -1, take_packet, (u_char *)capture);
    if (taken == PCAP_ERROR) {
        snprintf(capture->failure, sizeof capture->failure, "%s", pcap_geterr(capture->handle));
    }
    return taken;
}

static bool goes_on(const struct capture *capture) {
    return capture->failure[0] == '\0' && !capture->counts.is_full;
}

static void drain(struct capture *capture, struct pollfd *source) {
    uint64_t began_ns = base_clock_now_ns();
    uint64_t now_ns = began_ns;
    int taken = 0;
    while (goes_on(capture) && now_ns - began_ns < DRAIN_NS &&
           (taken > 0 || now_ns - began_ns < LAST_BLOCK_NS)) {
        poll(source, 1, CAPTURE_BLOCK_MS);
        taken = take_some(capture);
        now_ns = base_clock_now_ns();
    }
}

static void *thread_main(void *argument) {
    struct capture *capture = argument;
    struct pollfd source = {.fd = pcap_get_selectable_fd(capture->handle), .events = POLLIN};
    struct pcap_stat stats = {0};
    pthread_setname_np(pthread_self(), "capture");
    while (goes_on(capture) && !atomic_load_explicit(&capture->stops, memory_order_acquire)) {
        poll(&source, 1, CAPTURE_BLOCK_MS);
        take_some(capture);
    }
    drain(capture, &source);
    if (pcap_stats(capture->handle, &stats) == 0) {
        capture->counts.dropped = (uint64_t)stats.ps_drop + stats.ps_ifdrop;
    }
    return NULL;
}

/* A signal ends the run in order: it is not for this thread. */
static int start_thread(struct capture *capture) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&capture->thread, NULL, thread_main, capture);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

static void discard(struct capture *capture) {
    if (capture->file != NULL) {
        pcap_dump_close(capture->file);
        unlink(capture->path);
    }
    if (capture->handle != NULL) {
        pcap_close(capture->handle);
    }
    free(capture->path);
    free(capture);
}

static bool begin(struct capture *capture, const struct capture_spec *spec,
                  struct base_error *error) {
    capture->path = strdup(spec->path);
    if (capture->path == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    capture->handle = capture_open(spec, error);
    if (capture->handle == NULL) {
        return false;
    }
    capture->file = pcap_dump_open(capture->handle, spec->path);
    if (capture->file == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "%s", pcap_geterr(capture->handle));
    }
    int result = start_thread(capture);
    return result == 0 ||
           base_error_set(error, BASE_ERROR_MACHINE, "cannot start a thread that captures: %s",
                          strerror(result));
}

bool capture_start(struct capture **out, const struct capture_spec *spec,
                   struct base_error *error) {
    struct capture *capture = calloc(1, sizeof *capture);
    *out = NULL;
    if (capture == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    capture->octets = FILE_HEADER_OCTETS;
    capture->octets_max =
        spec->file_octets_max == 0 ? CAPTURE_FILE_OCTETS_MAX : spec->file_octets_max;
    if (!begin(capture, spec, error)) {
        discard(capture);
        return false;
    }
    *out = capture;
    return true;
}

bool capture_check(struct base_error *error) {
    const struct capture_spec spec = {.device = "lo", .filter = "tcp"};
    pcap_t *handle = capture_open(&spec, error);
    if (handle != NULL) {
        pcap_close(handle);
    }
    return handle != NULL;
}

void capture_end(struct capture *capture) {
    atomic_store_explicit(&capture->stops, true, memory_order_release);
}

bool capture_stop(struct capture *capture, struct capture_counts *counts,
                  struct base_error *error) {
    capture_end(capture);
    pthread_join(capture->thread, NULL);
    *counts = capture->counts;
    bool read_well = capture->failure[0] == '\0';
    if (!read_well) {
        base_error_set(error, BASE_ERROR_MACHINE, "%s is incomplete: %s", capture->path,
                       capture->failure);
    }
    bool written_well =
        pcap_dump_flush(capture->file) == 0 && ferror(pcap_dump_file(capture->file)) == 0;
    if (!written_well) {
        base_error_set(error, BASE_ERROR_MACHINE, "%s is incomplete: writing to it failed",
                       capture->path);
    }
    pcap_dump_close(capture->file);
    capture->file = NULL;
    discard(capture);
    return read_well && written_well;
}
