/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "base_error.h"

#include <stdbool.h>
#include <stdint.h>

/* Packets into a pcap file, by a thread of its own. The file is complete after capture_stop(). */
struct capture;

/* What a file may hold at most, its own headers included. */
#define CAPTURE_FILE_OCTETS_MAX (UINT64_C(256) << 20)

struct capture_spec {
    const char *path;         /* made anew */
    const char *device;       /* "lo", "any" */
    const char *filter;       /* pcap-filter(7) */
    uint64_t file_octets_max; /* 0: CAPTURE_FILE_OCTETS_MAX */
};

/* What became of the packets that passed the filter. */
struct capture_counts {
    uint64_t written;
    uint64_t dropped; /* by the kernel: the thread came too late */
    bool is_full;     /* the file reached its limit; later packets are not in it, nor counted */
};

/*
 * From its return on every packet is seen. False, with no file left behind, when this process may
 * not capture (error->text says what to do), when there is no such device, or when the file cannot
 * be written: nothing else hangs on it, so a caller may go on. Balance with capture_stop().
 */
bool capture_start(struct capture **out, const struct capture_spec *spec, struct base_error *error);

/* May this process capture? False with the sentence that capture_start() would say. */
bool capture_check(struct base_error *error);

/* Asks it to come to an end, for a caller that has several of them to stop. */
void capture_end(struct capture *capture);

/*
 * Takes what the kernel still holds, joins the thread, closes the file, frees. False when the file
 * is incomplete because writing to it, or reading from the device, failed; `counts` is set in any
 * case.
 */
bool capture_stop(struct capture *capture, struct capture_counts *counts, struct base_error *error);

#endif
