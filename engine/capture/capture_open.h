/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CAPTURE_OPEN_H
#define CAPTURE_OPEN_H

#include "capture.h"

#include <pcap/pcap.h>

/* The kernel hands over a block of packets when it is full, or after this time. */
#define CAPTURE_BLOCK_MS 20

/* A handle that captures what the filter lets through, and never blocks. NULL with a sentence. */
pcap_t *capture_open(const struct capture_spec *spec, struct base_error *error);

#endif
