/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include <assert.h>

enum fault conn_write(struct conn *conn, struct conn_environment *environment,
                      struct bytes plaintext) {
    assert(environment->scratch->writer == conn);
    return tls_session_write(conn->tls, plaintext, &environment->scratch->exchange);
}

enum fault conn_write_message(struct conn *conn, struct conn_environment *environment,
                              struct bytes message) {
    conn_trace_sent(conn, environment, message);
    return conn_write(conn, environment, message);
}

struct base_buffer conn_message_buffer(const struct conn_environment *environment) {
    return (struct base_buffer){.data = environment->scratch->message_octets,
                                .capacity = CONN_MESSAGE_BYTES};
}
