/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_LOG_H
#define JOURNAL_LOG_H

#include "base_error.h"
#include "journal_ring.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What a line says about the place of an event: prepared once per listener and zone; texts are
 * borrowed.
 */
struct journal_place {
    uint32_t node;       /* whose events.log it goes to */
    const char *process; /* "tvcs", or "ssh" for a tunnel */
    const char *service; /* "SIP", "SSH" */
    const char *local_host;
    uint16_t local_port;     /* listener's own; 0 for a zone */
    const char *remote_host; /* zone's peer; NULL for a listener */
    uint16_t remote_port;
    const char *common_name; /* zone: the name it verifies, a tunnel's: the peer's; NULL: none */
};

/* Room for the longest host names and for a reason of which every octet is escaped. */
#define JOURNAL_LINE_SIZE 2048

/*
 * One Expressway-style line without the newline, in local time with its offset from UTC:
 * 2026-03-29T12:24:39.839+05:30 tvcs: Event="Inbound TLS Negotiation Error" Service="SIP"
 * Src-ip="..." Src-port="..." Dst-ip="..." Dst-port="..." Detail="unsupported certificate purpose"
 * Protocol="TLS" Level="1" UTCTime="2026-03-29 06:54:39.839"
 * A tunnel's is ssh's: ssh: Detail="ssh: connect to host ... port 2222: Connection timed out"
 * Level="ERROR". A peer's words end neither the quotes nor the line.
 */
void journal_log_format(const struct journal_event *event, const struct journal_place *place,
                        char *out, size_t out_size);

/* Each node's events.log. One thread. */
struct journal_log;

/* `paths`: events.log of each node; NULL: that node runs elsewhere and has none. */
bool journal_log_open(struct journal_log **out, const char *const *paths, uint32_t node_count,
                      struct base_error *error);
void journal_log_write(struct journal_log *log, const struct journal_event *event,
                       const struct journal_place *place);
/* Makes what was written visible to readers of the files. */
void journal_log_flush(struct journal_log *log);
/* False when a line could not be written (disk full): said once, at the end. */
bool journal_log_close(struct journal_log *log, struct base_error *error);

#endif
