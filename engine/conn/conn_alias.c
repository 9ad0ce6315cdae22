/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_record.h"
#include "conn_sip.h"

#include "sip_alias.h"

/* Any name that a certificate can carry. */
#define HOST_SIZE 256

static void count(const struct conn *conn, struct conn_environment *environment, bool taken) {
    struct metrics_listener *listener = conn_record_listener_of(conn, environment);
    if (!environment->frozen) {
        metrics_add(taken ? &listener->aliased : &listener->alias_refused, 1);
    }
}

void conn_alias_take(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request) {
    char host[HOST_SIZE];
    if (conn->alias_refused || !base_list_is_empty(&conn->carrier) ||
        !sip_alias_read(request, host, sizeof host)) {
        return;
    }
    conn->alias_refused = !tls_session_peer_is(conn->tls, host);
    count(conn, environment, !conn->alias_refused);
    if (!conn->alias_refused) {
        conn_carrier_join(conn, environment);
    }
}
