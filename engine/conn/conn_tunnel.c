/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tunnel: kept alive as SIP connections are, and between that HTTP in both directions, many
 * exchanges at once. Each is named by its asker's token, in Tunnel-Channel.
 */
#include "conn_http.h"

enum fault conn_tunnel_begin(struct conn *conn, struct conn_environment *environment) {
    if (conn->initiator) {
        return conn_keepalive_send(conn, environment);
    }
    conn_arm(conn, environment,
             environment->now_ns + environment->instance->listeners[conn->subject].timeout_ns);
    return FAULT_NONE;
}

/* The channel came over the wire: it counts only when its asker did ask over this tunnel. */
static void take_response(struct conn *conn, struct conn_environment *environment,
                          const struct http_message *response) {
    struct conn_exchange exchange;
    if (response->channel == 0 ||
        !conn_exchange_find(conn, environment, response->channel, &exchange)) {
        conn_record_unroutable(environment, conn_hop(conn), response->status,
                               base_bytes_of_text("an answer that nobody waits for"));
        return;
    }
    if (response->status >= 200) {
        conn_exchange_forget(conn, environment, exchange.asker);
    }
    conn_http_hand_back(conn, environment, &exchange, response);
}

static enum fault take_message(struct conn *conn, struct conn_environment *environment,
                               struct bytes text, bool may_answer) {
    struct http_message message;
    if (!http_message_parse(text, &message)) {
        return FAULT_HTTP_MALFORMED;
    }
    if (message.is_request) {
        return may_answer ? conn_http_take_request(conn, environment, &message) : FAULT_NONE;
    }
    take_response(conn, environment, &message);
    return FAULT_NONE;
}

enum fault conn_tunnel_read(struct conn *conn, struct conn_environment *environment,
                            struct bytes plaintext, bool may_answer) {
    static const struct conn_stream_rules rules = {.cut = conn_http_cut,
                                                   .take_message = take_message,
                                                   .malformed = FAULT_HTTP_MALFORMED,
                                                   .answers_pings = true};
    return conn_stream_read(conn, environment, plaintext, may_answer, &rules);
}

void conn_tunnel_expired(struct conn *conn, struct conn_environment *environment,
                         const struct conn_input *input) {
    (void)input;
    conn_expired(conn, environment, FAULT_HTTP_TIMEOUT, conn_keepalive_send);
}
