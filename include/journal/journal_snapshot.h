/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JOURNAL_SNAPSHOT_H
#define JOURNAL_SNAPSHOT_H

#include "journal_log.h"
#include "journal_trace.h"

/*
 * Each node's diagnostic log, loggingsnapshot: its SIP and HTTP messages as the product writes
 * them, a header line and then the message, every line of which is indented so that no peer can
 * forge a header. One thread.
 */
struct journal_snapshot;

#define JOURNAL_SNAPSHOT_OCTETS_MAX (UINT64_C(256) << 20)

struct journal_snapshot_file {
    const char *path; /* NULL: the node runs elsewhere and has none */
    const char *host; /* its name in every line */
};

/* `octets_max`: what a file may hold at most; its last line then says so. Texts of `files` are
 * borrowed. */
bool journal_snapshot_open(struct journal_snapshot **out, const struct journal_snapshot_file *files,
                           uint32_t node_count, uint64_t octets_max, struct base_error *error);

/* What carried the message. */
enum journal_module { JOURNAL_NETWORK_SIP, JOURNAL_NETWORK_HTTP };

/*
 * The header line without the newline, in local time with its offset from UTC:
 * 2026-03-24T11:54:26.106+00:00 smartslave tvcs: UTCTime="2026-03-24 11:54:26,106"
 * Module="network.sip" Level="DEBUG": Action="Sent" Local-ip="..." Local-port="25002"
 * Dst-ip="..." Dst-port="5061"
 * A received message has Src-ip and Src-port instead.
 */
void journal_snapshot_format(const struct journal_trace_record *record,
                             const struct journal_place *place, const char *host,
                             enum journal_module module, char *out, size_t out_size);

void journal_snapshot_write(struct journal_snapshot *snapshot,
                            const struct journal_trace_record *record,
                            const struct journal_place *place, enum journal_module module,
                            struct bytes message);

/* A line of the event log, which stands here among the messages. */
void journal_snapshot_event(struct journal_snapshot *snapshot, const struct journal_event *event,
                            const struct journal_place *place);

/* A line about the log itself, in every file. */
void journal_snapshot_remark(struct journal_snapshot *snapshot, const char *text);

/* Makes what was written visible to readers of the files. */
void journal_snapshot_flush(struct journal_snapshot *snapshot);

/* Takes NULL, too. False when a line could not be written (disk full): said once, at the end. */
bool journal_snapshot_close(struct journal_snapshot *snapshot, struct base_error *error);

#endif
