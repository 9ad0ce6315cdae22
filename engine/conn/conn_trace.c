/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"

void conn_trace_push(const struct conn *conn, struct conn_environment *environment,
                     struct bytes message, bool sent) {
    struct journal_trace_record record = {
        .wall_ns = base_clock_wall_ns(),
        .sent = sent,
        .on_listener = !conn->initiator,
        .subject = conn->subject,
    };
    const struct conn_ends *ends = &environment->ends[conn->slot];
    record.local_port = net_address_port(&ends->local);
    record.remote_port = net_address_port(&ends->remote);
    net_address_host_text(&ends->remote, record.remote_host, sizeof record.remote_host);
    journal_trace_push(environment->trace, &record, message);
}
